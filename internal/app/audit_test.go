package app_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// administrative are the permissions whose operations change how the desk works.
var administrative = map[string]bool{
	string(access.InboxesManage): true, string(access.AgentsManage): true, string(access.TeamsManage): true, string(access.TagsManage): true,
	string(access.SettingsManage): true, string(access.JobsManage): true, string(access.APIKeysManage): true,
	string(access.HoldsManage): true, string(access.CustomersExport): true, string(access.CustomersErase): true,
}

// audited says how an administrative operation is called so that it changes
// something. An operation that changes nothing has none = true.
type audited struct {
	path string // "" = the route; {last} is what the step that made something made
	body string
	none bool // changes nothing that is kept
}

// steps has every administrative operation, in an order in which each finds
// what it needs.
var steps = []struct {
	route string
	how   audited
}{
	{"POST /tags", audited{body: `{"name":"rush"}`}},
	{"PATCH /tags/{id}", audited{path: "/tags/1", body: `{"name":"express"}`}},
	{"DELETE /tags/{id}", audited{path: "/tags/1"}},
	{"POST /teams", audited{body: `{"name":"Returns"}`}},
	{"PATCH /teams/{id}", audited{path: "/teams/1", body: `{"name":"Returns 2"}`}},
	{"DELETE /teams/{id}", audited{path: "/teams/1"}},
	{"PUT /customers/{id}/legal-hold", audited{path: "/customers/1/legal-hold", body: `{"reason":"A dispute"}`}},
	{"DELETE /customers/{id}/legal-hold", audited{path: "/customers/1/legal-hold"}},
	{"PUT /conversations/{id}/legal-hold", audited{none: true}}, // the same code as of a customer
	{"DELETE /conversations/{id}/legal-hold", audited{none: true}},
	{"POST /customers/{id}/export", audited{path: "/customers/1/export"}},
	{"POST /customers/{id}/erase", audited{path: "/customers/1/erase", body: `{"confirm":"Eva"}`}},
	{"PATCH /brands/{id}", audited{path: "/brands/1", body: `{"name":"Another name"}`}},
	{"POST /custom-fields", audited{body: `{"subject":"conversation","label":"Reason","kind":"text"}`}},
	{"PATCH /custom-fields/{id}", audited{path: "/custom-fields/{last}", body: `{"archived":true}`}},
	{"POST /inboxes", audited{body: `{"name":"n","channel":"email","address":"n@shop.example","imap":{"host":"127.0.0.1","port":1,"tls":"none","username":"u","password":"veryhidden"}}`}},
	{"POST /inboxes/{id}/imports", audited{path: "/inboxes/{last}/imports", body: `{"folder":"INBOX","since":"2025-01-01T00:00:00Z"}`}},
	{"POST /imports/{id}/pause", audited{path: "/imports/{last}/pause"}},
	{"POST /imports/{id}/start", audited{path: "/imports/{last}/start"}},
	{"POST /imports/{id}/cancel", audited{path: "/imports/{last}/cancel"}},
	{"PUT /mail-providers/{key}", audited{path: "/mail-providers/other", body: `{"client_id":"c","client_secret":"veryhidden","authorize_url":"https://id.example/a","token_url":"https://id.example/t","scopes":["mail"]}`}},
	{"POST /inboxes/{id}/consent", audited{none: true}}, // begins a visit to the provider
	{"POST /consents", audited{none: true}}, // takes a provider's answer: TestRotatingTheKeyReachesEverySealedColumn looks for its row
	{"PATCH /inboxes/{id}", audited{path: "/inboxes/1", body: `{"name":"m","smtp":{"password":"veryhidden"}}`}},
	{"POST /inboxes/test", audited{none: true}},
	{"POST /inboxes/{id}/test", audited{none: true}},
	{"DELETE /inboxes/{id}", audited{path: "/inboxes/1"}},
	{"PUT /settings/mail-sender", audited{body: `{"address":"desk@shop.example","smtp":{"host":"127.0.0.1","port":1,"tls":"none","username":"u","password":"veryhidden"}}`}},
	{"POST /settings/mail-sender/test", audited{none: true}},
	{"POST /invitations", audited{body: `{"email":"i@shop.example","role_id":4}`}},
	{"POST /invitations/{id}/resend", audited{path: "/invitations/{last}/resend"}},
	{"DELETE /invitations/{id}", audited{path: "/invitations/{last}"}},
	{"DELETE /settings/mail-sender", audited{}},
	{"PATCH /settings/security", audited{body: `{"audit_keep_days":400}`}},
	{"POST /senders", audited{body: `{"kind":"block","pattern":"bad@x.example"}`}},
	{"POST /senders", audited{body: `{"kind":"allow","pattern":"bad@x.example"}`}},
	{"DELETE /senders/{id}", audited{path: "/senders/{last}"}},
	{"PATCH /spam-settings", audited{body: `{"keep_days":31}`}},
	{"POST /customer-rules", audited{body: `{"name":"r","senders":["a@x.example"],"sources":["reply_to"]}`}},
	{"PATCH /customer-rules/{id}", audited{path: "/customer-rules/{last}", body: `{"name":"s"}`}},
	{"POST /customer-rules/order", audited{body: `{"ids":[2,1]}`}},
	{"POST /customer-rules/try", audited{none: true}},
	{"DELETE /customer-rules/{id}", audited{path: "/customer-rules/{last}"}},
	{"POST /business-hours", audited{body: `{"name":"h","time_zone":"UTC"}`}},
	{"PATCH /business-hours/{id}", audited{path: "/business-hours/{last}", body: `{"name":"u"}`}},
	{"DELETE /business-hours/{id}", audited{path: "/business-hours/{last}"}},
	{"POST /business-hours/{id}/restore", audited{path: "/business-hours/{last}/restore"}},
	{"POST /tone-rules", audited{body: `{"kind":"avoid","name":"t","terms":[{"words":["x"]}]}`}},
	{"PATCH /tone-rules/{id}", audited{path: "/tone-rules/{last}", body: `{"name":"u"}`}},
	{"DELETE /tone-rules/{id}", audited{path: "/tone-rules/{last}"}},
	{"POST /tone-rules/{id}/restore", audited{path: "/tone-rules/{last}/restore"}},
	{"POST /tone-rules/starter", audited{}},
	{"PUT /translation-settings", audited{body: `{"enabled":true,"address":"http://127.0.0.1:1","api_key":"veryhidden"}`}},
	{"POST /translation-settings/test", audited{none: true}},
	{"POST /roles", audited{body: `{"name":"Packers","permissions":["conversations:read"]}`}},
	{"PATCH /roles/{id}", audited{path: "/roles/{last}", body: `{"permissions":[]}`}},
	{"DELETE /roles/{id}", audited{path: "/roles/{last}"}},
	{"POST /api-keys", audited{body: `{"name":"k","scopes":["tags:manage"]}`}},
	{"DELETE /api-keys/{id}", audited{path: "/api-keys/1"}},
	{"POST /agents/{id}/reset-password", audited{path: "/agents/2/reset-password"}},
	{"DELETE /agents/{id}/sessions/{session_id}", audited{path: "/agents/2/sessions/2"}},
	{"DELETE /agents/{id}/sessions", audited{path: "/agents/2/sessions"}},
	{"DELETE /agents/{id}/second-step", audited{path: "/agents/2/second-step"}},
	{"PATCH /agents/{id}", audited{path: "/agents/2", body: `{"active":false}`}},
	{"POST /attachments/{id}/release", audited{none: true}}, // TestAProgramIsHandedOutOnlyWhenReleased looks for its row
	{"POST /jobs/{id}/retry", audited{path: "/jobs/1000/retry"}},
	{"DELETE /jobs/{id}", audited{path: "/jobs/1001"}},
}

func TestEveryAdministrativeOperationIsInTheAuditLog(t *testing.T) {
	t.Parallel()
	s := newAdminDesk(t)
	known := map[string]bool{}
	for _, step := range steps {
		known[step.route] = true
	}
	for _, r := range s.app.API.Routes() {
		name := r.Method + " " + strings.TrimPrefix(r.Path, "/api/v1")
		if r.Method != http.MethodGet && administrative[r.Permission] && !known[name] {
			t.Errorf("%s may change how the desk works: let its service call audit.RecordTx, and give it a row in steps", name)
		}
	}
	last := ""
	for _, step := range steps {
		if step.how.none {
			continue
		}
		method, path, _ := strings.Cut(step.route, " ")
		if step.how.path != "" {
			path = strings.ReplaceAll(step.how.path, "{last}", last)
		}
		before := s.newest(t)
		status, body := s.call(admin, method, path, step.how.body)
		if status >= 300 {
			t.Errorf("%s: %d %s", step.route, status, body)
			continue
		}
		var made struct{ ID int64 }
		if status == http.StatusCreated && json.Unmarshal([]byte(body), &made) == nil {
			last = strconv.FormatInt(made.ID, 10)
		}
		rows, err := audit.List(context.Background(), s.app.DB, audit.Filter{}, 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(rows) == 0 || rows[0].Number == before {
			t.Errorf("%s left no row in the audit log", step.route)
			continue
		}
		if rows[0].Who.Name != "Olga" || rows[0].Action == "" || rows[0].Subject == "" || rows[0].Address == "" {
			t.Errorf("%s: %+v", step.route, rows[0])
		}
	}
	s.noSecrets(t)
	s.named(t)
}

// named looks whether the console has words for every action.
func (s *sight) named(t *testing.T) {
	t.Helper()
	words, err := os.ReadFile("../../web/src/features/audit/words.ts")
	if err != nil {
		t.Fatal(err)
	}
	// What no step of this test does.
	actions := []string{"key.rotated", "inbox.consented", "data.backed_up", "data.restored", "agent.recovery_code_used", "agent.second_step_on"}
	err = db.Each(context.Background(), s.app.DB, "SELECT DISTINCT action FROM audit", nil, func(rows *sql.Rows) error {
		var action string
		err := rows.Scan(&action)
		actions = append(actions, action)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range actions {
		if !strings.Contains(string(words), "'"+action+"'") {
			t.Errorf("the console has no words for %s: add it to web/src/features/audit/words.ts", action)
		}
	}
}

// newAdminDesk is a program with an owner, an agent who has everything that can
// be taken away, and two dead jobs.
func newAdminDesk(t *testing.T) *sight {
	t.Helper()
	ctx := access.With(context.Background(), access.System)
	s := &sight{app: newApp(t), cookies: map[who]string{}, keys: map[who]string{}, ids: map[string]int64{}}
	s.handler = s.app.API.Handler()
	if _, err := s.app.Access.SetUp(ctx, access.FirstOwner{Name: "Olga", Email: "olga@shop.example", Password: "correct horse"}); err != nil {
		t.Fatal(err)
	}
	ann, err := s.app.Access.CreateAgent(ctx, access.NewAgent{Name: "Ann", Email: "ann@shop.example", Password: "correct horse", Role: "agent"})
	if err != nil {
		t.Fatal(err)
	}
	for _, email := range []string{"olga@shop.example", "ann@shop.example", "ann@shop.example"} {
		token, _, err := s.app.Access.SignIn(ctx, email, "correct horse", access.Client{Address: "192.0.2.1"})
		if err != nil {
			t.Fatal(err)
		}
		if s.cookies[admin] == "" {
			s.cookies[admin] = token
		}
	}
	if _, err := s.app.Access.BeginSecondStep(ctx, &access.Actor{AgentID: ann, Email: "ann@shop.example"}, "correct horse", access.Client{}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.app.Customers.Create(ctx, customer.Customer{Name: "Eva"}); err != nil {
		t.Fatal(err)
	}
	err = s.app.DB.Write(ctx, func(tx *db.Tx) error {
		for id, state := range map[int64]job.State{1000: job.Dead, 1001: job.Dead} {
			if _, err := tx.Exec(ctx, "INSERT INTO job (id, kind, state, payload, run_at, created_at) VALUES (?, 'x', ?, '{}', 0, 0)", id, string(state)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *sight) newest(t *testing.T) int64 {
	t.Helper()
	rows, err := audit.List(context.Background(), s.app.DB, audit.Filter{}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) == 0 {
		return 0
	}
	return rows[0].Number
}

func (s *sight) noSecrets(t *testing.T) {
	t.Helper()
	var n int
	err := s.app.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM audit WHERE was LIKE '%veryhidden%' OR became LIKE '%veryhidden%' OR became LIKE '%token=%'").Scan(&n)
	if err != nil || n != 0 {
		t.Errorf("%d rows of the audit log hold a secret, %v", n, err)
	}
}
