package access_test

import (
	"encoding/base32"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// phone is an authenticator app.
type phone struct {
	d      *desk
	secret string
}

func (p phone) code(after time.Duration) string {
	p.d.t.Helper()
	code, err := totp.GenerateCode(p.secret, p.d.Now().Add(after))
	if err != nil {
		p.d.t.Fatal(err)
	}
	return code
}

// secondStep sets it up and returns the phone and the recovery codes.
func (c *caller) secondStep() (phone, []string) {
	c.d.t.Helper()
	var made struct {
		Secret, URL string
		QR          access.Picture
	}
	c.do("POST", "/me/second-step", m{"current_password": password}).is(200, &made)
	p := phone{c.d, strings.ReplaceAll(made.Secret, " ", "")}
	if _, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(p.secret); err != nil {
		c.d.t.Fatalf("%q: %v", made.Secret, err)
	}
	if !strings.HasPrefix(made.URL, "otpauth://totp/Deskbell%20desk.example:") || !strings.Contains(made.URL, "secret="+p.secret) || made.QR.Size < 29 || made.QR.Path == "" {
		c.d.t.Errorf("%+v", made)
	}
	var codes struct {
		RecoveryCodes []string `json:"recovery_codes"`
	}
	c.do("POST", "/me/second-step/confirm", m{"code": p.code(0)}).is(200, &codes)
	if len(codes.RecoveryCodes) != 10 {
		c.d.t.Fatalf("%v", codes)
	}
	return p, codes.RecoveryCodes
}

func (d *desk) signIn(code string) got {
	return d.stranger().do("POST", "/session", m{"email": "olga@shop.example", "password": password, "code": code})
}

func TestTheSecondStepIsAskedForAndCountsOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		a := d.owner()
		other := d.signedIn("olga@shop.example")
		a.do("POST", "/me/second-step", m{"current_password": "wrong"}).is(422)
		a.do("POST", "/me/second-step/confirm", m{"code": "123456"}).is(409)
		p, _ := a.secondStep()
		other.do("GET", "/me", nil).is(401)
		a.do("GET", "/me", nil).is(200)

		if g := d.signIn("").is(401); !strings.Contains(g.body, "code-needed") || g.header.Get("Set-Cookie") != "" {
			t.Errorf("%s", g.body)
		}
		if g := d.signIn(p.code(0)).is(401); !strings.Contains(g.body, "used already") {
			t.Errorf("the code that confirmed it was taken again: %s", g.body)
		}
		d.later(30 * time.Second)
		code := p.code(0)
		d.signIn(code[:3] + " " + code[3:]).is(200)
		d.signIn(code).is(401)
		d.later(30 * time.Second)
		d.signIn(p.code(30 * time.Second)).is(200) // a phone whose clock is half a minute ahead
		d.signIn(p.code(0)).is(401)                // older than the one used last
		d.later(2 * time.Minute)
		d.signIn(p.code(-time.Minute)).is(401) // too old
		if g := d.stranger().do("POST", "/session", m{"email": "olga@shop.example", "password": "wrong password", "code": p.code(0)}).is(401); strings.Contains(g.body, "code") {
			t.Errorf("a wrong password tells of the second step: %s", g.body)
		}
	})
}

func TestOfTwoNodesThatGetTheSameCodeOneTakesIt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		p, _ := d.owner().secondStep()
		d.later(time.Minute)
		second := access.New(d.cfg) // another process on the same database
		code := p.code(0)
		var wg sync.WaitGroup
		errors := make([]error, 4)
		for i := range errors {
			svc := []*access.Service{d.svc, second}[i%2]
			wg.Go(func() {
				_, _, errors[i] = svc.SignIn(t.Context(), "olga@shop.example", password, access.Client{Address: "203.0.113." + num(int64(i)), Code: code})
			})
		}
		wg.Wait()
		in := 0
		for _, err := range errors {
			if err == nil {
				in++
			} else if !errs.Is(err, errs.Unauthorized) {
				t.Error(err)
			}
		}
		if in != 1 {
			t.Errorf("%d came in with one code", in)
		}
	})
}

func TestARecoveryCodeWorksOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		a := d.owner()
		_, codes := a.secondStep()
		d.signIn(strings.ToUpper(codes[3])).is(200)
		d.signIn(codes[3]).is(401)
		var step struct {
			On            bool
			RecoveryCodes int `json:"recovery_codes"`
		}
		a.do("GET", "/me/second-step", nil).is(200, &step)
		if !step.On || step.RecoveryCodes != 9 {
			t.Errorf("%+v", step)
		}
		a.do("POST", "/me/second-step/recovery-codes", m{"current_password": password}).is(200)
		d.signIn(codes[4]).is(401)
		a.do("POST", "/me/second-step/off", m{"current_password": "wrong"}).is(422)
		a.do("POST", "/me/second-step/off", m{"current_password": password}).is(204)
		d.signIn("").is(200)
	})
}

func TestCodesAreThrottledBehindTheRightPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		p, _ := d.owner().secondStep()
		d.later(10 * time.Minute)
		for range 5 {
			d.signIn("000000").is(401)
		}
		d.signIn("000000").is(429)
		d.later(30 * time.Second)
		d.signIn(p.code(0)).is(200)
	})
}

func TestAClockThatWasSetBackLocksNobodyOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		p, _ := d.owner().secondStep()
		d.later(48 * time.Hour) // the clock runs ahead, and is used so
		d.signIn(p.code(0)).is(200)
		for range 9 {
			d.signIn("000000")
		}
		d.later(-47 * time.Hour)
		d.later(30 * time.Second)
		d.signIn(p.code(0)).is(200)
		d.signIn(p.code(0)).is(401) // and that one counts once, too
	})
}

func TestWhoHasNoSecondStepCanOnlySetItUpWhereItIsRequired(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, database *db.DB) {
		d := newDesk(t, database)
		owner := d.owner()
		annID, ann := d.agent("admin", "ann@shop.example")
		_, key, err := d.svc.CreateAPIKey(t.Context(), access.System, access.APIKey{Agent: annID, Name: "k"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		owner.do("PATCH", "/settings/security", m{"second_step_required": true}).is(409) // not before the owner has one
		ann.do("PATCH", "/settings/security", m{"second_step_required": true}).is(403)
		owner.secondStep()
		owner.do("PATCH", "/settings/security", m{"second_step_required": true}).is(200)

		var me access.Me
		ann.do("GET", "/me", nil).is(200, &me)
		if !me.MustSetUp || len(me.Permissions) != 0 {
			t.Errorf("%+v", me)
		}
		for _, path := range []string{"/agents", "/me/sessions", "/teams", "/settings/security", "/audit"} {
			if g := ann.do("GET", path, nil).is(403); !strings.Contains(g.body, "second-step-missing") {
				t.Errorf("%s: %s", path, g.body)
			}
		}
		ann.do("PATCH", "/me", m{"name": "Ann"}).is(403)
		program := d.stranger()
		program.key = key
		program.do("GET", "/agents", nil).is(200) // a program has no telephone
		d.later(time.Minute)
		ann.secondStep()
		ann.do("GET", "/agents", nil).is(200)

		owner.do("DELETE", "/agents/"+num(annID)+"/second-step", nil).is(204)
		ann.do("GET", "/me", nil).is(401)
		if n := d.post.take(access.NoticeStepRemoved); len(n) != 1 || n[0].To != "ann@shop.example" || n[0].By != "Olga" {
			t.Errorf("%+v", n)
		}
		owner.do("DELETE", "/agents/"+num(annID)+"/second-step", nil).is(409)
	})
}
