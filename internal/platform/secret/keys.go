package secret

import (
	"context"
	"encoding/binary"
	"slices"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Parse reads one root key (64 hexadecimal digits or base64), or two parted by a
// comma or white space with the newer one first.
func Parse(text string) (*Keys, error) {
	roots, err := parseKeys(text)
	if err != nil {
		return nil, err
	}
	return newKeys(roots), nil
}

// Seal encrypts with AES-256-GCM for one column of one row; it opens nowhere
// else. The result is 32 bytes longer than the plain text.
func (k *Keys) Seal(table, column string, row int64, plaintext []byte) []byte {
	k.refresh()
	r := k.roots()[0]
	return r.sealing.Seal(slices.Clone(r.id[:]), nil, plaintext, place(table, column, row))
}

// Open decrypts what [Keys.Seal] made for the same table, column and row.
func (k *Keys) Open(table, column string, row int64, sealed []byte) ([]byte, error) {
	if len(sealed) < idSize {
		return nil, errs.Newf(errs.Internal, "A secret in %s.%s is damaged.", table, column)
	}
	r := k.of(sealed)
	if r == nil {
		k.refresh()
		r = k.of(sealed)
	}
	if r == nil {
		return nil, errs.Newf(errs.Internal, "A secret in %s.%s was encrypted with a key that is not here any more. If the key was rotated, restart Deskbell with the new one; otherwise enter the secret again.", table, column)
	}
	plain, err := r.sealing.Open(nil, nil, sealed[idSize:], place(table, column, row))
	if err != nil {
		return nil, errs.Newf(errs.Internal, "A secret in %s.%s is damaged or belongs to another row.", table, column).Because(err)
	}
	return plain, nil
}

// of is the key that sealed the bytes, nil when it is not here.
func (k *Keys) of(sealed []byte) *root {
	for _, r := range k.roots() {
		if [idSize]byte(sealed[:idSize]) == r.id {
			return r
		}
	}
	return nil
}

// Old tells that the sealed bytes wait to be sealed again with the newest key.
func (k *Keys) Old(sealed []byte) bool {
	return len(sealed) < idSize || [idSize]byte(sealed[:idSize]) != k.roots()[0].id
}

// place is the additional data: each part with its length, so that no two
// places look alike.
func place(table, column string, row int64) []byte {
	b := binary.AppendUvarint(nil, uint64(len(table)))
	b = append(b, table...)
	b = binary.AppendUvarint(b, uint64(len(column)))
	b = append(b, column...)
	return binary.BigEndian.AppendUint64(b, uint64(row))
}

// Fingerprint names the newest root key without giving it away.
func (k *Keys) Fingerprint() string { return k.roots()[0].fingerprint }

const fingerprintSetting = "key_fingerprint"

// Check compares the keys with the fingerprint in the database, which it writes
// at the first start. It refuses, in words, when none of the keys fits.
func (k *Keys) Check(ctx context.Context, d *db.DB) (err error) {
	var stored string
	err = d.Write(ctx, func(tx *db.Tx) (err error) {
		stored, err = db.FirstSetting(ctx, tx, fingerprintSetting, k.Fingerprint())
		return err
	})
	if err != nil {
		return err
	}
	if k.has(stored) {
		return nil
	}
	return errs.New(errs.Unavailable, "This is not the secret key that the database was made with: its passwords could not be read. Start with the right DESKBELL_KEY or key file; it is not part of a backup unless it was made with --with-key.")
}

// AdoptTx makes the newest key the one that the database belongs to. A rotation
// calls it in the transaction that re-encrypts the last secret.
func (k *Keys) AdoptTx(ctx context.Context, tx *db.Tx) error {
	return db.SetSetting(ctx, tx, fingerprintSetting, k.Fingerprint())
}
