package email

import (
	"context"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// parseText gives the texts of a mail and the names of its files.
func parseText(raw string) (string, error) {
	m, err := mail.Parse(strings.NewReader(raw), mail.Options{Attachment: func(mail.Attachment) (io.WriteCloser, error) { return nil, nil }})
	if err != nil {
		return "", err
	}
	out := m.Text + m.HTML
	for _, a := range m.Attachments {
		out += "\n" + a.Filename
	}
	return out, nil
}

func TestMoreThanTheHourlyLimitWaitsForTheNextHourAndSaysSo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		var err error
		k.inbox, err = k.inboxes.Update(context.Background(), 0, k.inbox.ID, 0, inbox.Passwords{}, func(i *inbox.Inbox) error {
			i.Sending.HourlyLimit = 3
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for id := range int64(5) {
			k.queueMessage(t, id+1, "carl@example.test")
		}
		for k.deliver(t, s) > 0 {
			continue
		}
		if n := len(p.taken()); n != 3 {
			t.Fatalf("%d mails left in the first hour, want 3", n)
		}
		waiting := k.talks.state(5)
		if waiting.State != conversation.Queued || !strings.Contains(waiting.Error, "at most 3 mails an hour") || waiting.MaybeTwice {
			t.Errorf("the fifth is %+v", waiting)
		}
		k.clock.Add(time.Hour + time.Minute)
		for k.deliver(t, s) > 0 {
			continue
		}
		if n := len(p.taken()); n != 5 || k.talks.state(5).State != conversation.Sent {
			t.Errorf("%d mails after an hour, the fifth is %+v", n, k.talks.state(5))
		}
	})
}

func TestAMessageToMoreThanAPeriodAllowsStillLeaves(t *testing.T) {
	t.Parallel()
	k, p := newDesk(t, dbtest.SQLite(t)), newProvider(t)
	s := k.sendThrough(t, p, "")
	if _, err := k.inboxes.Update(context.Background(), 0, k.inbox.ID, 0, inbox.Passwords{}, func(i *inbox.Inbox) error {
		i.Sending.DailyLimit = 1
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	k.queueMessage(t, 1, "a@example.test", "b@example.test", "c@example.test")
	k.deliver(t, s)
	if len(p.taken()) != 1 || len(p.taken()[0].to) != 3 {
		t.Errorf("%+v, %+v", p.taken(), k.talks.state(1))
	}
}

func TestAWarmUpGrowsDayByDayAndEnds(t *testing.T) {
	t.Parallel()
	since := time.Date(2025, 11, 1, 9, 0, 0, 0, time.UTC)
	last := int64(0)
	for day := range warmUp {
		n := warmLimit(since, since.AddDate(0, 0, day))
		if n <= last || day == 0 && n != warmFirst {
			t.Errorf("on day %d: %d after %d", day, n, last)
		}
		last = n
	}
	if n := warmLimit(since, since.AddDate(0, 0, warmUp)); n != 0 {
		t.Errorf("after the warm-up: %d", n)
	}
	if n := warmLimit(time.Time{}, since); n != 0 {
		t.Errorf("without a warm-up: %d", n)
	}
}

func TestAccountsAtAProviderShareItsDailyLimit(t *testing.T) {
	t.Parallel()
	now := time.Now()
	of := func(id inbox.ID) string {
		c := &inbox.Connection{Inbox: inbox.Inbox{ID: id, SMTP: inbox.Server{Host: "smtp.gmail.com", Username: "shop@x.example"}}}
		return allowances(c, now)[0].bucket
	}
	if of(1) != of(2) {
		t.Errorf("%s and %s", of(1), of(2))
	}
}
