package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/platform/audit"
)

// marker stands wherever a customer can leave a word.
const marker = "quixotic"

func markedMail(id, subject string) string {
	return "From: Eva Quixotic <eva.quixotic@x.example>\r\nTo: support@shop.example\r\nCc: friend.quixotic@x.example\r\nSubject: " + subject + "\r\nMessage-ID: <" + id + "@quixotic.example>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nA quixotic question.\r\n\r\nOn 27 Nov 2025, Shop <support@shop.example> wrote:\r\n> quixotic quote\r\n" +
		"--m\r\nContent-Type: text/plain; name=\"quixotic.txt\"\r\nContent-Disposition: attachment; filename=\"quixotic.txt\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString([]byte("a quixotic file")) + "\r\n--m--\r\n"
}

func (s *sight) must(t *testing.T, caller who, method, path, body string) string {
	t.Helper()
	code, answer := s.call(caller, method, path, body)
	if code >= 300 {
		t.Fatalf("%s %s: %d %s", method, path, code, answer)
	}
	return answer
}

// work does every job that is due.
func (s *sight) work(t *testing.T) {
	t.Helper()
	for _, kind := range s.app.Jobs.Kinds {
		for {
			n, err := s.app.Jobs.RunOnce(context.Background(), kind)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
	}
}

// marked is a desk with a customer who left the marker everywhere.
func (s *sight) marked(t *testing.T) (customer, message int64) {
	t.Helper()
	message = s.receive(t, markedMail("m1", "Quixotic subject"))
	s.receive(t, "Received: by another way\r\n"+markedMail("m1", "Quixotic subject"))
	s.receive(t, markedMail("m2", "Another quixotic subject"))
	if err := s.app.DB.QueryRow(context.Background(), "SELECT id FROM customer WHERE name LIKE 'Eva%'").Scan(&customer); err != nil {
		t.Fatal(err)
	}
	var m struct {
		Conversation int64 `json:"conversation_id"`
	}
	if err := json.Unmarshal([]byte(s.must(t, admin, "GET", fmt.Sprintf("/messages/%d", message), "")), &m); err != nil {
		t.Fatal(err)
	}
	of := fmt.Sprintf("/conversations/%d", m.Conversation)
	s.must(t, inTeam, "POST", of+"/notes", `{"text":"a quixotic note","mention_agent_ids":[1]}`)
	s.must(t, inTeam, "PUT", of+"/draft", `{"text":"a quixotic draft"}`)
	s.must(t, inTeam, "POST", of+"/side-conversations", `{"subject":"Quixotic parcel","text":"Where is the quixotic parcel?","to":["Quixotic Courier <courier@x.example>"],"undo_seconds":0}`)
	s.must(t, inTeam, "POST", of+"/tasks", `{"tasks":[{"text":"ask the quixotic courier"}]}`)
	s.courierAnswers(t)
	about := fmt.Sprintf("/customers/%d", customer)
	s.must(t, inTeam, "POST", about+"/notes", `{"text":"a quixotic person"}`)
	s.must(t, inTeam, "POST", about+"/consents", `{"purpose":"marketing","channel":"email","given":true,"source":"the quixotic form"}`)
	s.must(t, inTeam, "PATCH", about, `{"notes":"quixotic","attributes":{"shoe":"quixotic"},"add_identities":[{"kind":"handle","value":"@quixotic"}]}`)
	s.must(t, inTeam, "POST", "/conversations", `{"inbox_id":1,"direction":"inbound","customer":{"email":"other@x.example"},"subject":"s","text":"t"}`)
	s.work(t)
	return customer, message
}

// courierAnswers sends the answer to the newest message of a side conversation.
func (s *sight) courierAnswers(t *testing.T) {
	t.Helper()
	var id string
	if err := s.app.DB.QueryRow(context.Background(), "SELECT rfc_id FROM message WHERE kind = 'side_outbound' ORDER BY id DESC LIMIT 1").Scan(&id); err != nil {
		t.Fatal(err)
	}
	s.receive(t, "From: Quixotic Courier <courier@x.example>\r\nTo: support@shop.example\r\nSubject: Re: Quixotic parcel\r\nMessage-ID: <answer@quixotic.example>\r\nIn-Reply-To: <"+id+">\r\n\r\nThe quixotic parcel left.\r\n")
}

func (s *sight) finds(t *testing.T) []string {
	t.Helper()
	ctx := context.Background()
	_, err := s.app.Blobs.Sweep(ctx, time.Now().Add(25*time.Hour), func(ctx context.Context, keys []string) (map[string]bool, error) {
		out, err := s.app.Conversations.Blobs(ctx, keys)
		if err != nil {
			return nil, err
		}
		mails, err := email.Blobs(ctx, s.app.DB, keys)
		maps.Copy(out, mails)
		return out, err
	})
	if err != nil {
		t.Fatal(err)
	}
	found := s.find(t, func(text string) bool { return strings.Contains(strings.ToLower(text), marker) }, func(b []byte) bool {
		return bytes.Contains(bytes.ToLower(b), []byte(marker))
	})
	slices.Sort(found)
	return slices.Compact(found)
}

func TestAnErasedCustomerIsNowhere(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		customer, message := s.marked(t)
		if found := s.finds(t); len(found) < 12 {
			t.Fatalf("the marker is only in %v: it was not planted well", found)
		}
		erase := fmt.Sprintf("/customers/%d/erase", customer)
		if body := s.must(t, admin, "GET", erase, ""); !strings.Contains(body, `"conversations":2`) || !strings.Contains(body, `"confirm":"Eva Quixotic"`) {
			t.Errorf("the plan says %s", body)
		}
		if code, _ := s.call(admin, "POST", erase, `{"confirm":"Eva"}`); code != http.StatusUnprocessableEntity {
			t.Errorf("another name: %d", code)
		}
		if code, _ := s.call(inTeam, "POST", erase, `{"confirm":"Eva Quixotic"}`); code != http.StatusForbidden {
			t.Errorf("an agent: %d", code)
		}
		s.must(t, admin, "POST", erase, `{"confirm":"eva  quixotic"}`)
		s.work(t)
		if body := s.must(t, admin, "GET", fmt.Sprintf("/customers/%d/requests", customer), ""); !strings.Contains(body, `"state":"done"`) {
			t.Fatalf("%s", body)
		}
		if err := s.app.Search.Scrub(context.Background()); err != nil {
			t.Fatal(err)
		}
		if found := s.finds(t); len(found) > 0 {
			t.Errorf("the marker is still in %v", found)
		}
		if code, _ := s.call(admin, "GET", fmt.Sprintf("/messages/%d", message), ""); code != http.StatusNotFound {
			t.Errorf("the message: %d", code)
		}
		if body := s.must(t, admin, "GET", fmt.Sprintf("/customers/%d", customer), ""); !strings.Contains(body, `"name":""`) || !strings.Contains(body, `"erased_at"`) {
			t.Errorf("%s", body)
		}
		if body := s.must(t, admin, "GET", "/ledger/balance", ""); !strings.Contains(body, `"balanced":true`) {
			t.Errorf("%s", body)
		}
		rows, err := audit.List(context.Background(), s.app.DB, audit.Filter{}, 1)
		if err != nil || len(rows) != 1 || rows[0].Action != "customer.erased" || rows[0].Who.Name != "admin" {
			t.Errorf("%+v, %v", rows, err)
		}
		s.receive(t, markedMail("m3", "Re: Quixotic subject")) // writes again: somebody new
		if body := s.must(t, admin, "GET", "/customers?q=eva", ""); strings.Count(body, `"name":"Eva Quixotic"`) != 1 || strings.Contains(body, fmt.Sprintf(`"id":%d,`, customer)) {
			t.Errorf("%s", body)
		}
	})
}

func TestALegalHoldRefusesToEraseAndToPurge(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		customer, message := s.marked(t)
		about := fmt.Sprintf("/customers/%d", customer)
		s.must(t, admin, "PUT", about+"/legal-hold", `{"reason":"a dispute"}`)
		if code, body := s.call(admin, "POST", about+"/erase", `{"confirm":"Eva Quixotic"}`); code != http.StatusConflict || !strings.Contains(body, "legal hold") {
			t.Errorf("%d %s", code, body)
		}
		var m struct {
			Conversation int64 `json:"conversation_id"`
		}
		if err := json.Unmarshal([]byte(s.must(t, admin, "GET", fmt.Sprintf("/messages/%d", message), "")), &m); err != nil {
			t.Fatal(err)
		}
		of := fmt.Sprintf("/conversations/%d", m.Conversation)
		if body := s.must(t, inTeam, "GET", of, ""); !strings.Contains(body, `"legal_hold":true`) {
			t.Errorf("the conversation does not say so: %s", body)
		}
		if body := s.must(t, inTeam, "GET", of+"/legal-hold", ""); !strings.Contains(body, `"subject":"customer"`) || !strings.Contains(body, "a dispute") {
			t.Errorf("%s", body)
		}
		for _, status := range []string{"trash", "spam"} {
			s.must(t, inTeam, "PATCH", of, `{"status":"`+status+`"}`)
			s.purges(t, status, 0)
		}
		s.must(t, admin, "DELETE", about+"/legal-hold", "")
		s.must(t, admin, "PUT", of+"/legal-hold", `{"reason":"this one"}`)
		s.purges(t, "spam", 0)
		s.must(t, admin, "DELETE", of+"/legal-hold", "")
		s.must(t, inTeam, "PATCH", of, `{"status":"trash"}`)
		s.purges(t, "trash", 1)
	})
}

func (s *sight) purges(t *testing.T, status string, want int) {
	t.Helper()
	purge := s.app.Conversations.PurgeSpam
	if status == "trash" {
		purge = s.app.Conversations.PurgeTrash
	}
	ctx := access.With(context.Background(), access.System)
	if n, err := purge(ctx, time.Now().Add(time.Hour), 100); n != want || err != nil {
		t.Errorf("%s: %d were deleted, %v", status, n, err)
	}
}

func TestAnExportHoldsEverythingAndItsLinkIsShort(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		customer, _ := s.marked(t)
		s.must(t, admin, "POST", fmt.Sprintf("/customers/%d/export", customer), "")
		if code, _ := s.call(admin, "POST", fmt.Sprintf("/customers/%d/export", customer), ""); code != http.StatusConflict {
			t.Errorf("a second one beside the first: %d", code)
		}
		s.work(t)
		var list struct {
			Items []struct {
				State, Error string
				Download     string `json:"download_url"`
			}
		}
		if err := json.Unmarshal([]byte(s.must(t, admin, "GET", fmt.Sprintf("/customers/%d/requests", customer), "")), &list); err != nil || len(list.Items) != 1 || list.Items[0].Download == "" {
			t.Fatalf("%+v, %v", list, err)
		}
		link := list.Items[0].Download
		w := s.fetch(link)
		z, err := zip.NewReader(bytes.NewReader(w.Body.Bytes()), int64(w.Body.Len()))
		if err != nil || w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
			t.Fatalf("%d %v %v", w.Code, w.Header(), err)
		}
		var names []string
		var said strings.Builder
		for _, f := range z.File {
			names = append(names, f.Name)
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r)
			if err != nil || !bytes.Contains(bytes.ToLower(b), []byte(marker)) {
				t.Errorf("%s lacks the marker, %v", f.Name, err)
			}
			if strings.HasSuffix(f.Name, ".json") {
				said.Write(b)
			}
		}
		for _, planted := range []string{"Quixotic subject", "A quixotic question", "quixotic quote", "-quixotic.txt", "a quixotic note", "Quixotic parcel", "Where is the quixotic parcel?",
			"Quixotic Courier", "ask the quixotic courier", "The quixotic parcel left", "a quixotic person", "the quixotic form", "@quixotic", `"shoe": "quixotic"`} {
			if !strings.Contains(said.String(), planted) {
				t.Errorf("no %q in the export", planted)
			}
		}
		all := strings.Join(names, " ")
		for _, want := range []string{"customer.json", "conversations/", "-quixotic.txt", ".eml"} {
			if !strings.Contains(all, want) {
				t.Errorf("no %s in %s", want, all)
			}
		}
		if w := s.fetch(link[:len(link)-2]); w.Code != http.StatusNotFound {
			t.Errorf("a changed link: %d", w.Code)
		}
		s.app.Privacy.Now = func() time.Time { return time.Now().Add(16 * time.Minute) }
		if w := s.fetch(link); w.Code != http.StatusNotFound {
			t.Errorf("an old link: %d", w.Code)
		}
		s.app.Privacy.Now = func() time.Time { return time.Now().Add(8 * 24 * time.Hour) }
		if err := s.app.Privacy.Expire(context.Background()); err != nil {
			t.Error(err)
		}
		if body := s.must(t, admin, "GET", fmt.Sprintf("/customers/%d/requests", customer), ""); !strings.Contains(body, `"download_url":""`) {
			t.Errorf("%s", body)
		}
	})
}

func (s *sight) fetch(path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, httptest.NewRequest("GET", "http://desk.example"+path, nil))
	return w
}
