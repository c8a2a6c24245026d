package conversation_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// router serves the operations; the header As names the agent.
func (k *desk) router() http.Handler {
	api := web.New(web.Config{DB: k.DB, Now: k.Now,
		Authenticate: func(r *http.Request) (context.Context, web.Who, error) {
			var id int64
			fmt.Sscan(r.Header.Get("As"), &id)
			if id == 0 {
				return r.Context(), web.Who{}, nil
			}
			return access.With(r.Context(), access.From(as(id))), web.Who{ID: fmt.Sprintf("agent:%d", id), Key: true}, nil
		},
		Need: func(ctx context.Context, p string) error { return access.From(ctx).Need(access.Permission(p)) },
	})
	conversation.Register(api, k.Service)
	conversation.RegisterFiles(api, k.Service, k.blobs(), k.room)
	return api.Handler()
}

// blobs are one store for all routers of a desk.
func (k *desk) blobs() *blob.Store {
	if k.files == nil {
		k.files = blob.Memory(k.Now)
	}
	return k.files
}

type answer struct {
	code   int
	body   map[string]any
	raw    string
	header http.Header
}

func call(t *testing.T, h http.Handler, agent int64, method, path, body string, headers ...string) answer {
	t.Helper()
	r := httptest.NewRequest(method, web.Prefix+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("As", fmt.Sprint(agent))
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	raw, _ := io.ReadAll(w.Body)
	a := answer{code: w.Code, raw: string(raw), header: w.Header()}
	_ = json.Unmarshal(raw, &a.body)
	return a
}

func TestARepeatedReplyWithTheSameKeyIsSentOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		path := fmt.Sprintf("/conversations/%d/replies", r.Conversation)
		first := call(t, h, anna, "POST", path, `{"text":"Hi","undo_seconds":0}`, "Idempotency-Key", "k1")
		again := call(t, h, anna, "POST", path, `{"text":"Hi","undo_seconds":0}`, "Idempotency-Key", "k1")
		if first.code != 202 || again.code != 202 || first.raw != again.raw {
			t.Fatalf("first %d %s\nagain %d %s", first.code, first.raw, again.code, again.raw)
		}
		if other := call(t, h, anna, "POST", path, `{"text":"Other"}`, "Idempotency-Key", "k1"); other.code != 422 {
			t.Fatalf("another body under the same key: %d %s", other.code, other.raw)
		}
		list := call(t, h, anna, "GET", fmt.Sprintf("/conversations/%d/messages?kinds=outbound", r.Conversation), "")
		if n := len(list.body["items"].([]any)); n != 1 {
			t.Fatalf("%d messages went out", n)
		}
	})
}

func TestAStaleReplyAnswers409WithTheNewerMessages(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		k.receive(mail("eva@x.example", "b@x", "Wait", after("a@x")))
		path := fmt.Sprintf("/conversations/%d/replies", r.Conversation)
		body := fmt.Sprintf(`{"text":"Hi","last_seen_message_id":%d%%s}`, r.Message)
		stale := call(t, h, anna, "POST", path, fmt.Sprintf(body, ""), "Idempotency-Key", "k")
		newer, _ := stale.body["newer"].([]any)
		if stale.code != 409 || stale.body["type"] != web.StaleReply || len(newer) != 1 || newer[0].(map[string]any)["text"] != "Wait" {
			t.Fatalf("%d %s", stale.code, stale.raw)
		}
		if forced := call(t, h, anna, "POST", path, fmt.Sprintf(body, `,"force":true`), "Idempotency-Key", "k"); forced.code != 202 {
			t.Fatalf("%d %s", forced.code, forced.raw)
		}
	})
}

func TestMalformedRequestsNameTheField(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		c := fmt.Sprintf("/conversations/%d", r.Conversation)
		for _, x := range []struct{ method, path, body, location string }{
			{"POST", c + "/replies", `{"text":"  "}`, "body.text"},
			{"POST", c + "/replies", `{"text":"x","to":[{"address":"nobody"}]}`, "body.to[0]"},
			{"POST", c + "/replies", `{"text":"x","to":["nobody"]}`, "body.to[0]"},
			{"POST", c + "/replies", `{"text":"x","undo_seconds":31}`, "body.undo_seconds"},
			{"POST", c + "/replies", `{"text":"x","attachment_ids":[77]}`, "body.attachment_ids"},
			{"PATCH", c, `{"status":"done"}`, "body.status"},
			{"PATCH", c, `{"assignee_id":99}`, "body.assignee_id"},
			{"PATCH", c, `{"status":"snoozed"}`, "body.snoozed_until"},
			{"PATCH", c, `{"add_tags":["a,b"]}`, "body.add_tags"},
			{"GET", c + "/messages?cursor=x!", "", "query.cursor"},
			{"POST", "/conversations", `{"inbox_id":9,"customer":{"email":"a@b.example"},"subject":"x","text":"y"}`, "body.inbox_id"},
		} {
			a := call(t, h, anna, x.method, x.path, x.body)
			if a.code != 422 && a.code != 400 || !strings.Contains(a.raw, `"`+x.location+`"`) {
				t.Errorf("%s %s %s: %d %s", x.method, x.path, x.body, a.code, a.raw)
			}
		}
		for _, body := range []string{`{`, `[]`, `{"text":5}`, strings.Repeat("[", 10_000)} {
			if a := call(t, h, anna, "POST", c+"/replies", body); a.code < 400 || a.code > 422 {
				t.Errorf("%.20s: %d %s", body, a.code, a.raw)
			}
		}
	})
}

func TestRecipientsAreStringsOrObjects(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		a := call(t, k.router(), anna, "POST", fmt.Sprintf("/conversations/%d/replies", r.Conversation),
			`{"text":"x","to":["Eva <eva@x.example>"],"cc":["bob@x.example",{"name":"Ida","address":"ida@x.example"}]}`)
		if a.code != 202 {
			t.Fatalf("%d %s", a.code, a.raw)
		}
		m := a.body["message"].(map[string]any)
		if got := fmt.Sprint(m["to"], m["cc"]); got != "[map[address:eva@x.example name:Eva]] [map[address:bob@x.example name:] map[address:ida@x.example name:Ida]]" {
			t.Fatal(got)
		}
	})
}

func TestNullTakesAssigneeAndTeamAway(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		r := k.receive(mail("eva@x.example", "a@x", "One"))
		c := fmt.Sprintf("/conversations/%d", r.Conversation)
		if a := call(t, h, anna, "PATCH", c, `{"assignee_id":1,"add_tags":["vip"]}`); a.code != 200 || a.body["assignee_id"] != 1.0 {
			t.Fatalf("%d %s", a.code, a.raw)
		}
		if a := call(t, h, anna, "PATCH", c, `{"priority":"high"}`); a.body["assignee_id"] != 1.0 {
			t.Fatalf("an absent assignee was taken away: %s", a.raw)
		}
		if a := call(t, h, anna, "PATCH", c, `{"assignee_id":null}`); a.code != 200 || a.body["assignee_id"] != nil {
			t.Fatalf("%d %s", a.code, a.raw)
		}
	})
}

func TestFilesOfStrangersAreNeverADocumentOfOurOrigin(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		upload := func(name, kind, content string) answer {
			body := "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: " + kind + "\r\n\r\n" + content + "\r\n--B--\r\n"
			return call(t, h, anna, "POST", "/attachments", body, "Content-Type", "multipart/form-data; boundary=B")
		}
		for name, want := range map[string]string{"a.html": "attachment", "b.svg": "attachment", "c.png": "inline"} {
			kind := map[string]string{"a.html": "text/html", "b.svg": "image/svg+xml", "c.png": "image/png"}[name]
			a := upload(name, kind, "<script>1</script>")
			if a.code != 201 {
				t.Fatalf("%d %s", a.code, a.raw)
			}
			r := httptest.NewRequest("GET", a.body["url"].(string), nil)
			r.Header.Set("As", "1")
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if got := w.Header().Get("Content-Disposition"); w.Code != 200 || !strings.HasPrefix(got, want) {
				t.Errorf("%s: %d %q", name, w.Code, got)
			}
			if w.Header().Get("Content-Security-Policy") != "sandbox; default-src 'none'" || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s: headers %v", name, w.Header())
			}
			if a := call(t, h, ben, "GET", strings.TrimPrefix(a.body["url"].(string), web.Prefix), ""); a.code != 404 {
				t.Errorf("%s: another agent's upload answers %d", name, a.code)
			}
		}
	})
}

func TestAFileIsRefusedBeforeItIsReadWhileTheDiskIsFull(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.full = true
		h, unread := k.router(), strings.NewReader("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--B--\r\n")
		before := unread.Len()
		r := httptest.NewRequest("POST", web.Prefix+"/attachments", unread)
		r.Header.Set("Content-Type", "multipart/form-data; boundary=B")
		r.Header.Set("As", "1")
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != 503 || unread.Len() != before {
			t.Errorf("%d, %d of %d bytes were left unread: %s", w.Code, unread.Len(), before, w.Body)
		}
	})
}

func TestAnAgentStartsAConversation(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		a := call(t, h, anna, "POST", "/conversations", `{"inbox_id":1,"customer":{"name":"Eva","email":"eva@x.example"},"subject":"Your order","text":"Hello Eva"}`)
		if a.code != 201 {
			t.Fatalf("%d %s", a.code, a.raw)
		}
		m := a.body["message"].(map[string]any)
		if m["kind"] != "outbound" || m["to"].([]any)[0].(map[string]any)["address"] != "eva@x.example" {
			t.Fatalf("%s", a.raw)
		}
		in := call(t, h, anna, "POST", "/conversations", `{"inbox_id":1,"direction":"inbound","customer":{"email":"eva@x.example"},"subject":"Form","text":"I need help"}`)
		if in.code != 201 || in.body["message"].(map[string]any)["kind"] != "inbound" {
			t.Fatalf("%d %s", in.code, in.raw)
		}
	})
}

func TestTheFilesOfAnAttachedMailAreHandedOut(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		w, err := k.blobs().Create(context.Background())
		if err == nil {
			_, err = io.WriteString(w, "From: carl@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHi\r\n--b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=\"r\u00e9sum\u00e9.html\"\r\n\r\n<script>x()</script>\r\n--b\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nUE5H\r\n--b--\r\n")
		}
		if err == nil {
			err = w.Commit()
		}
		if err != nil {
			t.Fatal(err)
		}
		r := k.receive(mail("eva@x.example", "m1@x", "See below", func(in *conversation.Inbound) {
			in.Attachments = []conversation.NewAttachment{{Name: "Fwd.eml", ContentType: "message/rfc822", Size: 100, BlobKey: w.Key()}, {Name: "a.pdf", ContentType: "application/pdf", BlobKey: w.Key()}}
		}))
		list, err := k.Messages(as(anna), r.Conversation, 0, false, 10)
		if err != nil {
			t.Fatal(err)
		}
		files := list[0].Attachments
		for path, want := range map[string]string{
			fmt.Sprintf("%d?inside=0", files[0].ID): "200 <script>x()</script>", fmt.Sprintf("%d?inside=1", files[0].ID): "200 PNG",
			fmt.Sprintf("%d?inside=2", files[0].ID): "404", fmt.Sprintf("%d?inside=x", files[0].ID): "404", fmt.Sprintf("%d?inside=0", files[1].ID): "422",
		} {
			got := call(t, h, anna, "GET", "/attachments/"+path, "")
			said := fmt.Sprint(got.code)
			if got.code == 200 {
				said += " " + got.raw
				if d := got.header.Get("Content-Disposition"); !strings.HasPrefix(d, "attachment;") || got.header.Get("Content-Type") != "application/octet-stream" || got.header.Get("X-Content-Type-Options") != "nosniff" {
					t.Errorf("%s: %v", path, got.header)
				}
			}
			if said != want {
				t.Errorf("%s: %s, want %s", path, said, want)
			}
		}
	})
}

func TestAnAttachedMailIsReadAsAMessage(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		w, err := k.blobs().Create(context.Background())
		if err == nil {
			_, err = io.WriteString(w, "From: Carl <carl@x.example>\r\nTo: eva@x.example\r\nDate: Mon, 5 Jan 2026 09:15:00 +0000\r\nSubject: =?utf-8?q?L=C3=A4mp?=\r\nContent-Type: text/html\r\n\r\n<p>Hi<script>x()</script>")
		}
		if err == nil {
			err = w.Commit()
		}
		if err != nil {
			t.Fatal(err)
		}
		r := k.receive(mail("eva@x.example", "m1@x", "See below", func(in *conversation.Inbound) {
			in.Attachments = []conversation.NewAttachment{{Name: "Fwd.eml", ContentType: "message/rfc822", Size: 100, BlobKey: w.Key()}, {Name: "a.pdf", ContentType: "application/pdf", BlobKey: w.Key()}}
		}))
		list, err := k.Messages(as(anna), r.Conversation, 0, false, 10)
		if err != nil {
			t.Fatal(err)
		}
		files := list[0].Attachments
		got := call(t, h, anna, "GET", fmt.Sprintf("/attachments/%d/mail", files[0].ID), "")
		if got.code != 200 || got.body["subject"] != "Lämp" || got.body["html"] != "<p>Hi</p>" || got.body["date"] != "2026-01-05T09:15:00Z" {
			t.Errorf("%d %s", got.code, got.raw)
		}
		if got := call(t, h, anna, "GET", fmt.Sprintf("/attachments/%d/mail", files[1].ID), ""); got.code != 422 {
			t.Errorf("%d %s", got.code, got.raw)
		}
	})
}
