package conversation

import (
	"context"
	"crypto/rand"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// A picture inside a text is an attachment with a content id (RFC 2392), and the
// text shows it as <img data-cid="...">.

// NewContentID makes an id that no other mail has (RFC 2045, section 7).
func NewContentID() string { return strings.ToLower(rand.Text()) + "@deskbell" }

// Shows tells whether the sanitised HTML shows the picture.
func (a Attachment) Shows(html string) bool {
	return a.ContentID != "" && strings.Contains(html, `data-cid="`+a.ContentID+`"`)
}

// leftOut tells that a file was uploaded for the text and taken out of it again.
// It is not sent, and forgotten with the other uploads that nobody took.
func leftOut(ctx context.Context, q db.Queryer, id int64, html string) (bool, error) {
	a, err := findAttachment(ctx, q, id)
	if errs.Is(err, errs.NotFound) {
		return false, nil
	}
	return err == nil && a.Inline && a.Message == 0 && !a.Shows(html), err
}

// withImages shows pictures from our own API. In a draft they keep their content
// id, by which they are sent.
func withImages(html string, files []Attachment, draft bool) string {
	if !strings.Contains(html, "data-cid=") {
		return html
	}
	for _, f := range files {
		if f.ContentID == "" || !showable(f.ContentType) || strings.ContainsAny(f.ContentID, `"<>&`) {
			continue
		}
		mark := `data-cid="` + f.ContentID + `"`
		shown := `src="` + attachmentURL(f.ID) + `"`
		if draft {
			shown += " " + mark
		}
		html = strings.ReplaceAll(html, mark, shown)
	}
	return html
}

// WithPictures is HTML for a draft: the pictures among the files are shown, under
// the content ids by which they are sent.
func WithPictures(html string, files []Attachment) string { return withImages(html, files, true) }

// blank tells that there are neither words nor pictures in a text.
func blank(text, html string) bool {
	return strings.TrimSpace(text) == "" && !strings.Contains(html, "<img")
}

// checkPictures refuses a text that shows a picture which does not go along.
func (m *Message) checkPictures() error {
	html := m.HTML
	for _, a := range m.Attachments {
		if a.ContentID != "" {
			html = strings.ReplaceAll(html, `data-cid="`+a.ContentID+`"`, "")
		}
	}
	if strings.Contains(html, "data-cid=") {
		return errs.InvalidField("body.html", "A picture in the text is not among the files. Take it out and insert it again.")
	}
	return nil
}
