package sender

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

var errNoRule = errs.New(errs.NotFound, "There is no such rule.")

// AllRules reads the rules in the order in which they are tried.
func (s *Service) AllRules(ctx context.Context) (_ []Rule, err error) {
	defer errs.Wrap(&err, "read the rules")
	return allRules(ctx, s.DB)
}

// CreateRule makes a rule behind all others.
func (s *Service) CreateRule(ctx context.Context, r Rule) (out Rule, err error) {
	defer errs.Wrap(&err, "make a rule")
	r.Ready = ""
	if err := r.check(); err != nil {
		return out, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := allRules(ctx, tx)
		if err != nil {
			return err
		}
		if len(all) >= MaxRules {
			return errs.New(errs.Invalid, "There are 200 rules already.")
		}
		if err := insertRule(ctx, tx, &r, s.Now()); err != nil {
			return err
		}
		if out, err = findRule(ctx, tx, r.ID, ""); err != nil {
			return err
		}
		return s.auditRule(ctx, tx, "rule.created", nil, &out)
	})
	return out, err
}

// ChangeRule applies change to the rule as it is now. version 0 is no check.
func (s *Service) ChangeRule(ctx context.Context, id, version int64, change func(*Rule)) (out Rule, err error) {
	defer errs.Wrap(&err, "change rule %d", id)
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		r, err := findRule(ctx, tx, id, tx.Dialect.ForUpdate())
		if db.IsNoRows(err) {
			return errNoRule
		}
		if err != nil {
			return err
		}
		if version != 0 && version != r.Version {
			return errs.Stale("Somebody else changed this rule. Look again, then repeat.")
		}
		before := r
		change(&r)
		if err := r.check(); err != nil {
			return err
		}
		if err := updateRule(ctx, tx, r); err != nil {
			return err
		}
		if out, err = findRule(ctx, tx, id, ""); err != nil {
			return err
		}
		return s.auditRule(ctx, tx, "rule.changed", &before, &out)
	})
	return out, err
}

// OrderRules sets the order in which rules are tried; rules that are not named
// come last.
func (s *Service) OrderRules(ctx context.Context, ids []int64) (err error) {
	defer errs.Wrap(&err, "order the rules")
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		all, err := allRules(ctx, tx)
		if err != nil {
			return err
		}
		place := map[int64]int64{}
		for i, id := range ids {
			place[id] = int64(i) + 1
		}
		for i, r := range all {
			to := place[r.ID]
			if to == 0 {
				to = int64(len(ids)+i) + 1
			}
			if to == r.Position {
				continue
			}
			r.Position = to
			if err := updateRule(ctx, tx, r); err != nil {
				return err
			}
		}
		after, err := allRules(ctx, tx)
		if err != nil {
			return err
		}
		return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "rule.ordered", Subject: "rule", Before: orderOf(all), After: orderOf(after)})
	})
}

func orderOf(list []Rule) map[string][]string {
	names := []string{}
	for _, r := range list {
		names = append(names, r.Name)
	}
	return map[string][]string{"order": names}
}

// DeleteRule deletes a rule, be it one that came with the program.
func (s *Service) DeleteRule(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "delete rule %d", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := findRule(ctx, tx, id, tx.Dialect.ForUpdate())
		if db.IsNoRows(err) {
			return errNoRule
		}
		if err != nil {
			return err
		}
		if _, err := deleteRule(ctx, tx, id); err != nil {
			return err
		}
		return s.auditRule(ctx, tx, "rule.deleted", &before, nil)
	})
}

func (s *Service) auditRule(ctx context.Context, tx *db.Tx, action string, before, after *Rule) error {
	e := audit.Entry{Action: action, Subject: "rule"}
	if before != nil {
		e.ID, e.Name, e.Before = before.ID, before.Name, ruleOf(*before)
	}
	if after != nil {
		e.ID, e.Name, e.After = after.ID, after.Name, ruleOf(*after)
	}
	return audit.RecordTx(ctx, tx, s.Now(), e)
}
