package email

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/sender"
)

// take lets one mail in through the mailbox's door and gives what became of it.
func (k *desk) take(t *testing.T, raw string) conversation.Inbound {
	t.Helper()
	if _, err := k.receiver.Keep(t.Context(), Delivery{Inbox: k.inbox.ID, Door: DoorIMAP, Raw: strings.NewReader(raw)}); err != nil {
		t.Fatal(err)
	}
	n := len(k.talks.received)
	k.ingest(t)
	if len(k.talks.received) != n+1 {
		t.Fatalf("%d messages", len(k.talks.received)-n)
	}
	return k.talks.received[n]
}

func TestPitfallMarketplaceMailIsTheCustomers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		one := k.take(t, mailText(`"Olha - Amazon Marketplace" <k1relay@marketplace.amazon.de>`, "Question", "1@amazon.test", "Auto-Submitted: auto-generated"))
		two := k.take(t, mailText(`"Olha - Amazon Marketplace" <k2relay@marketplace.amazon.de>`, "Question", "2@amazon.test", "Auto-Submitted: auto-generated"))
		if one.Automatic || one.From.Address != "k1relay@marketplace.amazon.de" || two.From.Address != "k2relay@marketplace.amazon.de" || one.Facts.Rule == nil || one.Facts.Rule.Source != "sender" {
			t.Errorf("%+v\n%+v", one, two)
		}
		form := k.take(t, mailText("Shop <mailer@shopify.com>", "New customer message", "3@shopify.test", "Reply-To: Eva <eva@example.test>", "Auto-Submitted: auto-generated"))
		if form.Automatic || form.From != (conversation.Person{Name: "Eva", Address: "eva@example.test"}) || form.Facts.Rule.Name != "Shopify" || form.Facts.Rule.From.Address != "mailer@shopify.com" || form.Facts.ReplyTo != nil {
			t.Errorf("%+v", form)
		}
	})
}

func TestPitfallAGoogleGroupInFrontOfTheInboxIsNoLoop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		group := []string{"Precedence: list", "List-Id: <support.shop.test>", "List-Post: <https://groups.example/x>, <mailto:support@shop.test>", "List-Unsubscribe: <mailto:x@groups.example>"}
		rewritten := k.take(t, mailText(`'Eva' via Support <support@shop.test>`, "Lamp", "1@x.test", append(group, "X-Original-From: Eva <eva@example.test>", "Reply-To: Eva <eva@example.test>")...))
		if rewritten.Automatic || rewritten.From.Address != "eva@example.test" || rewritten.Verified {
			t.Errorf("%+v", rewritten)
		}
		plain := k.take(t, mailText("Eva <eva@example.test>", "Lamp", "2@x.test", group...))
		if plain.Automatic || plain.From.Address != "eva@example.test" {
			t.Errorf("%+v", plain)
		}
		vacation := k.take(t, mailText("Eva <eva@example.test>", "Away", "3@x.test", append(group, "Auto-Submitted: auto-replied")...))
		foreign := k.take(t, mailText("Eva <eva@example.test>", "News", "4@x.test", "Precedence: list", "List-Id: <news.other.test>"))
		if !vacation.Automatic || !foreign.Automatic {
			t.Errorf("%v %v", vacation.Automatic, foreign.Automatic)
		}
	})
}

func TestPitfallAnotherReplyToIsShownAndNotFollowed(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	in := k.take(t, mailText("Eva <eva@example.test>", "x", "1@x.test", "Reply-To: Boss <boss@example.test>"))
	if in.From.Address != "eva@example.test" || in.Facts.ReplyTo == nil || in.Facts.ReplyTo.Address != "boss@example.test" {
		t.Errorf("%+v", in)
	}
	if in := k.take(t, mailText("Eva <eva@example.test>", "x", "2@x.test", "Reply-To: EVA@example.test, support@shop.test")); in.Facts.ReplyTo != nil {
		t.Errorf("%+v", in.Facts.ReplyTo)
	}
}

func TestListedSendersAreSpamOrNever(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx := access.With(t.Context(), access.System)
		for pattern, kind := range map[string]sender.Kind{"bad@example.test": sender.Block, "worse.test": sender.Block, "good@worse.test": sender.Allow} {
			if _, err := k.ingester.Senders.List(ctx, kind, pattern, 0); err != nil {
				t.Fatal(err)
			}
		}
		for n, c := range []struct {
			from, header, reason string
			allowed              bool
		}{
			{"Bad@Example.test", "X: y", conversation.SpamBlocked, false},
			{"a@mail.worse.test", "X: y", conversation.SpamBlocked, false},
			{"good@worse.test", "X-Spam-Flag: YES", "", true},
			{"eva@example.test", "X-Spam-Flag: YES", conversation.SpamServer, false},
			{"eva@example.test", "X-Spam-Status: Yes, score=9.1", conversation.SpamServer, false},
			{"eva@example.test", "X-Spam-Status: No, score=-1", "", false},
			{"wordpress@worse.test", "Reply-To: eva@example.test", conversation.SpamBlocked, false},
		} {
			in := k.take(t, mailText(c.from, "x", string(rune('a'+n))+"@x.test", c.header))
			got := ""
			if in.Spam != nil {
				got = in.Spam.Reason
			}
			if got != c.reason || in.Allowed != c.allowed {
				t.Errorf("%s %s: %q, allowed %v", c.from, c.header, got, in.Allowed)
			}
		}
	})
}

func TestForgedSendersAreDoubted(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	k.believe(t, k.inbox.ID, "imap.gmail.com")
	for n, c := range []struct {
		from, results, reasons string
		more                   []string
		forged                 bool
	}{
		{"eva@example.test", "dmarc=pass header.from=example.test", "", nil, false},
		{"eva@example.test", "spf=softfail smtp.mailfrom=evil.test; dkim=pass header.d=evil.test; dmarc=fail (p=REJECT) header.from=example.test", "dmarc_failed", nil, true},
		{"eva@example.test", "dmarc=fail header.from=example.test", "dmarc_failed", []string{"List-Id: <l.example.test>"}, false},
		{"eva@example.test", "dmarc=none header.from=example.test", "", nil, false},
		{"support@shop.test", "dmarc=none header.from=shop.test", "own_address", nil, false},
		{`"service@bank.test" <x@evil.test>`, "dmarc=pass header.from=evil.test", "name_is_address", nil, false},
		{`"eva@mail.example.test" <eva@example.test>`, "dmarc=pass header.from=example.test", "", nil, false},
	} {
		in := k.take(t, "Authentication-Results: mx.google.com; "+c.results+"\r\n"+mailText(c.from, "x", string(rune('a'+n))+"@x.test", c.more...))
		doubt := in.Facts.Doubt
		got, forged := "", false
		if doubt != nil {
			got, forged = strings.Join(doubt.Reasons, " "), doubt.Forged
		}
		if got != c.reasons || forged != c.forged {
			t.Errorf("%s %s: %q, forged %v", c.from, c.results, got, forged)
		}
		if n == 1 && (doubt.SPF.Result != "softfail" || doubt.SPF.Domain != "evil.test" || len(doubt.DKIM) != 1 || doubt.DMARC.Domain != "example.test" || doubt.Policy != "reject") {
			t.Errorf("%+v", doubt)
		}
	}
}

func TestComplaintsAndFactsReachTheConversation(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	in := k.take(t, "From: fbl@isp.test\r\nSubject: complaint\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r\n--b\r\n\r\nA complaint.\r\n--b\r\n"+
		"Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nOriginal-Rcpt-To: eva@example.test\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <db.m1@shop.test>\r\nSubject: x\r\n\r\nx\r\n--b--\r\n")
	if in.Complaint == nil || in.Complaint.OriginalRFCID != "db.m1@shop.test" || in.Complaint.Recipient != "eva@example.test" || !in.Automatic || len(in.ThreadIDs) == 0 {
		t.Errorf("%+v", in)
	}
	in = k.take(t, "From: eva@example.test\r\nSubject: Fwd: x\r\nMIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>Look</p><img src=https://t.test/p.gif width=1 height=1><p>---------- Forwarded message ---------<br>From: Carl &lt;carl@example.test&gt;<br>Date: Mon, 5 Jan 2026<br>Subject: Lamp<br>To: eva@example.test</p><p>Where?</p>\r\n")
	if in.Facts.Trackers != 1 || in.Facts.Forwarded == nil || in.Facts.Forwarded.From.Address != "carl@example.test" {
		t.Errorf("%+v", in.Facts)
	}
}
