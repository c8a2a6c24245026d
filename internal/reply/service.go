package reply

import (
	"context"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/hours"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// InboxFacts is what a text may say of an inbox.
type InboxFacts struct{ Name, Address, FromName string }

// Service keeps saved replies and macros and fills them in.
type Service struct {
	DB            *db.DB
	Now           func() time.Time
	Conversations *conversation.Service
	Customers     *customer.Service
	Inbox         func(ctx context.Context, id int64) (InboxFacts, error)
	// Hours are those that an inbox keeps; inbox 0 asks for the default.
	Hours func(ctx context.Context, inbox int64) (hours.Set, bool, error)
	// Copy makes a blob of its own with the same bytes.
	Copy func(ctx context.Context, key string) (string, error)
	// Open reads a blob and tells its size in bytes.
	Open func(ctx context.Context, key string) (io.ReadSeekCloser, int64, error)
}

func errNotFound(k Kind) error {
	if k == Macro {
		return errs.New(errs.NotFound, "There is no such macro.")
	}
	return errs.New(errs.NotFound, "There is no such saved reply.")
}

// sees tells whether the actor may use r: everybody's, and their own.
func sees(a *access.Actor, r *Reply) bool {
	return a != nil && (a.System || r.Shared || r.Owner == a.AgentID)
}

// MayEdit tells whether the actor may change r: their own ones, and with a
// permission those of everybody.
func MayEdit(a *access.Actor, r *Reply) bool {
	return sees(a, r) && (a.May(access.RepliesManage) || !r.Shared && r.Owner == a.AgentID)
}

// List returns those that the actor may use and in which all the words occur,
// what they used last first.
func (s *Service) List(ctx context.Context, k Kind, words, folder string) (out []Reply, err error) {
	defer errs.Wrap(&err, "list saved replies")
	a := access.From(ctx)
	all, err := list(ctx, s.DB, k, a.AgentID)
	if err != nil {
		return nil, err
	}
	wanted := strings.Fields(fold(words))
	for _, r := range all {
		if !sees(a, &r) || folder != "" && r.Folder != folder && !strings.HasPrefix(r.Folder, folder+"/") {
			continue
		}
		if matches(fold(r.searchable()), wanted) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(x, y Reply) int {
		switch {
		case x.before(&y):
			return -1
		case y.before(&x):
			return 1
		}
		return 0
	})
	return out, nil
}

func matches(text string, words []string) bool {
	for _, w := range words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	return true
}

// fold makes equal what people type for each other: case, and the Turkish i's.
func fold(s string) string {
	return strings.NewReplacer("ı", "i", "i̇", "i").Replace(strings.ToLower(strings.ReplaceAll(s, "İ", "i")))
}

// Get reads one that the actor may use.
func (s *Service) Get(ctx context.Context, k Kind, id int64) (r Reply, err error) {
	defer errs.Wrap(&err, "read saved reply %d", id)
	return s.get(ctx, s.DB, k, id)
}

func (s *Service) get(ctx context.Context, q db.Queryer, k Kind, id int64) (Reply, error) {
	a := access.From(ctx)
	r, err := find(ctx, q, id, a.AgentID)
	if db.IsNoRows(err) || err == nil && (r.Kind != k || !sees(a, &r)) {
		return Reply{}, errNotFound(k)
	}
	return r, err
}

// Create keeps a new one. Shared ones need a permission.
func (s *Service) Create(ctx context.Context, r Reply, files []int64) (out Reply, err error) {
	defer errs.Wrap(&err, "create a saved reply")
	a := access.From(ctx)
	r.Owner = a.AgentID
	if err := s.mayShare(a, r); err != nil {
		return out, err
	}
	r.clean()
	if err := r.check(); err != nil {
		return out, err
	}
	if r.Files, err = s.copyFiles(ctx, &r, files); err != nil {
		return out, err
	}
	if err := r.checkFiles(); err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		n, err := count(ctx, tx)
		if err != nil {
			return err
		}
		if n >= MaxReplies {
			return errs.Newf(errs.Conflict, "There are %d saved replies already. Delete some first.", n)
		}
		if err := insert(ctx, tx, &r, s.Now()); err != nil {
			return err
		}
		if err := addFiles(ctx, tx, r.ID, r.Files); err != nil {
			return err
		}
		out, err = find(ctx, tx, r.ID, a.AgentID)
		return err
	})
	return out, err
}

func (s *Service) mayShare(a *access.Actor, r Reply) error {
	if r.Shared && !a.May(access.RepliesManage) {
		return errs.New(errs.Forbidden, "Your role does not allow you to change what everybody uses. Keep it for yourself.")
	}
	return nil
}

// clean sanitises the texts; what stands between braces is text and stays.
func (r *Reply) clean() {
	for locale, source := range r.Texts {
		safe, _ := mail.SanitizeHTML(source)
		if strings.TrimSpace(mail.HTMLToText(safe)) == "" && !strings.Contains(safe, "<img") {
			delete(r.Texts, locale)
			continue
		}
		r.Texts[locale] = safe
	}
}

// Change is a partial update; nil stays.
type Change struct {
	Name, Folder, DefaultLocale *string
	Shared                      *bool
	Owner                       *int64
	ExpiresAt                   *time.Time        // zero = it stays
	Texts                       map[string]string // replaces all
	Actions                     *Actions
	Reviewed                    bool
	Files                       *[]int64 // of it, or uploads; replaces all
	Version                     *int64
}

// Update changes one; stale when somebody else changed it since Version.
func (s *Service) Update(ctx context.Context, k Kind, id int64, ch Change) (out Reply, err error) {
	defer errs.Wrap(&err, "change saved reply %d", id)
	a := access.From(ctx)
	files, err := s.newFiles(ctx, k, id, ch)
	if err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := s.get(ctx, tx, k, id)
		if err != nil {
			return err
		}
		if !MayEdit(a, &r) {
			return s.mayShare(a, Reply{Shared: true})
		}
		if ch.Version != nil && *ch.Version != r.Version {
			return errs.Stale("Somebody else changed this. Look again, then repeat.")
		}
		r.apply(ch, s.Now())
		if ch.Files != nil {
			r.Files = files
		}
		if err := s.mayBecome(ctx, tx, &r, ch); err != nil {
			return err
		}
		if err := update(ctx, tx, &r, s.Now()); err != nil {
			return err
		}
		if ch.Files != nil {
			if err := setFiles(ctx, tx, id, files); err != nil {
				return err
			}
		}
		out, err = find(ctx, tx, id, a.AgentID)
		return err
	})
	return out, err
}

// newFiles copies what a change brings, before the transaction begins.
func (s *Service) newFiles(ctx context.Context, k Kind, id int64, ch Change) ([]File, error) {
	if ch.Files == nil {
		return nil, nil
	}
	r, err := s.get(ctx, s.DB, k, id)
	if err != nil {
		return nil, err
	}
	if a := access.From(ctx); !MayEdit(a, &r) {
		return nil, s.mayShare(a, Reply{Shared: true})
	}
	r.apply(ch, s.Now())
	return s.copyFiles(ctx, &r, *ch.Files)
}

// mayBecome checks what r is to be.
func (s *Service) mayBecome(ctx context.Context, q db.Queryer, r *Reply, ch Change) error {
	a := access.From(ctx)
	if err := s.mayShare(a, *r); err != nil {
		return err
	}
	if err := r.check(); err != nil {
		return err
	}
	if err := r.checkFiles(); err != nil || ch.Owner == nil {
		return err
	}
	if !r.Shared && r.Owner != a.AgentID {
		return errs.InvalidField("body.owner_id", "Only what everybody uses can be looked after by somebody else.")
	}
	active, err := works(ctx, q, r.Owner)
	if err == nil && !active {
		err = errs.InvalidField("body.owner_id", "There is no such agent, or they do not work here any more.")
	}
	return err
}

func (r *Reply) apply(ch Change, at time.Time) {
	for _, p := range []struct{ to, from *string }{{&r.Name, ch.Name}, {&r.Folder, ch.Folder}, {&r.DefaultLocale, ch.DefaultLocale}} {
		if p.from != nil {
			*p.to = *p.from
		}
	}
	if ch.Shared != nil {
		r.Shared = *ch.Shared
	}
	if ch.Owner != nil {
		r.Owner = *ch.Owner
	}
	if ch.ExpiresAt != nil {
		r.ExpiresAt = *ch.ExpiresAt
	}
	if ch.Texts != nil {
		r.Texts = maps.Clone(ch.Texts)
		r.clean()
	}
	if ch.Actions != nil {
		r.Actions = *ch.Actions
	}
	if ch.Reviewed || ch.Texts != nil {
		r.ReviewedAt = at
	}
}

// Delete removes one.
func (s *Service) Delete(ctx context.Context, k Kind, id int64) (err error) {
	defer errs.Wrap(&err, "delete saved reply %d", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := s.get(ctx, tx, k, id)
		if err != nil {
			return err
		}
		if a := access.From(ctx); !MayEdit(a, &r) {
			return s.mayShare(a, Reply{Shared: true})
		}
		return remove(ctx, tx, id)
	})
}

// Blobs tells which of the keys belong to files of saved replies.
func (s *Service) Blobs(ctx context.Context, keys []string) (_ map[string]bool, err error) {
	defer errs.Wrap(&err, "look for the owners of blobs")
	return blob.OwnedBy(ctx, s.DB, keys, "saved_reply_file")
}
