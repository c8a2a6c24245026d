package email

import (
	"bytes"
	"context"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"github.com/jhillyerd/enmime/v2"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/blob"
)

const pixel = "\x89PNG\r\n\x1a\npicture"

func picture(t *testing.T, blobs *blob.Store, id int64, cid, bytes string) conversation.Attachment {
	t.Helper()
	w, err := blobs.Create(t.Context())
	if err == nil {
		_, err = io.WriteString(w, bytes)
	}
	if err == nil {
		err = w.Commit()
	}
	if err != nil {
		t.Fatal(err)
	}
	return conversation.Attachment{ID: id, Name: cid[:4] + ".png", ContentType: "image/png", Size: int64(len(bytes)), ContentID: cid, Inline: true, BlobKey: w.Key()}
}

// pictured is a reply with a picture in its text and one in what it quotes.
func pictured(t *testing.T) (*blob.Store, *conversation.Outgoing) {
	t.Helper()
	c := &clock{}
	blobs := blob.Memory(c.Now)
	o := &conversation.Outgoing{
		Message: 5, AgentID: 7, AgentName: "Anna", Subject: "Re: Parcel", To: []conversation.Person{{Address: "carl@example.test"}}, RFCID: "db.x@shop.test",
		Text: "Look: [desk.png]", HTML: `<p>Look: <img data-cid="desk@deskbell" alt="desk.png"><img data-cid="gone@deskbell"><img data-remote-src="https://shop.test/logo.png"></p>`,
		Attachments: []conversation.Attachment{picture(t, blobs, 1, "desk@deskbell", pixel)},
		Quote: &conversation.Quote{From: conversation.Person{Name: "Carl", Address: "carl@example.test"}, Text: "Mine is broken",
			HTML:     `<p>Mine is broken <img data-cid="theirs name@x"><img data-cid="large@x"><img data-remote-src="https://track.test/1.gif"></p>`,
			Pictures: []conversation.Attachment{picture(t, blobs, 2, "theirs name@x", pixel), picture(t, blobs, 3, "large@x", strings.Repeat("x", maxQuotePictures))}},
	}
	return blobs, o
}

func TestOtherParsersFindThePicturesOfAReplyInsideItsText(t *testing.T) {
	t.Parallel()
	blobs, o := pictured(t)
	i := &inbox.Inbox{Name: "Shop", Address: "support@shop.test"}
	raw, err := mail.Compose(render(context.Background(), blobs, i, o, time.Unix(1764320400, 0), linkedFiles{}))
	if err != nil {
		t.Fatal(err)
	}
	env, err := enmime.ReadEnvelope(bytes.NewReader(raw))
	if err != nil || len(env.Errors) > 0 || len(env.Attachments) > 0 {
		t.Fatalf("enmime: %v, %v, %d attachments", err, env.Errors, len(env.Attachments))
	}
	found := map[string]string{}
	for _, p := range append(env.Inlines, env.OtherParts...) {
		found[p.ContentID] = string(p.Content)
	}
	if len(found) != 2 || found["desk@deskbell"] != pixel || found["quoted2@deskbell"] != pixel {
		t.Errorf("enmime found %q", found)
	}
	for _, want := range []string{`src="cid:desk@deskbell"`, `src="cid:quoted2@deskbell"`, "https://shop.test/logo.png"} {
		if !strings.Contains(env.HTML, want) {
			t.Errorf("%s is missing in %s", want, env.HTML)
		}
	}
	for _, not := range []string{"gone@deskbell", "large@x", "quoted3", "track.test"} {
		if strings.Contains(env.HTML, not) {
			t.Errorf("%s stands in %s", not, env.HTML)
		}
	}
	// The tree itself, by the standard library: alternative(text, related(html, pictures)).
	std, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	kind, params, _ := mime.ParseMediaType(std.Header.Get("Content-Type"))
	outer := multipart.NewReader(std.Body, params["boundary"])
	text, err := outer.NextPart()
	if err != nil || kind != "multipart/alternative" || !strings.HasPrefix(text.Header.Get("Content-Type"), "text/plain") {
		t.Fatalf("%s, %v, %v", kind, text, err)
	}
	rich, err := outer.NextPart()
	if err != nil {
		t.Fatal(err)
	}
	kind, params, _ = mime.ParseMediaType(rich.Header.Get("Content-Type"))
	related := multipart.NewReader(rich, params["boundary"])
	var tree []string
	for p, err := related.NextPart(); err == nil; p, err = related.NextPart() {
		disposition, _, _ := strings.Cut(p.Header.Get("Content-Disposition"), ";")
		tree = append(tree, strings.TrimSpace(disposition+p.Header.Get("Content-ID")))
	}
	if got := strings.Join(tree, " "); kind != "multipart/related" || got != " inline<desk@deskbell> inline<quoted2@deskbell>" {
		t.Errorf("%s: %q", kind, got)
	}
}
