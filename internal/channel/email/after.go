package email

import (
	"context"
	"errors"
	"slices"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// acts tells whether anything happens to fetched mail in its mailbox.
func (w *Watcher) acts() bool { return !w.sent && !w.junk && w.conn.IMAP.AfterFetch != inbox.Leave }

var errNoMove = errors.New("neither MOVE nor UIDPLUS")

// after does with kept mails what the inbox is set to. It comes after the commit,
// so that no mail is moved that is not kept; what a failure leaves undone is done
// by [Watcher.leftovers] in the next session.
func (w *Watcher) after(uids []uint32) error {
	if !w.acts() || len(uids) == 0 {
		return nil
	}
	set := uidSet(uids)
	if w.conn.IMAP.AfterFetch == inbox.MarkSeen {
		return w.im.Store(set, &imap.StoreFlags{Op: imap.StoreFlagsAdd, Silent: true, Flags: []imap.Flag{imap.FlagSeen}}, nil).Close()
	}
	// Without either, clearing away what was copied would clear away what others marked too.
	if !w.im.Caps().Has(imap.CapMove) && !w.im.Caps().Has(imap.CapUIDPlus) {
		return &trouble{"cannot_move", errs.Say("%s cannot move mails safely. Choose to leave fetched mail where it is.", w.conn.IMAP.Host),
			map[string]string{"host": w.conn.IMAP.Host}, errNoMove}
	}
	to := w.conn.IMAP.MoveTo
	_, err := w.im.Move(set, to).Wait()
	var refused *imap.Error
	if errors.As(err, &refused) && refused.Type == imap.StatusResponseTypeNo {
		if made := w.im.Create(to, nil).Wait(); made != nil {
			return folderTrouble(to, err)
		}
		_, err = w.im.Move(set, to).Wait()
	}
	if err != nil {
		return folderTrouble(to, err)
	}
	return nil
}

// leftovers does the same with mails that were kept and left undone, as after a
// kill between the two, and with mails fetched before the inbox was set to it.
func (w *Watcher) leftovers(ctx context.Context) error {
	if !w.acts() || w.box.nextUID <= 1 {
		return nil
	}
	from := max(w.box.historyUntil, 1)
	if w.box.nextUID > compareUIDs {
		from = max(from, w.box.nextUID-compareUIDs)
	}
	if from >= w.box.nextUID {
		return nil
	}
	criteria := &imap.SearchCriteria{UID: []imap.UIDSet{{imap.UIDRange{Start: imap.UID(from), Stop: imap.UID(w.box.nextUID - 1)}}}}
	if w.conn.IMAP.AfterFetch == inbox.MarkSeen {
		criteria.NotFlag = []imap.Flag{imap.FlagSeen}
	}
	there, err := w.im.UIDSearch(criteria, nil).Wait()
	if err != nil {
		return err
	}
	byHash := map[string]uint32{}
	var all []uint32
	for _, uid := range there.AllUIDs() {
		k := &kept{Delivery: w.delivery(uint32(uid), found{})}
		sum := k.identity()
		byHash[string(sum[:])] = uint32(uid)
		all = append(all, uint32(uid))
	}
	unknown, err := unknownInbound(ctx, w.DB, byHash)
	if err != nil {
		return err
	}
	return w.after(slices.DeleteFunc(all, func(uid uint32) bool { return slices.Contains(unknown, uid) }))
}
