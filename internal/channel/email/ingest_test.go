package email

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/job"
)

func TestPitfallOneBadMailNeverStopsTheOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.talks.refuse = func(in conversation.Inbound) error {
			switch in.Subject {
			case "broken":
				return errors.New("a row was refused")
			case "panic":
				panic("a bug")
			}
			return nil
		}
		first := k.keep(t, mailText("a@example.test", "first", "1@example.test"))
		bad := k.keep(t, mailText("b@example.test", "broken", "2@example.test"))
		k.keep(t, mailText("c@example.test", "panic", "3@example.test"))
		last := k.keep(t, mailText("d@example.test", "last", "4@example.test"))
		k.ingest(t)
		if got := strings.Join(k.talks.subjects(), ","); got != "first,last" {
			t.Fatalf("messages are %s", got)
		}
		for range 10 {
			k.clock.Add(2 * time.Hour)
			k.ingest(t)
		}
		for id, want := range map[int64]ledger.State{first: ledger.Threaded, bad: ledger.Dead, last: ledger.Threaded} {
			if row := k.ledgerState(t, id); row.State != want {
				t.Errorf("ledger row %d is %s, want %s", id, row.State, want)
			}
		}
		if b, err := k.ledger.Balance(context.Background(), false); err != nil || b.PendingIn != 0 || len(b.Gaps) != 2 {
			t.Errorf("balance is %+v, %v", b, err)
		}
	})
}

func TestAGivenUpMailIsStoredWhenItsJobIsRetried(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.talks.refuse = func(conversation.Inbound) error { return job.Final{Err: errors.New("no")} }
		id := k.keep(t, mailText("a@example.test", "first", "1@example.test"))
		k.ingest(t)
		dead, err := k.queue.List(context.Background(), job.Dead, 0, 10)
		if err != nil || len(dead) != 1 {
			t.Fatalf("dead jobs are %v, %v", dead, err)
		}
		k.talks.refuse = nil
		if err := k.queue.Retry(context.Background(), dead[0].ID); err != nil {
			t.Fatal(err)
		}
		k.ingest(t)
		if row := k.ledgerState(t, id); row.State != ledger.Threaded {
			t.Errorf("ledger row is %+v", row)
		}
	})
}

func TestAMailThatNoParserUnderstandsIsAttachedAsItCame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.ingester.Now = func() func() time.Time { // each look at the clock is a minute later
			at := k.clock.Now()
			return func() time.Time { at = at.Add(time.Minute); return at }
		}()
		raw := mailText("a@example.test", "slow", "1@example.test")
		k.keep(t, raw)
		k.ingest(t)
		if len(k.talks.received) != 1 {
			t.Fatalf("%d messages", len(k.talks.received))
		}
		in := k.talks.received[0]
		if len(in.Attachments) != 1 || in.Attachments[0].Size != int64(len(raw)) || in.Text == "" || in.Automatic {
			t.Errorf("message is %+v", in)
		}
	})
}

func TestPitfallAMailOverTheLimitsIsAttachedAsItCame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		head := "From: a@example.test\r\nTo: support@shop.test\r\nSubject: many\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the files. PAN\r\n"
		file := "--b\r\nContent-Type: image/png\r\nContent-Disposition: attachment\r\n\r\nPNG\r\n"
		for name, c := range map[string]struct {
			raw      string
			files    int
			cut, eml bool
		}{
			"as many files as are shown": {head + strings.Repeat(file, maxFiles) + "--b--\r\n", maxFiles, false, false},
			"one more":                   {head + strings.Repeat(file, maxFiles+1) + "--b--\r\n", maxFiles + 1, true, true},
			"more parts than are read":   {head + strings.Repeat("--b\r\n\r\nx\r\n", 2100) + "--b--\r\n", 1, true, true},
			"a header without end":       {"From: a@example.test\r\n" + strings.Repeat("X-Long: y\r\n", 3000) + "\r\nHello", 1, true, true},
			"with a card number":         {strings.Replace(head, "PAN", "4111 1111 1111 1111", 1) + strings.Repeat("--b\r\n\r\nx\r\n", 2100) + "--b--\r\n", 0, true, false},
		} {
			k.talks.received = nil
			k.keep(t, strings.Replace(c.raw, "Subject: many", "Subject: "+name, 1))
			k.ingest(t)
			if len(k.talks.received) != 1 {
				t.Fatalf("%s: %d messages", name, len(k.talks.received))
			}
			in := k.talks.received[0]
			if len(in.Attachments) != c.files || in.Facts.Cut != c.cut {
				t.Errorf("%s: %d files, cut %v", name, len(in.Attachments), in.Facts.Cut)
				continue
			}
			if c.files == 0 {
				continue
			}
			if last := in.Attachments[c.files-1]; (last.Name == "mail.eml") != c.eml || c.eml && last.Size < int64(len(c.raw)) {
				t.Errorf("%s: the last file is %+v of %d bytes", name, last, len(c.raw))
			}
		}
	})
}

func TestAFullBlobStoreDelaysAMailAndLosesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		raw := "From: a@example.test\r\nTo: support@shop.test\r\nSubject: photo\r\nMIME-Version: 1.0\r\n" +
			"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee the photo.\r\n" +
			"--b\r\nContent-Type: image/png; name=broken.png\r\nContent-Disposition: attachment; filename=broken.png\r\n\r\nPNG\r\n--b--\r\n"
		id := k.keep(t, raw)
		closed := blob.Memory(k.clock.Now)
		closed.Close()
		k.ingester.Blobs = closed
		k.ingest(t)
		if row := k.ledgerState(t, id); row.State != ledger.Received {
			t.Fatalf("ledger row is %+v", row)
		}
		k.ingester.Blobs = k.blobs
		k.clock.Add(time.Hour)
		k.ingest(t)
		if len(k.talks.received) != 1 || len(k.talks.received[0].Attachments) != 1 {
			t.Fatalf("messages are %+v", k.talks.received)
		}
		a := k.talks.received[0].Attachments[0]
		if a.Name != "broken.png" || a.Size == 0 || k.blobCount(t) != 1 {
			t.Errorf("attachment is %+v, %d blobs", a, k.blobCount(t))
		}
	})
}

func TestPitfallMailWithoutMessageIDAndAutomaticMailAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.keep(t, mailText("a@example.test", "no id", ""))
		k.keep(t, mailText("orders@market.test", "You sold something", "m@market.test", "Auto-Submitted: auto-generated"))
		k.keep(t, "From: MAILER-DAEMON@mx.test\r\nTo: support@shop.test\r\nSubject: Undelivered\r\nMIME-Version: 1.0\r\n"+
			"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"+
			"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.test\r\n\r\nFinal-Recipient: rfc822; gone@example.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"+
			"Diagnostic-Code: smtp; 550 no such user\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@shop.test>\r\nSubject: Re: Parcel\r\n\r\nHello\r\n--b--\r\n")
		k.ingest(t)
		if len(k.talks.received) != 3 {
			t.Fatalf("messages are %v", k.talks.subjects())
		}
		if auto := k.talks.received[1]; !auto.Automatic {
			t.Errorf("mail of a marketplace is %+v", auto)
		}
		b := k.talks.received[2]
		if b.Bounce == nil || b.Bounce.Status != "5.1.1" || b.Bounce.OriginalRFCID != "ours@shop.test" || !b.Automatic {
			t.Errorf("bounce is %+v", b.Bounce)
		}
		if len(b.ThreadIDs) == 0 || b.ThreadIDs[0] != "ours@shop.test" {
			t.Errorf("the bounce leads to %v", b.ThreadIDs)
		}
	})
}
