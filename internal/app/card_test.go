package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

const cardNumber = "4111111111111111"

// cardMail has the number in its subject, text, quote, HTML and the name of a file.
func cardMail(t *testing.T) string {
	t.Helper()
	photo := make([]byte, 300<<10) // so that the raw mail is too large for the table
	_, _ = rand.Read(photo)
	quoted := "I need help with my order.\r\n\r\nOn 27 Nov 2025, Shop <support@shop.example> wrote:\r\n> your card 4111-1111-1111-1111?\r\n"
	return "From: Eva <eva@x.example>\r\nTo: support@shop.example\r\nSubject: Card " + cardNumber + " declined\r\nMessage-ID: <card@x.example>\r\nMIME-Version: 1.0\r\n" +
		"Content-Type: multipart/mixed; boundary=m\r\n\r\n--m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n" +
		"--a\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nMy card is 4111 1111 1111 1111, declined.\r\n" + quoted +
		"\r\n--a\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>My card is <b>4111</b> <i>1111</i>&nbsp;1111 <span>1111</span>, declined.</p><blockquote>" + cardNumber + "</blockquote>\r\n--a--\r\n" +
		"--m\r\nContent-Type: text/csv; name=\"list.csv\"\r\nContent-Disposition: attachment; filename=\"card 4111 1111 1111 1111.csv\"\r\n\r\nname,card\r\neva,masked\r\n" +
		"--m\r\nContent-Type: image/jpeg\r\nContent-Disposition: attachment; filename=\"" + cardNumber + ".jpg\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
		base64.StdEncoding.EncodeToString(photo) + "\r\n--m--\r\n"
}

// cardDesk is a program with an admin, an agent and an inbox.
func cardDesk(t *testing.T, edit ...func(*app.Config)) *sight {
	t.Helper()
	ctx := access.With(context.Background(), access.System)
	s := &sight{app: newApp(t, edit...), cookies: map[who]string{}, keys: map[who]string{}, ids: map[string]int64{}}
	s.handler = s.app.API.Handler()
	i, err := s.app.Inboxes.Create(ctx, 0, inbox.Inbox{Name: "Shop", Channel: "email", Address: "support@shop.example", DefaultAccess: access.Any}, inbox.Passwords{})
	if err != nil {
		t.Fatal(err)
	}
	s.ids["inboxes"] = int64(i.ID)
	for caller, role := range map[who]string{admin: "admin", inTeam: "agent"} {
		name := strings.ReplaceAll(string(caller), " ", ".")
		if _, err := s.app.Access.CreateAgent(ctx, access.NewAgent{Name: name, Email: name + "@shop.example", Password: "correct horse battery", Role: role}); err != nil {
			t.Fatal(err)
		}
		if s.cookies[caller], _, err = s.app.Access.SignIn(ctx, name+"@shop.example", "correct horse battery", access.Client{Address: name}); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// receive hands the mail in and works until nothing is due; it gives the newest message.
func (s *sight) receive(t *testing.T, raw string) (message int64) {
	t.Helper()
	ctx := context.Background()
	if _, err := s.app.Email.Receiver.Keep(ctx, email.Delivery{Inbox: inbox.ID(s.ids["inboxes"]), Door: email.DoorAPI, Raw: strings.NewReader(raw)}); err != nil {
		t.Fatal(err)
	}
	for _, kind := range s.app.Jobs.Kinds {
		for {
			n, err := s.app.Jobs.RunOnce(ctx, kind)
			if err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
	}
	dbtest.Settle(t, s.app.DB)
	if err := s.app.DB.QueryRow(ctx, "SELECT MAX(id) FROM message WHERE kind = 'inbound'").Scan(&message); err != nil {
		t.Fatal(err)
	}
	return message
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// findNumber names every column and blob that holds the number, however it is spaced.
func (s *sight) findNumber(t *testing.T) []string {
	t.Helper()
	return s.find(t, func(text string) bool { return strings.Contains(digitsOf(text), cardNumber) }, func(b []byte) bool {
		return bytes.Contains(b, []byte(cardNumber)) || bytes.HasPrefix(b, []byte{0x28, 0xB5, 0x2F, 0xFD}) // a packed mail (RFC 8878, 3.1.1)
	})
}

// find names every column and blob that holds what is looked for.
func (s *sight) find(t *testing.T, column func(string) bool, file func([]byte) bool) (found []string) {
	t.Helper()
	ctx := context.Background()
	names := "SELECT name FROM sqlite_schema WHERE type = 'table'"
	if s.app.DB.Dialect == db.Postgres {
		names = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
	}
	var tables []string
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(db.Each(ctx, s.app.DB, names, nil, func(rows *sql.Rows) error {
		tables = append(tables, "")
		return rows.Scan(&tables[len(tables)-1])
	}))
	for _, table := range tables {
		must(db.Each(ctx, s.app.DB, `SELECT * FROM "`+table+`"`, nil, func(rows *sql.Rows) error {
			columns, err := rows.Columns()
			if err != nil {
				return err
			}
			values := make([]any, len(columns))
			for n := range values {
				values[n] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				return err
			}
			for n, v := range values {
				text := fmt.Sprint(*v.(*any))
				if b, ok := (*v.(*any)).([]byte); ok {
					text = string(b)
				}
				if column(text) {
					found = append(found, table+"."+columns[n])
				}
			}
			return nil
		}))
	}
	must(s.app.Blobs.Walk(ctx, func(i blob.Item) error {
		r, _, err := s.app.Blobs.Open(ctx, i.Key)
		if err != nil {
			return err
		}
		defer r.Close()
		b, err := io.ReadAll(r)
		if file(b) {
			found = append(found, "blob")
		}
		return err
	}))
	return found
}

func eachApp(t *testing.T, fn func(t *testing.T, s *sight)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, cardDesk(t))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := dbtest.PostgresURL(t)
		fn(t, cardDesk(t, func(c *app.Config) { c.DatabaseURL = url }))
	})
}

func TestACardNumberIsNowhereAfterSevenDays(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		message := s.receive(t, cardMail(t))
		s.receive(t, "Received: by another way\r\n"+cardMail(t)) // a repeat has its own bytes
		if found := s.findNumber(t); strings.Join(found, " ") != "blob blob" {
			t.Errorf("the number is in %v, and should be only in the two sealed mails", found)
		}
		s.shows(t, message)
		raw := fmt.Sprintf("/messages/%d/raw", message)
		if code, body := s.call(inTeam, "GET", raw, ""); code != http.StatusForbidden || !strings.Contains(body, "held a card number") {
			t.Errorf("an agent gets %d %.200s", code, body)
		}
		if code, body := s.call(admin, "GET", raw, ""); code != http.StatusOK || !strings.Contains(body, cardNumber) {
			t.Errorf("an admin gets %d %.200s", code, body)
		}
		s.looked(t, message)
		if n, err := s.app.Email.RemoveSealed(context.Background()); n != 0 || err != nil {
			t.Errorf("%d mails are removed at once, %v", n, err)
		}
		s.sevenDaysLater(t)
		if code, body := s.call(admin, "GET", raw, ""); code != http.StatusNotFound || !strings.Contains(body, "was deleted") {
			t.Errorf("before the removal an admin gets %d %.200s", code, body)
		}
		if n, err := s.app.Email.RemoveSealed(context.Background()); n != 2 || err != nil {
			t.Errorf("%d mails are removed, %v", n, err)
		}
		if found := s.findNumber(t); len(found) > 0 {
			t.Errorf("the number is still in %v", found)
		}
		for _, caller := range []who{inTeam, admin} {
			if code, body := s.call(caller, "GET", raw, ""); code != http.StatusNotFound || !strings.Contains(body, "was deleted") {
				t.Errorf("%s gets %d %.200s", caller, code, body)
			}
		}
	})
}

// shows looks at what the agent sees.
func (s *sight) shows(t *testing.T, message int64) {
	t.Helper()
	for path, want := range map[string]string{
		fmt.Sprintf("/messages/%d", message): `"card_masked":true`, fmt.Sprintf("/messages/%d/original", message): "••••-••••-••••-1111",
		"/conversations": "•••• •••• •••• 1111", "/search?q=" + cardNumber: `"items":[]`, "/search?q=declined": "1111", "/events": "message.received",
	} {
		code, body := s.call(inTeam, "GET", path, "")
		if code != http.StatusOK || !strings.Contains(body, want) || !strings.Contains(path, "q="+cardNumber) && strings.Contains(digitsOf(body), cardNumber) {
			t.Errorf("%s: %d %.600s", path, code, body)
		}
	}
}

func (s *sight) looked(t *testing.T, message int64) {
	t.Helper()
	rows, err := audit.List(context.Background(), s.app.DB, audit.Filter{}, 1)
	if err != nil || len(rows) != 1 || rows[0].Action != "message.unsealed" || rows[0].ID != message || rows[0].Who.Name != "admin" {
		t.Errorf("the audit log says %+v, %v", rows, err)
	}
}

func (s *sight) sevenDaysLater(t *testing.T) {
	t.Helper()
	err := s.app.DB.Write(context.Background(), func(tx *db.Tx) error {
		if _, err := tx.Exec(context.Background(), "UPDATE attachment SET withheld_until = withheld_until - ? WHERE withheld_until <> 0", 7*24*3600*1000); err != nil {
			return err
		}
		_, err := tx.Exec(context.Background(), "UPDATE sealed_mail SET until_at = until_at - ?", 7*24*3600*1000)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnInboxThatKeepsCardNumbersSealsNothing(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		path := fmt.Sprintf("/inboxes/%d", s.ids["inboxes"])
		if code, body := s.call(admin, "GET", path, ""); code != http.StatusOK || !strings.Contains(body, `"mask_cards":true`) {
			t.Fatalf("%d %s", code, body)
		}
		if code, body := s.call(admin, "PATCH", path, `{"mask_cards":false}`); code != http.StatusOK || !strings.Contains(body, `"mask_cards":false`) {
			t.Fatalf("%d %s", code, body)
		}
		message := s.receive(t, cardMail(t))
		code, body := s.call(inTeam, "GET", fmt.Sprintf("/messages/%d", message), "")
		if code != http.StatusOK || !strings.Contains(body, cardNumber) || strings.Contains(body, "card_masked") {
			t.Errorf("%d %.600s", code, body)
		}
		if code, _ := s.call(inTeam, "GET", fmt.Sprintf("/messages/%d/raw", message), ""); code != http.StatusOK {
			t.Errorf("the raw mail: %d", code)
		}
	})
}
