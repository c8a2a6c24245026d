// Package event is the durable feed: facts in the past tense, written in the
// transaction of the change and read in commit order.
//
// Tables: event
package event

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Type is the name of a fact, such as "message.received".
type Type string

// Event is one fact. The ids are those that visibility needs.
type Event struct {
	ID           int64
	Cursor       Cursor // its place in the feed, set when read
	Type         Type
	At           time.Time
	ActorType    string // agent, customer, system
	ActorID      int64
	Conversation int64
	Inbox        int64
	Team         int64
	Assignee     int64
	Data         json.RawMessage
}

// Cursor is a place in the feed. The text form is opaque to clients; "" is the
// oldest event kept.
type Cursor struct{ XID, ID int64 }

func (c Cursor) String() string {
	return strconv.FormatInt(c.XID, 36) + "." + strconv.FormatInt(c.ID, 36)
}

// Less tells whether c comes before other.
func (c Cursor) Less(other Cursor) bool {
	return c.XID < other.XID || c.XID == other.XID && c.ID < other.ID
}

// Behind is the condition on rows of event that lie behind c.
//
// SQLite has one writer, so its xid is 0 in every row and id alone is the order.
// Comparing the pair there would walk the whole feed: its planner looks up the
// first column of a pair only. The plus keeps it off that column.
func (c Cursor) Behind(d db.Dialect) (where string, args []any) {
	if d == db.Postgres {
		return "(xid, id) > (?, ?)", []any{c.XID, c.ID}
	}
	return "(+xid >= ? AND id > ?)", []any{c.XID, c.ID}
}

// UpTo is the condition on rows of event that do not lie behind c.
func (c Cursor) UpTo(d db.Dialect) (where string, args []any) {
	if d == db.Postgres {
		return "(xid, id) <= (?, ?)", []any{c.XID, c.ID}
	}
	return "(+xid <= ? AND id <= ?)", []any{c.XID, c.ID}
}

func order(d db.Dialect, direction string) string {
	if d == db.Postgres {
		return "xid" + direction + ", id" + direction
	}
	return "id" + direction
}

// ParseCursor reads what [Cursor.String] wrote.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	bad := errs.InvalidField("query.after", "This is not a cursor of the event feed.")
	x, i, ok := strings.Cut(s, ".")
	if !ok {
		return Cursor{}, bad
	}
	xid, err := strconv.ParseInt(x, 36, 64)
	if err != nil {
		return Cursor{}, bad
	}
	id, err := strconv.ParseInt(i, 36, 64)
	if err != nil {
		return Cursor{}, bad
	}
	return Cursor{xid, id}, nil
}

// Reaction runs inside the transaction of the event, behind a savepoint. It may
// only touch the database. When it fails, the feed's Retry is told, so that a
// job can do it later.
type Reaction struct {
	Name string
	On   []Type
	Do   func(ctx context.Context, tx *db.Tx, e Event) error
}

// Feed publishes and reads. React and Wake are set once, before the first event.
type Feed struct {
	// Now is the clock.
	Now func() time.Time
	// Reactions run in the transaction.
	Reactions []Reaction
	// Retry makes a job out of a reaction that failed. It may be nil in tests.
	Retry func(ctx context.Context, tx *db.Tx, reaction string, e Event, cause error) error
	// Later makes the one job for the reactions that may be slow or fail; it
	// reports quickly when nobody waits for this type. It may be nil.
	Later func(ctx context.Context, tx *db.Tx, e Event) error
	// Moved is told after the commit that the feed has grown. It is a hint.
	Moved func()
}

// moved makes one hint of all events of a transaction.
type moved struct{}

func (moved) Mark() int { return 0 }
func (moved) Reset(int) {}

type movedKey struct{}

// Publish appends e in the transaction and runs the reactions.
func (f *Feed) Publish(ctx context.Context, tx *db.Tx, e Event) error {
	e.At = f.Now()
	if e.Data == nil {
		e.Data = json.RawMessage("{}")
	}
	err := tx.QueryRow(ctx, `INSERT INTO event (type, at, actor_type, actor_id, conversation_id, inbox_id, team_id, assignee_id, data)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
		string(e.Type), e.At.UnixMilli(), e.ActorType, e.ActorID, e.Conversation, e.Inbox, e.Team, e.Assignee, string(e.Data)).Scan(&e.ID)
	if err != nil {
		return fmt.Errorf("publish %s: %w", e.Type, err)
	}
	if err := f.react(ctx, tx, e); err != nil {
		return err
	}
	if f.Later != nil {
		if err := f.Later(ctx, tx, e); err != nil {
			return err
		}
	}
	if f.Moved != nil {
		tx.Value(movedKey{}, func() db.Marked { tx.AfterCommit(f.Moved); return moved{} })
	}
	return nil
}

// react runs all reactions behind one savepoint. When one of them fails they
// run again, each behind its own, so that only the failure is undone.
func (f *Feed) react(ctx context.Context, tx *db.Tx, e Event) error {
	var waiting []Reaction
	for _, r := range f.Reactions {
		if r.wants(e.Type) {
			waiting = append(waiting, r)
		}
	}
	if len(waiting) > 1 {
		err := tx.Savepoint(ctx, func() error {
			for _, r := range waiting {
				if err := r.Do(ctx, tx, e); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			return nil
		}
	}
	for _, r := range waiting {
		if err := f.alone(ctx, tx, r, e); err != nil {
			return err
		}
	}
	return nil
}

func (f *Feed) alone(ctx context.Context, tx *db.Tx, r Reaction, e Event) error {
	err := tx.Savepoint(ctx, func() error { return r.Do(ctx, tx, e) })
	if err == nil {
		return nil
	}
	if f.Retry == nil {
		return fmt.Errorf("react to %s with %s: %w", e.Type, r.Name, err)
	}
	return f.Retry(ctx, tx, r.Name, e, err)
}

func (r Reaction) wants(t Type) bool {
	for _, on := range r.On {
		if on == t {
			return true
		}
	}
	return false
}

// Filter is an additional SQL condition on the columns of event.
type Filter struct {
	SQL  string
	Args []any
}

// Read returns up to limit events behind the cursor in commit order.
func Read(ctx context.Context, q db.Queryer, dialect db.Dialect, after Cursor, limit int, only Filter) ([]Event, error) {
	text, args := reading(dialect, after, limit, only)
	rows, err := q.Query(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []Event
	for rows.Next() {
		var e Event
		var at int64
		var data string
		if err := rows.Scan(&e.Cursor.XID, &e.ID, &e.Type, &at, &e.ActorType, &e.ActorID,
			&e.Conversation, &e.Inbox, &e.Team, &e.Assignee, &data); err != nil {
			return nil, err
		}
		e.Cursor.ID, e.At, e.Data = e.ID, time.UnixMilli(at).UTC(), json.RawMessage(data)
		out = append(out, e)
	}
	return out, rows.Err()
}

func reading(dialect db.Dialect, after Cursor, limit int, only Filter) (text string, args []any) {
	where, args := after.Behind(dialect)
	where += " AND " + dialect.Settled("xid")
	if only.SQL != "" {
		where += " AND (" + only.SQL + ")"
		args = append(args, only.Args...)
	}
	return `SELECT xid, id, type, at, actor_type, actor_id, conversation_id, inbox_id, team_id, assignee_id, data
		FROM event WHERE ` + where + " ORDER BY " + order(dialect, "") + " LIMIT ?", append(args, limit)
}

// ByID reads one event.
func ByID(ctx context.Context, q db.Queryer, id int64) (Event, error) {
	var e Event
	var at int64
	var data string
	err := q.QueryRow(ctx, `SELECT xid, id, type, at, actor_type, actor_id, conversation_id, inbox_id, team_id, assignee_id, data
		FROM event WHERE id = ?`, id).Scan(&e.Cursor.XID, &e.ID, &e.Type, &at, &e.ActorType, &e.ActorID,
		&e.Conversation, &e.Inbox, &e.Team, &e.Assignee, &data)
	e.Cursor.ID, e.At, e.Data = e.ID, time.UnixMilli(at).UTC(), json.RawMessage(data)
	return e, err
}

// Bound is the cursor of the event number n behind after, or of the last one
// settled when there are fewer.
func Bound(ctx context.Context, q db.Queryer, dialect db.Dialect, after Cursor, n int) (end Cursor, err error) {
	behind, args := after.Behind(dialect)
	from := "SELECT xid, id FROM event WHERE " + behind + " AND " + dialect.Settled("xid") + " ORDER BY "
	err = q.QueryRow(ctx, from+order(dialect, "")+" LIMIT 1 OFFSET ?", append(args, n-1)...).Scan(&end.XID, &end.ID)
	if !db.IsNoRows(err) {
		return end, err
	}
	err = q.QueryRow(ctx, from+order(dialect, " DESC")+" LIMIT 1", args...).Scan(&end.XID, &end.ID)
	if db.IsNoRows(err) {
		return after, nil
	}
	return end, err
}

// Head is the newest settled place of the feed.
func Head(ctx context.Context, q db.Queryer, dialect db.Dialect) (Cursor, error) {
	var c Cursor
	err := q.QueryRow(ctx, "SELECT xid, id FROM event WHERE "+dialect.Settled("xid")+" ORDER BY "+order(dialect, " DESC")+" LIMIT 1").Scan(&c.XID, &c.ID)
	if db.IsNoRows(err) {
		return Cursor{}, nil
	}
	return c, err
}

// Oldest is the oldest event kept, the zero Cursor when there is none.
func Oldest(ctx context.Context, q db.Queryer) (Cursor, error) {
	var c Cursor
	err := q.QueryRow(ctx, "SELECT xid, id FROM event ORDER BY xid, id LIMIT 1").Scan(&c.XID, &c.ID)
	if db.IsNoRows(err) {
		return Cursor{}, nil
	}
	return c, err
}

// Adopt brings events of another server in order, which a restored dump of
// PostgreSQL holds: their transactions lie in the future of this server, so that
// nobody would see them until it has counted that far. Call it before anything
// is published. It reports how many there were.
func Adopt(ctx context.Context, d *db.DB) (n int64, err error) {
	defer errs.Wrap(&err, "adopt the events of a restored database")
	if d.Dialect != db.Postgres {
		return 0, nil
	}
	// No transaction of this server that a snapshot shows is at its end or behind.
	const future = "xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint"
	var some bool
	if err := d.QueryRow(ctx, "SELECT EXISTS (SELECT 1 FROM event WHERE "+future+")").Scan(&some); err != nil || !some {
		return 0, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, "UPDATE event SET xid = 0 WHERE "+future)
		return err
	})
	return n, err
}

// Kept is how long events stay in the feed.
const Kept = 90 * 24 * time.Hour

// Prune deletes up to limit events that are older than [Kept].
func Prune(ctx context.Context, d *db.DB, now time.Time, limit int) (n int64, err error) {
	defer errs.Wrap(&err, "prune the event feed")
	err = d.Write(ctx, func(tx *db.Tx) error {
		n, err = tx.Exec(ctx, "DELETE FROM event WHERE id IN (SELECT id FROM event WHERE at < ? ORDER BY xid, id LIMIT ?)",
			now.Add(-Kept).UnixMilli(), limit)
		return err
	})
	return n, err
}
