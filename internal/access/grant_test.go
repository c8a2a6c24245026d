package access_test

import (
	"context"
	"slices"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/team"
)

func TestARoleOfAnOlderReleaseGetsNewPermissionsOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		people := team.New(team.Config{DB: d})
		s := access.New(access.Config{DB: d, Team: people})
		set := func(permissions string) {
			t.Helper()
			if err := d.Write(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO role (role_key, name, permissions) VALUES ('agent', 'Agent', ?)
					ON CONFLICT (role_key) DO UPDATE SET permissions = excluded.permissions`, permissions)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		may := func() bool {
			t.Helper()
			if err := s.Seed(ctx); err != nil {
				t.Fatal(err)
			}
			roles, err := people.Roles(ctx)
			if err != nil {
				t.Fatal(err)
			}
			i := slices.IndexFunc(roles, func(r team.Role) bool { return r.Key == "agent" })
			return roles[i].May(string(access.ConversationsMerge))
		}
		set(`["conversations:read","conversations:update"]`)
		if !may() {
			t.Error("the role did not get what came since")
		}
		set(`["conversations:read","conversations:update"]`)
		if may() {
			t.Error("what was taken away came back")
		}
	})
}
