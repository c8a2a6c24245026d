package conversation

import (
	"bytes"
	"context"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/filekind"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerAttached(api *web.API, f files) {
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/attachments/{id}/mail", Permission: string(access.ConversationsRead), Tag: "Attachments",
		Summary: "An attached mail as a message", Text: "Parsed and sanitised as other mail; 422 when the attachment is no mail.", Errors: []int{http.StatusServiceUnavailable}}, f.attached)
}

// maxAttached is the largest attached mail that is opened, in bytes.
const maxAttached = 32 << 20

type attachedFile struct {
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	Inline      bool   `json:"inline"`
}

type attachedBody struct {
	From        person         `json:"from"`
	To          []person       `json:"to"`
	Cc          []person       `json:"cc"`
	Date        *time.Time     `json:"date"`
	Subject     string         `json:"subject"`
	Text        string         `json:"text"`
	HTML        string         `json:"html" doc:"Sanitised; images elsewhere wait in data-remote-src"`
	Remote      bool           `json:"has_remote_images"`
	Attachments []attachedFile `json:"attachments" doc:"Files inside, which /attachments/{id}?inside= gives one by one"`
}

// isMail tells an attachment that can be opened as a message.
func isMail(a Attachment) bool {
	switch strings.ToLower(a.ContentType) {
	case "message/rfc822", "message/global", "message/rfc2822", "message/news", "text/rfc822-headers", "text/rfc822":
		return true
	}
	return strings.HasSuffix(strings.ToLower(a.Name), ".eml")
}

func (f files) attached(ctx context.Context, in *idInput) (*struct{ Body attachedBody }, error) {
	a, err := f.s.File(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := f.s.open(ctx, a); err != nil {
		return nil, err
	}
	if !isMail(a) {
		return nil, errs.New(errs.Invalid, "This attachment is no mail.")
	}
	if a.Size > maxAttached {
		return nil, errs.New(errs.Invalid, "This mail is too large to be opened here. Download it.")
	}
	raw, _, err := f.store.Open(ctx, a.BlobKey)
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	m, err := mail.Parse(raw, mail.Options{})
	if err != nil {
		return nil, err
	}
	return &struct{ Body attachedBody }{attachedOf(m)}, nil
}

// serveInside gives one of the files of an attached mail, always as a download.
func serveInside(w http.ResponseWriter, a Attachment, raw io.Reader, inside string) error {
	wanted, err := strconv.Atoi(inside)
	switch {
	case err != nil:
		return errNotFound()
	case !isMail(a):
		return errs.New(errs.Invalid, "This attachment is no mail.")
	case a.Size > maxAttached:
		return errs.New(errs.Invalid, "This mail is too large to be opened here. Download it.")
	}
	var name string
	var held bytes.Buffer // at most maxAttached: what it is shows only when it is whole
	_, err = mail.Parse(raw, mail.Options{Attachment: func(one mail.Attachment) (io.WriteCloser, error) {
		if one.Index != wanted {
			return nil, nil // counted and dropped
		}
		name = one.Filename
		return unclosed{&held}, nil
	}})
	switch {
	case err != nil:
		return err
	case name == "":
		return errNotFound()
	case dangerous(name, held.Bytes()):
		return errBlockedInside
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, err = w.Write(held.Bytes())
	return err
}

var errBlockedInside = errs.New(errs.Forbidden, "This file is a program or holds one, and could do harm when it is opened. It comes only with the attached mail as a whole.")

func dangerous(name string, b []byte) bool {
	head := b[:min(len(b), filekind.HeadSize)]
	return filekind.Of(name, head) != "" || filekind.IsZip(head) && filekind.Inside(bytes.NewReader(b), int64(len(b))) != ""
}

type unclosed struct{ io.Writer }

func (unclosed) Close() error { return nil }

func attachedOf(m *mail.Message) attachedBody {
	b := attachedBody{From: person(m.From), To: addresses(m.To), Cc: addresses(m.Cc), Subject: clip(clean(m.Subject), 998), Text: clean(m.Text), HTML: clean(m.HTML),
		Remote: m.HasRemoteImages, Attachments: []attachedFile{}}
	if y := m.Date.Year(); !m.Date.IsZero() && y > 0 && y < 10_000 {
		b.Date = web.MaybeTime(m.Date)
	}
	for _, a := range m.Attachments {
		b.Attachments = append(b.Attachments, attachedFile{a.Filename, a.ContentType, a.Size, a.Inline})
	}
	return b
}

func addresses(list []mail.Address) []person {
	out := make([]person, 0, len(list))
	for _, a := range list[:min(len(list), 200)] {
		out = append(out, person(a))
	}
	return out
}
