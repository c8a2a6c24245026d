package access_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestTheSetUpLinkMakesOneOwnerOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		var state struct {
			SetupNeeded      bool `json:"setup_needed"`
			SignedIn         bool `json:"signed_in"`
			PublicURLMatches bool `json:"public_url_matches"`
			Version          string
		}
		d.stranger().do("GET", "/session/state", nil).is(200, &state)
		if !state.SetupNeeded || state.SignedIn || !state.PublicURLMatches || state.Version != "test" {
			t.Errorf("%+v", state)
		}
		old, _, err := d.svc.SetupLink(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		link, ok, err := d.svc.SetupLink(t.Context())
		if err != nil || !ok || !strings.HasPrefix(link.URL, publicURL+"/setup?token=") {
			t.Fatalf("%+v %v %v", link, ok, err)
		}
		form := m{"name": "Olga", "email": "Olga@Shop.Example", "password": password, "locale": "uk"}
		with := func(token string) m {
			form["token"] = token
			return form
		}
		d.stranger().do("POST", "/setup", with(tokenOf(t, old.URL))).is(403)
		d.stranger().do("POST", "/setup", with("guessed")).is(403)
		form["password"] = "short"
		d.stranger().do("POST", "/setup", with(tokenOf(t, link.URL))).is(422) // and the link still lives
		form["password"] = password
		owner := d.stranger()
		var me access.Me
		owner.do("POST", "/setup", with(tokenOf(t, link.URL))).is(200, &me)
		if me.Email != "olga@shop.example" || me.Role.Key != "owner" || me.Locale != "uk" || len(me.Permissions) != len(access.All) {
			t.Errorf("%+v", me)
		}
		owner.do("GET", "/me", nil).is(200)
		d.stranger().do("POST", "/setup", with(tokenOf(t, link.URL))).is(403)
		owner.do("GET", "/session/state", nil).is(200, &state)
		if state.SetupNeeded || !state.SignedIn {
			t.Errorf("%+v", state)
		}
		if _, ok, err := d.svc.SetupLink(t.Context()); ok || err != nil {
			t.Errorf("a set-up link was made although there is an owner: %v", err)
		}
		if _, err := d.svc.SetUp(t.Context(), access.FirstOwner{Name: "Eve", Email: "eve@shop.example", Password: password}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a second owner was set up: %v", err)
		}
	})
}

func TestOfSeveralSetUpsAtOnceOneSucceeds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		var wg sync.WaitGroup
		results := make([]error, 5)
		for i := range results {
			wg.Go(func() {
				_, results[i] = d.svc.SetUp(t.Context(), access.FirstOwner{Name: "O", Email: string(rune('a'+i)) + "@shop.example", Password: password})
			})
		}
		wg.Wait()
		made := 0
		for _, err := range results {
			if err == nil {
				made++
			} else if !errs.Is(err, errs.Conflict) {
				t.Error(err)
			}
		}
		if made != 1 {
			t.Errorf("%d owners", made)
		}
	})
}

func TestTheCookieIsForTheServerAlone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		url, name string
		secure    bool
	}{{"http://127.0.0.1:8080", "deskbell=", false}, {"https://desk.example", "__Host-deskbell=", true}} {
		d := newDesk(t, dbtest.SQLite(t), func(cfg *access.Config) { cfg.PublicURL = c.url })
		d.owner()
		set := d.stranger().do("POST", "/session", m{"email": "olga@shop.example", "password": password}).is(200).header.Get("Set-Cookie")
		if !strings.HasPrefix(set, c.name) || strings.Contains(set, "; Secure") != c.secure {
			t.Errorf("%s: %s", c.url, set)
		}
		for _, want := range []string{"; HttpOnly", "; SameSite=Lax", "; Path=/;"} {
			if !strings.Contains(set, want) {
				t.Errorf("%s: %q is missing in %s", c.url, want, set)
			}
		}
		if strings.Contains(set, "Domain") {
			t.Error("the cookie goes to other hosts")
		}
	}
}

func TestAnUnknownAccountLooksLikeAWrongPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		id, _ := d.agent("agent", "gone@shop.example")
		owner.do("PATCH", "/agents/"+num(id), m{"active": false}).is(200)
		var bodies []string
		for _, email := range []string{"olga@shop.example", "nobody@shop.example", "gone@shop.example", "no address"} {
			pass := "wrong password"
			if email == "gone@shop.example" {
				pass = password
			}
			g := d.stranger().do("POST", "/session", m{"email": email, "password": pass}).is(401)
			if g.header.Get("Set-Cookie") != "" {
				t.Error("a cookie was set")
			}
			bodies = append(bodies, strings.ReplaceAll(g.body, g.header.Get("X-Request-Id"), ""))
		}
		for _, b := range bodies {
			if b != bodies[0] {
				t.Errorf("the answers differ: %s and %s", bodies[0], b)
			}
		}
	})
}

func TestGuessingIsThrottledByAddressAndAccount(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	d.owner()
	wrong := m{"email": "Olga@shop.example ", "password": "wrong password"}
	right := m{"email": "olga@shop.example", "password": password}
	thief := d.stranger()
	thief.address = "198.51.100.66:1"
	for range 5 {
		thief.do("POST", "/session", wrong).is(401)
	}
	if g := thief.do("POST", "/session", right).is(429); g.header.Get("Retry-After") != "30" {
		t.Errorf("Retry-After = %q", g.header.Get("Retry-After"))
	}
	d.stranger().do("POST", "/session", right).is(200)
	d.later(30 * time.Second)
	thief.do("POST", "/session", wrong).is(401)
	thief.do("POST", "/session", wrong).is(429)
}

func TestSuccessfulSignInsAreNotCountedAsGuesses(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	d.owner()
	for range 8 {
		d.stranger().do("POST", "/session", m{"email": "olga@shop.example", "password": password}).is(200)
	}
}

func TestAWriteFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	owner := d.owner()
	owner.headers = map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
	owner.do("PATCH", "/me", m{"name": "Eve"}).is(403)
	owner.do("DELETE", "/session", nil).is(403)
	owner.headers = map[string]string{"Sec-Fetch-Site": "same-origin", "Origin": publicURL}
	owner.do("PATCH", "/me", m{"name": "Olga B"}).is(200)
	thief := d.stranger()
	thief.headers = map[string]string{"Sec-Fetch-Site": "cross-site"}
	thief.do("POST", "/session", m{"email": "olga@shop.example", "password": password}).is(403)
}

func TestASessionEndsWhenItIsSignedOutUnusedOrOld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		a, b := d.owner(), d.signedIn("olga@shop.example")
		old := a.cookie
		g := a.do("DELETE", "/session", nil).is(204)
		if !strings.Contains(g.header.Get("Set-Cookie"), "Max-Age=0") {
			t.Errorf("the cookie stays: %s", g.header.Get("Set-Cookie"))
		}
		a.cookie = old
		a.do("GET", "/me", nil).is(401)
		a.do("DELETE", "/session", nil).is(204) // twice is no error
		for range 3 {
			d.later(29 * 24 * time.Hour)
			b.do("GET", "/me", nil).is(200)
			if err := d.svc.Flush(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		d.later(4 * 24 * time.Hour) // 91 days after sign-in
		b.do("GET", "/me", nil).is(401)

		c := d.signedIn("olga@shop.example")
		d.later(31 * 24 * time.Hour)
		c.do("GET", "/me", nil).is(401)
		if err := d.svc.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := d.db.QueryRow(t.Context(), "SELECT COUNT(*) FROM session").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d sessions are kept, %v", n, err)
		}
	})
}

func TestAgentsSeeAndEndTheirOwnSessionsOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		a := d.owner()
		b := d.signedIn("olga@shop.example")
		_, other := d.agent("agent", "ann@shop.example")
		var list struct{ Items []access.SessionBody }
		a.do("GET", "/me/sessions", nil).is(200, &list)
		if len(list.Items) != 2 || list.Items[0].Current || !list.Items[1].Current || list.Items[0].UserAgent != "Firefox" || list.Items[0].IP != "203.0.113.5" {
			t.Fatalf("%+v", list.Items)
		}
		other.do("DELETE", "/me/sessions/"+num(list.Items[0].ID), nil).is(404)
		a.do("DELETE", "/me/sessions/"+num(list.Items[0].ID), nil).is(204)
		b.do("GET", "/me", nil).is(401)
		a.do("GET", "/me", nil).is(200)
	})
}

func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		a := d.owner()
		b := d.signedIn("olga@shop.example")
		a.do("POST", "/me/password", m{"current_password": "wrong", "new_password": "another horse"}).is(422)
		a.do("POST", "/me/password", m{"current_password": password, "new_password": "short"}).is(422)
		a.do("POST", "/me/password", m{"current_password": password, "new_password": "another horse"}).is(204)
		a.do("GET", "/me", nil).is(200)
		b.do("GET", "/me", nil).is(401)
		d.stranger().do("POST", "/session", m{"email": "olga@shop.example", "password": password}).is(401)
		d.stranger().do("POST", "/session", m{"email": "olga@shop.example", "password": "another horse"}).is(200)
	})
}
