package access_test

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/team"
)

func num(n int64) string { return strconv.FormatInt(n, 10) }

func TestAnInvitationMakesAnAgentOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		box := d.inbox("support", "none")
		var crew team.TeamBody
		owner.do("POST", "/teams", m{"name": "Returns"}).is(201, &crew)
		invite := m{"email": "Ann@Shop.example", "name": "Ann", "role_id": d.role("agent"), "team_ids": []int64{crew.ID},
			"inboxes": []m{{"inbox_id": box, "access": "team"}}}
		var old, link access.InvitationLink
		owner.do("POST", "/invitations", invite).is(201, &old)
		owner.do("POST", "/invitations", invite).is(201, &link)
		var list struct{ Items []access.InvitationBody }
		owner.do("GET", "/invitations", nil).is(200, &list)
		if len(list.Items) != 1 || list.Items[0].Email != "ann@shop.example" || list.Items[0].RoleName != "Agent" {
			t.Errorf("%+v", list.Items)
		}
		ann := d.stranger()
		ann.do("POST", "/invitations/check", m{"token": tokenOf(t, old.Link)}).is(404)
		var seen struct {
			Email, Name string
			RoleName    string    `json:"role_name"`
			ExpiresAt   time.Time `json:"expires_at"`
		}
		ann.do("POST", "/invitations/check", m{"token": tokenOf(t, link.Link)}).is(200, &seen)
		if seen.Email != "ann@shop.example" || seen.Name != "Ann" || seen.RoleName != "Agent" || !seen.ExpiresAt.Equal(d.Now().Add(72*time.Hour)) {
			t.Errorf("%+v", seen)
		}
		accept := m{"token": tokenOf(t, link.Link), "name": "Ann B", "password": password}
		var me access.Me
		ann.do("POST", "/invitations/accept", accept).is(200, &me)
		if me.Name != "Ann B" || len(me.TeamIDs) != 1 || len(me.Inboxes) != 1 || me.Inboxes[0].Access != access.Team {
			t.Errorf("%+v", me)
		}
		ann.do("GET", "/me", nil).is(200)
		d.stranger().do("POST", "/invitations/accept", accept).is(404)
		owner.do("POST", "/invitations", invite).is(422) // is an agent already
	})
}

func TestAnInvitationEndsAfterThreeDaysOrWhenWithdrawn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		var link access.InvitationLink
		owner.do("POST", "/invitations", m{"email": "ann@shop.example", "role_id": d.role("agent")}).is(201, &link)
		d.later(72 * time.Hour)
		d.stranger().do("POST", "/invitations/accept", m{"token": tokenOf(t, link.Link), "name": "Ann", "password": password}).is(404)
		owner.do("POST", "/invitations", m{"email": "ann@shop.example", "role_id": d.role("agent")}).is(201, &link)
		owner.do("DELETE", "/invitations/"+num(link.ID), nil).is(204)
		owner.do("DELETE", "/invitations/"+num(link.ID), nil).is(404)
		d.stranger().do("POST", "/invitations/check", m{"token": tokenOf(t, link.Link)}).is(404)
	})
}

func TestALinkUsedByTwoAtOnceWorksForOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		var link access.InvitationLink
		owner.do("POST", "/invitations", m{"email": "ann@shop.example", "role_id": d.role("agent")}).is(201, &link)
		var wg sync.WaitGroup
		codes := make([]int, 4)
		for i := range codes {
			wg.Go(func() {
				codes[i] = d.stranger().do("POST", "/invitations/accept", m{"token": tokenOf(t, link.Link), "name": "Ann", "password": password}).code
			})
		}
		wg.Wait()
		ok := 0
		for _, c := range codes {
			if c == 200 {
				ok++
			} else if c != 404 {
				t.Errorf("status %d", c)
			}
		}
		if ok != 1 {
			t.Errorf("the link worked %d times", ok)
		}
	})
}

func TestAResetLinkWorksOnceAndEndsAllSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		id, ann := d.agent("agent", "ann@shop.example")
		var old, link struct{ Link string }
		owner.do("POST", "/agents/"+num(id)+"/reset-password", nil).is(200, &old)
		owner.do("POST", "/agents/"+num(id)+"/reset-password", nil).is(200, &link)
		d.stranger().do("POST", "/password-resets/use", m{"token": tokenOf(t, old.Link), "password": "another horse"}).is(404)
		browser := d.stranger()
		browser.do("POST", "/password-resets/use", m{"token": tokenOf(t, link.Link), "password": "another horse"}).is(200)
		browser.do("GET", "/me", nil).is(200)
		ann.do("GET", "/me", nil).is(401)
		d.stranger().do("POST", "/password-resets/use", m{"token": tokenOf(t, link.Link), "password": "third horse!"}).is(404)

		late, err := d.svc.ResetLink(t.Context(), "Ann@shop.example")
		if err != nil {
			t.Fatal(err)
		}
		d.later(30 * time.Minute)
		d.stranger().do("POST", "/password-resets/use", m{"token": tokenOf(t, late.URL), "password": "third horse!"}).is(404)
	})
}

func TestNobodyRisesAboveThemselves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		var me access.Me
		owner.do("GET", "/me", nil).is(200, &me)
		adminID, admin := d.agent("admin", "adam@shop.example")
		agentID, agent := d.agent("agent", "ann@shop.example")
		boss := "/agents/" + num(me.ID)
		admin.do("PATCH", boss, m{"active": false}).is(403)
		admin.do("PATCH", boss, m{"role_id": d.role("agent")}).is(403)
		admin.do("POST", boss+"/reset-password", nil).is(403)
		admin.do("PATCH", "/agents/"+num(adminID), m{"role_id": d.role("owner")}).is(403)
		admin.do("POST", "/invitations", m{"email": "eve@shop.example", "role_id": d.role("owner")}).is(403)
		admin.do("PATCH", "/agents/"+num(adminID), m{"active": false}).is(422)
		agent.do("PATCH", "/agents/"+num(agentID), m{"role_id": d.role("admin")}).is(403)
		agent.do("POST", "/invitations", m{"email": "eve@shop.example", "role_id": d.role("agent")}).is(403)
		agent.do("GET", "/agents", nil).is(200)
		owner.do("PATCH", boss, m{"role_id": d.role("admin")}).is(409) // the last owner
		owner.do("PATCH", "/agents/"+num(adminID), m{"role_id": d.role("owner")}).is(200)
		owner.do("PATCH", boss, m{"role_id": d.role("admin")}).is(200)
	})
}

func TestTwoOwnersCannotLeaveTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		d.owner()
		other, _ := d.agent("owner", "oleg@shop.example")
		olga, err := d.team.ByEmail(t.Context(), d.db, "olga@shop.example")
		if err != nil {
			t.Fatal(err)
		}
		role := d.role("agent")
		var wg sync.WaitGroup
		for _, id := range []int64{olga.ID, other} {
			wg.Go(func() { _, _ = d.svc.UpdateAgent(t.Context(), access.System, id, team.Change{Role: &role}) })
		}
		wg.Wait()
		if some, err := d.team.OwnerExists(t.Context()); !some || err != nil {
			t.Errorf("nobody owns the desk any more: %v", err)
		}
	})
}

func TestANewRoleOrDeactivationEndsSessionsAndKeysAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		id, ann := d.agent("agent", "ann@shop.example")
		_, key, err := d.svc.CreateAPIKey(t.Context(), access.System, access.APIKey{Agent: id, Name: "k"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		program := d.stranger()
		program.key = key
		program.do("GET", "/me", nil).is(200)
		ann.do("GET", "/me", nil).is(200)
		owner.do("PATCH", "/agents/"+num(id), m{"role_id": d.role("light_agent")}).is(200)
		ann.do("GET", "/me", nil).is(401)
		ann = d.signedIn("ann@shop.example")
		owner.do("PATCH", "/agents/"+num(id), m{"active": false}).is(200)
		ann.do("GET", "/me", nil).is(401)
		program.do("GET", "/me", nil).is(401)
		owner.do("PATCH", "/agents/"+num(id), m{"active": true}).is(200)
		ann.do("GET", "/me", nil).is(401)
		program.do("GET", "/me", nil).is(401) // a key that has ended does not come back
	})
}

func TestAKeyMayDoWhatItsAgentAndItsScopesAllow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		var made access.NewKeyBody
		owner.do("POST", "/api-keys", m{"name": "shop", "scopes": []string{"conversations:read", "apikeys:manage"}}).is(201, &made)
		if len(made.Key) < 50 || made.Prefix != made.Key[:12] {
			t.Errorf("%+v", made)
		}
		program := d.stranger()
		program.key = made.Key
		program.do("GET", "/teams", nil).is(200)
		program.do("POST", "/teams", m{"name": "x"}).is(403)
		program.do("POST", "/api-keys", m{"name": "more"}).is(422)
		program.do("POST", "/api-keys", m{"name": "more", "scopes": []string{"teams:manage"}}).is(403)
		program.do("POST", "/api-keys", m{"name": "less", "scopes": []string{"conversations:read"}}).is(201)
		program.do("POST", "/me/password", m{"current_password": password, "new_password": "another horse"}).is(403)
		owner.do("POST", "/api-keys", m{"name": "odd", "scopes": []string{"fly"}}).is(422)

		d.later(time.Minute)
		program.do("GET", "/teams", nil).is(200)
		if err := d.svc.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		var list struct{ Items []access.KeyBody }
		owner.do("GET", "/api-keys", nil).is(200, &list)
		if n := len(list.Items); n != 2 || list.Items[1].LastUsedAt == nil || !list.Items[1].LastUsedAt.Equal(d.Now()) {
			t.Errorf("%+v", list.Items)
		}
		owner.do("DELETE", "/api-keys/"+num(made.ID), nil).is(204)
		program.do("GET", "/teams", nil).is(401)
		owner.do("DELETE", "/api-keys/"+num(made.ID), nil).is(404)
	})
}

func TestAKeyExpires(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		var made access.NewKeyBody
		owner.do("POST", "/api-keys", m{"name": "old", "expires_at": d.Now()}).is(422)
		owner.do("POST", "/api-keys", m{"name": "old", "expires_at": d.Now().Add(time.Hour)}).is(201, &made)
		program := d.stranger()
		program.key = made.Key
		program.do("GET", "/me", nil).is(200)
		a, err := d.svc.ByKey(t.Context(), made.Key)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.svc.Recheck(t.Context(), a); err != nil {
			t.Error(err)
		}
		d.later(time.Hour)
		program.do("GET", "/me", nil).is(401)
		if _, err := d.svc.Recheck(t.Context(), a); err == nil {
			t.Error("an open connection outlives its key")
		}
	})
}

func TestTheScopeFollowsMembersAndRole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		open, closed, shared := d.inbox("open", "all"), d.inbox("closed", "none"), d.inbox("shared", "own")
		id, ann := d.agent("agent", "ann@shop.example", team.InboxAccess{InboxID: open, Access: "none"}, team.InboxAccess{InboxID: shared, Access: "team"})
		level := func(inbox int64) access.Level {
			t.Helper()
			a, err := d.svc.Agent(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			return a.Scope.Level(inbox)
		}
		if level(open) != access.None || level(closed) != access.None || level(shared) != access.Team {
			t.Errorf("%v %v %v", level(open), level(closed), level(shared))
		}
		owner.do("PATCH", "/agents/"+num(id), m{"inboxes": []m{{"inbox_id": closed, "access": "own"}}}).is(200)
		if level(open) != access.Any || level(closed) != access.Own || level(shared) != access.Own {
			t.Errorf("%v %v %v", level(open), level(closed), level(shared))
		}
		var me access.Me
		ann.do("GET", "/me", nil).is(200, &me)
		if len(me.Inboxes) != 3 {
			t.Errorf("%+v", me.Inboxes)
		}
		owner.do("PATCH", "/agents/"+num(id), m{"role_id": d.role("admin")}).is(200)
		if level(closed) != access.Any {
			t.Error("an admin does not see all")
		}
	})
}

func TestTeamsAreKeptWithTheirAgents(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		id, ann := d.agent("agent", "ann@shop.example")
		owner.headers = map[string]string{"Idempotency-Key": "one"}
		var crew, again team.TeamBody
		owner.do("POST", "/teams", m{"name": " Returns ", "agent_ids": []int64{id, id}}).is(201, &crew)
		owner.do("POST", "/teams", m{"name": " Returns ", "agent_ids": []int64{id, id}}).is(201, &again)
		owner.headers = nil
		if crew.ID != again.ID || crew.Name != "Returns" || len(crew.AgentIDs) != 1 {
			t.Errorf("%+v %+v", crew, again)
		}
		path := "/teams/" + num(crew.ID)
		owner.do("POST", "/teams", m{"name": "Returns"}).is(422)
		owner.do("POST", "/teams", m{"name": "Other", "agent_ids": []int64{999}}).is(422)
		ann.do("PATCH", path, m{"name": "Mine"}).is(403)
		a, err := d.svc.Agent(t.Context(), id)
		if err != nil || len(a.Scope.Teams) != 1 {
			t.Errorf("%+v, %v", a, err)
		}
		owner.do("PATCH", path, m{"name": "Refunds", "agent_ids": []int64{}}).is(200, &crew)
		if crew.Name != "Refunds" || len(crew.AgentIDs) != 0 {
			t.Errorf("%+v", crew)
		}
		if a, _ := d.svc.Agent(t.Context(), id); len(a.Scope.Teams) != 0 {
			t.Error("the agent is still in the team")
		}
		owner.do("DELETE", path, nil).is(204)
		owner.do("GET", path, nil).is(404)
		ann.do("GET", "/roles", nil).is(200)
	})
}

func TestAgentsChangeTheirOwnProfile(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		d.owner()
		_, ann := d.agent("light_agent", "ann@shop.example")
		var me access.Me
		ann.do("PATCH", "/me", m{"locale": "ja", "theme": "dark", "density": "compact", "undo_seconds": 0, "swipe_to_end": "unread", "swipe_to_start": "none", "plain_replies": true, "signature": "— Ann",
			"single_key_shortcuts": false, "onboarding": m{"tour": true}}).is(200, &me)
		ann.do("GET", "/me", nil).is(200, &me)
		if me.Locale != "ja" || me.Theme != "dark" || me.Density != "compact" || me.UndoSeconds != 0 || me.Signature != "— Ann" ||
			me.SwipeToEnd != "unread" || me.SwipeToStart != "none" || !me.PlainReplies || me.SingleKeyShortcuts || me.Onboarding["tour"] != true || me.Name != "ann@shop.example" {
			t.Errorf("%+v", me)
		}
		for _, wrong := range []m{{"locale": "xx"}, {"theme": "pink"}, {"swipe_to_end": "delete"}, {"undo_seconds": 31}, {"name": " "}, {"unknown": 1}} {
			ann.do("PATCH", "/me", wrong).is(422)
		}
	})
}

func TestPeopleAreListedPageByPage(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	owner := d.owner()
	d.agent("agent", "ann@shop.example")
	d.agent("agent", "bob@shop.example")
	var page struct {
		Items []access.AgentBody
		Next  string
	}
	owner.do("GET", "/agents?limit=2", nil).is(200, &page)
	if len(page.Items) != 2 || page.Next == "" {
		t.Fatalf("%+v", page)
	}
	owner.do("GET", "/agents?limit=2&cursor="+page.Next, nil).is(200, &page)
	if len(page.Items) != 1 || page.Next != "" || page.Items[0].Email != "bob@shop.example" {
		t.Errorf("%+v", page)
	}
	owner.do("GET", "/agents?cursor=nonsense!", nil).is(422)
}
