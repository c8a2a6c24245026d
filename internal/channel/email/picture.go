package email

import (
	"context"
	"fmt"
	"io"
	"strings"

	xhtml "golang.org/x/net/html"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/blob"
)

// maxQuotePictures bounds the bytes of pictures that go back with a quote.
const maxQuotePictures = 2 << 20

// withPictures gives the quote with its pictures under content ids of our own, as
// those of strangers are not always ids. What stands elsewhere or is too large is
// left out.
func withPictures(q *conversation.Quote) (*conversation.Quote, []conversation.Attachment) {
	if q == nil || q.HTML == "" {
		return q, nil
	}
	var pictures []conversation.Attachment
	ours, total := map[string]string{}, int64(0)
	for _, a := range q.Pictures {
		if total += a.Size; total > maxQuotePictures {
			break
		}
		ours[a.ContentID] = fmt.Sprintf("quoted%d@deskbell", a.ID)
		a.ContentID = ours[a.ContentID]
		pictures = append(pictures, a)
	}
	out := *q
	out.HTML = rewriteImages(q.HTML, false, func(cid string) string { return ours[cid] })
	return &out, pictures
}

// rewriteImages gives each picture another content id; "" takes it out. Those that
// have none stay when others says so.
func rewriteImages(page string, others bool, next func(cid string) string) string {
	var b strings.Builder
	z := xhtml.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			return b.String()
		case xhtml.StartTagToken, xhtml.SelfClosingTagToken:
			raw := string(z.Raw())
			tok := z.Token()
			if tok.Data != "img" {
				b.WriteString(raw)
				continue
			}
			keep := others
			for n, a := range tok.Attr {
				if a.Key == "data-cid" {
					tok.Attr[n].Val = next(a.Val)
					keep = tok.Attr[n].Val != ""
				}
			}
			if keep {
				b.WriteString(tok.String())
			}
		default:
			b.Write(z.Raw())
		}
	}
}

// parts are the files of a mail. A picture that does not come along, as it is of
// another message, would be broken for its reader and is taken out of the page.
func parts(ctx context.Context, blobs *blob.Store, page string, list, quoted []conversation.Attachment) (string, []mail.OutgoingFile) {
	ids := map[string]bool{}
	var files []mail.OutgoingFile
	add := func(a conversation.Attachment) {
		if a.ContentID == "" || ids[a.ContentID] {
			a.ContentID = fmt.Sprintf("file%d@deskbell", a.ID)
		}
		ids[a.ContentID] = true
		files = append(files, mail.OutgoingFile{Name: a.Name, ContentType: a.ContentType, ContentID: a.ContentID, Open: func() (io.ReadCloser, error) {
			r, _, err := blobs.Open(ctx, a.BlobKey)
			if err != nil {
				return nil, storeError{err}
			}
			return r, nil
		}})
	}
	for _, a := range list {
		add(a)
	}
	for _, a := range quoted {
		if a.Shows(page) { // not where the quote was left out
			add(a)
		}
	}
	return rewriteImages(page, true, func(cid string) string {
		if ids[cid] {
			return cid
		}
		return ""
	}), files
}
