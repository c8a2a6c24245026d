package email

import (
	"context"
	"slices"
	"strings"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// MailFolder is a folder of a mailbox in an answer.
type MailFolder struct {
	Name string `json:"name"`
	Use  string `json:"use" enum:"inbox,sent,drafts,junk,trash,archive,all,other"`
}

type foldersOutput struct{ Body web.Page[MailFolder] }

// folders asks the mail server what there is.
func (h *API) folders(ctx context.Context, in *idInput) (*foldersOutput, error) {
	c, err := h.Inboxes.Connection(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !c.IMAP.Set() || c.Archived() {
		return nil, errs.New(errs.Conflict, "No mailbox is read for this inbox.")
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	list, err := h.Dialer.folders(ctx, c)
	if err != nil {
		return nil, errs.Said(errs.Unavailable, explain(c.IMAP.Host, timely(ctx, err)).Text).Because(err)
	}
	return &foldersOutput{web.PageOf(list, "")}, nil
}

// folders lists those that hold mail, as the server orders them.
func (d *Dialer) folders(ctx context.Context, c *inbox.Connection) ([]MailFolder, error) {
	im, err := d.imapClient(ctx, c)
	if err != nil {
		return nil, err
	}
	defer im.close()
	options := &imap.ListOptions{}
	if im.Caps().Has(imap.CapSpecialUse) {
		options.ReturnSpecialUse = true
	}
	all, err := im.List("", "*", options).Collect()
	if err != nil {
		return nil, err
	}
	out := []MailFolder{}
	for _, f := range all {
		if slices.Contains(f.Attrs, imap.MailboxAttrNoSelect) || slices.Contains(f.Attrs, imap.MailboxAttrNonExistent) || len(out) == 500 {
			continue
		}
		out = append(out, MailFolder{Name: f.Mailbox, Use: useOf(f)})
	}
	return out, nil
}

func useOf(f *imap.ListData) string {
	if strings.EqualFold(f.Mailbox, "INBOX") {
		return "inbox"
	}
	for attr, use := range map[imap.MailboxAttr]string{
		imap.MailboxAttrSent: "sent", imap.MailboxAttrDrafts: "drafts", imap.MailboxAttrJunk: "junk", imap.MailboxAttrTrash: "trash",
		imap.MailboxAttrArchive: "archive", imap.MailboxAttrAll: "all",
	} {
		if slices.Contains(f.Attrs, attr) {
			return use
		}
	}
	return "other"
}
