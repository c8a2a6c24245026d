package email

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// outbound is a rendered mail; every attempt sends these bytes.
type outbound struct {
	messageID    int64
	inbox        inbox.ID
	rfcID        string
	envelopeFrom string
	packed       []byte // zstd, nil = in the blob
	blobKey      string
	size         int64
	providerID   string
	firstTryAt   time.Time
	sending      bool
	stored       bool   // there is a row
	content      []byte // by which a copy is known whose Message-ID is another
}

func (o *outbound) open(ctx context.Context, blobs *blob.Store) (io.ReadCloser, error) {
	return openPacked(ctx, blobs, o.packed, o.blobKey)
}

func loadOutbound(ctx context.Context, q db.Queryer, message int64) (*outbound, error) {
	var o outbound
	var first int64
	err := q.QueryRow(ctx, `SELECT message_id, inbox_id, rfc_id, envelope_from, raw, blob_key, provider_id, first_try_at, sending
		FROM outbound WHERE message_id = ?`, message).
		Scan(&o.messageID, &o.inbox, &o.rfcID, &o.envelopeFrom, &o.packed, &o.blobKey, &o.providerID, &first, &o.sending)
	if db.IsNoRows(err) {
		return nil, nil // not rendered yet
	}
	o.firstTryAt, o.stored = instant(first), true
	return &o, err
}

// saveOutbound writes the row, with the bytes at the first time only.
func saveOutbound(ctx context.Context, tx *db.Tx, o *outbound, recipients []conversation.RecipientDelivery, now time.Time) error {
	list, err := json.Marshal(recipients)
	if err != nil {
		return err
	}
	var raw any
	if o.packed != nil {
		raw = o.packed
	}
	return tx.Send(ctx, `INSERT INTO outbound (message_id, inbox_id, rfc_id, envelope_from, raw, blob_key, recipients, provider_id, first_try_at, sending, created_at, content_hash)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (message_id) DO UPDATE SET recipients = excluded.recipients, provider_id = excluded.provider_id,
			first_try_at = excluded.first_try_at, sending = excluded.sending`,
		o.messageID, int64(o.inbox), o.rfcID, o.envelopeFrom, raw, o.blobKey, string(list), o.providerID, o.firstTryAt.UnixMilli(), o.sending, now.UnixMilli(), o.content)
}

// OpenOutbound gives the bytes of a message as they are sent.
func OpenOutbound(ctx context.Context, d *db.DB, blobs *blob.Store, message int64) (_ io.ReadCloser, err error) {
	defer errs.Wrap(&err, "open the sent bytes of message %d", message)
	o, err := loadOutbound(ctx, d, message)
	if err != nil {
		return nil, err
	}
	if o == nil {
		return nil, errs.New(errs.NotFound, "This message has not been rendered yet.")
	}
	if o.packed == nil && o.blobKey == "" {
		return nil, errUnsealed
	}
	return o.open(ctx, blobs)
}

// sendingHealth is how sending of an inbox goes, kept as a setting.
type sendingHealth struct {
	LastSuccessAt int64  `json:"last_success_at"`
	LastError     string `json:"last_error"`
	LastErrorAt   int64  `json:"last_error_at"`
}

func loadSendingHealth(ctx context.Context, q db.Queryer, id inbox.ID) (h sendingHealth, err error) {
	text, err := db.Setting(ctx, q, sendingSetting(id))
	if err != nil || text == "" {
		return h, err
	}
	return h, json.Unmarshal([]byte(text), &h)
}

func saveSendingHealth(ctx context.Context, tx *db.Tx, id inbox.ID, h sendingHealth) error {
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return db.SetSetting(ctx, tx, sendingSetting(id), string(text))
}

// unsentText begins with the few messages that are on their way, by repeating
// the condition of their index.
const unsentText = `SELECT COUNT(*) FROM message m CROSS JOIN conversation c
	WHERE m.delivery_state IN ('queued', 'sending', 'in_doubt', 'failed') AND m.delivery_state <> 'failed' AND c.id = m.conversation_id AND c.inbox_id = ?`

func countUnsent(ctx context.Context, q db.Queryer, id inbox.ID) (n int64, err error) {
	err = q.QueryRow(ctx, unsentText, int64(id)).Scan(&n)
	return n, err
}

// findSent finds a message of ours by its Message-ID, 0 = there is none.
func findSent(ctx context.Context, q db.Queryer, rfcID string) (message, conversation int64, err error) {
	err = q.QueryRow(ctx, `SELECT o.message_id, m.conversation_id FROM outbound o JOIN message m ON m.id = o.message_id WHERE o.rfc_id = ? LIMIT 1`, rfcID).
		Scan(&message, &conversation)
	if db.IsNoRows(err) {
		return 0, 0, nil
	}
	return message, conversation, err
}

// findOwn finds a message of ours among sent mail: by its Message-ID, or by its
// content where the provider put another id.
func findOwn(ctx context.Context, q db.Queryer, id inbox.ID, rfcID string, content []byte) (message, conversation int64, err error) {
	if rfcID != "" {
		if message, conversation, err = findSent(ctx, q, rfcID); err != nil || message != 0 {
			return message, conversation, err
		}
	}
	if content == nil {
		return 0, 0, nil
	}
	err = q.QueryRow(ctx, `SELECT o.message_id, m.conversation_id FROM outbound o JOIN message m ON m.id = o.message_id
		WHERE o.content_hash = ? AND o.inbox_id = ? LIMIT 1`, content, int64(id)).Scan(&message, &conversation)
	if db.IsNoRows(err) {
		return 0, 0, nil
	}
	return message, conversation, err
}

// Blobs tells which of the keys belong to raw mail that came or went.
func Blobs(ctx context.Context, d *db.DB, keys []string) (_ map[string]bool, err error) {
	defer errs.Wrap(&err, "look for the owners of raw mail")
	return blob.OwnedBy(ctx, d, keys, "inbound", "outbound")
}
