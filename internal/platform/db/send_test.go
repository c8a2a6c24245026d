package db_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

const (
	put  = "INSERT INTO setting (name, value) VALUES (?, ?)"
	read = "SELECT value FROM setting WHERE name = ?"
)

func TestWhatWasSentIsThereForTheNextStatement(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Write(ctx, func(tx *db.Tx) error {
			for i := range 250 { // more than wait together
				if err := tx.Send(ctx, put, fmt.Sprint("s", i), "first"); err != nil {
					return err
				}
			}
			var value string
			if err := tx.QueryRow(ctx, read, "s249").Scan(&value); err != nil || value != "first" {
				return fmt.Errorf("a row says %q, %w", value, err)
			}
			if err := tx.QueryRow(ctx, read, "nobody").Scan(&value); !db.IsNoRows(err) {
				return fmt.Errorf("a row that is not there: %w", err)
			}
			if err := tx.Send(ctx, "UPDATE setting SET value = 'second' WHERE name = 's1'"); err != nil {
				return err
			}
			if n, err := tx.Exec(ctx, "UPDATE setting SET value = 'third' WHERE value = 'second'"); err != nil || n != 1 {
				return fmt.Errorf("%d rows touched, %w", n, err)
			}
			if err := tx.Send(ctx, "DELETE FROM setting WHERE name = 's2'"); err != nil {
				return err
			}
			left := 0
			err := db.Each(ctx, tx, "SELECT 1 FROM setting WHERE name IN ('s1', 's2', 's3')", nil, func(*sql.Rows) error { left++; return nil })
			if err != nil || left != 2 {
				return fmt.Errorf("%d rows, %w", left, err)
			}
			return tx.Send(ctx, put, "last", "one")
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"s1": "third", "s249": "first", "last": "one"} {
			if got, err := db.Setting(ctx, d, name); err != nil || got != want {
				t.Errorf("%s is %q, %v", name, got, err)
			}
		}
	})
}

func TestWhatWasSentAndFailsEndsTheTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		twice := func(tx *db.Tx) error {
			return errors.Join(tx.Send(ctx, put, "a", "1"), tx.Send(ctx, put, "a", "2"))
		}
		for name, fn := range map[string]func(tx *db.Tx) error{
			"at the commit": twice,
			"at a query": func(tx *db.Tx) error {
				var value string
				return errors.Join(twice(tx), tx.QueryRow(ctx, read, "a").Scan(&value))
			},
			"at rows": func(tx *db.Tx) error {
				return errors.Join(twice(tx), db.Each(ctx, tx, read, []any{"a"}, func(*sql.Rows) error { return nil }))
			},
		} {
			committed := false
			err := d.Write(ctx, func(tx *db.Tx) error {
				tx.AfterCommit(func() { committed = true })
				return fn(tx)
			})
			if !db.IsUnique(err) || committed {
				t.Errorf("%s: %v, committed: %v", name, err, committed)
			}
			if got, err := db.Setting(ctx, d, "a"); err != nil || got != "" {
				t.Errorf("%s: something was kept: %q, %v", name, got, err)
			}
		}
	})
}

func TestASavepointTakesBackWhatItSent(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		err := d.Write(ctx, func(tx *db.Tx) error {
			if err := tx.Send(ctx, put, "kept", "1"); err != nil {
				return err
			}
			err := tx.Savepoint(ctx, func() error { return tx.Send(ctx, put, "kept", "2") })
			if !db.IsUnique(err) {
				return fmt.Errorf("it did not fail: %w", err)
			}
			err = tx.Savepoint(ctx, func() error {
				return errors.Join(tx.Send(ctx, put, "lost", "1"), errors.New("changed my mind"))
			})
			if err == nil || !strings.Contains(err.Error(), "changed my mind") {
				return fmt.Errorf("it says %w", err)
			}
			return tx.Savepoint(ctx, func() error { return tx.Send(ctx, put, "also", "1") })
		})
		if err != nil {
			t.Fatal(err)
		}
		for name, want := range map[string]string{"kept": "1", "lost": "", "also": "1"} {
			if got, err := db.Setting(ctx, d, name); err != nil || got != want {
				t.Errorf("%s is %q, %v", name, got, err)
			}
		}
	})
}

func TestACommitAfterAFailureNobodyListenedToIsAnError(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	ctx := context.Background()
	err := d.Write(ctx, func(tx *db.Tx) error {
		_, _ = tx.Exec(ctx, "SELECT 1 FROM nowhere")
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "had failed before") {
		t.Errorf("err = %v", err)
	}
}

func TestAPanicLeavesNoTransactionBehind(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for range 40 { // more than there are connections
			func() {
				defer func() { _ = recover() }()
				_ = d.Write(ctx, func(tx *db.Tx) error {
					if err := tx.Send(ctx, put, "a", "1"); err != nil {
						t.Error(err)
					}
					panic("broken")
				})
			}()
		}
		if got, err := db.Setting(ctx, d, "a"); err != nil || got != "" {
			t.Errorf("%q, %v", got, err)
		}
	})
}

func TestABrokenStatementTakesOnlyItsSavepointWithIt(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for range 3 { // the first time, and when the others are known to work
			err := d.Write(ctx, func(tx *db.Tx) error {
				if err := db.SetSetting(ctx, tx, "kept", "1"); err != nil {
					return err
				}
				err := tx.Savepoint(ctx, func() error { return tx.Send(ctx, "DELETE FROM nowhere") })
				if err == nil {
					return errors.New("a table that is not there was written")
				}
				return tx.Send(ctx, "UPDATE setting SET value = value || '1' WHERE name = 'kept'")
			})
			if err != nil {
				t.Fatal(err)
			}
			if got, err := db.Setting(ctx, d, "kept"); err != nil || got != "11" {
				t.Errorf("%q, %v", got, err)
			}
		}
	})
}

func TestAReadIsSetUpForItselfAndWritesNothing(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		shown := func(q db.Queryer) (value string) {
			if err := q.QueryRow(ctx, "SELECT current_setting('work_mem')").Scan(&value); err != nil {
				t.Error(err)
			}
			return value
		}
		err := d.Read(ctx, func(tx *db.Tx) error {
			if d.Dialect == db.SQLite {
				_, err := db.Setting(ctx, tx, "nobody")
				return err
			}
			err := tx.Send(ctx, "SELECT set_config('work_mem', '77MB', TRUE)")
			if value := shown(tx); value != "77MB" {
				t.Errorf("set up as %q, %v", value, err)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if d.Dialect == db.Postgres && shown(d) == "77MB" {
			t.Error("the connection stays set up")
		}
		err = d.Read(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, put, "name", "value")
			return err
		})
		if err == nil {
			t.Error("something was written")
		}
	})
}

func TestWhatIsWrittenAfterATransactionThatNeverBeganIsNotKept(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	d.Handle().SetMaxIdleConns(0) // each transaction has a new connection, which must prepare what it sends
	ctx := context.Background()
	if _, err := d.Handle().ExecContext(ctx, "CREATE TABLE passing (id bigint)"); err != nil {
		t.Fatal(err)
	}
	pass := func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM passing")
		return err
	}
	if err := d.Write(ctx, pass); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Handle().ExecContext(ctx, "DROP TABLE passing"); err != nil {
		t.Fatal(err)
	}
	err := d.Write(ctx, func(tx *db.Tx) error {
		if err := pass(tx); err == nil {
			t.Error("a table that is gone was written")
		}
		_, _ = tx.Exec(ctx, put, "a", "1")
		return nil
	})
	if err == nil {
		t.Error("it was committed")
	}
	if got, err := db.Setting(ctx, d, "a"); err != nil || got != "" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestWhatWasAskedIsKnownAfterTheNextStatementThatIsWaitedFor(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		for range 3 { // the first time, and when the statements are known to work
			var got []string
			ask := func(tx *db.Tx, query string, args ...any) error {
				return tx.Ask(ctx, func(row db.Row) error {
					var value string
					err := row.Scan(&value)
					got = append(got, value)
					return err
				}, query, args...)
			}
			known := func(want ...string) error {
				if !slices.Equal(got, want) {
					return fmt.Errorf("known is %q, want %q", got, want)
				}
				return nil
			}
			atTheEnd := ""
			err := d.Write(ctx, func(tx *db.Tx) error {
				got = nil
				tx.BeforeCommit(func(context.Context, *db.Tx) error { atTheEnd = strings.Join(got, " "); return nil })
				var value string
				return errors.Join(
					tx.Send(ctx, "DELETE FROM setting"),
					tx.Send(ctx, "INSERT INTO setting (name, value) VALUES ('a', '1'), ('b', '2')"),
					ask(tx, "SELECT value FROM setting ORDER BY name"),
					ask(tx, "SELECT value FROM setting WHERE name = ?", "nobody"),
					ask(tx, "UPDATE setting SET value = '3' WHERE name = ? RETURNING value", "b"),
					tx.QueryRow(ctx, read, "b").Scan(&value), known("1", "2", "3"),
					ask(tx, read, "a"), tx.Answered(ctx), known("1", "2", "3", "1"),
					tx.Savepoint(ctx, func() error { return ask(tx, read, "b") }), known("1", "2", "3", "1", "3"),
					ask(tx, read, "a"),
				)
			})
			if err != nil || atTheEnd != "1 2 3 1 3 1" {
				t.Fatalf("%v, known at the end: %q", err, atTheEnd)
			}
		}
	})
}

func TestAnAnswerThatIsRefusedEndsTheTransaction(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		if err := d.Write(ctx, func(tx *db.Tx) error { return db.SetSetting(ctx, tx, "a", "1") }); err != nil {
			t.Fatal(err)
		}
		refused := errors.New("refused")
		err := d.Write(ctx, func(tx *db.Tx) error {
			return errors.Join(
				tx.Send(ctx, "UPDATE setting SET value = '2' WHERE name = 'a'"),
				tx.Ask(ctx, func(db.Row) error { return refused }, read, "a"),
			)
		})
		if got, _ := db.Setting(ctx, d, "a"); !errors.Is(err, refused) || got != "1" {
			t.Errorf("%v, and a is %q", err, got)
		}
		err = d.Write(ctx, func(tx *db.Tx) error {
			taken := tx.Savepoint(ctx, func() error {
				return errors.Join(
					tx.Send(ctx, "UPDATE setting SET value = '3' WHERE name = 'a'"),
					tx.Ask(ctx, func(db.Row) error { return refused }, read, "a"),
				)
			})
			if !errors.Is(taken, refused) {
				return fmt.Errorf("the savepoint says %w", taken)
			}
			return nil
		})
		if got, _ := db.Setting(ctx, d, "a"); err != nil || got != "1" {
			t.Errorf("%v, and a is %q", err, got)
		}
	})
}

func TestReservedIDsAreNobodyElses(t *testing.T) {
	t.Parallel()
	d := dbtest.Postgres(t)
	ctx := context.Background()
	const insert = "INSERT INTO brand (name, created_at) VALUES ('other', 0) RETURNING id"
	err := d.Write(ctx, func(tx *db.Tx) error {
		var other int64
		if id := tx.Reserved("brand"); id != 0 {
			return fmt.Errorf("%d was never reserved", id)
		}
		if err := errors.Join(tx.Reserve(ctx, "brand", 2), tx.QueryRow(ctx, insert).Scan(&other)); err != nil {
			return err
		}
		a, b, none := tx.Reserved("brand"), tx.Reserved("brand"), tx.Reserved("brand")
		if a == 0 || b <= a || none != 0 || other <= b {
			return fmt.Errorf("reserved are %d, %d and %d, the next is %d", a, b, none, other)
		}
		if err := errors.Join(tx.Reserve(ctx, "brand", 1), tx.Answered(ctx)); err != nil {
			return err
		}
		if tx.Release("brand"); tx.Reserved("brand") != 0 {
			return errors.New("an id that was given up is handed out")
		}
		return tx.Send(ctx, "INSERT INTO brand (id, name, created_at) VALUES (?, 'mine', 0)", a)
	})
	if err != nil {
		t.Fatal(err)
	}
}
