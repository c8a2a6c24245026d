package team_test

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/team"
)

func TestAnAddressIsFoldedAndChecked(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		" Anna@Shop.Example ": "anna@shop.example", "a+b@x.example": "a+b@x.example", "ü@x.example": "ü@x.example",
		"": "", "anna": "", "Anna <a@x.example>": "", "a@x.example, b@x.example": "", "a b@x.example": "",
		strings.Repeat("a", 250) + "@x.example": "",
	} {
		got, err := team.CheckEmail(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q, %v", in, got, err)
		}
	}
}

func TestANameIsOneLine(t *testing.T) {
	t.Parallel()
	for in, ok := range map[string]bool{"Anna": true, " 山田 ": true, "": false, " ": false, "a\nb": false, strings.Repeat("é", 100): true, strings.Repeat("é", 101): false} {
		if _, err := team.CheckName(in); (err == nil) != ok {
			t.Errorf("%q: %v", in, err)
		}
	}
}

func TestRolesAreSeededOnceAndThenLeftAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := team.New(team.Config{DB: d})
		seed := func(permissions ...string) {
			t.Helper()
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				return s.SeedRolesTx(t.Context(), tx, []team.Role{{Key: "lead", Name: "Lead", Permissions: permissions}})
			}); err != nil {
				t.Fatal(err)
			}
		}
		seed("a", "b")
		seed("c")
		list, err := s.Roles(t.Context())
		if err != nil || len(list) != 1 || !list[0].May("a") || list[0].May("c") {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

func TestATeamWithConversationsStays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := team.New(team.Config{DB: d})
		crew, err := s.CreateTeam(ctx, "Returns", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error {
			for _, text := range []string{
				"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
				"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'a', 'a@x.example', 0)",
				"INSERT INTO customer (id, created_at) VALUES (1, 0)",
			} {
				if _, err := tx.Exec(ctx, text); err != nil {
					return err
				}
			}
			_, err := tx.Exec(ctx, `INSERT INTO conversation (inbox_id, channel, customer_id, subject, preview, status, team_id,
				last_activity_at, waiting_since, due_at, created_at) VALUES (1, 'email', 1, '', '', 'open', ?, 0, 0, 0, 0)`, crew.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := s.DeleteTeam(ctx, crew.ID); !errs.Is(err, errs.Conflict) {
			t.Error(err)
		}
		if _, err := s.Team(ctx, crew.ID); err != nil {
			t.Error(err)
		}
	})
}
