package email

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"

	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/mail/auth/authtest"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// publish makes a key for the domain that stands in the zone with a policy.
func publish(t *testing.T, z *authtest.Zone, domain string) *auth.Key {
	t.Helper()
	k, err := auth.NewKey(domain)
	if err != nil {
		t.Fatal(err)
	}
	record, err := k.Record()
	if err != nil {
		t.Fatal(err)
	}
	z.TXT(k.Name(), record)
	z.TXT("_dmarc."+domain, "v=DMARC1; p=reject")
	return k
}

func sign(t *testing.T, k *auth.Key, raw string) string {
	t.Helper()
	field, err := k.Sign(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return field + raw
}

func (k *desk) raw(t *testing.T, ledger int64) string {
	t.Helper()
	r, _, err := OpenInbound(t.Context(), k.db, k.blobs, ledger)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestTheSMTPDoorProvesTheSender(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, z := newDesk(t, d), &authtest.Zone{}
		key := publish(t, z, "example.test")
		addr := openDoor(t, k, func(l *Listener) { l.Resolver = z })
		genuine := sign(t, key, mailText("Anna <anna@example.test>", "genuine", "1@example.test"))
		big := sign(t, key, mailText("anna@example.test", "big", "2@example.test")+noise(400_000))
		changed := strings.Replace(sign(t, key, mailText("anna@example.test", "x", "3@example.test")), "Subject: x", "Subject: changed", 1)
		claimed := mailText("anna@example.test", "claimed", "4@example.test", "Authentication-Results: desk.test; dmarc=pass header.from=example.test")
		for _, raw := range []string{genuine, big, changed, claimed} {
			if err := send(addr, raw); err != nil {
				t.Fatal(err)
			}
		}
		k.ingest(t)
		for _, in := range k.talks.received {
			if want := in.Subject == "genuine" || in.Subject == "big"; in.Verified != want {
				t.Errorf("%s: verified is %v", in.Subject, in.Verified)
			}
		}
		if len(k.talks.received) != 4 || k.blobCount(t) != 1 {
			t.Errorf("%d messages, %d blobs", len(k.talks.received), k.blobCount(t))
		}
		if raw := k.raw(t, k.talks.received[0].LedgerID); !strings.Contains(raw, "\r\nAuthentication-Results: desk.test;\r\n\tspf=none") ||
			!strings.Contains(raw, "\tdmarc=pass (p=reject) header.from=example.test\r\nDKIM-Signature:") {
			t.Errorf("kept %s", raw[:500])
		}
	})
}

func send(addr, raw string) error {
	c, err := smtp.Dial(addr)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.SendMail("anna@example.test", []string{"support@shop.test"}, strings.NewReader(raw))
}

// noise does not shrink when it is packed.
func noise(n int) string {
	var b strings.Builder
	for x := uint32(1); b.Len() < n; {
		for range 70 {
			x = x*1664525 + 1013904223
			b.WriteByte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[x>>26])
		}
		b.WriteString("\r\n")
	}
	return b.String()
}

func TestAFailingResolverNeverRefusesMail(t *testing.T) {
	t.Parallel()
	k, z := newDesk(t, dbtest.SQLite(t)), &authtest.Zone{}
	key := publish(t, z, "example.test")
	z.Down(true)
	addr := openDoor(t, k, func(l *Listener) { l.Resolver = z })
	if err := send(addr, sign(t, key, mailText("anna@example.test", "Parcel", "1@example.test"))); err != nil {
		t.Fatal(err)
	}
	k.ingest(t)
	in := k.talks.received[0]
	if raw := k.raw(t, in.LedgerID); in.Verified || !strings.Contains(raw, "\tdkim=temperror header.d=example.test;\r\n\tdmarc=temperror") {
		t.Errorf("verified %v: %s", in.Verified, raw)
	}
}

// believe names hosts whose results the inbox believes.
func (k *desk) believe(t *testing.T, id inbox.ID, host string, ids ...string) {
	t.Helper()
	_, err := k.inboxes.Update(t.Context(), 0, id, 0, inbox.Passwords{}, func(i *inbox.Inbox) error {
		i.TrustedAuthservIDs = ids
		if host != "" {
			i.IMAP.Server = inbox.Server{Host: host}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestTheLMTPDoorBelievesTheHostsThatAnAdminNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		other := k.newInbox(t, "sales@shop.test")
		k.believe(t, k.inbox.ID, "", "MX.shop.test")
		conn, err := net.Dial("tcp", openDoor(t, k, func(l *Listener) { l.LMTP, l.Resolver = true, &authtest.Zone{} }))
		if err != nil {
			t.Fatal(err)
		}
		c := smtp.NewClientLMTP(conn)
		defer c.Close()
		raw := mailText("anna@example.test", "Parcel", "1@example.test", "Authentication-Results: evil.test; dmarc=pass header.from=example.test",
			"Authentication-Results: mx.shop.test;\r\n\tspf=pass smtp.mailfrom=anna@example.test; dmarc=pass header.from=example.test",
			"Authentication-Results: mx.shop.test; dmarc=fail header.from=example.test")
		if err := c.SendMail("anna@example.test", []string{"support@shop.test", "sales@shop.test"}, strings.NewReader(raw)); err != nil {
			t.Fatal(err)
		}
		k.ingest(t)
		for _, in := range k.talks.received {
			raw := k.raw(t, in.LedgerID)
			if in.Inbox == int64(other.ID) {
				if in.Verified || strings.Count(raw, "\r\nX-Foreign-Authentication-Results:") != 3 || !strings.Contains(raw, "desk.test; none\r\n") {
					t.Errorf("other inbox: verified %v: %s", in.Verified, raw)
				}
				continue
			}
			if !in.Verified || strings.Count(raw, "\r\nX-Foreign-") != 1 || !strings.Contains(raw, "desk.test;\r\n\tspf=pass smtp.mailfrom=example.test;\r\n\tdmarc=pass") {
				t.Errorf("verified %v: %s", in.Verified, raw)
			}
		}
	})
}

func TestAMailboxProvesTheSenderThroughItsProvider(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		google := "Authentication-Results: mx.google.com; dmarc=pass (p=NONE) header.from=example.test"
		own := "Authentication-Results: mx.shop.test; dmarc=pass header.from=example.test"
		for n, c := range []struct {
			door  Door
			host  string
			named []string
			field string
			want  bool
		}{
			{DoorIMAP, "imap.gmail.com", nil, google, true},
			{DoorIMAP, "imap.gmail.com", nil, own, false},
			{DoorIMAP, "mail.shop.test", nil, google, false},
			{DoorIMAP, "mail.shop.test", []string{"*.shop.test"}, own, true},
			{DoorAPI, "imap.gmail.com", []string{"mx.shop.test"}, own + "\r\n" + google, false},
		} {
			k.believe(t, k.inbox.ID, c.host, c.named...)
			delivery := Delivery{Inbox: k.inbox.ID, Door: c.door, Raw: bytes.NewReader([]byte(c.field + "\r\n" + mailText("anna@example.test", "x", string(rune('a'+n))+"@example.test")))}
			if _, err := k.receiver.Keep(t.Context(), delivery); err != nil {
				t.Fatal(err)
			}
			k.ingest(t)
			if got := k.talks.received[n]; got.Verified != c.want {
				t.Errorf("%s %s %v %q: verified is %v", c.door, c.host, c.named, c.field, got.Verified)
			}
		}
	})
}

func TestAFormOfTheShopProvesNothingAboutTheCustomer(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	k.believe(t, k.inbox.ID, "imap.gmail.com")
	raw := "Authentication-Results: mx.google.com; dmarc=pass header.from=shop.test\r\n" +
		mailText("support@shop.test", "Contact form", "1@shop.test", "Reply-To: anna@example.test")
	if _, err := k.receiver.Keep(t.Context(), Delivery{Inbox: k.inbox.ID, Door: DoorIMAP, Raw: strings.NewReader(raw)}); err != nil {
		t.Fatal(err)
	}
	k.ingest(t)
	if in := k.talks.received[0]; in.Verified || in.From.Address != "anna@example.test" {
		t.Errorf("message is %+v", in)
	}
}
