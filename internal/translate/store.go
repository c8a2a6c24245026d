package translate

import (
	"context"
	"encoding/json"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

const settingName = "translation"

// stored is the value of the setting.
type stored struct {
	Enabled bool   `json:"enabled"`
	Address string `json:"address"`
	Sealed  []byte `json:"key,omitempty"`
}

func (s stored) settings() Settings {
	return Settings{Enabled: s.Enabled, Address: s.Address, KeySet: s.Sealed != nil}
}

func load(ctx context.Context, q db.Queryer) (s stored, err error) {
	text, err := db.Setting(ctx, q, settingName)
	if err != nil || text == "" {
		return s, err
	}
	return s, json.Unmarshal([]byte(text), &s)
}

func save(ctx context.Context, tx *db.Tx, s stored) error {
	text, err := json.Marshal(s)
	if err != nil {
		return err
	}
	return db.SetSetting(ctx, tx, settingName, string(text))
}

// lock keeps everybody else from sealing another key until the end of tx.
func lock(ctx context.Context, tx *db.Tx) error {
	if tx.Dialect != db.Postgres { // SQLite has one writer anyway
		return nil
	}
	return tx.Send(ctx, "LOCK TABLE setting IN EXCLUSIVE MODE")
}

// ResealTx seals the key again, see [secret.ResealTx].
func ResealTx(ctx context.Context, tx *db.Tx, again secret.Again) error {
	if err := lock(ctx, tx); err != nil {
		return err
	}
	s, err := load(ctx, tx)
	if err != nil || s.Sealed == nil {
		return err
	}
	next := again("setting", settingName, 1, s.Sealed)
	if next == nil {
		return nil
	}
	s.Sealed = next
	return save(ctx, tx, s)
}
