package conversation_test

import (
	"fmt"
	"testing"
)

func TestAReplyIsSentAsTextAloneAndWithoutQuoteWhereItsAuthorSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		talk := fmt.Sprintf("/conversations/%d", k.receive(mail("eva@x.example", "a@x", "One")).Conversation)
		how := `"html":"<p><b>Hello</b></p>","plain":true,"without_quote":true`
		if a := call(t, h, anna, "PUT", talk+"/draft", `{`+how+`}`); a.code != 200 || a.body["plain"] != true || a.body["without_quote"] != true {
			t.Fatalf("%d %s", a.code, a.raw)
		}
		sent := call(t, h, anna, "POST", talk+"/replies", `{`+how+`,"undo_seconds":30}`)
		if sent.code != 202 {
			t.Fatalf("%d %s", sent.code, sent.raw)
		}
		m := sent.body["message"].(map[string]any)
		if m["html"] != "" || m["text"] != "Hello" {
			t.Errorf("the thread shows %q, %q", m["text"], m["html"])
		}
		id := int64(m["id"].(float64))
		o, err := k.Outgoing(t.Context(), id)
		if err != nil || !o.Plain || o.Quote != nil || o.InReplyTo == "" {
			t.Errorf("it goes out as %+v, %v", o, err)
		}
		back := call(t, h, anna, "POST", fmt.Sprintf("/messages/%d/undo", id), "")
		if back.code != 200 || back.body["plain"] != true || back.body["without_quote"] != true {
			t.Errorf("taken back it is %d %s", back.code, back.raw)
		}
		usual, err := k.Outgoing(t.Context(), int64(call(t, h, anna, "POST", talk+"/replies", `{"text":"Hello"}`).body["message"].(map[string]any)["id"].(float64)))
		if err != nil || usual.Plain || usual.Quote == nil {
			t.Errorf("usually it goes out as %+v, %v", usual, err)
		}
	})
}
