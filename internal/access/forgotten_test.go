package access_test

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestAForgottenPasswordIsReplacedByMail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		olga := d.owner()
		ask := func() access.Notice {
			t.Helper()
			d.stranger().do("POST", "/password-resets", m{"email": " Olga@Shop.example"}).is(202)
			d.work()
			n := d.post.take(access.NoticeReset)
			if len(n) != 1 || n[0].To != "olga@shop.example" {
				t.Fatalf("%+v", n)
			}
			return n[0]
		}
		use := func(n access.Notice) got {
			return d.stranger().do("POST", "/password-resets/use", m{"token": tokenOf(t, n.Link), "password": "another horse"})
		}
		first := ask()
		second := ask()
		use(first).is(404) // dies with a newer one
		use(second).is(200)
		use(second).is(404) // works once
		olga.do("GET", "/me", nil).is(401)
		if n := d.post.take(access.NoticePasswordChanged); len(n) != 1 {
			t.Errorf("%+v", n)
		}
		d.later(time.Hour)
		late := ask()
		d.later(30 * time.Minute)
		use(late).is(404)
	})
}

func TestNobodyLearnsWhichAddressesAreKnown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		id, _ := d.agent("agent", "gone@shop.example")
		owner.do("PATCH", "/agents/"+num(id), m{"active": false}).is(200)
		var bodies []string
		for _, email := range []string{"olga@shop.example", "nobody@shop.example", "gone@shop.example"} {
			bodies = append(bodies, d.stranger().do("POST", "/password-resets", m{"email": email}).is(202).body)
			var jobs int
			if err := d.db.QueryRow(t.Context(), "SELECT COUNT(*) FROM job").Scan(&jobs); err != nil || jobs != len(bodies) {
				t.Errorf("%s leaves another trace than the others: %d jobs, %v", email, jobs, err)
			}
		}
		if bodies[0] != bodies[1] || bodies[1] != bodies[2] {
			t.Errorf("%q", bodies)
		}
		d.work()
		if n := d.post.take(access.NoticeReset); len(n) != 1 {
			t.Errorf("%+v", n)
		}
	})
}

func TestAStrangerCannotFillSomebodysMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		d.owner()
		refused := 0
		for i := range 40 {
			c := d.stranger()
			c.address = "198.51.100." + num(int64(i%2)) + ":1"
			if c.do("POST", "/password-resets", m{"email": "olga@shop.example"}).code == 429 {
				refused++
			}
		}
		d.work()
		if n := d.post.take(access.NoticeReset); len(n) != 3 || refused != 20 {
			t.Errorf("%d mails, %d refused", len(n), refused)
		}
	})
}

func TestWithoutASenderThePageSaysWhomToAsk(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	owner := d.owner()
	d.post.off = true
	var state struct{ Mail bool }
	d.stranger().do("GET", "/session/state", nil).is(200, &state)
	if g := d.stranger().do("POST", "/password-resets", m{"email": "olga@shop.example"}).is(409); state.Mail || !strings.Contains(g.body, "Ask somebody") {
		t.Errorf("%v %s", state, g.body)
	}
	var made access.InvitationLink
	owner.do("POST", "/invitations", m{"email": "ann@shop.example", "role_id": d.role("agent")}).is(201, &made)
	if made.Mailed || made.Link == "" {
		t.Errorf("%+v", made)
	}
}

func TestAResetLinkDoesNotGoAroundTheSecondStep(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		p, _ := d.owner().secondStep()
		d.later(time.Minute)
		d.stranger().do("POST", "/password-resets", m{"email": "olga@shop.example"}).is(202)
		d.work()
		token := tokenOf(t, d.post.take(access.NoticeReset)[0].Link)
		thief := d.stranger()
		if g := thief.do("POST", "/password-resets/use", m{"token": token, "password": "another horse"}).is(401); !strings.Contains(g.body, "code-needed") {
			t.Error(g.body)
		}
		thief.do("POST", "/password-resets/use", m{"token": token, "password": "another horse", "code": "000000"}).is(401)
		d.signIn(p.code(0)).is(200) // the password is the old one still
		d.later(30 * time.Second)
		d.stranger().do("POST", "/password-resets/use", m{"token": token, "password": "another horse", "code": p.code(0)}).is(200)
	})
}

func TestAnInvitationIsMailedAndSentAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		var made, again access.InvitationLink
		owner.do("POST", "/invitations", m{"email": "ann@shop.example", "name": "Ann", "role_id": d.role("agent")}).is(201, &made)
		n := d.post.take(access.NoticeInvitation)
		if !made.Mailed || len(n) != 1 || n[0].Link != made.Link || n[0].By != "Olga" || n[0].Invitation != made.ID {
			t.Fatalf("%+v %+v", made, n)
		}
		owner.do("POST", "/invitations/"+num(made.ID)+"/resend", nil).is(201, &again)
		accept := func(link string) got {
			return d.stranger().do("POST", "/invitations/accept", m{"token": tokenOf(t, link), "name": "Ann", "password": password})
		}
		accept(made.Link).is(404)
		accept(again.Link).is(200)
		accept(again.Link).is(404) // used twice
		owner.do("POST", "/invitations/"+num(again.ID)+"/resend", nil).is(404)
	})
}
