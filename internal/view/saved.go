package view

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Audience is who has a saved view in their sidebar.
type Audience string

// The audiences.
const (
	Me   Audience = "me"
	Team Audience = "team"
	All  Audience = "all"
)

// Saved is a view that somebody made.
type Saved struct {
	ID         int64
	Name       string
	Icon       string
	Owner      int64
	Audience   Audience
	Team       int64
	Conditions Condition
	Sort       Sort
	Counted    bool
	// TabsBy is the property whose values are the view's tabs; "" = it has none.
	TabsBy  string
	Version int64
	// Missing names what the conditions speak of and what is there no more, such as "tag 12".
	Missing []string
}

const maxSaved = 1000

func errNoView() error { return errs.New(errs.NotFound, "There is no such view.") }

func (v *Saved) sees(a *access.Actor) bool {
	switch {
	case a.System || v.Owner == a.AgentID || v.Audience == All:
		return true
	}
	return v.Audience == Team && slices.Contains(a.Scope.Teams, v.Team)
}

// MayEdit tells whether the actor may change v: their own, or with a permission any they see.
func (v *Saved) MayEdit(a *access.Actor) bool {
	return v.sees(a) && (a.May(access.ViewsManage) || v.Owner == a.AgentID && v.Audience == Me)
}

func (v *Saved) check(a *access.Actor, fields field.Set) error {
	v.Name = strings.TrimSpace(v.Name)
	if v.Name == "" || utf8.RuneCountInString(v.Name) > 80 || strings.ContainsAny(v.Name, "\r\n\x00") {
		return errs.InvalidField("body.name", "A name has between 1 and 80 characters.")
	}
	if len(v.Icon) > 40 {
		return errs.InvalidField("body.icon", "There is no such icon.")
	}
	if v.TabsBy != "" {
		if err := checkTabs(v.TabsBy, "body.tabs_by", fields); err != nil {
			return err
		}
	}
	if columns[v.Sort].column == "" {
		return errs.InvalidField("body.sort", "The order must be one of newest, oldest, waiting and urgency.")
	}
	switch v.Audience {
	case Me, All:
		v.Team = 0
	case Team:
		if v.Team == 0 {
			return errs.InvalidField("body.team_id", "Say which team has this view.")
		}
	default:
		return errs.InvalidField("body.audience", "The audience must be one of me, team and all.")
	}
	if v.Audience != Me && !a.May(access.ViewsManage) {
		return errs.New(errs.Forbidden, "Your role does not allow you to share views. Keep it for yourself.")
	}
	n := 0
	return v.Conditions.check(0, &n, fields)
}

// Saved lists the views that the actor has, in their own order, then by name.
func (s *Service) Saved(ctx context.Context) (out []Saved, err error) {
	defer errs.Wrap(&err, "list saved views")
	a, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	all, err := savedViews(ctx, s.DB, a.AgentID, 0)
	for _, v := range all {
		if v.sees(a) {
			out = append(out, v)
		}
	}
	return out, err
}

// OneSaved reads a view that the actor has, and says what of it is missing.
func (s *Service) OneSaved(ctx context.Context, id int64) (v Saved, err error) {
	defer errs.Wrap(&err, "read saved view %d", id)
	a, err := caller(ctx)
	if err != nil {
		return v, err
	}
	return s.oneSaved(ctx, s.DB, a, id)
}

func (s *Service) oneSaved(ctx context.Context, q db.Queryer, a *access.Actor, id int64) (Saved, error) {
	list, err := savedViews(ctx, q, a.AgentID, id)
	if err != nil {
		return Saved{}, err
	}
	if len(list) == 0 || !list[0].sees(a) {
		return Saved{}, errNoView()
	}
	v := list[0]
	for _, kind := range []string{"tag", "inbox", "team", "assignee"} {
		gone, err := goneOf(ctx, q, kind, v.Conditions.named(kind))
		if err != nil {
			return v, err
		}
		for _, id := range gone {
			v.Missing = append(v.Missing, fmt.Sprintf("%s %d", kind, id))
		}
	}
	keys := v.Conditions.ownFields()
	fields, err := s.defined(ctx, q, keys)
	for _, key := range keys {
		if f, ok := fields.Find(key); !ok || f.Archived {
			v.Missing = append(v.Missing, "field "+key)
		}
	}
	return v, err
}

// Save makes a view, or changes the one with this id. version is the one it was
// read with, 0 = whatever it is.
func (s *Service) Save(ctx context.Context, v Saved, version int64) (out Saved, err error) {
	defer errs.Wrap(&err, "save view %d", v.ID)
	a, err := caller(ctx)
	if err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if v.ID != 0 {
			have, err := s.oneSaved(ctx, tx, a, v.ID)
			if err != nil {
				return err
			}
			if !have.MayEdit(a) {
				return errs.New(errs.Forbidden, "Your role does not allow you to change this view.")
			}
			if version != 0 && version != have.Version {
				return errs.Stale("Somebody else changed this view. Look again, then repeat.")
			}
			v.Owner = have.Owner
		} else if n, err := countSavedViews(ctx, tx); err != nil {
			return err
		} else if n >= maxSaved {
			return errs.Newf(errs.Conflict, "There are %d saved views. Delete one first.", maxSaved)
		} else {
			v.Owner = a.AgentID
		}
		fields, err := s.defined(ctx, tx, append(v.Conditions.ownFields(), ownKeys(v.TabsBy)...))
		if err != nil {
			return err
		}
		if err := v.check(a, fields); err != nil {
			return err
		}
		if err := writeSaved(ctx, tx, &v, s.Now()); err != nil {
			return err
		}
		out, err = s.oneSaved(ctx, tx, a, v.ID)
		return err
	})
	return out, err
}

// keptDeleted is how long a deleted view can be brought back.
const keptDeleted = 30 * 24 * time.Hour

// DeleteSaved deletes a view for everybody who has it. It can be brought back with [Service.RestoreSaved].
func (s *Service) DeleteSaved(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "delete view %d", id)
	a, err := caller(ctx)
	if err != nil {
		return err
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		have, err := s.oneSaved(ctx, tx, a, id)
		if err != nil {
			return err
		}
		if !have.MayEdit(a) {
			return errs.New(errs.Forbidden, "Your role does not allow you to delete this view.")
		}
		now := s.Now()
		return deleteSaved(ctx, tx, id, now, now.Add(-keptDeleted))
	})
}

// RestoreSaved brings back a deleted view: one's own, or with the permission a shared one.
func (s *Service) RestoreSaved(ctx context.Context, id int64) (v Saved, err error) {
	defer errs.Wrap(&err, "restore view %d", id)
	a, err := caller(ctx)
	if err != nil {
		return v, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		owner, audience, err := restoreSaved(ctx, tx, id)
		if err != nil {
			return err
		}
		if owner == 0 || owner != a.AgentID && (audience == Me || !a.May(access.ViewsManage)) || audience != Me && !a.May(access.ViewsManage) {
			return errNoView()
		}
		v, err = s.oneSaved(ctx, tx, a, id)
		return err
	})
	return v, err
}

// OrderSaved keeps the actor's own order of the views; those that they do not
// have are left out, those not named follow by name.
func (s *Service) OrderSaved(ctx context.Context, ids []int64) (err error) {
	defer errs.Wrap(&err, "order saved views")
	a, err := caller(ctx)
	if err != nil {
		return err
	}
	if a.AgentID == 0 {
		return nil
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := savedViews(ctx, tx, a.AgentID, 0)
		if err != nil {
			return err
		}
		has := map[int64]bool{}
		for _, v := range all {
			has[v.ID] = v.sees(a)
		}
		var known []int64
		for _, id := range ids {
			if has[id] {
				known = append(known, id)
				has[id] = false
			}
		}
		return placeSaved(ctx, tx, a.AgentID, known)
	})
}
