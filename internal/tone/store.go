package tone

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	texttone "github.com/deskbell/deskbell/internal/text/tone"
)

const day = 24 * time.Hour

// settings are the parameters of a rule as they are stored.
type settings struct {
	Terms         []texttone.Term `json:"terms,omitempty"`
	Form          texttone.Form   `json:"form,omitempty"`
	MaxWords      int             `json:"max_words,omitempty"`
	MaxCharacters int             `json:"max_characters,omitempty"`
	Phrases       []string        `json:"phrases,omitempty"`
	When          texttone.When   `json:"when,omitempty"`
	Examples      []string        `json:"examples,omitempty"`
}

const columns = "id, name, kind, strictness, enabled, languages, inboxes, reason, settings, starter, deleted_at, created_at, version"

func scan(row interface{ Scan(...any) error }) (r Rule, err error) {
	var languages, inboxes, stored string
	var deleted, created int64
	err = row.Scan(&r.ID, &r.Name, &r.Kind, &r.Strictness, &r.Enabled, &languages, &inboxes, &r.Reason, &stored, &r.Starter, &deleted, &created, &r.Version)
	if err != nil {
		return r, err
	}
	var s settings
	for _, part := range []struct {
		text string
		into any
	}{{languages, &r.Languages}, {inboxes, &r.Inboxes}, {stored, &s}} {
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return r, err
		}
	}
	r.Terms, r.Form, r.MaxWords, r.MaxCharacters = s.Terms, s.Form, s.MaxWords, s.MaxCharacters
	r.Phrases, r.When, r.Examples = s.Phrases, s.When, s.Examples
	if r.CreatedAt = time.UnixMilli(created).UTC(); deleted != 0 {
		r.DeletedAt = time.UnixMilli(deleted).UTC()
	}
	return r, nil
}

// list reads the rules in the order in which they were made.
func list(ctx context.Context, q db.Queryer) (out []Rule, err error) {
	err = db.Each(ctx, q, "SELECT "+columns+" FROM tone_rule WHERE deleted_at = 0 ORDER BY id", nil, func(rows *sql.Rows) error {
		r, err := scan(rows)
		out = append(out, r)
		return err
	})
	return out, err
}

// find reads a rule, be it a deleted one.
func find(ctx context.Context, q db.Queryer, id int64, lock string) (Rule, error) {
	r, err := scan(q.QueryRow(ctx, "SELECT "+columns+" FROM tone_rule WHERE id = ?"+lock, id))
	if db.IsNoRows(err) {
		err = errNotFound
	}
	return r, err
}

func count(ctx context.Context, q db.Queryer) (n int, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM tone_rule WHERE deleted_at = 0").Scan(&n)
	return n, err
}

// stored are the parts of a rule that are kept as JSON.
func (r *Rule) stored() (languages, inboxes, params string) {
	text := func(v any, none string) string {
		b, _ := json.Marshal(v) // strings and numbers only
		if string(b) == "null" {
			return none
		}
		return string(b)
	}
	return text(r.Languages, "[]"), text(r.Inboxes, "[]"), text(settings{r.Terms, r.Form, r.MaxWords, r.MaxCharacters, r.Phrases, r.When, r.Examples}, "{}")
}

func insert(ctx context.Context, tx *db.Tx, r *Rule, at time.Time) error {
	languages, inboxes, params := r.stored()
	return tx.QueryRow(ctx, `INSERT INTO tone_rule (name, kind, strictness, enabled, languages, inboxes, reason, settings, starter, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		r.Name, string(r.Kind), string(r.Strictness), r.Enabled, languages, inboxes, r.Reason, params, r.Starter, at.UnixMilli()).Scan(&r.ID)
}

func update(ctx context.Context, tx *db.Tx, r *Rule) error {
	languages, inboxes, params := r.stored()
	var deleted int64
	if !r.DeletedAt.IsZero() {
		deleted = r.DeletedAt.UnixMilli()
	}
	_, err := tx.Exec(ctx, `UPDATE tone_rule SET name = ?, strictness = ?, enabled = ?, languages = ?, inboxes = ?, reason = ?, settings = ?, deleted_at = ?,
		version = version + 1 WHERE id = ?`,
		r.Name, string(r.Strictness), r.Enabled, languages, inboxes, r.Reason, params, deleted, r.ID)
	return err
}

// forget takes away for good what was deleted before the moment.
func forget(ctx context.Context, tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(ctx, "DELETE FROM tone_rule WHERE deleted_at > 0 AND deleted_at < ?", before.UnixMilli())
	return err
}

// starters are the keys of rules that came with the program and are there.
func starters(ctx context.Context, q db.Queryer) (map[string]bool, error) {
	out := map[string]bool{}
	err := db.Each(ctx, q, "SELECT starter FROM tone_rule WHERE deleted_at = 0 AND starter <> ''", nil, func(rows *sql.Rows) error {
		var key string
		err := rows.Scan(&key)
		out[key] = true
		return err
	})
	return out, err
}

// stamp changes whenever a rule does: ids are never used twice.
type stamp [3]int64

func readStamp(ctx context.Context, q db.Queryer) (s stamp, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*), COALESCE(MAX(id), 0), COALESCE(SUM(version), 0) FROM tone_rule").Scan(&s[0], &s[1], &s[2])
	return s, err
}

// addIgnored counts a reply against a rule that is there.
func addIgnored(ctx context.Context, tx *db.Tx, rule int64, at time.Time) error {
	today := at.Truncate(day).UnixMilli()
	_, err := tx.Exec(ctx, `INSERT INTO tone_ignored (rule_id, day, times) SELECT id, CAST(? AS BIGINT), 1 FROM tone_rule WHERE id = ? AND deleted_at = 0
		ON CONFLICT (rule_id, day) DO UPDATE SET times = tone_ignored.times + 1`, today, rule)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, "DELETE FROM tone_ignored WHERE rule_id = ? AND day < ?", rule, at.Add(-keepIgnored).UnixMilli())
	return err
}

const keepIgnored = 90 * day

func ignored(ctx context.Context, q db.Queryer, since time.Time) (map[int64]int64, error) {
	out := map[int64]int64{}
	err := db.Each(ctx, q, "SELECT rule_id, SUM(times) FROM tone_ignored WHERE day >= ? GROUP BY rule_id", []any{since.UnixMilli()}, func(rows *sql.Rows) error {
		var rule, n int64
		err := rows.Scan(&rule, &n)
		out[rule] = n
		return err
	})
	return out, err
}

func inboxThere(ctx context.Context, q db.Queryer, id int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM inbox WHERE id = ?", id).Scan(&n)
	return n > 0, err
}
