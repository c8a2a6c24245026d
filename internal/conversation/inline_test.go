package conversation_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
)

func TestAPictureInATextIsKeptFromTheDraftToTheThread(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		upload := func(query, name, kind string) answer {
			body := "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: " + kind + "\r\n\r\nbytes\r\n--B--\r\n"
			return call(t, h, anna, "POST", "/attachments"+query, body, "Content-Type", "multipart/form-data; boundary=B")
		}
		if a := upload("?inline=true", "a.pdf", "application/pdf"); a.code != 422 || !strings.Contains(a.raw, "body.file") {
			t.Errorf("%d %s", a.code, a.raw)
		}
		shown, out, file := upload("?inline=true", "a.png", "image/png"), upload("?inline=true", "b.png", "image/png"), upload("", "c.png", "image/png")
		id, cid, url := shown.body["id"].(float64), shown.body["content_id"].(string), shown.body["url"].(string)
		if !shown.body["inline"].(bool) || cid == out.body["content_id"] || file.body["inline"].(bool) {
			t.Fatalf("%s %s %s", shown.raw, out.raw, file.raw)
		}
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		talk := fmt.Sprintf("/conversations/%d", r.Conversation)
		files := fmt.Sprintf(`[%.0f,%.0f,%.0f]`, id, out.body["id"], file.body["id"])
		// As the editor writes it: where it is shown from, and its content id.
		html := fmt.Sprintf(`<p>See <img src=\"%s\" data-cid=\"%s\" alt=\"a.png\"></p>`, url, cid)
		saved := call(t, h, anna, "PUT", talk+"/draft", fmt.Sprintf(`{"html":"%s","attachment_ids":%s}`, html, files))
		want := fmt.Sprintf(`<p>See <img src="%s" data-cid="%s" alt="a.png"></p>`, url, cid)
		if got := call(t, h, anna, "GET", talk+"/draft", "").body["html"]; got != want {
			t.Errorf("the draft is %q, saved as %s", got, saved.raw)
		}
		sent := call(t, h, anna, "POST", talk+"/replies", fmt.Sprintf(`{"html":"%s","attachment_ids":%s}`, html, files))
		if sent.code != 202 {
			t.Fatalf("%d %s", sent.code, sent.raw)
		}
		m := sent.body["message"].(map[string]any)
		if got := m["html"]; got != fmt.Sprintf(`<p>See <img src="%s" alt="a.png"></p>`, url) {
			t.Errorf("the thread shows %q", got)
		}
		if n := len(m["attachments"].([]any)); n != 2 {
			t.Errorf("%d files went along, want the shown one and the attached one", n)
		}
		o, err := k.Outgoing(t.Context(), int64(m["id"].(float64)))
		if err != nil || len(o.Attachments) != 2 || !o.Attachments[0].Shows(o.HTML) || o.Attachments[1].Shows(o.HTML) {
			t.Errorf("%+v, %v", o, err)
		}
		only := fmt.Sprintf(`{"html":"<p></p>","attachment_ids":[%.0f]}`, out.body["id"])
		if a := call(t, h, anna, "POST", talk+"/replies", only); a.code != 422 {
			t.Errorf("an empty reply was taken: %d %s", a.code, a.raw)
		}
		if a := call(t, h, anna, "POST", talk+"/replies", `{"html":"<p><img src=\"cid:other@x\"></p>"}`); a.code != 422 || !strings.Contains(a.raw, "insert it again") {
			t.Errorf("a reply with a picture of another message was taken: %d %s", a.code, a.raw)
		}
	})
}

func TestTheCustomersPicturesAreQuotedWithTheirMail(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One", func(in *conversation.Inbound) {
			in.HTML = `<p>Broken: <img data-cid="p1@x"></p>`
			in.Attachments = []conversation.NewAttachment{
				{Name: "p1.png", ContentType: "image/png", Size: 3, ContentID: "p1@x", Inline: true, BlobKey: "k1"},
				{Name: "p2.png", ContentType: "image/png", Size: 3, ContentID: "p2@x", BlobKey: "k2"},
				{Name: "p3.svg", ContentType: "image/svg+xml", Size: 3, ContentID: "p3@x", BlobKey: "k3"},
			}
		}))
		o, err := k.Outgoing(t.Context(), k.reply(anna, r.Conversation).ID)
		if err != nil || o.Quote == nil || len(o.Quote.Pictures) != 1 || o.Quote.Pictures[0].Name != "p1.png" {
			t.Errorf("%+v, %v", o.Quote, err)
		}
	})
}
