package consent

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
)

func loadProvider(ctx context.Context, q db.Queryer, key string) (Provider, error) {
	p := Provider{Key: key}
	var scopes string
	err := q.QueryRow(ctx, "SELECT id, client_id, client_secret, authorize_url, token_url, scopes FROM mail_provider WHERE provider_key = ?", key).
		Scan(&p.id, &p.ClientID, &p.sealed, &p.AuthorizeURL, &p.TokenURL, &scopes)
	if db.IsNoRows(err) {
		return p, nil
	}
	if err != nil {
		return p, err
	}
	p.SecretSet = p.sealed != nil
	return p, json.Unmarshal([]byte(scopes), &p.Scopes)
}

func saveProvider(ctx context.Context, tx *db.Tx, p Provider, at time.Time) (id int64, err error) {
	scopes, err := json.Marshal(p.Scopes)
	if err != nil {
		return 0, err
	}
	err = tx.QueryRow(ctx, `INSERT INTO mail_provider (provider_key, client_id, authorize_url, token_url, scopes, updated_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (provider_key) DO UPDATE SET client_id = excluded.client_id, authorize_url = excluded.authorize_url,
			token_url = excluded.token_url, scopes = excluded.scopes, updated_at = excluded.updated_at RETURNING id`,
		p.Key, p.ClientID, p.AuthorizeURL, p.TokenURL, string(scopes), at.UnixMilli()).Scan(&id)
	return id, err
}

func setProviderSecret(ctx context.Context, tx *db.Tx, id int64, sealed []byte) error {
	var value any
	if sealed != nil {
		value = sealed
	}
	return tx.Send(ctx, "UPDATE mail_provider SET client_secret = ? WHERE id = ?", value, id)
}

// visit is somebody on the way to the sign-in service and back.
type visit struct {
	id       int64
	hash     []byte
	inbox    inbox.ID
	provider string
	agent    int64
	sealed   []byte
	at       time.Time
}

func insertVisit(ctx context.Context, tx *db.Tx, v visit, seal func(id int64) []byte) error {
	err := tx.QueryRow(ctx, `INSERT INTO consent_visit (state_hash, inbox_id, provider_key, agent_id, verifier_secret, created_at)
		VALUES (?, ?, ?, ?, ?, ?) RETURNING id`, v.hash, int64(v.inbox), v.provider, v.agent, []byte{}, v.at.UnixMilli()).Scan(&v.id)
	if err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE consent_visit SET verifier_secret = ? WHERE id = ?", seal(v.id), v.id)
}

// takeVisit ends the visit; it gives no row when there is none of that agent.
func takeVisit(ctx context.Context, tx *db.Tx, hash []byte, agent int64) (v visit, err error) {
	var at int64
	err = tx.QueryRow(ctx, `DELETE FROM consent_visit WHERE state_hash = ? AND agent_id = ?
		RETURNING id, inbox_id, provider_key, agent_id, verifier_secret, created_at`, hash, agent).
		Scan(&v.id, &v.inbox, &v.provider, &v.agent, &v.sealed, &at)
	v.at = instant(at)
	return v, err
}

func forgetVisits(ctx context.Context, tx *db.Tx, before time.Time) error {
	return tx.Send(ctx, "DELETE FROM consent_visit WHERE created_at < ?", before.UnixMilli())
}

// grant is a consent with its sealed tokens.
type grant struct {
	Consent
	id      int64
	refresh []byte
	access  []byte
}

// loadGrant gives nil when there is none.
func loadGrant(ctx context.Context, q db.Queryer, id inbox.ID) (*grant, error) {
	g := grant{Consent: Consent{Inbox: id}}
	var expires, given, renewed, revoked int64
	err := q.QueryRow(ctx, `SELECT id, provider_key, state, refresh_secret, access_secret, expires_at, given_at, renewed_at, revoked_at, last_error
		FROM consent WHERE inbox_id = ?`, int64(id)).
		Scan(&g.id, &g.Provider, &g.State, &g.refresh, &g.access, &expires, &given, &renewed, &revoked, &g.LastError)
	if db.IsNoRows(err) {
		return nil, nil // nobody has been asked yet
	}
	g.ExpiresAt, g.GivenAt, g.RenewedAt, g.RevokedAt = instant(expires), instant(given), instant(renewed), instant(revoked)
	return &g, err
}

func instant(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}

func insertConsent(ctx context.Context, tx *db.Tx, v visit, at time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO consent (inbox_id, provider_key, state, agent_id, given_at) VALUES (?, ?, 'given', ?, ?)
		ON CONFLICT (inbox_id) DO UPDATE SET provider_key = excluded.provider_key, state = excluded.state, agent_id = excluded.agent_id,
			given_at = excluded.given_at, revoked_at = 0, last_error = '' RETURNING id`, int64(v.inbox), v.provider, v.agent, at.UnixMilli()).Scan(&id)
	return id, err
}

func setRefreshToken(ctx context.Context, tx *db.Tx, id int64, sealed []byte) error {
	return tx.Send(ctx, "UPDATE consent SET refresh_secret = ? WHERE id = ?", sealed, id)
}

func setAccessToken(ctx context.Context, tx *db.Tx, id int64, sealed []byte, expires, at time.Time) error {
	return tx.Send(ctx, "UPDATE consent SET access_secret = ?, expires_at = ?, renewed_at = ?, last_error = '' WHERE id = ?",
		sealed, expires.UnixMilli(), at.UnixMilli(), id)
}

func noteFailure(ctx context.Context, tx *db.Tx, id int64, sentence string, gone bool, at time.Time) error {
	if !gone {
		return tx.Send(ctx, "UPDATE consent SET last_error = ? WHERE id = ?", sentence, id)
	}
	return tx.Send(ctx, "UPDATE consent SET state = 'revoked', revoked_at = ?, last_error = ?, access_secret = NULL, refresh_secret = NULL WHERE id = ?",
		at.UnixMilli(), sentence, id)
}

// dueConsents lists inboxes in use whose token ends before the time.
func dueConsents(ctx context.Context, q db.Queryer, before time.Time) (out []inbox.ID, err error) {
	err = db.Each(ctx, q, `SELECT c.inbox_id FROM consent c JOIN inbox i ON i.id = c.inbox_id
		WHERE c.state = 'given' AND c.expires_at < ? AND i.archived_at = 0 ORDER BY c.expires_at LIMIT 1000`, []any{before.UnixMilli()},
		func(rows *sql.Rows) error {
			var id inbox.ID
			err := rows.Scan(&id)
			out = append(out, id)
			return err
		})
	return out, err
}
