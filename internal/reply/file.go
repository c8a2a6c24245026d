package reply

import (
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/filekind"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// File comes with a saved reply: beside its text, or as a picture in it.
type File struct {
	ID          int64
	Name        string
	ContentType string
	Size        int64
	ContentID   string // "" = beside the text
	BlobKey     string
}

// stands tells whether the HTML shows the picture.
func (f File) stands(html string) bool {
	return f.ContentID != "" && strings.Contains(html, `data-cid="`+f.ContentID+`"`)
}

var shownPictures = regexp.MustCompile(`data-cid="([^"]*)"`)

// checkFiles refuses more than one mail can carry, and texts that show a picture
// which is not there.
func (r *Reply) checkFiles() error {
	beside, pictures, size := 0, 0, int64(0)
	have := map[string]bool{}
	for _, f := range r.Files {
		size += f.Size
		if have[f.ContentID] = true; f.ContentID == "" {
			beside++
		} else {
			pictures++
		}
	}
	switch {
	case beside > MaxFiles:
		return errs.InvalidField("body.attachment_ids", "A saved reply carries at most 10 files.")
	case pictures > maxPictures:
		return errs.InvalidField("body.attachment_ids", "The texts of a saved reply show at most 20 pictures.")
	case size > MaxBytes:
		return errs.InvalidField("body.attachment_ids", "The files are larger than 25 MB together, which no mail can carry.")
	}
	for locale, html := range r.Texts {
		for _, m := range shownPictures.FindAllStringSubmatch(html, -1) {
			if !have[m[1]] {
				return errs.InvalidField("body.texts."+locale, "A picture in the text is not among the files. Take it out and insert it again.")
			}
		}
	}
	return nil
}

// copyFiles are the wanted files, each with bytes of its own: those that r has
// stay, by their own ids, the others are copies of uploads. The ids of both never
// meet: those of files are negative outside. Pictures that no text shows are left
// out.
func (s *Service) copyFiles(ctx context.Context, r *Reply, wanted []int64) (out []File, err error) {
	if len(wanted) > MaxFiles+2*maxPictures {
		return nil, errs.InvalidField("body.attachment_ids", "A saved reply carries at most 10 files.")
	}
	all := ""
	for _, html := range r.Texts {
		all += html
	}
	size := int64(0)
	for _, id := range wanted {
		f, err := s.fileOf(ctx, r, id)
		if err != nil {
			return nil, err
		}
		if f.ContentID != "" && !f.stands(all) {
			continue
		}
		if size += f.Size; size <= MaxBytes && f.ID == 0 {
			f.BlobKey, err = s.Copy(ctx, f.BlobKey)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// fileOf is a file of r, or an upload of the actor as one.
func (s *Service) fileOf(ctx context.Context, r *Reply, id int64) (f File, err error) {
	if i := slices.IndexFunc(r.Files, func(f File) bool { return f.ID == -id }); i >= 0 {
		return r.Files[i], nil
	}
	a, err := s.Conversations.File(ctx, id)
	if errs.Is(err, errs.NotFound) {
		return f, errs.InvalidField("body.attachment_ids", "This file is not among your uploads.")
	}
	if err != nil {
		return f, err
	}
	if a.Unchecked {
		return f, errs.InvalidField("body.attachment_ids", "This file is held back and cannot be part of a saved reply.")
	}
	f = File{Name: a.Name, ContentType: a.ContentType, Size: a.Size, BlobKey: a.BlobKey}
	if a.Inline {
		f.ContentID = a.ContentID
	}
	if a.Blocked == "" {
		a.Blocked, err = s.judge(ctx, f)
	}
	if err == nil && a.Blocked != "" {
		err = errs.InvalidFieldf("body.attachment_ids", "%q is a program or holds one. What goes to customers must be safe to open.", a.Name)
	}
	return f, err
}

// judge says why a file is dangerous, "" when it is not known to be: it will
// reach many people, under the name of the shop.
func (s *Service) judge(ctx context.Context, f File) (reason string, err error) {
	body, size, err := s.Open(ctx, f.BlobKey)
	if err != nil {
		return "", err
	}
	defer body.Close()
	head := make([]byte, filekind.HeadSize)
	n, err := io.ReadFull(body, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	head = head[:n]
	if found := filekind.Of(f.Name, head); found != "" || !filekind.IsZip(head) {
		return string(found), nil
	}
	return string(filekind.Inside(readerAt{body}, size)), nil
}

// readerAt reads at places for one reader at a time.
type readerAt struct{ io.ReadSeeker }

func (r readerAt) ReadAt(p []byte, at int64) (int, error) {
	if _, err := r.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// handOut makes uploads of the agent's own out of the files, for their reply to
// take. A picture gets a new name each time, so that one text can hold two uses.
func (s *Service) handOut(ctx context.Context, r *Reply, out *Filled) error {
	for _, f := range r.Files {
		n := conversation.NewAttachment{Name: f.Name, ContentType: f.ContentType, Size: f.Size}
		if f.ContentID != "" {
			if !f.stands(out.HTML) {
				continue
			}
			n.Inline, n.ContentID = true, conversation.NewContentID()
			out.HTML = strings.ReplaceAll(out.HTML, `data-cid="`+f.ContentID+`"`, `data-cid="`+n.ContentID+`"`)
		}
		var err error
		if n.BlobKey, err = s.Copy(ctx, f.BlobKey); err != nil {
			return err
		}
		a, err := s.Conversations.Upload(ctx, n)
		if err != nil {
			return err
		}
		out.Files = append(out.Files, a)
	}
	out.HTML = conversation.WithPictures(out.HTML, out.Files)
	return nil
}

// withPictures shows the pictures of a text from where their bytes are handed out.
func (r *Reply) withPictures(html string) string {
	for _, f := range r.Files {
		if f.stands(html) {
			mark := `data-cid="` + f.ContentID + `"`
			html = strings.ReplaceAll(html, mark, `src="`+r.urlOf(f)+`" `+mark)
		}
	}
	return html
}

func (r *Reply) urlOf(f File) string {
	return fmt.Sprintf("%s/%s/%d/files/%d", web.Prefix, r.Kind.path(), r.ID, f.ID)
}

func (k Kind) path() string {
	if k == Macro {
		return "macros"
	}
	return "saved-replies"
}

// OpenFile reads a file of one that the actor may use. The caller closes body.
func (s *Service) OpenFile(ctx context.Context, k Kind, id, file int64) (f File, body io.ReadSeekCloser, err error) {
	defer errs.Wrap(&err, "open a file of saved reply %d", id)
	r, err := s.get(ctx, s.DB, k, id)
	if err != nil {
		return f, nil, err
	}
	i := slices.IndexFunc(r.Files, func(f File) bool { return f.ID == file })
	if i < 0 {
		return f, nil, errs.New(errs.NotFound, "There is no such file.")
	}
	f = r.Files[i]
	body, _, err = s.Open(ctx, f.BlobKey)
	return f, body, err
}
