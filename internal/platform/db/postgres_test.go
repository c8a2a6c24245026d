package db_test

import (
	"context"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestPostgresGivesUpANodeThatVanishedInATransaction(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	url := dbtest.PostgresURL(t)
	for want, at := range map[string]string{"10s": url, "7s": url + "&idle_in_transaction_session_timeout=7000"} {
		d, err := db.Open(ctx, db.Config{URL: at, MaxConn: 1})
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		var got, tcp string
		if err := d.QueryRow(ctx, "SELECT current_setting('idle_in_transaction_session_timeout'), current_setting('tcp_user_timeout')").Scan(&got, &tcp); err != nil {
			t.Fatal(err)
		}
		if got != want || tcp != "10000" {
			t.Errorf("an idle transaction lives %s, want %s; bytes without an answer %s", got, want, tcp)
		}
	}
}

func TestAWriteUnderAFenceThatSaysNoChangesNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		no := context.Canceled
		var asked []string
		fence := func(ctx context.Context, name string, err error) context.Context {
			return db.Fenced(ctx, func(context.Context, *db.Tx) error { asked = append(asked, name); return err })
		}
		ctx := fence(fence(fence(context.Background(), "outer", nil), "middle", no), "inner", nil)
		err := d.Write(ctx, func(*db.Tx) error { t.Error("written"); return nil })
		if err != no || len(asked) != 2 || asked[0] != "outer" {
			t.Errorf("%v after %v", err, asked)
		}
		if err := d.Write(context.Background(), func(*db.Tx) error { return nil }); err != nil {
			t.Error(err)
		}
	})
}
