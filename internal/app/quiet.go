package app

import (
	"context"
	"strconv"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// tellQuiet writes to those who manage inboxes that no mail comes to one.
func (a *App) tellQuiet(ctx context.Context, i *inbox.Inbox) (func(context.Context, *db.Tx) error, error) {
	who, err := a.inboxManagers(ctx)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, tx *db.Tx) error {
		for _, one := range who {
			err := a.Notices.SendTx(ctx, tx, access.Notice{Kind: access.NoticeInboxQuiet, To: one.Email, Name: one.Name, Locale: one.Locale, By: i.Address,
				Link: a.URL() + "/settings/inboxes/" + strconv.FormatInt(int64(i.ID), 10)})
			if err != nil {
				return err
			}
		}
		return nil
	}, nil
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
