package view_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/view"
)

func TestEachAgentLooksAtAViewInTheirOwnWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		newShop(t, d, 1)
		svc := &view.Service{DB: d}
		as := func(agent int64) context.Context {
			return access.With(context.Background(), &access.Actor{AgentID: agent, Scope: access.Scope{Everything: true}})
		}
		for _, l := range []view.Layout{
			{View: "mine", Table: true, Columns: []string{"customer"}}, {View: "mine", Table: true, Columns: []string{"subject", "due"}}, {View: "team-4", Columns: []string{}},
		} {
			if err := svc.KeepLayout(as(ann), l); err != nil {
				t.Fatal(err)
			}
		}
		got, err := svc.Layouts(as(ann))
		want := []view.Layout{{View: "mine", Table: true, Columns: []string{"subject", "due"}}, {View: "team-4", Columns: []string{}}}
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%v %s", err, diff)
		}
		if got, err := svc.Layouts(as(bob)); len(got) != 0 || err != nil {
			t.Errorf("a colleague has %v, %v", got, err)
		}
		for _, l := range []view.Layout{
			{View: "Mine!", Columns: []string{"due"}}, {View: "mine", Columns: []string{"secret"}}, {View: "mine", Columns: []string{"due", "due"}}, {View: "mine", Table: true},
		} {
			if err := svc.KeepLayout(as(ann), l); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", l, err)
			}
		}
	})
}
