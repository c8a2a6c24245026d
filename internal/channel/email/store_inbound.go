package email

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// inbound is one row of raw mail.
type inbound struct {
	ledgerID   int64
	inbox      inbox.ID
	door       Door
	envelope   Envelope
	raw        []byte // zstd, nil = in the blob
	blobKey    string
	size       int64
	receivedAt time.Time
}

func findInbound(ctx context.Context, q db.Queryer, unique []byte) (ledgerID int64, found bool, err error) {
	err = q.QueryRow(ctx, "SELECT ledger_id FROM inbound WHERE unique_hash = ?", unique).Scan(&ledgerID)
	if db.IsNoRows(err) {
		return 0, false, nil
	}
	return ledgerID, err == nil, err
}

func insertInbound(ctx context.Context, tx *db.Tx, k *kept, at time.Time) error {
	envelope, err := json.Marshal(k.Envelope)
	if err != nil {
		return err
	}
	var raw any
	if k.packed != nil {
		raw = k.packed
	}
	return tx.Send(ctx, `INSERT INTO inbound (ledger_id, inbox_id, door, unique_hash, envelope, raw, blob_key, size, received_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		k.ledgerID, int64(k.Inbox), string(k.Door), k.unique[:], string(envelope), raw, k.blobKey, k.size, at.UnixMilli())
}

func loadInbound(ctx context.Context, q db.Queryer, ids []int64) (map[int64]*inbound, error) {
	args := make([]any, len(ids))
	for n, id := range ids {
		args[n] = id
	}
	rows, err := q.Query(ctx, `SELECT ledger_id, inbox_id, door, envelope, raw, blob_key, size, received_at
		FROM inbound WHERE ledger_id IN (`+db.Marks(len(ids))+")", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[int64]*inbound{}
	for rows.Next() {
		in, err := scanInbound(rows)
		if err != nil {
			return nil, err
		}
		out[in.ledgerID] = in
	}
	return out, rows.Err()
}

func scanInbound(rows *sql.Rows) (*inbound, error) {
	var in inbound
	var envelope string
	var at int64
	if err := rows.Scan(&in.ledgerID, &in.inbox, &in.door, &envelope, &in.raw, &in.blobKey, &in.size, &at); err != nil {
		return nil, err
	}
	in.receivedAt = time.UnixMilli(at).UTC()
	if envelope == "" {
		return &in, nil
	}
	return &in, json.Unmarshal([]byte(envelope), &in.envelope)
}

// open gives the bytes of the mail as they arrived.
func (in *inbound) open(ctx context.Context, blobs *blob.Store) (io.ReadCloser, error) {
	return openPacked(ctx, blobs, in.raw, in.blobKey)
}

func openPacked(ctx context.Context, blobs *blob.Store, packed []byte, key string) (io.ReadCloser, error) {
	if key == "" {
		return unpack(bytes.NewReader(packed))
	}
	b, _, err := blobs.Open(ctx, key)
	if err != nil {
		return nil, err
	}
	d, err := unpack(b)
	if err != nil {
		b.Close()
		return nil, err
	}
	return &both{d, b}, nil
}

// both closes the decompressor and what it reads from.
type both struct {
	io.ReadCloser
	under io.Closer
}

func (b *both) Close() error {
	err := b.ReadCloser.Close()
	if e := b.under.Close(); err == nil {
		err = e
	}
	return err
}

// OpenInbound gives the bytes of a mail as it arrived and their number.
func OpenInbound(ctx context.Context, d *db.DB, blobs *blob.Store, ledgerID int64) (_ io.ReadCloser, size int64, err error) {
	defer errs.Wrap(&err, "open the raw mail of ledger row %d", ledgerID)
	rows, err := loadInbound(ctx, d, []int64{ledgerID})
	if err != nil {
		return nil, 0, err
	}
	in := rows[ledgerID]
	if in == nil || in.raw == nil && in.blobKey == "" {
		return nil, 0, errs.New(errs.NotFound, "The bytes of this mail are not kept.")
	}
	r, err := in.open(ctx, blobs)
	return r, in.size, err
}

// forget empties kept mails. Their rows stay, so that the mailbox's mails are
// known as read; a sweep frees the blobs.
func forget(ctx context.Context, tx *db.Tx, ledger []int64) error {
	for len(ledger) > 0 {
		n := min(len(ledger), 500)
		args := make([]any, n)
		for i, id := range ledger[:n] {
			args[i] = id
		}
		err := tx.Send(ctx, "UPDATE inbound SET raw = NULL, blob_key = '', envelope = '', size = 0 WHERE ledger_id IN ("+db.Marks(n)+")", args...)
		if err != nil {
			return err
		}
		ledger = ledger[n:]
	}
	return nil
}

// forgetSent deletes what was sent, bytes and recipients.
func forgetSent(ctx context.Context, tx *db.Tx, messages []int64) error {
	for len(messages) > 0 {
		n := min(len(messages), 500)
		args := make([]any, n)
		for i, id := range messages[:n] {
			args[i] = id
		}
		if err := tx.Send(ctx, "DELETE FROM outbound WHERE message_id IN ("+db.Marks(n)+")", args...); err != nil {
			return err
		}
		messages = messages[n:]
	}
	return nil
}
