package inbox

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// Updated is published when an inbox was made, changed or archived.
const Updated event.Type = "inbox.updated"

// Sealer encrypts what only the program may read. A sealed value opens for its
// table, column and row alone.
type Sealer interface {
	Seal(table, column string, row int64, plain []byte) []byte
	Open(table, column string, row int64, sealed []byte) ([]byte, error)
}

// Service is what can be done with inboxes.
type Service struct {
	DB      *db.DB
	Feed    *event.Feed
	Secrets Sealer
	Now     func() time.Time
	// Changed is told after the commit that mail servers or addresses may be
	// others now. It may be nil.
	Changed func()
}

// Passwords come with a change; nil leaves what is set, "" removes it.
type Passwords struct{ IMAP, SMTP *string }

// Connection is an inbox with its opened secrets, for the channel only.
type Connection struct {
	Inbox
	IMAPPassword string
	SMTPPassword string
}

var errNotFound = errs.New(errs.NotFound, "There is no such inbox.")

// Get reads one inbox, archived or not.
func (s *Service) Get(ctx context.Context, id ID) (_ *Inbox, err error) {
	defer errs.Wrap(&err, "read inbox %d", id)
	return s.get(ctx, s.DB, id, "")
}

func (s *Service) get(ctx context.Context, q db.Queryer, id ID, lock string) (*Inbox, error) {
	i, err := load(ctx, q, id, lock)
	if db.IsNoRows(err) {
		return nil, errNotFound
	}
	return i, err
}

// List reads all inboxes in order of their ids, without the archived ones unless asked for.
func (s *Service) List(ctx context.Context, archived bool) (_ []*Inbox, err error) {
	defer errs.Wrap(&err, "list inboxes")
	return loadAll(ctx, s.DB, archived)
}

// Connection reads an inbox with its passwords.
func (s *Service) Connection(ctx context.Context, id ID) (_ *Connection, err error) {
	defer errs.Wrap(&err, "read the connection of inbox %d", id)
	i, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	imap, smtp, err := secrets(ctx, s.DB, id)
	if err != nil {
		return nil, err
	}
	c := &Connection{Inbox: *i}
	if c.IMAPPassword, err = s.open(id, "imap_secret", imap); err != nil {
		return nil, err
	}
	c.SMTPPassword, err = s.open(id, "smtp_secret", smtp)
	return c, err
}

func (s *Service) open(id ID, column string, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := s.Secrets.Open("inbox", column, int64(id), sealed)
	if err != nil {
		return "", errs.New(errs.Unavailable, "The stored password cannot be read with this key. If the key was rotated, restart Deskbell with the new one; otherwise enter the password again.").Because(err)
	}
	return string(plain), nil
}

func (s *Service) sealTx(ctx context.Context, tx *db.Tx, id ID, column string, password *string) error {
	if password == nil {
		return nil
	}
	if *password == "" {
		return setSecret(ctx, tx, id, column, nil)
	}
	if len(*password) > 4096 {
		return errs.InvalidField("body", "This password is too long.")
	}
	return setSecret(ctx, tx, id, column, s.Secrets.Seal("inbox", column, int64(id), []byte(*password)))
}

// Create makes an inbox. ReopenDays below 0 takes the usual 60. done, if any,
// is told at the end of the transaction.
func (s *Service) Create(ctx context.Context, actor int64, i Inbox, p Passwords, done ...func(context.Context, *db.Tx, *Inbox) error) (out *Inbox, err error) {
	defer errs.Wrap(&err, "create an inbox")
	if i.ReopenDays < 0 {
		i.ReopenDays = 60
	}
	if err := i.check(); err != nil {
		return nil, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.brandTx(ctx, tx, &i); err != nil {
			return err
		}
		i.IMAP.asked(&IMAP{}, s.Now())
		if i.ID, err = insert(ctx, tx, &i, s.Now()); err != nil {
			return err
		}
		if err := s.storeTx(ctx, tx, actor, &i, p); err != nil {
			return err
		}
		if out, err = s.get(ctx, tx, i.ID, ""); err != nil {
			return err
		}
		if err := s.auditTx(ctx, tx, "inbox.created", nil, out, p); err != nil {
			return err
		}
		for _, do := range done {
			if err := do(ctx, tx, out); err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}

func (s *Service) brandTx(ctx context.Context, tx *db.Tx, i *Inbox) error {
	if i.Brand != 0 {
		there, err := brandExists(ctx, tx, i.Brand)
		if err == nil && !there {
			err = errs.InvalidField("body.brand_id", "There is no such brand.")
		}
		return err
	}
	id, err := firstBrand(ctx, tx)
	if db.IsNoRows(err) {
		return errs.New(errs.Unavailable, "The installation is not finished: there is no brand yet.")
	}
	i.Brand = id
	return err
}

// storeTx writes all parts of a checked inbox and tells who is interested.
func (s *Service) storeTx(ctx context.Context, tx *db.Tx, actor int64, i *Inbox, p Passwords) error {
	addresses := i.Addresses()
	if i.Archived() {
		addresses = nil
	}
	taken, err := saveAddresses(ctx, tx, i.ID, addresses)
	if err != nil {
		return err
	}
	if taken != "" {
		return errs.InvalidFieldf("body.address", "The address %s belongs to another inbox.", taken)
	}
	if i.CatchAll && !i.Archived() {
		if _, err := catcherOf(ctx, tx, domainOf(i.Address), i.ID); !db.IsNoRows(err) {
			if err == nil {
				err = errs.InvalidFieldf("body.catch_all", "Another inbox already takes all addresses of %s.", domainOf(i.Address))
			}
			return err
		}
	}
	unknown, err := saveMembers(ctx, tx, i.ID, i.Members)
	if err != nil {
		return err
	}
	if unknown != 0 {
		return errs.InvalidFieldf("body.members", "There is no agent %d.", unknown)
	}
	if i.warmUp != nil && *i.warmUp != !i.Sending.WarmUpSince.IsZero() {
		i.Sending.WarmUpSince = time.Time{}
		if *i.warmUp {
			i.Sending.WarmUpSince = s.Now()
		}
	}
	if err := save(ctx, tx, i); err != nil {
		return err
	}
	if err := s.sealTx(ctx, tx, i.ID, "imap_secret", p.IMAP); err != nil {
		return err
	}
	if err := s.sealTx(ctx, tx, i.ID, "smtp_secret", p.SMTP); err != nil {
		return err
	}
	return s.publishTx(ctx, tx, actor, i.ID)
}

func (s *Service) publishTx(ctx context.Context, tx *db.Tx, actor int64, id ID) error {
	if s.Changed != nil {
		tx.AfterCommit(s.Changed)
	}
	kind := "system"
	if actor != 0 {
		kind = "agent"
	}
	data, _ := json.Marshal(map[string]any{"inbox_id": id}) // one number
	return s.Feed.Publish(ctx, tx, event.Event{Type: Updated, ActorType: kind, ActorID: actor, Inbox: int64(id), Data: data})
}

// Update applies change to the inbox as it is now. version 0 is no check,
// another than the present one a conflict.
func (s *Service) Update(ctx context.Context, actor int64, id ID, version int64, p Passwords, change func(*Inbox) error) (out *Inbox, err error) {
	defer errs.Wrap(&err, "change inbox %d", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		i, err := s.get(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if version != 0 && version != i.Version {
			return errs.Stale("Somebody else changed this inbox meanwhile. Look at it again.")
		}
		if i.Archived() {
			return errs.New(errs.Conflict, "This inbox is archived.")
		}
		before := *i
		if err := change(i); err != nil {
			return err
		}
		if err := i.check(); err != nil {
			return err
		}
		if err := guardPasswords(&before, i, &p); err != nil {
			return err
		}
		if err := guardHistory(ctx, tx, &before, i); err != nil {
			return err
		}
		i.IMAP.asked(&before.IMAP, s.Now())
		if err := s.storeTx(ctx, tx, actor, i, p); err != nil {
			return err
		}
		return s.auditTx(ctx, tx, "inbox.changed", &before, i, p)
	})
	if err != nil {
		return nil, err
	}
	return s.Get(ctx, id)
}

// guardHistory refuses what would be kept and do nothing: the days before the
// connection are brought in when a folder is read for the first time.
func guardHistory(ctx context.Context, tx *db.Tx, before, after *Inbox) error {
	if !before.IMAP.Set() || !after.IMAP.Set() || before.IMAP.HistoryDays == after.IMAP.HistoryDays {
		return nil
	}
	read, err := wasRead(ctx, tx, before.ID)
	if err != nil || !read {
		return err
	}
	return errs.InvalidField("body.imap.history_days",
		"Older mail is brought in at the first connection only, and this mailbox is connected already. To have it all the same, archive this inbox and connect the mailbox anew.")
}

// guardPasswords never lets a stored password go to another server than the
// one it was entered for.
func guardPasswords(before, after *Inbox, p *Passwords) error {
	var wrong problems
	moved := func(name string, was, is Server, set bool, password **string) {
		if !is.Set() || is.ByMailboxConsent() {
			empty := ""
			*password = &empty
			return
		}
		weaker := is.TLS == TLSNone && was.TLS != TLSNone
		if set && *password == nil && (was.Host != is.Host || was.Port != is.Port || was.Username != is.Username || weaker) {
			wrong.add(name+".password", errs.Say("Enter the password again, because it was entered for another server or user."))
		}
	}
	moved("imap", before.IMAP.Server, after.IMAP.Server, before.IMAPPasswordSet, &p.IMAP)
	moved("smtp", before.SMTP, after.SMTP, before.SMTPPasswordSet, &p.SMTP)
	return wrong.err()
}

// Archive stops fetching and sending and frees the addresses. Archiving twice is fine.
func (s *Service) Archive(ctx context.Context, actor int64, id ID) (err error) {
	defer errs.Wrap(&err, "archive inbox %d", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		i, err := s.get(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil || i.Archived() {
			return err
		}
		before := *i
		i.ArchivedAt = s.Now()
		if err := s.storeTx(ctx, tx, actor, i, Passwords{}); err != nil {
			return err
		}
		return s.auditTx(ctx, tx, "inbox.archived", &before, i, Passwords{})
	})
}

// ByAddress finds the inbox that answers to the address; plus-addresses
// (local+anything@domain) lead to the inbox of the plain one.
func (s *Service) ByAddress(ctx context.Context, address string) (_ ID, err error) {
	defer errs.Wrap(&err, "find the inbox of an address")
	id, err := ownerOf(ctx, s.DB, address)
	if db.IsNoRows(err) {
		if plain := withoutPlus(address); plain != address {
			id, err = ownerOf(ctx, s.DB, plain)
		}
	}
	if db.IsNoRows(err) {
		id, err = catcherOf(ctx, s.DB, domainOf(address), 0)
	}
	if db.IsNoRows(err) {
		return 0, errNotFound
	}
	return id, err
}

// AddressesTx lists the addresses of an inbox, its own first, and the domain all
// of whose addresses are its own, if any.
func (s *Service) AddressesTx(ctx context.Context, q db.Queryer, id ID) (list []string, catchAll string, err error) {
	defer errs.Wrap(&err, "read the addresses of inbox %d", id)
	i, err := s.get(ctx, q, id, "")
	if err != nil {
		return nil, "", err
	}
	if i.CatchAll {
		catchAll = domainOf(i.Address)
	}
	return i.Addresses(), catchAll, nil
}

func domainOf(address string) string {
	folded := Fold(address)
	return folded[strings.LastIndexByte(folded, '@')+1:]
}

// SetReplyTokenTx notes whether plus-addresses of the inbox come back.
func (s *Service) SetReplyTokenTx(ctx context.Context, tx *db.Tx, id ID, works bool) (err error) {
	defer errs.Wrap(&err, "note the reply token of inbox %d", id)
	if err := setReplyToken(ctx, tx, id, works); err != nil {
		return err
	}
	return s.publishTx(ctx, tx, 0, id)
}

// ConnectedTx begins a new version of the inbox, because what we sign in with is
// another now: whoever watches its mailbox starts anew.
func (s *Service) ConnectedTx(ctx context.Context, tx *db.Tx, actor int64, id ID) (err error) {
	defer errs.Wrap(&err, "begin a new version of inbox %d", id)
	if err := raiseVersion(ctx, tx, id); err != nil {
		return err
	}
	return s.publishTx(ctx, tx, actor, id)
}

// ToldTx tells that something about the inbox is to be looked at again.
func (s *Service) ToldTx(ctx context.Context, tx *db.Tx, id ID) error {
	return s.publishTx(ctx, tx, 0, id)
}

// Levels is what an agent sees of each inbox by membership and default.
func (s *Service) Levels(ctx context.Context, agent int64) (_ map[int64]access.Level, err error) {
	defer errs.Wrap(&err, "read the inboxes of agent %d", agent)
	return memberLevels(ctx, s.DB, agent)
}
