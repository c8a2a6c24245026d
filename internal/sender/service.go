package sender

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Service is what can be done with lists and rules.
type Service struct {
	DB  *db.DB
	Now func() time.Time

	mu   sync.Mutex
	kept *Book
	at   stamp
}

// Book is everything that judging a mail needs, as it was at one moment.
type Book struct {
	Rules []Rule
	lists lists
}

// Judge says whether the address is blocked or allowed.
func (b *Book) Judge(address string) Verdict {
	if b == nil {
		return Verdict{}
	}
	return b.lists.judge(address)
}

// Book reads lists and rules; they are kept until something changes.
func (s *Service) Book(ctx context.Context) (_ *Book, err error) {
	defer errs.Wrap(&err, "read the lists of senders")
	at, err := readStamp(ctx, s.DB)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	kept, same := s.kept, s.at == at
	s.mu.Unlock()
	if kept != nil && same {
		return kept, nil
	}
	b := &Book{}
	if b.Rules, err = allRules(ctx, s.DB); err != nil {
		return nil, err
	}
	if b.lists, err = loadLists(ctx, s.DB); err != nil {
		return nil, err
	}
	s.mu.Lock()
	s.kept, s.at = b, at
	s.mu.Unlock()
	return b, nil
}

const seeded = "sender_ready_rules"

// Seed makes the ready rules that this installation has never had.
func (s *Service) Seed(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "make the ready rules")
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		had, err := db.Setting(ctx, tx, seeded)
		if err != nil {
			return err
		}
		known := had
		for _, r := range readyRules {
			if strings.Contains(","+known+",", ","+r.Ready+",") {
				continue
			}
			if err := insertRule(ctx, tx, &r, s.Now()); err != nil {
				return err
			}
			known = strings.Trim(known+","+r.Ready, ",")
		}
		if known == had {
			return nil
		}
		return db.SetSetting(ctx, tx, seeded, known)
	})
}

// List puts an address or domain on a list. Whole domains are a matter of the
// settings; an address on the other list changes over.
func (s *Service) List(ctx context.Context, k Kind, written string, conversation int64) (l Listed, err error) {
	defer errs.Wrap(&err, "list a sender")
	l = Listed{Kind: k, Agent: access.From(ctx).AgentID, Conversation: conversation, CreatedAt: s.Now()}
	if l.Pattern, err = Pattern(written); err != nil {
		return l, err
	}
	if wholeDomain(l.Pattern) {
		if err := access.From(ctx).Need(access.SettingsManage); err != nil {
			return l, err
		}
	}
	if k == Block {
		if err := checkBlock(l.Pattern); err != nil {
			return l, err
		}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error { return s.listTx(ctx, tx, &l) })
	return l, err
}

func (s *Service) listTx(ctx context.Context, tx *db.Tx, l *Listed) error {
	other := Allow
	if l.Kind == Allow {
		other = Block
	} else if own, err := isOwn(ctx, tx, l.Pattern); err != nil {
		return err
	} else if own {
		return errs.InvalidField("body.pattern", "This is an address of your own inboxes.")
	}
	n, err := countListed(ctx, tx)
	if err != nil {
		return err
	}
	if n >= MaxListed {
		return errs.New(errs.Invalid, "The lists hold 20,000 senders already. Delete some, or block whole domains.")
	}
	had, err := listedAmong(ctx, tx, []string{l.Pattern})
	if err != nil {
		return err
	}
	if err := deletePattern(ctx, tx, other, l.Pattern); err != nil {
		return err
	}
	if err := insertListed(ctx, tx, l); err != nil {
		return err
	}
	before, same := changedOver(had, l.Kind)
	if same {
		return nil
	}
	return s.auditListed(ctx, tx, "sender."+string(l.Kind)+"ed", before, l)
}

var errNoSender = errs.New(errs.NotFound, "This sender is on no list.")

// Unlist takes a sender off its list: whoever put an address there may do so,
// everything else is a matter of the settings.
func (s *Service) Unlist(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "take sender %d off its list", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		l, err := findListed(ctx, tx, id)
		if db.IsNoRows(err) {
			return errNoSender
		}
		if err != nil {
			return err
		}
		if actor := access.From(ctx); actor.AgentID != l.Agent || wholeDomain(l.Pattern) {
			if err := actor.Need(access.SettingsManage); err != nil {
				return err
			}
		}
		if err := deleteListed(ctx, tx, id); err != nil {
			return err
		}
		return s.auditListed(ctx, tx, "sender.unlisted", &l, nil)
	})
}

// Listed reads a list newest first, or the entries that are about an address.
func (s *Service) Listed(ctx context.Context, k Kind, address string, before int64, limit int) (_ []Listed, err error) {
	defer errs.Wrap(&err, "list senders")
	if address != "" {
		patterns := patternsOf(address)
		if len(patterns) == 0 {
			return nil, nil
		}
		return listedAmong(ctx, s.DB, patterns)
	}
	if before == 0 {
		before = 1 << 62
	}
	return listListed(ctx, s.DB, k, before, limit)
}

const (
	keepDays      = "spam_keep_days"
	keepTrashDays = "trash_keep_days"
	// DefaultKeepDays is how long spam and trash are kept unless an admin says otherwise.
	DefaultKeepDays = 30
)

// KeepDays is after how many days spam and trash are deleted, 0 = never.
func (s *Service) KeepDays(ctx context.Context) (spam, trash int, err error) {
	defer errs.Wrap(&err, "read how long spam and trash are kept")
	if spam, err = s.days(ctx, keepDays); err == nil {
		trash, err = s.days(ctx, keepTrashDays)
	}
	return spam, trash, err
}

func (s *Service) days(ctx context.Context, name string) (int, error) {
	v, err := db.Setting(ctx, s.DB, name)
	if err != nil || v == "" {
		return DefaultKeepDays, err
	}
	return strconv.Atoi(v)
}

// SetKeepDays sets after how many days spam and trash are deleted, 0 = never; nil stays.
func (s *Service) SetKeepDays(ctx context.Context, spam, trash *int) (err error) {
	defer errs.Wrap(&err, "set how long spam and trash are kept")
	wasSpam, wasTrash, err := s.KeepDays(ctx)
	if err != nil {
		return err
	}
	before, after := map[string]int{"keep_days": wasSpam, "trash_keep_days": wasTrash}, map[string]int{"keep_days": wasSpam, "trash_keep_days": wasTrash}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, one := range []struct {
			name, field string
			days        *int
		}{{keepDays, "keep_days", spam}, {keepTrashDays, "trash_keep_days", trash}} {
			if one.days == nil {
				continue
			}
			if *one.days < 0 || *one.days > 3650 {
				return errs.InvalidField("body."+one.field, "This is a number of days from 1 to 3650, or 0 to delete nothing.")
			}
			after[one.field] = *one.days
			if err := db.SetSetting(ctx, tx, one.name, strconv.Itoa(*one.days)); err != nil {
				return err
			}
		}
		return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "settings.spam", Subject: "settings", Before: before, After: after})
	})
}

// escaped makes a text literal inside LIKE with the escape character "!".
func escaped(s string) string { return strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(s) }

// Tried is what the rules make of a mail.
type Tried struct {
	Message   *mail.Message
	Taken     *Taken // nil = From stays the customer
	Automatic bool   // it would count as written by a machine
	Verdict   Verdict
}

// Try says what the rules make of a raw mail; extra, if any, is tried before
// them as if it were saved.
func (s *Service) Try(ctx context.Context, raw []byte, extra *Rule) (out Tried, err error) {
	defer errs.Wrap(&err, "try the rules on a mail")
	book, err := s.Book(ctx)
	if err != nil {
		return out, err
	}
	rules := book.Rules
	if extra != nil {
		if err := extra.check(); err != nil {
			return out, err
		}
		extra.Enabled = true
		rules = append([]Rule{*extra}, rules...)
	}
	own, err := ownAddresses(ctx, s.DB)
	if err != nil {
		return out, err
	}
	if out.Message, err = mail.ParseBytes(raw, mail.Options{}); err != nil {
		return out, err
	}
	out.Automatic = out.Message.Automatic || out.Message.AutoReply || out.Message.Bounce
	customer := out.Message.From.Address
	if taken, ok := Take(rules, out.Message, func(a string) bool { return own[strings.ToLower(a)] }); ok {
		out.Taken, out.Automatic, customer = &taken, false, taken.Customer.Address
	}
	out.Verdict = book.Judge(customer)
	return out, nil
}
