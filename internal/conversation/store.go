package conversation

import (
	"context"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/platform/counter"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// Columns are those of table conversation in the order that [Scan] reads, for readers.
const Columns = `id, inbox_id, channel, customer_id, subject, preview, status, priority, assignee_id, team_id,
	snoozed_until, last_activity_at, waiting_since, last_message_id, last_inbound_id, read_floor, reply_address,
	merged_into, closed_at, created_at, version, woken_from, woken_at, woken_status`

type scanner interface{ Scan(...any) error }

// Scan reads one row of [Columns].
func Scan(row scanner) (c Conversation, err error) {
	var assignee, team, merged *int64
	var snoozed, activity, waiting, closed, created, wokenFrom, wokenAt int64
	err = row.Scan(&c.ID, &c.Inbox, &c.Channel, &c.Customer, &c.Subject, &c.Preview, &c.Status, &c.Priority, &assignee, &team,
		&snoozed, &activity, &waiting, &c.LastMessage, &c.LastInbound, &c.ReadFloor, &c.ReplyAddress,
		&merged, &closed, &created, &c.Version, &wokenFrom, &wokenAt, &c.Woken.Status)
	c.Assignee, c.Team, c.MergedInto = orZero(assignee), orZero(team), orZero(merged)
	c.SnoozedUntil, c.LastActivityAt, c.WaitingSince = instant(snoozed), instant(activity), instant(waiting)
	c.ClosedAt, c.CreatedAt = instant(closed), instant(created)
	c.Woken.Until, c.Woken.At = instant(wokenFrom), instant(wokenAt)
	return c, err
}

func orZero(p *int64) int64 {
	if p == nil {
		return 0
	}
	return *p
}

func orNull(v int64) any {
	if v == 0 {
		return nil
	}
	return v
}

// instant reads milliseconds; 0 and Never are the zero time.
func instant(ms int64) time.Time {
	if ms == 0 || ms == Never {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// millis writes milliseconds; the zero time becomes zero.
func millis(t time.Time, zero int64) int64 {
	if t.IsZero() {
		return zero
	}
	return t.UnixMilli()
}

func find(ctx context.Context, q db.Queryer, id int64, lock string) (Conversation, error) {
	c, err := Scan(q.QueryRow(ctx, "SELECT "+Columns+" FROM conversation WHERE id = ?"+lock, id))
	if db.IsNoRows(err) || err == nil && c.Status == Erased {
		return c, errNotFound()
	}
	return c, err
}

// reserve takes the next id of table conversation before the row is written, so
// that thread keys can be claimed for it first.
func reserve(ctx context.Context, tx *db.Tx) (id int64, err error) {
	if tx.Dialect == db.Postgres {
		err = tx.QueryRow(ctx, "SELECT nextval(pg_get_serial_sequence('conversation', 'id'))").Scan(&id)
		return id, err
	}
	err = tx.QueryRow(ctx, "SELECT COALESCE((SELECT seq FROM sqlite_sequence WHERE name = 'conversation'), 0) + 1").Scan(&id)
	return id, err
}

func insert(ctx context.Context, tx *db.Tx, c *Conversation) error {
	err := tx.Send(ctx, `INSERT INTO conversation (id, inbox_id, channel, customer_id, subject, preview, status, priority,
			assignee_id, team_id, snoozed_until, last_activity_at, waiting_since, due_at, last_message_id, last_inbound_id,
			read_floor, reply_address, closed_at, created_at, version)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		c.ID, c.Inbox, c.Channel, c.Customer, c.Subject, c.Preview, string(c.Status), string(c.Priority),
		orNull(c.Assignee), orNull(c.Team), millis(c.SnoozedUntil, 0), millis(c.LastActivityAt, 0),
		millis(c.WaitingSince, Never), millis(c.DueAt(), Never), c.LastMessage, c.LastInbound,
		c.ReadFloor, c.ReplyAddress, millis(c.ClosedAt, 0), millis(c.CreatedAt, 0), c.Version)
	if err == nil {
		c.countCell(tx, 1)
	}
	return err
}

// save writes what changed from before to c and moves it between the counted cells.
func save(ctx context.Context, tx *db.Tx, before, c *Conversation) error {
	if before.cell() != c.cell() {
		before.countCell(tx, -1)
		c.countCell(tx, 1)
	}
	if before.attributes() == c.attributes() {
		return tx.Send(ctx, `UPDATE conversation SET preview = ?, last_activity_at = ?, waiting_since = ?, due_at = ?,
			last_message_id = ?, last_inbound_id = ?, read_floor = ?, reply_address = ? WHERE id = ?`,
			c.Preview, millis(c.LastActivityAt, 0), millis(c.WaitingSince, Never), millis(c.DueAt(), Never),
			c.LastMessage, c.LastInbound, c.ReadFloor, c.ReplyAddress, c.ID)
	}
	return tx.Send(ctx, `UPDATE conversation SET inbox_id = ?, merged_into = ?, customer_id = ?, subject = ?, preview = ?, status = ?, priority = ?, assignee_id = ?,
			team_id = ?, snoozed_until = ?, last_activity_at = ?, waiting_since = ?, due_at = ?, last_message_id = ?,
			last_inbound_id = ?, read_floor = ?, reply_address = ?, closed_at = ?, version = ?,
			woken_from = ?, woken_at = ?, woken_status = ? WHERE id = ?`,
		c.Inbox, orNull(c.MergedInto), c.Customer, c.Subject, c.Preview, string(c.Status), string(c.Priority), orNull(c.Assignee),
		orNull(c.Team), millis(c.SnoozedUntil, 0), millis(c.LastActivityAt, 0), millis(c.WaitingSince, Never),
		millis(c.DueAt(), Never), c.LastMessage, c.LastInbound, c.ReadFloor, c.ReplyAddress, millis(c.ClosedAt, 0), c.Version,
		millis(c.Woken.Until, 0), millis(c.Woken.At, 0), string(c.Woken.Status), c.ID)
}

// saveReceived writes what a message changed; before is nil for a conversation
// that was inserted with the same rules applied and only lacks the message's id.
func saveReceived(ctx context.Context, tx *db.Tx, before, c *Conversation) error {
	if before != nil {
		return save(ctx, tx, before, c)
	}
	return tx.Send(ctx, "UPDATE conversation SET last_message_id = ?, last_inbound_id = ?, read_floor = ? WHERE id = ?",
		c.LastMessage, c.LastInbound, c.ReadFloor, c.ID)
}

// attributes are the columns of c that a message alone does not change.
func (c *Conversation) attributes() Conversation {
	a := *c
	a.Preview, a.ReplyAddress = "", ""
	a.LastActivityAt, a.WaitingSince = time.Time{}, time.Time{}
	a.LastMessage, a.LastInbound = 0, 0
	return a
}

// CellPrefix begins the names of the counters that hold how many conversations
// there are of each inbox, status, team and assignee.
const CellPrefix = "conversations/"

// cell is the counter that c belongs to: every count of a view is a sum over cells.
func (c *Conversation) cell() string {
	b := make([]byte, 0, 48)
	b = append(b, CellPrefix...)
	b = append(b, c.Status...)
	for _, id := range [...]int64{c.Inbox, c.Team, c.Assignee} {
		b = append(b, '/')
		b = strconv.AppendInt(b, id, 10)
	}
	return string(b)
}

func (c *Conversation) countCell(tx *db.Tx, n int64) { counter.Add(tx, c.cell(), n) }
