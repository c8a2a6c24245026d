package access_test

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

const year = 365 * 24 * time.Hour

func (d *desk) flush() {
	d.t.Helper()
	if err := d.svc.Flush(d.t.Context()); err != nil {
		d.t.Fatal(err)
	}
}

func TestACodeDoesNotCountAgainWhereverTheClockIsSetTo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		p, recovery := d.owner().secondStep()
		d.later(time.Minute)
		seen := p.code(0)
		d.signIn(seen).is(200)

		d.later(year) // a phone is right, the machine is not
		right := p.code(-year)
		if g := d.signIn(right).is(401); !strings.Contains(g.body, "clock") {
			t.Errorf("the answer does not speak of clocks: %s", g.body)
		}
		d.signIn(recovery[0]).is(200) // the way in until somebody sets it right
		d.signIn(p.code(0)).is(200)   // a phone that is as wrong

		d.later(-year) // set right: somebody may have seen the code of this minute
		if g := d.signIn(seen).is(401); !strings.Contains(g.body, "used already") {
			t.Errorf("%s", g.body)
		}
		d.later(30 * time.Second)
		d.signIn(p.code(0)).is(200)
		d.signIn(p.code(0)).is(401)
	})
}

func TestASessionOutlivesAClockThatIsSetBackAndNoneLivesForYears(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		d.later(-time.Hour)
		owner.do("GET", "/me", nil).is(200)

		d.later(year) // what is signed in now would live until then
		future := d.signedIn("olga@shop.example")
		d.later(-year)
		future.do("GET", "/me", nil).is(200)
		d.flush()
		d.later(31 * 24 * time.Hour)
		future.do("GET", "/me", nil).is(401)
	})
}

func TestAJumpBeyondItsEndSignsOutAndNothingElse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		d.later(31 * 24 * time.Hour)
		if g := owner.do("GET", "/me", nil).is(401); !strings.Contains(g.body, "Sign in again") {
			t.Errorf("%s", g.body)
		}
		d.later(-31 * 24 * time.Hour) // before anything was swept
		owner.do("GET", "/me", nil).is(200)
	})
}

func TestALinkLivesAsLongAsItIsToThoughTheClockRanAhead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		invite := func(email string) string {
			var link struct{ Link string }
			owner.do("POST", "/invitations", m{"email": email, "role_id": d.role("agent")}).is(201, &link)
			return tokenOf(t, link.Link)
		}
		check := func(token string) got { return d.stranger().do("POST", "/invitations/check", m{"token": token}) }
		d.later(24 * time.Hour)
		ahead := invite("ann@shop.example")
		reset, err := d.svc.ResetLink(t.Context(), "olga@shop.example")
		if err != nil {
			t.Fatal(err)
		}
		d.later(-24 * time.Hour)
		owner = d.signedIn("olga@shop.example")
		d.flush()
		check(ahead).is(200)
		d.later(71 * time.Hour)
		check(ahead).is(200)
		d.later(time.Hour)
		check(ahead).is(404)
		d.stranger().do("POST", "/password-resets/use", m{"token": tokenOf(t, reset.URL), "password": "another horse"}).is(404)

		owner = d.signedIn("olga@shop.example")
		tomorrow := invite("ben@shop.example")
		d.later(-time.Hour) // set back by less than it lives
		check(tomorrow).is(200)
		d.stranger().do("POST", "/invitations/accept", m{"token": tomorrow, "name": "Ben", "password": password}).is(200)
		d.stranger().do("POST", "/invitations/accept", m{"token": tomorrow, "name": "Ben", "password": password}).is(404)
	})
}
