package reply_test

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/reply"
)

// upload is a file that anna has uploaded; with an id it is a picture for a text.
func (k *shelf) upload(name, bytes, contentID string) int64 {
	k.t.Helper()
	k.bytes[name] = bytes
	a, err := k.Conversations.Upload(as(anna), conversation.NewAttachment{Name: name, ContentType: "image/png", Size: int64(len(bytes)), BlobKey: name,
		ContentID: contentID, Inline: contentID != ""})
	if err != nil {
		k.t.Fatal(err)
	}
	return a.ID
}

func (k *shelf) withFiles(html string, files ...int64) (reply.Reply, error) {
	return k.Create(as(anna), reply.Reply{Kind: reply.Text, Name: "Map", Shared: true, DefaultLocale: "en", Texts: map[string]string{"en": html}}, files)
}

func TestAPictureInATextIsAnotherOneWithEachUse(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		shown, left := k.upload("map.png", "1", "map@x"), k.upload("old.png", "2", "old@x")
		r, err := k.withFiles(`<p>Here we are: <img src="/api/v1/attachments/1" data-cid="map@x" alt="map"></p>`, shown, left)
		if err != nil || len(r.Files) != 1 || r.Files[0].ContentID != "map@x" || r.Files[0].BlobKey != "map.png+" || strings.Contains(r.Texts["en"], "src=") {
			t.Fatalf("%+v, %v", r, err)
		}
		id := k.mail("Eva", "Where are you?")
		seen, err := k.Fill(as(ben), reply.Text, r.ID, id, "", false)
		if err != nil || !strings.Contains(seen.HTML, `src="/api/v1/saved-replies/`) || len(seen.Files) != 0 {
			t.Errorf("as it would stand there: %+v, %v", seen, err)
		}
		one, err := k.Fill(as(ben), reply.Text, r.ID, id, "", true)
		if err != nil || len(one.Files) != 1 || !one.Files[0].Inline {
			t.Fatalf("%+v, %v", one, err)
		}
		two, err := k.Fill(as(ben), reply.Text, r.ID, id, "", true)
		if err != nil || len(two.Files) != 1 || two.Files[0].ContentID == one.Files[0].ContentID {
			t.Fatalf("%+v, %v", two, err)
		}
		if want := `data-cid="` + one.Files[0].ContentID + `"`; !strings.Contains(one.HTML, want) || !strings.Contains(one.HTML, `src="/api/v1/attachments/`) {
			t.Errorf("%s lacks %s", one.HTML, want)
		}
		if _, err := k.Conversations.Reply(as(ben), id, conversation.NewReply{Text: one.Text + two.Text, HTML: one.HTML + two.HTML,
			Attachments: []int64{one.Files[0].ID, two.Files[0].ID}}, nil); err != nil {
			t.Errorf("with the picture twice: %v", err)
		}
	})
}

func TestWhatCannotGoToCustomersIsNoFileOfASavedReply(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		big := k.upload("a.pdf", "x", "")
		err := k.DB.Write(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "UPDATE attachment SET size = 26214401 WHERE id = ?", big)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		for what, try := range map[string]func() error{
			"a picture that is not there": func() error { _, err := k.withFiles(`<p><img data-cid="gone@x"></p>`); return err },
			"a program by its name":       func() error { _, err := k.withFiles("<p>x</p>", k.upload("label.exe", "x", "")); return err },
			"a program by its bytes":      func() error { _, err := k.withFiles("<p>x</p>", k.upload("label.pdf", "\x7fELF", "")); return err },
			"more than a mail can carry":  func() error { _, err := k.withFiles("<p>x</p>", big); return err },
		} {
			if err := try(); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		var many []int64
		for range reply.MaxFiles + 1 {
			many = append(many, k.upload("a.txt", "x", ""))
		}
		if _, err := k.withFiles("<p>x</p>", many...); !errs.Is(err, errs.Invalid) {
			t.Errorf("eleven files: %v", err)
		}
	})
}

func TestAFileIsOpenForThoseWhoMayUseTheSavedReply(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		r, err := k.withFiles("<p>x</p>", k.upload("label.txt", "the label", ""))
		if err != nil {
			t.Fatal(err)
		}
		_, body, err := k.OpenFile(as(ben), reply.Text, r.ID, r.Files[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(body); err != nil || string(b) != "the label" {
			t.Errorf("%q, %v", b, err)
		}
		off := false
		if _, err := k.Update(as(anna), reply.Text, r.ID, reply.Change{Shared: &off}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := k.OpenFile(as(ben), reply.Text, r.ID, r.Files[0].ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("of a colleague's own: %v", err)
		}
		if _, _, err := k.OpenFile(as(anna), reply.Text, r.ID, 999); !errs.Is(err, errs.NotFound) {
			t.Errorf("that is not there: %v", err)
		}
	})
}
