package email

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestEverySigningKeyIsSealedAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Write(ctx, func(tx *db.Tx) error {
			for _, domain := range []string{"a.example", "b.example"} {
				if err := insertSigningKey(ctx, tx, domain, "s", time.UnixMilli(1), func(int64) []byte { return []byte("old " + domain) }); err != nil {
					return err
				}
			}
			return ResealTx(ctx, tx, func(table, column string, _ int64, sealed []byte) []byte {
				if table != "dkim_key" || column != "private" {
					t.Errorf("asked for %s.%s", table, column)
				}
				return bytes.Replace(sealed, []byte("old"), []byte("new"), 1)
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, domain := range []string{"a.example", "b.example"} {
			if k, err := loadSigningKey(ctx, d, domain); err != nil || string(k.sealed) != "new "+domain {
				t.Errorf("%s: %q, %v", domain, k.sealed, err)
			}
		}
	})
}
