package access_test

import (
	"slices"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/team"
)

func TestAdminsSeeAndEndTheSessionsOfOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		var told []int64
		d.cfg.Ended = func(agent int64) { told = append(told, agent) }
		d.svc = access.New(d.cfg)
		d.register()
		owner := d.owner()
		annID, ann := d.agent("agent", "ann@shop.example")
		_, admin := d.agent("admin", "adam@shop.example")
		second := d.signedIn("ann@shop.example")
		var list struct{ Items []access.SessionBody }
		path := "/agents/" + num(annID) + "/sessions"
		admin.do("GET", path, nil).is(200, &list)
		if len(list.Items) != 2 {
			t.Fatalf("%+v", list)
		}
		ann.do("GET", path, nil).is(403)
		told = nil
		admin.do("DELETE", path+"/"+num(list.Items[0].ID), nil).is(204)
		second.do("GET", "/me", nil).is(401)
		ann.do("GET", "/me", nil).is(200)
		admin.do("DELETE", path+"/"+num(list.Items[0].ID), nil).is(404)
		if !slices.Equal(told, []int64{annID}) {
			t.Errorf("open connections were not told: %v", told)
		}
		admin.do("DELETE", path, nil).is(204)
		ann.do("GET", "/me", nil).is(401)

		var me access.Me
		owner.do("GET", "/me", nil).is(200, &me)
		admin.do("GET", "/agents/"+num(me.ID)+"/sessions", nil).is(403) // an admin does not manage an owner
		owner.do("DELETE", "/agents/"+num(me.ID)+"/sessions", nil).is(204)
		owner.do("GET", "/me", nil).is(200)
	})
}

func TestRolesAreMadeAndNobodyGivesMoreThanTheyHave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		var hiring team.RoleBody
		owner.do("POST", "/roles", m{"name": "Hiring", "permissions": []string{"conversations:read", "agents:manage", "agents:manage"}}).is(201, &hiring)
		if !slices.Equal(hiring.Permissions, []string{"agents:manage", "conversations:read"}) {
			t.Errorf("%+v", hiring)
		}
		owner.do("POST", "/roles", m{"name": "hiring", "permissions": []string{}}).is(422)
		owner.do("POST", "/roles", m{"name": "x", "permissions": []string{"everything"}}).is(422)
		id, err := d.svc.CreateAgent(t.Context(), access.NewAgent{Name: "Hana", Email: "hana@shop.example", Password: password, Role: hiring.Key})
		if err != nil {
			t.Fatal(err)
		}
		hana := d.signedIn("hana@shop.example")
		hana.do("POST", "/roles", m{"name": "Spy", "permissions": []string{"settings:manage"}}).is(403)
		hana.do("PATCH", "/roles/"+num(d.role("admin")), m{"permissions": []string{}}).is(403) // has more than she
		hana.do("PATCH", "/roles/"+num(hiring.ID), m{"permissions": []string{"conversations:read", "agents:manage", "apikeys:manage"}}).is(403)
		owner.do("PATCH", "/roles/"+num(d.role("owner")), m{"permissions": []string{}}).is(409)
		owner.do("DELETE", "/roles/"+num(d.role("agent")), nil).is(409)
		owner.do("DELETE", "/roles/"+num(hiring.ID), nil).is(409)
		owner.do("PATCH", "/roles/"+num(hiring.ID), m{"permissions": []string{"conversations:read"}}).is(200)
		hana.do("GET", "/invitations", nil).is(403) // at once
		owner.do("PATCH", "/agents/"+num(id), m{"role_id": d.role("agent")}).is(200)
		owner.do("DELETE", "/roles/"+num(hiring.ID), nil).is(204)
		owner.do("DELETE", "/roles/"+num(hiring.ID), nil).is(404)
	})
}

func TestTheLogSaysWhoDidWhatAndFromWhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		annID, ann := d.agent("agent", "ann@shop.example")
		ann.do("GET", "/audit", nil).is(403)
		owner.do("PATCH", "/agents/"+num(annID), m{"name": "Ann B"}).is(200)
		owner.do("PATCH", "/agents/"+num(annID), m{"name": "Ann B"}).is(200) // changes nothing
		var log struct {
			Items []struct {
				Action, IP    string
				Actor         struct{ Name, Type string }
				Subject       struct{ Name string }
				Before, After map[string]any
			}
			Next string
		}
		owner.do("GET", "/audit?limit=1", nil).is(200, &log)
		if len(log.Items) != 1 || log.Next == "" {
			t.Fatalf("%+v", log)
		}
		row := log.Items[0]
		if row.Action != "agent.changed" || row.IP != "203.0.113.5" || row.Actor.Name != "Olga" || row.Actor.Type != "agent" ||
			len(row.Before) != 1 || row.Before["name"] != "ann@shop.example" || row.After["name"] != "Ann B" {
			t.Errorf("%+v", row)
		}
		owner.do("GET", "/audit?cursor="+log.Next, nil).is(200, &log)
		for _, r := range log.Items {
			if r.Action == "agent.changed" {
				t.Errorf("a change that was none, or the page before again: %+v", r)
			}
		}
		owner.do("GET", "/audit?subject=team", nil).is(200, &log)
		if len(log.Items) != 0 {
			t.Errorf("%+v", log)
		}
		owner.do("GET", "/audit?from=yesterday", nil).is(422)
	})
}

func TestPeopleWhoManageSeeWhenSomebodyWasThereLast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		annID, ann := d.agent("agent", "ann@shop.example")
		d.later(2 * 60e9)
		ann.do("GET", "/me", nil).is(200)
		if err := d.svc.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		var a access.AgentBody
		owner.do("GET", "/agents/"+num(annID), nil).is(200, &a)
		if a.LastSeenAt == nil || !a.LastSeenAt.Equal(d.Now()) || a.SecondStep == nil || *a.SecondStep {
			t.Errorf("%+v", a)
		}
		ann.do("GET", "/agents/"+num(annID), nil).is(200, &a)
		a = access.AgentBody{}
		ann.do("GET", "/agents/"+num(annID), nil).is(200, &a)
		if a.LastSeenAt != nil || a.SecondStep != nil {
			t.Errorf("a colleague sees %+v", a)
		}
	})
}
