package bench

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

func ingest(ctx context.Context, d *drive, r *Result) error {
	if err := d.place(ctx); err != nil {
		return err
	}
	warm, err := d.mails(d.times(200))
	if err != nil {
		return err
	}
	if err := d.handIn(ctx, warm, &sample{}); err != nil {
		return err
	}
	mails, err := d.mails(d.times(6000))
	if err != nil {
		return err
	}
	s, bytes := &sample{}, 0
	for _, m := range mails {
		bytes += len(m.Raw)
	}
	r.Operations = len(mails)
	err = d.measure(r, s, func() error { return d.handIn(ctx, mails, s) })
	r.Extra = map[string]float64{"mean_bytes": float64(bytes) / float64(len(mails)), "peak_rss_mb": memory(d.server.PID, "VmHWM")}
	return err
}

// letters hands in mails of n customers and gives their conversations.
func (d *drive) letters(ctx context.Context, n int) ([]int64, error) {
	if err := d.place(ctx); err != nil {
		return nil, err
	}
	// Every fifth mail answers another one.
	mails, err := d.mails(n*5/4 + 5)
	if err != nil {
		return nil, err
	}
	if err := d.handIn(ctx, mails, &sample{}); err != nil {
		return nil, err
	}
	return d.some(ctx, fmt.Sprintf("status=open&inbox_id=%d", d.inbox), n)
}

const answer = "Hello,\n\nthank you for your message. The parcel left us this morning and the courier brings it tomorrow. " +
	"We are sorry for the wait and have taken the cost of delivery off your invoice.\n\nKind regards,\nAnna"

// reply sends tomorrow, so that the answers alone are measured; our inbox is
// archived before.
func reply(ctx context.Context, d *drive, r *Result) error {
	ids, err := d.letters(ctx, d.times(500))
	if err != nil {
		return err
	}
	at := time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339)
	return d.repeat(r, len(ids), func(i int) (time.Duration, error) {
		return d.api.post(ctx, fmt.Sprintf("/conversations/%d/replies", ids[i]), map[string]any{"text": answer, "send_at": at}, nil)
	})
}

func deliver(ctx context.Context, d *drive, r *Result) error {
	ids, err := d.letters(ctx, d.times(300))
	if err != nil {
		return err
	}
	s, whole := &sample{}, &sample{}
	r.Operations = len(ids)
	err = d.measure(r, s, func() error {
		for _, id := range ids {
			began := time.Now()
			accepted, sent, err := d.send(ctx, id)
			if err != nil {
				return err
			}
			s.add(max(sent.Sub(accepted), 0))
			whole.add(sent.Sub(began))
		}
		return nil
	})
	r.Extra = map[string]float64{"p50_ms_from_the_request": whole.at(0.5), "p99_ms_from_the_request": whole.at(0.99)}
	return err
}

// send answers one conversation and waits until the mail server has the mail.
func (d *drive) send(ctx context.Context, conversation int64) (accepted, sent time.Time, err error) {
	var made struct {
		Message struct {
			To []struct {
				Address string `json:"address"`
			} `json:"to"`
		} `json:"message"`
	}
	_, err = d.api.post(ctx, fmt.Sprintf("/conversations/%d/replies", conversation), map[string]any{"text": answer, "undo_seconds": 0}, &made)
	accepted = time.Now()
	if err != nil {
		return accepted, sent, err
	}
	if len(made.Message.To) == 0 {
		return accepted, sent, fmt.Errorf("the answer %s names no recipient", http.MethodPost)
	}
	limit := time.After(30 * time.Second)
	for {
		at, moved := d.sink.Accepted(made.Message.To[0].Address)
		if !at.IsZero() {
			return accepted, at, nil
		}
		select {
		case <-moved:
		case <-limit:
			return accepted, sent, fmt.Errorf("the reply in conversation %d was not sent within 30 seconds", conversation)
		case <-ctx.Done():
			return accepted, sent, ctx.Err()
		}
	}
}
