package conversation

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"unicode"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/text"
)

// MaxUpload is the largest file that an agent can attach, in bytes.
const MaxUpload = 25 << 20

// RegisterFiles adds the operations that carry bytes of files. room says in
// words why nothing more can be stored; it may be nil.
func RegisterFiles(api *web.API, s *Service, store *blob.Store, room func() error) {
	if room == nil {
		room = func() error { return nil }
	}
	f := files{s, store, room}
	registerAttached(api, f)
	web.Handle(api, web.Op{Method: http.MethodPost, Path: "/attachments", Permission: string(access.ConversationsNote), Tag: "Attachments",
		Summary: "Upload a file", Text: "The id is used in a reply or note. At most 25 MiB. A picture that stands in the text is uploaded with `inline=true` and shown as `<img src=\"cid:…\">` with the `content_id` of the answer; it goes along only while the text shows it.",
		Query: []web.Param{{Name: "inline", Text: "true: a picture for the text, as PNG, JPEG, GIF or WebP"}}, Status: http.StatusCreated, MaxBody: MaxUpload + 1<<20, Errors: []int{http.StatusServiceUnavailable},
		Request: &web.Content{Type: "multipart/form-data", Text: "One part named `file`."}, Response: &web.Content{Type: "application/json", Of: AttachmentBody{}}}, f.upload)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/attachments/{id}/release", Permission: string(access.SettingsManage), Tag: "Attachments",
		Summary: "Release a blocked file", Text: "Programs, zip files that hold one, files with a card number, and those in which the virus scanner found something or that it has not seen are not handed out until somebody released them. One with a card number that is released stays for good. It is in the audit log."}, f.release)
	web.Handle(api, web.Op{Method: http.MethodGet, Path: "/attachments/{id}", Permission: string(access.ConversationsRead), Tag: "Attachments",
		Summary: "The bytes of a file", Text: "One that holds a card number is opened only for those with `inboxes:manage`, for 7 days, and each look is in the audit log; afterwards it is deleted.", Query: []web.Param{{Name: "inside", Text: "Of an attached mail: one of its own files, counted from 0 as in `attachments` of /attachments/{id}/mail"}}, Errors: []int{http.StatusUnprocessableEntity, http.StatusServiceUnavailable}, Response: &web.Content{Type: "application/octet-stream", Text: "Images that browsers show safely come inline, everything else as a download."}}, f.download)
}

type files struct {
	s     *Service
	store *blob.Store
	room  func() error
}

// showable types may be shown in place; everything else a stranger sent is only
// a download, because a browser could take it for a document of ours.
func showable(contentType string) bool {
	switch strings.ToLower(contentType) {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		return true
	}
	return false
}

func (f files) download(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return errNotFound()
	}
	a, err := f.s.File(r.Context(), id)
	if err != nil {
		return err
	}
	if err := f.s.open(r.Context(), a); err != nil {
		return err
	}
	body, _, err := f.store.Open(r.Context(), a.BlobKey)
	if err != nil {
		return err
	}
	defer body.Close()
	if inside := r.URL.Query().Get("inside"); inside != "" {
		guardBytes(w.Header())
		return serveInside(w, a, body, inside)
	}
	ServeFile(w, r, a, body)
	return nil
}

// guardBytes says that what follows is never a document of ours, whatever it holds.
func guardBytes(h http.Header) {
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Cache-Control", "private, max-age=86400")
}

// ServeFile answers with the bytes of a file: a picture that browsers show safely
// in place, everything else, or with ?download=1, as a download.
func ServeFile(w http.ResponseWriter, r *http.Request, a Attachment, body io.ReadSeeker) {
	h := w.Header()
	guardBytes(h)
	disposition, kind := "attachment", "application/octet-stream"
	if a.Blocked != "" {
		h.Set("Cache-Control", "no-store")
	} else if showable(a.ContentType) && r.URL.Query().Get("download") == "" {
		disposition, kind = "inline", a.ContentType
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": a.Name}))
	http.ServeContent(w, r, "", a.CreatedAt, body)
}

func (f files) upload(w http.ResponseWriter, r *http.Request) error {
	if err := f.room(); err != nil {
		return err
	}
	parts, err := r.MultipartReader()
	if err != nil {
		return errs.InvalidField("body", "Send the file as multipart/form-data in a part named file.")
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return errs.InvalidField("body.file", "There is no part named file.")
		}
		if err != nil {
			return tooLarge(err)
		}
		if part.FormName() != "file" {
			continue
		}
		a, err := f.keep(r.Context(), part.FileName(), part.Header.Get("Content-Type"), part, r.URL.Query().Get("inline") == "true")
		if err != nil {
			return tooLarge(err)
		}
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		return json.NewEncoder(w).Encode(fileOf(a))
	}
}

func (f files) keep(ctx context.Context, name, contentType string, body io.Reader, inline bool) (a Attachment, err error) {
	if media, _, err := mime.ParseMediaType(contentType); err == nil {
		contentType = media
	} else {
		contentType = "application/octet-stream"
	}
	shown, _ := text.MaskCards(fileName(name))
	n := NewAttachment{Name: shown, ContentType: contentType, Inline: inline}
	if inline {
		if !showable(contentType) {
			return a, errs.InvalidField("body.file", "Only PNG, JPEG, GIF and WebP pictures can stand in a text. Attach this file instead.")
		}
		n.ContentID = NewContentID()
	}
	writer, err := f.store.Create(ctx)
	if err != nil {
		return a, err
	}
	defer writer.Abort()
	if n.Size, err = io.Copy(writer, io.LimitReader(body, MaxUpload+1)); err != nil {
		return a, err
	}
	if n.Size > MaxUpload {
		return a, errs.New(errs.TooLarge, "The file is larger than 25 MB.")
	}
	if err := writer.Commit(); err != nil {
		return a, err
	}
	n.BlobKey = writer.Key()
	if err := f.s.scanUpload(ctx, n.BlobKey); err != nil {
		_ = f.store.Delete(context.WithoutCancel(ctx), n.BlobKey) // the sweep finds it
		return a, err
	}
	return f.s.Upload(ctx, n)
}

// tooLarge names the limit when the body was cut at it.
func tooLarge(err error) error {
	var cut *http.MaxBytesError
	if errors.As(err, &cut) {
		return errs.New(errs.TooLarge, "The file is larger than 25 MB.")
	}
	return err
}

// fileName keeps the last element without what a file system or header chokes on.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(name, "\\", "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || strings.ContainsRune(`<>:"/|?*`, r) {
			return -1
		}
		return r
	}, clip(clean(name), 200))
	if name == "" || name == "." || name == ".." {
		return "file"
	}
	return name
}

func (f files) release(ctx context.Context, in *idInput) (*struct{ Body AttachmentBody }, error) {
	a, err := f.s.ReleaseFile(ctx, in.ID)
	return &struct{ Body AttachmentBody }{fileOf(a)}, err
}
