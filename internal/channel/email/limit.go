package email

import (
	"context"
	"fmt"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// allowance is how many recipients a bucket takes in a period.
type allowance struct {
	bucket string
	period time.Duration
	most   int64
	code   string // why it is so: hour, day, warm_up, provider
}

// Daily limits of providers; above them they refuse mail, or lock the account.
var providerDaily = map[string]int64{
	"gmail.com": 500, "smtp.gmail.com": 2000, "smtp-relay.gmail.com": 10_000, "smtp.office365.com": 10_000, "smtp-mail.outlook.com": 300,
}

// Warm-up: a server that nobody knows yet begins with few mails a day.
const (
	warmFirst = 50
	warmUp    = 14 // days, after which a domain is known
)

// warmLimit is how many mails may leave on a day of the warm-up, 0 = it is over:
// 50 on the first, half again as many on each that follows.
func warmLimit(since, now time.Time) int64 {
	if since.IsZero() || now.Before(since) {
		return 0
	}
	days := int(now.Sub(since) / (24 * time.Hour))
	if days >= warmUp {
		return 0
	}
	n := float64(warmFirst)
	for range days {
		n *= 1.5
	}
	return int64(n)
}

// allowances are the limits that hold for an inbox now.
func allowances(c *inbox.Connection, now time.Time) []allowance {
	var out []allowance
	add := func(bucket string, period time.Duration, most int64, code string) {
		if most > 0 {
			out = append(out, allowance{bucket, period, most, code})
		}
	}
	own := fmt.Sprintf("inbox/%d", c.ID)
	add(own+"/hour", time.Hour, int64(c.Sending.HourlyLimit), "hour")
	add(own+"/day", 24*time.Hour, int64(c.Sending.DailyLimit), "day")
	add(own+"/warm", 24*time.Hour, warmLimit(c.Sending.WarmUpSince, now), "warm_up")
	// Inboxes that send with one account share what the provider gives it.
	add("account/"+c.SMTP.Host+"/"+c.SMTP.Username, 24*time.Hour, providerDaily[c.SMTP.Host], "provider")
	return out
}

// overLimit says that a message has to wait for the next period.
type overLimit struct {
	allowance
	until time.Time
}

func (o *overLimit) Error() string { return "the limit of " + o.bucket + " is reached" }

// trouble is the reason in words, shown on the message.
func (o *overLimit) trouble(host string) *trouble {
	args := map[string]string{"host": host, "count": fmt.Sprint(o.most), "time": o.until.Format("15:04")}
	at := args["time"]
	var text errs.Text
	switch o.code {
	case "hour":
		text = errs.Say("This inbox sends at most %d mails an hour. It goes out by itself at %s UTC.", o.most, at)
	case "day":
		text = errs.Say("This inbox sends at most %d mails a day. It goes out by itself at %s UTC.", o.most, at)
	case "warm_up":
		text = errs.Say("This inbox is being warmed up and sends at most %d mails today. It goes out by itself at %s UTC.", o.most, at)
	default:
		text = errs.Say("%s takes at most %d mails a day from this account. It goes out by itself at %s UTC.", host, o.most, at)
	}
	return &trouble{"limit_" + o.code, text, args, o}
}

// spendTx takes what the message needs from every bucket, or nothing.
func spendTx(ctx context.Context, tx *db.Tx, c *inbox.Connection, recipients int64, now time.Time) error {
	for _, a := range allowances(c, now) {
		// A message to more people than a whole period allows goes alone.
		most := max(a.most-recipients, 0)
		ok, err := takeFromBucket(ctx, tx, a.bucket, now.Truncate(a.period), recipients, most)
		if err != nil {
			return err
		}
		if !ok {
			return &overLimit{a, now.Truncate(a.period).Add(a.period)}
		}
	}
	return nil
}

// wait notes why the message does not leave now; the job comes again when it may.
func (a *attempt) wait(ctx context.Context, o *overLimit) error {
	t := o.trouble(a.conn.SMTP.Host)
	a.row.sending = a.doubt
	for _, n := range a.pending() {
		a.d.Recipients[n].Error = t.Text.String()
	}
	a.d.Error = t.Text.String()
	if a.row.firstTryAt.IsZero() {
		a.row.firstTryAt = a.Now()
	}
	return a.conclude(ctx, job.Later{At: o.until.Add(a.spread()), Why: t.Text})
}

// spread keeps messages that waited from leaving in the same second.
func (a *attempt) spread() time.Duration { return time.Duration(a.out.Message%60) * time.Second }
