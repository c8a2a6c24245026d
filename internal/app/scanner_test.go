package app_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/clamd/clamdtest"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func infectedMail(id string) string {
	return "From: Eva <eva@x.example>\r\nTo: support@shop.example\r\nSubject: Files\r\nMessage-ID: <" + id + "@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n" +
		"--m\r\nContent-Type: text/plain\r\n\r\nSee the files.\r\n" +
		"--m\r\nContent-Type: application/octet-stream; name=\"bad.bin\"\r\nContent-Disposition: attachment; filename=\"bad.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + base64.StdEncoding.EncodeToString(clamdtest.Eicar()) + "\r\n" +
		"--m\r\nContent-Type: text/plain; name=\"good.txt\"\r\nContent-Disposition: attachment; filename=\"good.txt\"\r\n\r\nharmless\r\n" +
		"--m\r\nContent-Type: text/plain; name=\"large.txt\"\r\nContent-Disposition: attachment; filename=\"large.txt\"\r\n\r\n" + strings.Repeat(strings.Repeat("x", 70)+"\r\n", clamdtest.Limit/70) + "\r\n--m--\r\n"
}

// scannedDesk is a desk with a scanner beside it, on both databases.
func scannedDesk(t *testing.T, away string, fn func(t *testing.T, s *sight, f *clamdtest.Fake)) {
	t.Helper()
	for _, kind := range []string{"sqlite", "postgres"} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			f, err := clamdtest.Start()
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(f.Close)
			fn(t, cardDesk(t, func(c *app.Config) {
				c.Clamd, c.ClamdAway = "tcp:"+f.Address, away
				if kind == "postgres" {
					c.DatabaseURL = dbtest.PostgresURL(t)
				}
			}), f)
		})
	}
}

// gets asks for each file of a message and says what came of it.
func (s *sight) gets(t *testing.T, message int64) (out []string) {
	t.Helper()
	_, files := s.filesOf(t, message)
	for _, f := range files {
		code, _ := s.call(inTeam, "GET", fmt.Sprintf("/attachments/%d", f.ID), "")
		out = append(out, fmt.Sprintf("%s %s %d", f.Name, f.Blocked, code))
	}
	return out
}

func TestAFileIsHandedOutOnlyAfterTheScannerSawIt(t *testing.T) {
	t.Parallel()
	scannedDesk(t, "", func(t *testing.T, s *sight, f *clamdtest.Fake) {
		ctx := context.Background()
		f.Away()
		message := s.receive(t, infectedMail("a"))
		if got := strings.Join(s.gets(t, message), ", "); got != "bad.bin unchecked 503, good.txt unchecked 503, large.txt unchecked 503" {
			t.Errorf("while the scanner is away: %s", got)
		}
		if n, err := s.app.Conversations.Unchecked(ctx); n != 3 || err != nil {
			t.Errorf("%d wait, %v", n, err)
		}
		if _, code := s.uploads(inTeam, "note.txt", "harmless"); code != http.StatusServiceUnavailable {
			t.Errorf("an upload while the scanner is away: %d", code)
		}
		if found := s.app.Doctor(ctx); !says(found, false, "3 files wait for it") {
			t.Errorf("%+v", found)
		}
		if err := s.app.Conversations.ScanFiles(ctx, message); err == nil {
			t.Error("the job does not say that the scanner is away")
		}
		if err := f.Back(); err != nil {
			t.Fatal(err)
		}
		if err := s.app.Conversations.ScanFiles(ctx, message); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(s.gets(t, message), ", "); got != "bad.bin malware 403, good.txt  200, large.txt malware 403" {
			t.Errorf("scanned: %s", got)
		}
		if body := s.must(t, inTeam, "GET", fmt.Sprintf("/messages/%d", message), ""); !strings.Contains(body, `"malware":"Eicar-Test-Signature"`) {
			t.Errorf("%.800s", body)
		}
		if found := s.app.Doctor(ctx); !says(found, true, "0 files wait for it") {
			t.Errorf("%+v", found)
		}
		if body, code := s.uploads(inTeam, "bad.bin", string(clamdtest.Eicar())); code != http.StatusUnprocessableEntity || !strings.Contains(body, "Eicar-Test-Signature") {
			t.Errorf("an upload: %d %s", code, body)
		}
		if body, code := s.uploads(inTeam, "good.bin", "harmless"); code != http.StatusCreated {
			t.Errorf("an upload: %d %s", code, body)
		}
		_, files := s.filesOf(t, message)
		s.must(t, admin, "POST", fmt.Sprintf("/attachments/%d/release", files[0].ID), "")
		if code, _ := s.call(inTeam, "GET", fmt.Sprintf("/attachments/%d", files[0].ID), ""); code != http.StatusOK {
			t.Errorf("released: %d", code)
		}
	})
}

func TestFilesPassUncheckedWhereAnAdminWantsThat(t *testing.T) {
	t.Parallel()
	scannedDesk(t, "pass", func(t *testing.T, s *sight, f *clamdtest.Fake) {
		if got := strings.Join(s.gets(t, s.receive(t, infectedMail("b"))), ", "); !strings.HasPrefix(got, "bad.bin malware 403, good.txt  200") {
			t.Errorf("while the scanner answers: %s", got)
		}
		f.Away()
		if got := strings.Join(s.gets(t, s.receive(t, infectedMail("c"))), ", "); got != "bad.bin  200, good.txt  200, large.txt  200" {
			t.Errorf("while it is away: %s", got)
		}
		if _, code := s.uploads(inTeam, "note.txt", "harmless"); code != http.StatusCreated {
			t.Errorf("an upload: %d", code)
		}
	})
}

func says(list []app.Finding, ok bool, words string) bool {
	for _, f := range list {
		if f.OK == ok && strings.Contains(f.Sentence, words) {
			return true
		}
	}
	return false
}

// uploads sends a file as an agent who writes.
func (s *sight) uploads(caller who, name, content string) (string, int) {
	body := "--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name + "\"\r\nContent-Type: text/plain\r\n\r\n" + content + "\r\n--B--\r\n"
	r := httptest.NewRequest("POST", "http://desk.example/api/v1/attachments", strings.NewReader(body))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=B")
	r.AddCookie(&http.Cookie{Name: "deskbell", Value: s.cookies[caller]})
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Body.String(), w.Code
}
