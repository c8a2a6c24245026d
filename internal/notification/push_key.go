package notification

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Sealer encrypts what only the program may read.
type Sealer interface {
	Seal(table, column string, row int64, plain []byte) []byte
	Open(table, column string, row int64, sealed []byte) ([]byte, error)
}

// PushKey is the key pair by which push services know this installation (RFC
// 8292). It is made once; browsers that subscribed are bound to it.
func (s *Service) PushKey(ctx context.Context) (_ *ecdsa.PrivateKey, err error) {
	defer errs.Wrap(&err, "read the key for push services")
	sealed, err := pushKey(ctx, s.DB)
	if db.IsNoRows(err) {
		sealed, err = s.makePushKey(ctx)
	}
	if err != nil {
		return nil, err
	}
	raw, err := s.Secrets.Open("push_key", "secret", 1, sealed)
	if err != nil {
		return nil, err
	}
	return ecdsa.ParseRawPrivateKey(elliptic.P256(), raw)
}

// makePushKey keeps a new key, unless another node was faster, and returns the one that is kept.
func (s *Service) makePushKey(ctx context.Context) (sealed []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	public, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	raw, err := key.Bytes()
	if err != nil {
		return nil, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := insertPushKey(ctx, tx, public, s.Secrets.Seal("push_key", "secret", 1, raw), s.Now()); err != nil {
			return err
		}
		sealed, err = pushKey(ctx, tx)
		return err
	})
	return sealed, err
}
