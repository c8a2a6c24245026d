package notification

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// QuietTx tells the agents, who manage inboxes, that no mail comes to one: at the
// bell and by push as each has chosen. It returns when a mail to each of those
// leaves who want one.
func (s *Service) QuietTx(ctx context.Context, tx *db.Tx, inbox int64, agents []int64) (mails map[int64]time.Time, err error) {
	defer errs.Wrap(&err, "tell that inbox %d is quiet", inbox)
	mails = map[int64]time.Time{}
	if len(agents) == 0 {
		return mails, nil
	}
	told, err := addInbox(ctx, tx, InboxQuiet, inbox, agents, s.Now())
	if err != nil {
		return nil, err
	}
	s.changed(tx, told...)
	if err := s.pushTx(ctx, tx, news{Kind: InboxQuiet, Inbox: inbox}, told); err != nil {
		return nil, err
	}
	wanted, err := wantMail(ctx, tx, InboxQuiet, agents)
	if err != nil {
		return nil, err
	}
	for _, id := range wanted {
		r, err := rhythm(ctx, tx, id)
		if err != nil {
			return nil, err
		}
		mails[id] = r.leaves(s.Now())
	}
	return mails, nil
}

// HeardTx marks as read what tells that no mail comes to an inbox: it comes again.
func (s *Service) HeardTx(ctx context.Context, tx *db.Tx, inbox int64) (err error) {
	defer errs.Wrap(&err, "tell that mail comes to inbox %d again", inbox)
	agents, err := markInbox(ctx, tx, InboxQuiet, inbox, s.Now())
	s.changed(tx, agents...)
	return err
}
