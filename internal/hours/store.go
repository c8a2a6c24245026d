package hours

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// list reads all sets, the default first and the others by name.
func list(ctx context.Context, q db.Queryer) (out []Set, err error) {
	err = db.Each(ctx, q, `SELECT id, name, time_zone, week, country, own_days, default_since, created_at, version
		FROM business_hours WHERE deleted_at = 0 ORDER BY default_since DESC, id`, nil, func(rows *sql.Rows) error {
		s, err := scan(rows)
		s.Default = len(out) == 0
		out = append(out, s)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, q, "SELECT business_hours_id, inbox_id FROM business_hours_inbox ORDER BY inbox_id", nil, func(rows *sql.Rows) error {
		var id, inbox int64
		err := rows.Scan(&id, &inbox)
		if i := slices.IndexFunc(out, func(s Set) bool { return s.ID == id }); i >= 0 {
			out[i].Inboxes = append(out[i].Inboxes, inbox)
		}
		return err
	})
	slices.SortStableFunc(out, func(a, b Set) int {
		if a.Default != b.Default {
			return map[bool]int{true: -1, false: 1}[a.Default]
		}
		return cmp.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name))
	})
	return out, err
}

func scan(row interface{ Scan(...any) error }) (s Set, err error) {
	var week, own string
	var created int64
	if err := row.Scan(&s.ID, &s.Name, &s.TimeZone, &week, &s.Country, &own, &s.defaultSince, &created, &s.Version); err != nil {
		return s, err
	}
	s.CreatedAt = time.UnixMilli(created).UTC()
	if err := json.Unmarshal([]byte(week), &s.Week); err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(own), &s.OwnDays)
}

// current reads a set that is not deleted. There are few, so all are read.
func current(ctx context.Context, q db.Queryer, id int64) (Set, error) {
	all, err := list(ctx, q)
	if err != nil {
		return Set{}, err
	}
	if i := slices.IndexFunc(all, func(s Set) bool { return s.ID == id }); i >= 0 {
		return all[i], nil
	}
	return Set{}, errNotFound
}

func count(ctx context.Context, q db.Queryer) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM business_hours WHERE deleted_at = 0").Scan(&n)
	return n, err
}

// lock keeps a set, be it a deleted one, to this transaction.
func lock(ctx context.Context, tx *db.Tx, id int64) error {
	err := tx.QueryRow(ctx, "SELECT id FROM business_hours WHERE id = ?"+tx.Dialect.ForUpdate(), id).Scan(&id)
	if db.IsNoRows(err) {
		err = errNotFound
	}
	return err
}

func (s *Set) stored() (week, own string, err error) {
	w, err := json.Marshal(s.Week)
	if err != nil {
		return "", "", err
	}
	if s.OwnDays == nil {
		return string(w), "[]", nil
	}
	o, err := json.Marshal(s.OwnDays)
	return string(w), string(o), err
}

func insert(ctx context.Context, tx *db.Tx, s Set, at time.Time) (id int64, err error) {
	week, own, err := s.stored()
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, "INSERT INTO business_hours (name, time_zone, week, country, own_days, created_at) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
		s.Name, s.TimeZone, week, s.Country, own, at.UnixMilli()).Scan(&id)
	return id, err
}

func update(ctx context.Context, tx *db.Tx, s Set) error {
	week, own, err := s.stored()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "UPDATE business_hours SET name = ?, time_zone = ?, week = ?, country = ?, own_days = ?, version = version + 1 WHERE id = ?",
		s.Name, s.TimeZone, week, s.Country, own, s.ID)
	return err
}

// saveInboxes gives a set its inboxes, taking them from others.
func saveInboxes(ctx context.Context, tx *db.Tx, s Set) error {
	if _, err := tx.Exec(ctx, "DELETE FROM business_hours_inbox WHERE business_hours_id = ?", s.ID); err != nil {
		return err
	}
	for i, inbox := range s.Inboxes {
		n, err := tx.Exec(ctx, `INSERT INTO business_hours_inbox (inbox_id, business_hours_id) SELECT id, CAST(? AS BIGINT) FROM inbox WHERE id = ?
			ON CONFLICT (inbox_id) DO UPDATE SET business_hours_id = excluded.business_hours_id`, s.ID, inbox)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.InvalidField(fmt.Sprintf("body.inbox_ids[%d]", i), "There is no such inbox.")
		}
	}
	return nil
}

// makeDefault lets a set be the default after all that ever were.
func makeDefault(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, "UPDATE business_hours SET default_since = (SELECT MAX(default_since) + 1 FROM business_hours) WHERE id = ?", id)
	return err
}

func setDeleted(ctx context.Context, tx *db.Tx, id int64, at time.Time) error {
	_, err := tx.Exec(ctx, "UPDATE business_hours SET deleted_at = ?, version = version + 1 WHERE id = ?", at.UnixMilli(), id)
	return err
}

// setBack brings a set back behind those that are there.
func setBack(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.Exec(ctx, `UPDATE business_hours SET deleted_at = 0, version = version + 1,
		default_since = COALESCE((SELECT MIN(o.default_since) FROM business_hours o WHERE o.deleted_at = 0), 1) - 1 WHERE id = ?`, id)
	return err
}

// forget takes away for good what was deleted before the moment.
func forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM business_hours WHERE deleted_at > 0 AND deleted_at < ?", before.UnixMilli())
	return err
}
