package audit

import (
	"context"
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Row is one kept action.
type Row struct {
	Number  int64
	At      time.Time
	Who     Who
	Address string
	Action  string
	Subject string
	ID      int64
	Name    string
	Before  Fields
	After   Fields
}

func insert(ctx context.Context, tx *db.Tx, r Row) error {
	before, err := json.Marshal(r.Before)
	if err != nil {
		return err
	}
	after, err := json.Marshal(r.After)
	if err != nil {
		return err
	}
	return tx.Send(ctx, `INSERT INTO audit (at, actor_type, actor_id, actor_name, key_id, address, action, subject_type,
			subject_id, subject_name, was, became) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		r.At.UnixMilli(), r.Who.kind(), r.Who.Agent, r.Who.Name, r.Who.Key, r.Address, r.Action, r.Subject, r.ID, r.Name,
		string(before), string(after))
}

func (w Who) kind() string {
	switch {
	case w.Key != 0:
		return "key"
	case w.Agent != 0:
		return "agent"
	}
	return "system"
}

// Filter narrows the list; zero values do not.
type Filter struct {
	Before  int64 // rows with a smaller number
	Agent   int64
	Subject string
	ID      int64 // with Subject
	From    time.Time
	Until   time.Time
}

// List reads rows, newest first.
func List(ctx context.Context, q db.Queryer, f Filter, limit int) (out []Row, err error) {
	defer errs.Wrap(&err, "read the audit log")
	where, args := []string{"1 = 1"}, []any{}
	and := func(set bool, condition string, value any) {
		if set {
			where, args = append(where, condition), append(args, value)
		}
	}
	and(f.Before != 0, "id < ?", f.Before)
	and(f.Agent != 0, "actor_id = ?", f.Agent)
	and(f.Subject != "", "subject_type = ?", f.Subject)
	and(f.Subject != "" && f.ID != 0, "subject_id = ?", f.ID)
	and(!f.From.IsZero(), "at >= ?", f.From.UnixMilli())
	and(!f.Until.IsZero(), "at < ?", f.Until.UnixMilli())
	err = db.Each(ctx, q, `SELECT id, at, actor_id, actor_name, key_id, address, action, subject_type, subject_id, subject_name, was, became
		FROM audit WHERE `+strings.Join(where, " AND ")+" ORDER BY id DESC LIMIT ?", append(args, limit), func(rows *sql.Rows) error {
		var r Row
		var at int64
		var before, after string
		err := rows.Scan(&r.Number, &at, &r.Who.Agent, &r.Who.Name, &r.Who.Key, &r.Address, &r.Action, &r.Subject, &r.ID, &r.Name, &before, &after)
		if err != nil {
			return err
		}
		r.At = time.UnixMilli(at).UTC()
		if err := json.Unmarshal([]byte(before), &r.Before); err != nil {
			return err
		}
		out = append(out, r)
		return json.Unmarshal([]byte(after), &out[len(out)-1].After)
	})
	return out, err
}

// The log is kept for two years unless an owner sets something else.
const (
	DefaultDays = 730
	MinDays     = 30
	MaxDays     = 3650
	keepSetting = "audit_keep_days"
)

// KeepDays is for how long rows are kept.
func KeepDays(ctx context.Context, q db.Queryer) (int, error) {
	text, err := db.Setting(ctx, q, keepSetting)
	if err != nil || text == "" {
		return DefaultDays, err
	}
	return strconv.Atoi(text)
}

// SetKeepDaysTx changes for how long rows are kept.
func SetKeepDaysTx(ctx context.Context, tx *db.Tx, days int) error {
	if days < MinDays || days > MaxDays {
		return errs.InvalidField("body.audit_keep_days", "The audit log is kept for 30 to 3,650 days.")
	}
	return db.SetSetting(ctx, tx, keepSetting, strconv.Itoa(days))
}

// Prune deletes at most limit rows that are older than what is kept.
func Prune(ctx context.Context, d *db.DB, now time.Time, limit int) (n int64, err error) {
	defer errs.Wrap(&err, "forget old rows of the audit log")
	days, err := KeepDays(ctx, d)
	if err != nil {
		return 0, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, "DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)",
			now.AddDate(0, 0, -days).UnixMilli(), limit)
		return err
	})
	return n, err
}

// ForgetNamesTx takes the words about subjects that were erased out of the log.
// That something was done with them, by whom and when, stays.
func ForgetNamesTx(ctx context.Context, tx *db.Tx, subject string, ids ...int64) error {
	for _, id := range ids {
		if err := tx.Send(ctx, "UPDATE audit SET subject_name = '', was = '{}', became = '{}' WHERE subject_type = ? AND subject_id = ?", subject, id); err != nil {
			return err
		}
	}
	return nil
}
