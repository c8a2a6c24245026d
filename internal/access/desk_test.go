package access_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/brand"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/secret"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/team"
)

// desk is an installation with the operations of people and brands.
type desk struct {
	t      testing.TB
	db     *db.DB
	svc    *access.Service
	team   *team.Service
	api    *web.API
	jobs   *job.Queue
	cfg    access.Config
	post   *post
	brands *brand.Service
	http   http.Handler

	mu  sync.Mutex
	now time.Time
}

func (d *desk) Now() time.Time {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.now
}

func (d *desk) later(by time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.now = d.now.Add(by)
}

const publicURL = "http://desk.example:8080"

func newDesk(t testing.TB, database *db.DB, change ...func(*access.Config)) *desk {
	t.Helper()
	d := &desk{t: t, db: database, now: time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)}
	d.team = team.New(team.Config{DB: database, Now: d.Now, SetInboxesTx: setInboxes})
	keys, err := secret.Parse(secret.NewKey())
	if err != nil {
		t.Fatal(err)
	}
	d.jobs = &job.Queue{DB: database, Now: d.Now, Log: slog.New(slog.DiscardHandler)}
	cfg := access.Config{DB: database, Team: d.team, Now: d.Now, PublicURL: publicURL + "/", Version: "test", Secrets: keys, Jobs: d.jobs}
	for _, f := range change {
		f(&cfg)
	}
	d.cfg, d.svc = cfg, access.New(cfg)
	d.post = &post{}
	if err := d.svc.Seed(t.Context()); err != nil {
		t.Fatal(err)
	}
	brands := brand.New(brand.Config{DB: database, Now: d.Now})
	if _, err := brands.Ensure(t.Context()); err != nil {
		t.Fatal(err)
	}
	d.brands = brands
	d.register()
	return d
}

// register makes the operations anew, after the service was replaced.
func (d *desk) register() {
	d.svc.Use(d.post)
	api := web.New(web.Config{DB: d.db, Now: d.Now, PublicURL: d.cfg.PublicURL, Authenticate: d.svc.Authenticate, Need: access.Need})
	access.Register(api, d.svc)
	audit.Register(api, d.db)
	team.Register(api, d.team)
	brand.Register(api, d.brands)
	d.api, d.http = api, api.Handler()
}

// setInboxes is what package inbox does in the program.
func setInboxes(ctx context.Context, tx *db.Tx, agent int64, list []team.InboxAccess) error {
	if _, err := tx.Exec(ctx, "DELETE FROM inbox_member WHERE agent_id = ?", agent); err != nil {
		return err
	}
	for _, i := range list {
		if _, err := tx.Exec(ctx, "INSERT INTO inbox_member (inbox_id, agent_id, access) VALUES (?, ?, ?)", i.InboxID, agent, i.Access); err != nil {
			return err
		}
	}
	return nil
}

// caller is a browser or a program.
type caller struct {
	d       *desk
	cookie  string
	key     string
	address string
	headers map[string]string
}

func (d *desk) stranger() *caller { return &caller{d: d, address: "203.0.113.5:4711"} }

// got is an answer.
type got struct {
	t      testing.TB
	code   int
	body   string
	header http.Header
}

func (c *caller) do(method, path string, body any) got {
	c.d.t.Helper()
	var text string
	switch b := body.(type) {
	case nil:
	case string:
		text = b
	default:
		j, err := json.Marshal(b)
		if err != nil {
			c.d.t.Fatal(err)
		}
		text = string(j)
	}
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(text))
	r.RemoteAddr = c.address
	r.Host = "desk.example:8080"
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Firefox")
	if c.key != "" {
		r.Header.Set("Authorization", "Bearer "+c.key)
	}
	if c.cookie != "" {
		r.Header.Set("Cookie", c.cookie)
	}
	for k, v := range c.headers {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	c.d.http.ServeHTTP(w, r)
	if set := w.Header().Get("Set-Cookie"); set != "" {
		c.cookie, _, _ = strings.Cut(set, ";")
	}
	return got{c.d.t, w.Code, w.Body.String(), w.Header()}
}

// is checks the status and decodes the body.
func (g got) is(code int, into ...any) got {
	g.t.Helper()
	if g.code != code {
		g.t.Fatalf("status %d, want %d: %s", g.code, code, g.body)
	}
	for _, v := range into {
		if err := json.Unmarshal([]byte(g.body), v); err != nil {
			g.t.Fatalf("%s: %v", g.body, err)
		}
	}
	return g
}

type m = map[string]any

const password = "correct horse"

// owner sets the desk up and returns the first owner's browser.
func (d *desk) owner() *caller {
	d.t.Helper()
	if _, err := d.svc.SetUp(d.t.Context(), access.FirstOwner{Name: "Olga", Email: "olga@shop.example", Password: password}); err != nil {
		d.t.Fatal(err)
	}
	return d.signedIn("olga@shop.example")
}

func (d *desk) signedIn(email string) *caller {
	d.t.Helper()
	c := d.stranger()
	c.do("POST", "/session", m{"email": email, "password": password}).is(200)
	return c
}

// agent makes an agent and returns their id and browser.
func (d *desk) agent(role, email string, inboxes ...team.InboxAccess) (int64, *caller) {
	d.t.Helper()
	id, err := d.svc.CreateAgent(d.t.Context(), access.NewAgent{Name: email, Email: email, Password: password, Role: role, Inboxes: inboxes})
	if err != nil {
		d.t.Fatal(err)
	}
	return id, d.signedIn(email)
}

func (d *desk) inbox(name, defaultAccess string) int64 {
	d.t.Helper()
	var id int64
	err := d.db.Write(d.t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(d.t.Context(), `INSERT INTO inbox (brand_id, channel, name, address, default_access, created_at)
			SELECT MIN(id), 'email', ?, ?, ?, 0 FROM brand RETURNING id`, name, name+"@shop.example", defaultAccess).Scan(&id)
	})
	if err != nil {
		d.t.Fatal(err)
	}
	d.svc.Forget(0)
	return id
}

func (d *desk) role(key string) int64 {
	d.t.Helper()
	r, err := d.team.RoleByKeyTx(d.t.Context(), d.db, key)
	if err != nil {
		d.t.Fatal(err)
	}
	return r.ID
}

func tokenOf(t testing.TB, link string) string {
	t.Helper()
	_, token, ok := strings.Cut(link, "?token=")
	if !ok || len(token) < 43 {
		t.Fatalf("%q has no token", link)
	}
	return token
}

// post keeps what the system mail sender would send.
type post struct {
	off  bool
	mu   sync.Mutex
	sent []access.Notice
}

func (p *post) Ready(context.Context, db.Queryer) (bool, error) { return !p.off, nil }

func (p *post) SendTx(_ context.Context, tx *db.Tx, n access.Notice) error {
	tx.AfterCommit(func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.sent = append(p.sent, n)
	})
	return nil
}

func (p *post) InvitationMails(context.Context, db.Queryer, []int64) (map[int64]access.MailState, error) {
	return nil, nil
}

// take gives what was sent since the last call, of one kind.
func (p *post) take(kind string) (out []access.Notice) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, n := range p.sent {
		if n.Kind == kind {
			out = append(out, n)
		}
	}
	p.sent = nil
	return out
}

// work runs the jobs of sign-in.
func (d *desk) work() {
	d.t.Helper()
	for _, k := range d.svc.Kinds() {
		for {
			n, err := d.jobs.RunOnce(d.t.Context(), k)
			if err != nil {
				d.t.Fatal(err)
			}
			if n == 0 {
				break
			}
		}
	}
}
