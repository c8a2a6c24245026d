package conversation_test

import (
	"fmt"
	"testing"
)

func TestAColleagueTakesOverASharedDraftWithItsFiles(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		h := k.router()
		talk := fmt.Sprintf("/conversations/%d", k.receive(mail("eva@x.example", "a@x", "One")).Conversation)
		file := call(t, h, anna, "POST", "/attachments", "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\nbytes\r\n--B--\r\n", "Content-Type", "multipart/form-data; boundary=B")
		save := func(version int, shared bool) answer {
			return call(t, h, anna, "PUT", talk+"/draft", fmt.Sprintf(`{"text":"We have begun","cc":[{"address":"joe@x.example"}],"attachment_ids":[%.0f],"shared":%v,"version":%d}`, file.body["id"], shared, version))
		}
		shared := func() int { return len(call(t, h, ben, "GET", talk+"/participants", "").body["shared_drafts"].([]any)) }
		take := func(body string) answer { return call(t, h, ben, "POST", talk+"/draft/take", body) }
		from := fmt.Sprintf(`{"agent_id":%d}`, anna)
		save(0, false)
		if n, a := shared(), take(from); n != 0 || a.code != 409 {
			t.Errorf("a draft that is not shared: %d are seen, taking it gives %d %s", n, a.code, a.raw)
		}
		if a := save(1, true); a.code != 200 || a.body["shared"] != true || shared() != 1 {
			t.Fatalf("%d %s, %d are seen", a.code, a.raw, shared())
		}
		if n := len(call(t, h, anna, "GET", talk+"/participants", "").body["shared_drafts"].([]any)); n != 0 {
			t.Errorf("one's own is among the %d of colleagues", n)
		}
		call(t, h, ben, "PUT", talk+"/draft", `{"text":"Mine"}`)
		a := take(from)
		if a.code != 200 || a.body["text"] != "We have begun\n\nMine" || a.body["shared"] != false || len(a.body["cc"].([]any)) != 1 || len(a.body["attachments"].([]any)) != 1 {
			t.Fatalf("%d %s", a.code, a.raw)
		}
		if gone := call(t, h, anna, "GET", talk+"/draft", ""); gone.code != 404 || shared() != 0 {
			t.Errorf("its author has %d %s", gone.code, gone.raw)
		}
		sent := call(t, h, ben, "POST", talk+"/replies", fmt.Sprintf(`{"text":"We have begun and ended","attachment_ids":[%.0f]}`, file.body["id"]))
		if sent.code != 202 || len(sent.body["message"].(map[string]any)["attachments"].([]any)) != 1 {
			t.Errorf("with its file: %d %s", sent.code, sent.raw)
		}
		if a := take(fmt.Sprintf(`{"agent_id":%d}`, ben)); a.code != 422 {
			t.Errorf("one's own: %d %s", a.code, a.raw)
		}
	})
}
