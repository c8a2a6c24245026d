package search_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestTheWordIndexKeepsWhatItsTransactionKeeps(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, ctx := newDesk(t, d), context.Background()
		tea, cup, jug := k.receive(1, "Tea", "oolong"), k.receive(1, "Cup", "saucer"), k.receive(1, "Jug", "pitcher")
		k.exec("UPDATE message SET text = 'sencha' WHERE text = 'oolong'", "UPDATE message SET text = 'handle' WHERE text = 'saucer'")
		undone := errors.New("undone")
		k.write(func(tx *db.Tx) error {
			again := k.IndexTx(ctx, tx, tea.Message)
			taken := tx.Savepoint(ctx, func() error {
				// What is taken back: an entry forgotten that waits, one that is written, and a new one.
				return errors.Join(k.ForgetTx(ctx, tx, tea.Message, jug.Message), k.IndexTx(ctx, tx, cup.Message), undone)
			})
			if !errors.Is(taken, undone) {
				return taken
			}
			return errors.Join(again, k.IndexTx(ctx, tx, cup.Message), k.ForgetTx(ctx, tx, cup.Message), k.IndexTx(ctx, tx, cup.Message))
		})
		for word, want := range map[string][]int64{
			"sencha": {tea.Conversation}, "oolong": nil, "handle": {cup.Conversation}, "saucer": nil, "pitcher": {jug.Conversation},
		} {
			if got := k.ids(admin, word); !slices.Equal(got, want) {
				t.Errorf("%s: %v, want %v", word, got, want)
			}
		}
		k.write(func(tx *db.Tx) error {
			return errors.Join(k.IndexTx(ctx, tx, tea.Message), k.ForgetTx(ctx, tx, tea.Message, cup.Message))
		})
		for _, word := range []string{"sencha", "handle"} {
			if got := k.ids(admin, word); len(got) != 0 {
				t.Errorf("%s is found although it was forgotten: %v", word, got)
			}
		}
		// What other work adds at the very end of a transaction is there as well.
		k.write(func(tx *db.Tx) error {
			err := k.IndexTx(ctx, tx, jug.Message)
			tx.BeforeCommit(func(ctx context.Context, tx *db.Tx) error { return k.IndexTx(ctx, tx, cup.Message) })
			return err
		})
		if got := k.ids(admin, "handle"); !slices.Equal(got, []int64{cup.Conversation}) {
			t.Errorf("%v", got)
		}
	})
}
