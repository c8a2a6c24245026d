package app

import (
	"context"
	"strconv"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// tellQuiet tells those who manage inboxes that no mail comes to one, each where
// and when they want to hear of it.
func (a *App) tellQuiet(ctx context.Context, i *inbox.Inbox) (func(context.Context, *db.Tx) error, error) {
	who, err := a.inboxManagers(ctx)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, one := range who {
		ids = append(ids, one.AgentID)
	}
	return func(ctx context.Context, tx *db.Tx) error {
		mails, err := a.Notifications.QuietTx(ctx, tx, int64(i.ID), ids)
		if err != nil {
			return err
		}
		for _, one := range who {
			at, wanted := mails[one.AgentID]
			if !wanted {
				continue
			}
			err := a.Notices.SendTx(ctx, tx, access.Notice{Kind: access.NoticeInboxQuiet, To: one.Email, Name: one.Name, Locale: one.Locale, By: i.Address, NotBefore: at,
				Link: a.URL() + "/settings/inboxes/" + strconv.FormatInt(int64(i.ID), 10)})
			if err != nil {
				return err
			}
		}
		return nil
	}, nil
}

// tellHeard takes back what waits to be told of an inbox to which mail comes again.
func (a *App) tellHeard(ctx context.Context, tx *db.Tx, i *inbox.Inbox) error {
	if err := a.Notifications.HeardTx(ctx, tx, int64(i.ID)); err != nil {
		return err
	}
	return a.Notices.DropTx(ctx, tx, access.NoticeInboxQuiet, i.Address)
}

// inboxManagers are the people who may change inboxes.
func (a *App) inboxManagers(ctx context.Context) (out []*access.Actor, err error) {
	const page = 100
	for after := int64(0); ; {
		list, err := a.Team.Agents(ctx, after, page)
		if err != nil {
			return nil, err
		}
		for _, one := range list {
			after = one.ID
			actor, err := a.Access.Agent(ctx, one.ID)
			if errs.Is(err, errs.NotFound) {
				continue // does not work here any more
			}
			if err != nil {
				return nil, err
			}
			if actor.May(access.InboxesManage) {
				out = append(out, actor)
			}
		}
		if len(list) < page {
			return out, nil
		}
	}
}
