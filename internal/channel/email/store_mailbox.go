package email

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// mailbox is what is known of one watched folder.
type mailbox struct {
	id            int64
	inbox         inbox.ID
	folder        string
	uidValidity   uint32
	nextUID       uint32 // 0 = never connected
	historyUntil  uint32
	connectedAt   time.Time
	oldestWanted  time.Time
	lastSuccessAt time.Time
	lastError     string
	lastErrorAt   time.Time
	backlog       int64
	idle          bool
}

const mailboxColumns = `id, inbox_id, folder, uid_validity, next_uid, history_until, connected_at, oldest_wanted,
	last_success_at, last_error, last_error_at, backlog, idle`

func scanMailbox(row interface{ Scan(...any) error }) (*mailbox, error) {
	var m mailbox
	var connected, oldest, success, failed int64
	err := row.Scan(&m.id, &m.inbox, &m.folder, &m.uidValidity, &m.nextUID, &m.historyUntil, &connected, &oldest,
		&success, &m.lastError, &failed, &m.backlog, &m.idle)
	m.connectedAt, m.oldestWanted = instant(connected), instant(oldest)
	m.lastSuccessAt, m.lastErrorAt = instant(success), instant(failed)
	return &m, err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

// openMailbox reads the row of the folder. The first time it is made: what comes
// to the folder after since is new, however long the first connection takes.
func openMailbox(ctx context.Context, d *db.DB, id inbox.ID, folder string, since time.Time) (m *mailbox, err error) {
	read := func(q db.Queryer) (*mailbox, error) {
		return scanMailbox(q.QueryRow(ctx, "SELECT "+mailboxColumns+" FROM mailbox WHERE inbox_id = ? AND folder = ?", int64(id), folder))
	}
	if m, err = read(d); !db.IsNoRows(err) {
		return m, err
	}
	err = d.Write(ctx, func(tx *db.Tx) error {
		if err := tx.Send(ctx, "INSERT INTO mailbox (inbox_id, folder, connected_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
			int64(id), folder, since.UnixMilli()); err != nil {
			return err
		}
		m, err = read(tx)
		return err
	})
	return m, err
}

func mailboxesOf(ctx context.Context, q db.Queryer, id inbox.ID) ([]*mailbox, error) {
	rows, err := q.Query(ctx, "SELECT "+mailboxColumns+" FROM mailbox WHERE inbox_id = ? ORDER BY id", int64(id))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []*mailbox
	for rows.Next() {
		m, err := scanMailbox(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, rows.Err()
}

// moveCursor steps over the mail at p, when the cursor stands right before it.
func moveCursor(ctx context.Context, tx *db.Tx, p *Position) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE mailbox SET next_uid = ? WHERE id = ? AND uid_validity = ? AND next_uid = ?",
		int64(p.UID)+1, p.Mailbox, int64(p.UIDValidity), int64(p.Expect))
	return n == 1, err
}

// skipTo moves the cursor over UIDs that are not in the folder.
func skipTo(ctx context.Context, d *db.DB, m *mailbox, from, to uint32) (moved bool, err error) {
	err = d.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, "UPDATE mailbox SET next_uid = ? WHERE id = ? AND uid_validity = ? AND next_uid = ?",
			int64(to), m.id, int64(m.uidValidity), int64(from))
		moved = n == 1
		return err
	})
	return moved, err
}

// saveStart writes where reading begins, after the first connection or when UIDVALIDITY has changed.
func saveStart(ctx context.Context, d *db.DB, m *mailbox, before uint32) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		n, err := tx.Exec(ctx, `UPDATE mailbox SET uid_validity = ?, next_uid = ?, history_until = ?, connected_at = ?, oldest_wanted = ?
			WHERE id = ? AND uid_validity = ?`, int64(m.uidValidity), int64(m.nextUID), int64(m.historyUntil),
			m.connectedAt.UnixMilli(), m.oldestWanted.UnixMilli(), m.id, int64(before))
		if err == nil && n == 0 {
			err = errMoved
		}
		return err
	})
}

func saveHealth(ctx context.Context, d *db.DB, m *mailbox) error {
	millis := func(t time.Time) int64 {
		if t.IsZero() {
			return 0
		}
		return t.UnixMilli()
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		return tx.Send(ctx, `UPDATE mailbox SET last_success_at = ?, last_error = ?, last_error_at = ?, backlog = ?, idle = ? WHERE id = ?`,
			millis(m.lastSuccessAt), m.lastError, millis(m.lastErrorAt), m.backlog, m.idle, m.id)
	})
}

// ownAddresses reads every address of ours.
func ownAddresses(ctx context.Context, q db.Queryer) (addresses, error) {
	rows, err := q.Query(ctx, `SELECT address, inbox_id FROM inbox_address UNION ALL
		SELECT address, -id FROM inbox WHERE catch_all = TRUE AND archived_at = 0`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := addresses{}
	for rows.Next() {
		var a string
		var id inbox.ID
		if err := rows.Scan(&a, &id); err != nil {
			return nil, err
		}
		if id < 0 { // takes its whole domain
			a, id = inbox.Fold(a[strings.LastIndexByte(a, '@'):]), -id
		}
		out[a] = id
	}
	return out, rows.Err()
}

// believed is whose results an inbox believes.
type believed struct {
	named auth.Trust // by an admin
	imap  auth.Trust // those, and the provider of the mailbox
}

// loadBelieved reads it for the inboxes in use.
func loadBelieved(ctx context.Context, q db.Queryer) (map[inbox.ID]believed, error) {
	out := map[inbox.ID]believed{}
	err := db.Each(ctx, q, "SELECT id, imap, trusted_authserv_ids FROM inbox WHERE archived_at = 0", nil, func(rows *sql.Rows) error {
		var id inbox.ID
		var imap, named string
		if err := rows.Scan(&id, &imap, &named); err != nil {
			return err
		}
		var b believed
		if err := json.Unmarshal([]byte(named), &b.named); err != nil {
			return err
		}
		var server inbox.IMAP
		if imap != "" {
			if err := json.Unmarshal([]byte(imap), &server); err != nil {
				return err
			}
		}
		b.imap = append(append(auth.Trust{}, b.named...), auth.Provider(server.Host)...)
		out[id] = b
		return nil
	})
	return out, err
}

// unknownInbound lists, in ascending order, the UIDs whose hash has no row.
func unknownInbound(ctx context.Context, q db.Queryer, byHash map[string]uint32) ([]uint32, error) {
	const group = 250
	args := make([]any, 0, group)
	ask := func() error {
		for len(args) > 0 && len(args) < group { // one text for all groups
			args = append(args, args[0])
		}
		if len(args) == 0 {
			return nil
		}
		rows, err := q.Query(ctx, "SELECT unique_hash FROM inbound WHERE unique_hash IN ("+db.Marks(group)+")", args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var hash []byte
			if err := rows.Scan(&hash); err != nil {
				return err
			}
			delete(byHash, string(hash))
		}
		args = args[:0]
		return rows.Err()
	}
	hashes := make([]string, 0, len(byHash))
	for hash := range byHash {
		hashes = append(hashes, hash)
	}
	for _, hash := range hashes {
		if args = append(args, []byte(hash)); len(args) == group {
			if err := ask(); err != nil {
				return nil, err
			}
		}
	}
	if err := ask(); err != nil {
		return nil, err
	}
	var out []uint32
	for _, uid := range byHash {
		out = append(out, uid)
	}
	slices.Sort(out)
	return out, nil
}

func saveComparison(ctx context.Context, d *db.DB, id int64, c comparison) error {
	text, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return d.Write(ctx, func(tx *db.Tx) error {
		return tx.Send(ctx, "UPDATE mailbox SET missing = ? WHERE id = ?", string(text), id)
	})
}

// comparisons reads what was last found in each folder of an inbox.
func comparisons(ctx context.Context, q db.Queryer, id inbox.ID) ([]comparison, error) {
	rows, err := q.Query(ctx, "SELECT missing FROM mailbox WHERE inbox_id = ? AND missing <> '[]' ORDER BY id", int64(id))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []comparison
	for rows.Next() {
		var text string
		if err := rows.Scan(&text); err != nil {
			return nil, err
		}
		var c comparison
		if err := json.Unmarshal([]byte(text), &c); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, rows.Err()
}
