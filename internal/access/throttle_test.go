package access_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestTenThousandAttemptsOverTwoNodesLockNobodyOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		d.owner() // from 203.0.113.5
		nodes := []*access.Service{d.svc, access.New(d.cfg)}
		tried := 0
		for i := range 10_000 {
			from := fmt.Sprintf("198.51.%d.%d", i/250, i%250)
			_, _, err := nodes[i%2].SignIn(t.Context(), "olga@shop.example", "guess", access.Client{Address: from})
			switch {
			case errs.Is(err, errs.Unauthorized):
				tried++
			case !errs.Is(err, errs.TooMany):
				t.Fatal(err)
			}
		}
		if tried != 60 {
			t.Errorf("%d passwords were compared", tried)
		}
		if _, _, err := nodes[1].SignIn(t.Context(), "olga@shop.example", password, access.Client{Address: "203.0.113.5"}); err != nil {
			t.Errorf("the address that the owner uses is locked out: %v", err)
		}
		_, ann := d.agent("agent", "ann@shop.example")
		ann.do("GET", "/me", nil).is(200)
		d.later(30 * time.Second)
		if _, _, err := nodes[0].SignIn(t.Context(), "olga@shop.example", password, access.Client{Address: "203.0.113.77"}); err != nil {
			t.Errorf("a new address must wait longer than half a minute: %v", err)
		}
	})
}

func TestOneAddressTriesFewAccountsAndFewPasswords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		d.owner()
		thief := access.Client{Address: "198.51.100.1"}
		count := func(email func(i int) string) (tried int) {
			for i := range 200 {
				_, _, err := d.svc.SignIn(t.Context(), email(i), "summer2026", thief)
				if errs.Is(err, errs.Unauthorized) {
					tried++
				} else if !errs.Is(err, errs.TooMany) {
					t.Fatal(err)
				}
			}
			return tried
		}
		if n := count(func(int) string { return "olga@shop.example" }); n != 5 {
			t.Errorf("%d passwords of one account", n)
		}
		if n := count(func(i int) string { return fmt.Sprint("account", i, "@shop.example") }); n != 45 {
			t.Errorf("%d accounts after five tries", n)
		}
	})
}

func TestWhatWasThrottledIsForgottenWhenItIsOver(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		d.owner()
		for i := range 3 {
			_, _, _ = d.svc.SignIn(t.Context(), "olga@shop.example", "guess", access.Client{Address: fmt.Sprint("198.51.100.", i)})
		}
		d.later(time.Hour)
		if err := d.svc.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := d.db.QueryRow(t.Context(), "SELECT COUNT(*) FROM throttle").Scan(&n); err != nil || n != 0 {
			t.Errorf("%d rows, %v", n, err)
		}
	})
}

func TestAClockThatRanAheadDoesNotShutADoorForLong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		d.owner()
		d.later(24 * time.Hour)
		thief := d.stranger()
		thief.address = "198.51.100.66:1"
		for range 5 {
			thief.do("POST", "/session", m{"email": "olga@shop.example", "password": "guess"}).is(401)
		}
		d.later(-24 * time.Hour)
		for range 5 {
			thief.do("POST", "/session", m{"email": "olga@shop.example", "password": "guess"}).is(401)
		}
		thief.do("POST", "/session", m{"email": "olga@shop.example", "password": password}).is(429)
		d.later(30 * time.Second)
		thief.do("POST", "/session", m{"email": "olga@shop.example", "password": password}).is(200)
	})
}

func TestAForgedHeaderDoesNotOpenAnotherDoor(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	d.owner()
	thief := d.stranger()
	thief.address = "198.51.100.66:1"
	codes := map[int]int{}
	for i := range 12 {
		thief.headers = map[string]string{"X-Forwarded-For": fmt.Sprint("192.0.2.", i), "X-Forwarded-Host": "evil.example", "Forwarded": "for=192.0.2.1", "X-Real-IP": "192.0.2.2"}
		codes[thief.do("POST", "/session", m{"email": "olga@shop.example", "password": "guess"}).code]++
	}
	if codes[401] != 5 || codes[429] != 7 {
		t.Errorf("%v", codes)
	}
}

func TestLinksAreBuiltFromThePublicURLWhateverTheHostSays(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	owner := d.owner()
	owner.headers = map[string]string{"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"}
	var made access.InvitationLink
	owner.do("POST", "/invitations", m{"email": "ann@shop.example", "role_id": d.role("agent")}).is(201, &made)
	if !strings.HasPrefix(made.Link, publicURL+"/invitation?token=") {
		t.Error(made.Link)
	}
	d.stranger().do("POST", "/password-resets", m{"email": "olga@shop.example"}).is(202)
	d.work()
	if n := d.post.take(access.NoticeReset); len(n) != 1 || !strings.HasPrefix(n[0].Link, publicURL+"/reset-password?token=") {
		t.Errorf("%+v", n)
	}
}
