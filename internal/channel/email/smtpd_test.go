package email

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/textproto"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// openDoor serves the desk's mail door on loopback.
func openDoor(t *testing.T, k *desk, change func(*Listener)) string {
	t.Helper()
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	l := &Listener{Receiver: k.receiver, Inboxes: k.inboxes, Hostname: "desk.test", Log: slog.New(slog.DiscardHandler)}
	if change != nil {
		change(l)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- l.Serve(ctx, on) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return on.Addr().String()
}

func code(err error) int {
	var e *smtp.SMTPError
	if errors.As(err, &e) {
		return e.Code
	}
	return 0
}

func TestMailOverSMTPIsAMessageAndStrangersAreNotRelayed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		c, err := smtp.Dial(openDoor(t, k, nil))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if err := c.Mail("anna@example.test", nil); err != nil {
			t.Fatal(err)
		}
		if err := c.Rcpt("someone@elsewhere.test", nil); code(err) != 550 {
			t.Errorf("a stranger's address was answered with %v", err)
		}
		for _, to := range []string{"Support+tok@shop.test", "help@shop.test"} {
			if err := c.Rcpt(to, nil); err != nil {
				t.Fatal(err)
			}
		}
		w, err := c.Data()
		if err != nil {
			t.Fatal(err)
		}
		raw := mailText("Anna <anna@example.test>", "Parcel", "1@example.test", "Authentication-Results: desk.test; dmarc=pass")
		if _, err := io.WriteString(w, raw); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		var kept int
		if err := d.QueryRow(context.Background(), "SELECT COUNT(*) FROM inbound").Scan(&kept); err != nil || kept != 1 {
			t.Fatalf("%d mails are durable at 250, %v", kept, err)
		}
		k.ingest(t)
		in := k.talks.received[0]
		if in.Subject != "Parcel" || in.From.Address != "anna@example.test" || len(in.Tokens) != 1 || in.Verified {
			t.Errorf("message is %+v", in)
		}
		back, _, err := OpenInbound(context.Background(), d, k.blobs, in.LedgerID)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(back)
		back.Close()
		if err != nil || !strings.HasPrefix(string(text), "Return-Path: <anna@example.test>\r\nReceived: from localhost ([127.0.0.1])") ||
			!strings.Contains(string(text), "X-Foreign-Authentication-Results: desk.test; dmarc=pass\r\n") ||
			strings.Count(string(text), "\r\nAuthentication-Results:") != 1 {
			t.Errorf("kept %q, %v", text, err)
		}
	})
}

func TestOneMailToTwoInboxesIsKeptInBoth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.newInbox(t, "sales@shop.test")
		c, err := smtp.Dial(openDoor(t, k, nil))
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		raw := mailText("anna@example.test", "Parcel", "1@example.test")
		if err := c.SendMail("anna@example.test", []string{"support@shop.test", "sales@shop.test"}, strings.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
		k.ingest(t)
		if got := k.talks.received; len(got) != 2 || got[0].Inbox == got[1].Inbox {
			t.Errorf("messages are %+v", got)
		}
	})
}

func TestLMTPAnswersForEachRecipient(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	k.newInbox(t, "sales@shop.test")
	conn, err := net.Dial("tcp", openDoor(t, k, func(l *Listener) { l.LMTP = true }))
	if err != nil {
		t.Fatal(err)
	}
	c := smtp.NewClientLMTP(conn)
	defer c.Close()
	if err := c.Mail("anna@example.test", nil); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{"support@shop.test", "help@shop.test", "sales@shop.test"} {
		if err := c.Rcpt(to, nil); err != nil {
			t.Fatal(err)
		}
	}
	w, err := c.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, mailText("anna@example.test", "Parcel", "1@example.test")); err != nil {
		t.Fatal(err)
	}
	answers, err := w.CloseWithLMTPResponse()
	if err != nil || len(answers) != 3 {
		t.Errorf("answers are %v, %v", answers, err)
	}
	k.ingest(t)
	if len(k.talks.received) != 2 {
		t.Errorf("messages are %+v", k.talks.received)
	}
}

func TestAFullDiskIsATemporaryRefusal(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	low := k.fillDisk()
	addr := openDoor(t, k, nil)
	c, err := smtp.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	raw := mailText("anna@example.test", "Parcel", "1@example.test")
	if err := c.SendMail("anna@example.test", []string{"support@shop.test"}, strings.NewReader(raw)); code(err) != 452 {
		t.Errorf("got %v", err)
	}
	low.Store(false)
	if err := c.SendMail("anna@example.test", []string{"support@shop.test"}, strings.NewReader(raw)); err != nil {
		t.Error(err)
	}
}

func TestAMailThatCannotBeStoredIsNotAccepted(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	k.receiver.Ledger = &stubborn{Service: k.ledger, refuse: int64(k.inbox.ID)}
	c, err := smtp.Dial(openDoor(t, k, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	raw := mailText("anna@example.test", "Parcel", "1@example.test")
	if err := c.SendMail("anna@example.test", []string{"support@shop.test"}, strings.NewReader(raw)); code(err) != 451 {
		t.Errorf("got %v", err)
	}
}

func TestALoopIsEndedAndLongLinesAreTaken(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	c, err := smtp.Dial(openDoor(t, k, nil))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	loop := strings.Repeat("Received: from a by b; Fri, 28 Nov 2025 08:00:00 +0000\r\n", 150) + mailText("a@example.test", "loop", "1@example.test")
	if err := c.SendMail("a@example.test", []string{"support@shop.test"}, strings.NewReader(loop)); code(err) != 554 {
		t.Errorf("a loop was answered with %v", err)
	}
	long := mailText("a@example.test", "long", "2@example.test") + strings.Repeat("x", 300_000) + "\r\n"
	if err := c.SendMail("a@example.test", []string{"support@shop.test"}, strings.NewReader(long)); err != nil {
		t.Errorf("a long line was answered with %v", err)
	}
}

func TestConnectionsOfOneAddressAreLimited(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	addr := openDoor(t, k, nil)
	greet := func() (int, *textproto.Conn) {
		c, err := textproto.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		code, _, _ := c.ReadCodeLine(0) // any code is looked at
		return code, c
	}
	for range maxPerAddress {
		code, c := greet()
		defer c.Close()
		if code != 220 {
			t.Fatalf("greeted with %d", code)
		}
	}
	if code, c := greet(); code != 421 {
		t.Errorf("one too many was greeted with %d", code)
	} else {
		c.Close()
	}
}
