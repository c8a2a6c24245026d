package app_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/task"
	"github.com/deskbell/deskbell/internal/team"
)

// who calls in the test of seeing.
type who string

const (
	stranger   who = "stranger"
	light      who = "light agent"     // sees the inbox whole, may read and note
	ownOnly    who = "own only"        // sees only what is assigned to them
	inTeam     who = "team"            // sees what their team has, as the conversation
	otherInbox who = "other inbox"     // sees another inbox whole
	admin      who = "admin"           //
	expired    who = "expired key"     //
	narrow     who = "narrow key"      // an admin's key with the scope tags:manage alone
	foreignKey who = "key of an agent" // of the agent who sees another inbox
)

var everybody = []who{stranger, light, ownOnly, inTeam, otherInbox, admin, expired, narrow, foreignKey}

// subject says what visibility an operation depends on.
type subject int

const (
	nothing subject = iota // only the permission counts
	theConversation
	theInbox
	itself // everybody who is signed in, about themselves
	public
)

// operation is one row: how it is called and what it is about.
type operation struct {
	about subject
	body  string
	query string
}

// operations has a row for each route; a new route without one fails the test.
var operations = map[string]operation{
	"GET /agents": {}, "GET /agents/{id}": {}, "PATCH /agents/{id}": {body: `{"name":"Light"}`}, "POST /agents/{id}/reset-password": {},
	"GET /agents/{id}/sessions": {}, "DELETE /agents/{id}/sessions": {}, "DELETE /agents/{id}/sessions/{session_id}": {}, "DELETE /agents/{id}/second-step": {},
	"GET /audit":    {},
	"GET /api-keys": {}, "POST /api-keys": {body: `{"name":"k","scopes":["tags:manage"]}`}, "DELETE /api-keys/{id}": {},
	"POST /attachments": {body: "-"}, "GET /attachments/{id}": {about: theConversation}, "POST /attachments/{id}/release": {about: theConversation},
	"GET /brands": {}, "PATCH /brands/{id}": {body: `{"name":"Shop"}`},
	"GET /custom-fields": {}, "POST /custom-fields": {body: `{"subject":"conversation","label":"Reason","kind":"text"}`},
	"PATCH /custom-fields/{id}": {body: `{"archived":true}`},
	"GET /conversations":        {}, "POST /conversations": {about: theInbox, body: `{"inbox_id":1,"customer":{"email":"a@x.example"},"subject":"s","text":"t"}`},
	"GET /conversations/{id}": {about: theConversation}, "PATCH /conversations/{id}": {about: theConversation, body: `{"priority":"high"}`},
	"GET /conversations/{id}/draft":               {about: theConversation},
	"PUT /conversations/{id}/draft":               {about: theConversation, body: `{"text":"d"}`},
	"DELETE /conversations/{id}/draft":            {about: theConversation},
	"POST /conversations/{id}/draft/take":         {about: theConversation, body: `{"agent_id":1}`},
	"POST /conversations/{id}/followers/me":       {about: theConversation},
	"DELETE /conversations/{id}/followers/me":     {about: theConversation},
	"GET /conversations/{id}/messages":            {about: theConversation},
	"POST /conversations/{id}/merge":              {about: theConversation, body: `{"conversation_ids":[1]}`},
	"GET /conversations/{id}/side-conversations":  {about: theConversation},
	"POST /conversations/{id}/side-conversations": {about: theConversation, body: `{"subject":"s","text":"t","to":["courier@x.example"]}`},
	"GET /side-conversations/{id}":                {about: theConversation},
	"PATCH /side-conversations/{id}":              {about: theConversation, body: `{"state":"done"}`},
	"GET /side-conversations/{id}/messages":       {about: theConversation},
	"POST /side-conversations/{id}/messages":      {about: theConversation, body: `{"text":"t"}`},
	"POST /conversations/{id}/links":              {about: theConversation, body: `{"conversation_id":999999}`},
	"DELETE /conversations/{id}/links/{other_id}": {about: theConversation},
	"GET /conversations/{id}/tasks":               {about: theConversation},
	"POST /conversations/{id}/tasks":              {about: theConversation, body: `{"tasks":[{"text":"t"}]}`},
	"PATCH /tasks/{id}":                           {body: `{"text":"t2"}`},
	"GET /tasks":                                  {}, "GET /tasks/count": {}, "DELETE /tasks/{id}": {},
	"POST /conversations/{id}/unmerge":     {about: theConversation},
	"POST /conversations/{id}/split":       {about: theConversation, body: `{"message_id":1}`},
	"POST /conversations/{id}/notes":       {about: theConversation, body: `{"text":"n"}`},
	"GET /conversations/{id}/participants": {about: theConversation},
	"POST /conversations/{id}/read":        {about: theConversation},
	"POST /conversations/{id}/replies":     {about: theConversation, body: `{"text":"r"}`},
	"POST /conversations/{id}/unread":      {about: theConversation},
	"GET /conversations/{id}/followers":    {about: theConversation}, "GET /agents/load": {},
	"POST /bulk": {body: `{"conversation_ids":[1],"change":{"priority":"high"}}`}, "GET /bulk/{id}": {}, "GET /bulk/{id}/items": {}, "POST /bulk/{id}/undo": {},
	"GET /notifications": {}, "GET /notifications/count": {}, "POST /notifications/read": {body: `{"all":true}`},
	"GET /me/notification-settings": {about: itself}, "PUT /me/notification-settings": {about: itself, body: `{"items":[{"kind":"mention","app":true}]}`},
	"GET /me/push": {about: itself}, "PUT /me/push": {about: itself, body: `{"endpoint":"x","p256dh":"x","auth":"x"}`}, "DELETE /me/push": {about: itself},
	"GET /me/notification-rhythm": {about: itself}, "PUT /me/notification-rhythm": {about: itself, body: `{"time_zone":"","quiet":false,"quiet_from":0,"quiet_until":0,"mails":"soon","daily_at":0,"push_words":false}`},
	"GET /counts":    {},
	"GET /customers": {}, "POST /customers": {body: `{"name":"c"}`}, "GET /customers/{id}": {}, "PATCH /customers/{id}": {body: `{"name":"c"}`},
	"POST /customers/{id}/merge": {body: `{"customer_ids":[1]}`}, "POST /customers/{id}/merge/preview": {body: `{"customer_ids":[1]}`},
	"POST /customers/{id}/export": {}, "GET /customers/{id}/requests": {}, "GET /customers/{id}/erase": {}, "POST /customers/{id}/erase": {body: `{"confirm":"x"}`},
	"GET /customers/{id}/timeline": {}, "GET /customers/{id}/files": {},
	"GET /customers/{id}/notes": {}, "POST /customers/{id}/notes": {body: `{"text":"n"}`},
	"PATCH /customers/{id}/notes/{note_id}": {body: `{"text":"n"}`}, "DELETE /customers/{id}/notes/{note_id}": {},
	"GET /customers/{id}/consents": {}, "POST /customers/{id}/consents": {body: `{"purpose":"marketing","channel":"email","given":true,"source":"shop"}`},
	"GET /customers/{id}/legal-hold": {}, "PUT /customers/{id}/legal-hold": {body: `{"reason":"r"}`}, "DELETE /customers/{id}/legal-hold": {},
	"GET /conversations/{id}/mbox":       {about: theConversation},
	"GET /conversations/{id}/legal-hold": {about: theConversation}, "PUT /conversations/{id}/legal-hold": {about: theConversation, body: `{"reason":"r"}`},
	"DELETE /conversations/{id}/legal-hold": {about: theConversation},
	"POST /customers/{id}/unmerge":          {}, "GET /customers/{id}/duplicates": {},
	"GET /events": {}, "GET /storage": {},
	"GET /inboxes": {}, "POST /inboxes": {body: `{"name":"n","channel":"email","address":"n@shop.example"}`},
	"POST /inboxes/{id}/mail": {about: theInbox, body: "Subject: x\r\n\r\ny"}, "POST /inboxes/test": {body: `{"name":"n","channel":"email","address":"n2@shop.example"}`},
	"POST /inboxes/{id}/test": {}, "GET /inboxes/{id}/domains": {}, "GET /attachments/{id}/mail": {about: theConversation}, "GET /inboxes/{id}/health": {about: theInbox},
	"GET /inboxes/health": {}, "GET /inboxes/{id}/folders": {},
	"GET /inboxes/{id}": {about: theInbox}, "PATCH /inboxes/{id}": {body: `{"name":"n"}`}, "DELETE /inboxes/{id}": {},
	"GET /inboxes/{id}/imports": {}, "POST /inboxes/{id}/imports": {body: `{"folder":"INBOX","since":"2025-01-01T00:00:00Z"}`},
	"POST /imports/{id}/start": {}, "POST /imports/{id}/pause": {}, "POST /imports/{id}/cancel": {},
	"GET /mail-providers": {}, "PUT /mail-providers/{key}": {body: `{"client_id":"c","authorize_url":"https://id.example/a","token_url":"https://id.example/t"}`},
	"POST /inboxes/{id}/consent": {body: `{}`}, "POST /consents": {body: `{"state":"x","code":"y"}`},
	"GET /invitations": {}, "POST /invitations": {body: `{"email":"i@shop.example","role_id":4}`}, "DELETE /invitations/{id}": {},
	"POST /invitations/{id}/resend": {},
	"POST /invitations/accept":      {about: public, body: `{"token":"x","name":"n","password":"correct horse battery"}`},
	"POST /invitations/check":       {about: public, body: `{"token":"x"}`},
	"GET /jobs":                     {}, "GET /jobs/counts": {}, "DELETE /jobs/{id}": {}, "POST /jobs/{id}/retry": {},
	"GET /ledger/balance": {}, "GET /ledger/{id}": {about: theInbox},
	"GET /me": {about: itself}, "PATCH /me": {about: itself, body: `{"theme":"dark"}`}, "POST /me/password": {about: itself, body: `{"current_password":"x","new_password":"y"}`},
	"GET /me/second-step": {about: itself}, "POST /me/second-step": {about: itself, body: `{"current_password":"x"}`},
	"POST /me/second-step/confirm":        {about: itself, body: `{"code":"123456"}`},
	"POST /me/second-step/recovery-codes": {about: itself, body: `{"current_password":"x"}`},
	"POST /me/second-step/off":            {about: itself, body: `{"current_password":"x"}`},
	"GET /me/sessions":                    {about: itself}, "DELETE /me/sessions/{id}": {about: itself},
	"GET /messages/{id}": {about: theConversation}, "GET /messages/{id}/original": {about: theConversation}, "GET /messages/{id}/raw": {about: theConversation},
	"POST /messages/{id}/retry": {about: theConversation}, "POST /messages/{id}/edit": {about: theConversation}, "POST /messages/{id}/undo": {about: theConversation},
	"POST /password-resets":     {about: public, body: `{"email":"x@y.example"}`},
	"POST /password-resets/use": {about: public, body: `{"token":"x","password":"correct horse battery"}`},
	"GET /realtime":             {}, "GET /roles": {}, "GET /search": {query: "q=parcel"}, "GET /search/conditions": {query: "q=is:open"}, "GET /session/state": {about: public},
	"DELETE /session": {about: public}, "POST /session": {about: public, body: `{"email":"x@y.example","password":"z"}`},
	"POST /roles": {body: `{"name":"Returns","permissions":["conversations:read"]}`}, "PATCH /roles/{id}": {body: `{"name":"Helper"}`}, "DELETE /roles/{id}": {},
	"GET /settings/security": {}, "PATCH /settings/security": {body: `{"audit_keep_days":365}`},
	"GET /settings/mail-sender": {}, "PUT /settings/mail-sender": {body: `{"address":"desk@shop.example","smtp":{"host":"127.0.0.1","port":1}}`}, "DELETE /settings/mail-sender": {},
	"POST /settings/mail-sender/test": {body: `{"address":"desk@shop.example","smtp":{"host":"127.0.0.1","port":1}}`},
	"POST /setup":                     {about: public, body: `{"token":"x","name":"n","email":"e@x.example","password":"correct horse battery"}`},
	"GET /senders":                    {}, "POST /senders": {body: `{"kind":"block","pattern":"bad@x.example"}`}, "DELETE /senders/{id}": {},
	"GET /spam-settings": {}, "PATCH /spam-settings": {body: `{"keep_days":30}`},
	"GET /customer-rules": {}, "POST /customer-rules": {body: `{"name":"r","senders":["a@x.example"],"sources":["reply_to"]}`}, "PATCH /customer-rules/{id}": {body: `{"name":"r"}`},
	"DELETE /customer-rules/{id}": {}, "POST /customer-rules/order": {body: `{"ids":[2,1]}`}, "POST /customer-rules/try": {body: `{"raw":"From: a@x.example\r\n\r\nx"}`},
	"GET /saved-replies": {}, "POST /saved-replies": {body: `{"name":"s","shared":false,"texts":{"en":"<p>x</p>"}}`}, "GET /saved-replies/{id}": {},
	"PATCH /saved-replies/{id}": {body: `{"name":"s"}`}, "DELETE /saved-replies/{id}": {},
	"POST /saved-replies/{id}/render": {body: `{"conversation_id":1}`}, "POST /saved-replies/preview": {body: `{"html":"x"}`}, "POST /saved-replies/starter": {}, "GET /saved-replies/starter": {},
	"GET /macros": {}, "POST /macros": {body: `{"name":"m","shared":false,"actions":{"status":"closed"}}`}, "GET /macros/{id}": {},
	"PATCH /macros/{id}": {body: `{"name":"m"}`}, "DELETE /macros/{id}": {}, "POST /macros/{id}/render": {body: `{"conversation_id":1}`},
	"GET /saved-replies/{id}/files/{file_id}": {}, "GET /macros/{id}/files/{file_id}": {},
	"GET /business-hours": {}, "POST /business-hours": {body: `{"name":"h","time_zone":"UTC"}`}, "GET /business-hours/{id}": {}, "PATCH /business-hours/{id}": {body: `{"name":"h"}`},
	"DELETE /business-hours/{id}": {}, "POST /business-hours/{id}/restore": {}, "POST /business-hours/try": {body: `{"time_zone":"UTC"}`},
	"GET /business-hours/openings": {query: "at=2026-12-24T09:00:00Z"},
	"GET /public-holidays":         {}, "GET /public-holidays/{country}": {},
	"GET /tone-rules": {}, "POST /tone-rules": {body: `{"kind":"avoid","name":"t","terms":[{"words":["x"]}]}`}, "PATCH /tone-rules/{id}": {body: `{"name":"t"}`}, "DELETE /tone-rules/{id}": {},
	"POST /tone-rules/{id}/restore": {}, "POST /tone-rules/starter": {}, "GET /tone-rules/starter": {}, "POST /tone-rules/try": {body: `{"text":"x"}`},
	"GET /conversations/{id}/translation": {about: theConversation},
	"POST /conversations/{id}/translate":  {about: theConversation, body: `{"text":"x","to":"en"}`},
	"GET /translation-settings":           {}, "PUT /translation-settings": {body: `{"enabled":false}`}, "POST /translation-settings/test": {body: `{"address":"http://127.0.0.1:1"}`},
	"POST /conversations/{id}/tone-check":   {about: theConversation, body: `{"text":"x"}`},
	"POST /conversations/{id}/tone-ignored": {about: theConversation, body: `{"rule_ids":[1]}`},
	"GET /views/layouts":                    {}, "PUT /views/layouts/{view}": {body: `{"table":true,"columns":["due"]}`},
	"GET /views": {}, "POST /views": {body: `{"name":"v","conditions":{}}`}, "GET /views/{id}": {}, "PATCH /views/{id}": {body: `{"name":"v"}`},
	"DELETE /views/{id}": {}, "GET /views/{id}/count": {}, "POST /views/{id}/restore": {}, "POST /views/order": {body: `{"ids":[1]}`},
	"POST /views/count": {body: `{"conditions":{}}`}, "GET /views/tabs": {query: "by=status"},
	"POST /conversations/{id}/customer": {about: theConversation, body: `{"address":"other@x.example"}`},
	"GET /tags":                         {}, "POST /tags": {body: `{"name":"t"}`}, "PATCH /tags/{id}": {body: `{"name":"t2"}`}, "DELETE /tags/{id}": {},
	"GET /teams": {}, "POST /teams": {body: `{"name":"t"}`}, "GET /teams/{id}": {}, "PATCH /teams/{id}": {body: `{"name":"t2"}`}, "DELETE /teams/{id}": {},
}

// rolePermissions are those of the role that each caller has.
var roleOf = map[who]string{light: "light_agent", ownOnly: "agent", inTeam: "agent", otherInbox: "agent", admin: "admin", foreignKey: "agent"}

// TestEveryOperationRefusesWhoMayNot runs every operation as everybody and
// compares who got in with what the rules of seeing say.
func TestEveryOperationRefusesWhoMayNot(t *testing.T) {
	t.Parallel()
	for _, caller := range everybody {
		t.Run(string(caller), func(t *testing.T) {
			t.Parallel()
			s := newSight(t)
			for _, r := range s.app.API.Routes() {
				path := strings.TrimPrefix(r.Path, "/api/v1")
				op, known := operations[r.Method+" "+path]
				if !known {
					t.Errorf("%s %s has no row in operations: say what it is about", r.Method, path)
					continue
				}
				if op.about != public || caller == stranger {
					s.check(t, caller, r.Method, path, r.Permission, op)
				}
			}
		})
	}
}

func (s *sight) check(t *testing.T, caller who, method, path, permission string, op operation) {
	t.Helper()
	want := s.verdict(caller, permission, op)
	status, body := s.call(caller, method, s.fill(path), op.body)
	got := "in"
	if op.about == public {
		return // what a stranger gets there is a test of its own in package access
	}
	if op.about == itself && caller == foreignKey || op.about == itself && caller == narrow {
		return // keys have no profile
	}
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		got = fmt.Sprint(status)
	}
	// An entity that another row of this run deleted, or that was never there, is not a refusal.
	if got == "404" && want == "in" && op.about != theConversation && op.about != theInbox {
		return
	}
	if want == "404" && got == "in" && status == http.StatusUnprocessableEntity {
		return // an inbox that the caller does not see is named in the body: 422 "there is no such inbox"
	}
	if path == "/conversations/{id}/draft" && method == http.MethodGet && got == "404" && want == "in" || status == http.StatusConflict && want == "in" {
		return // there is no draft
	}
	if path == "/me/password" && got == "403" {
		return // the current password was wrong
	}
	if got != want {
		t.Errorf("%s %s as %s: %d, want %s\n%.300s", method, path, caller, status, want, body)
	}
}

// verdict is what house rule "seeing" says: 401 for who is not signed in, 403
// without the permission, 404 for what is not visible.
func (s *sight) verdict(caller who, permission string, op operation) string {
	if op.about == public {
		return "in"
	}
	if caller == stranger || caller == expired {
		return "401"
	}
	if caller == narrow {
		if permission == string(access.TagsManage) || permission == "signed in" && op.about != theInbox {
			return "in"
		}
		if permission == "signed in" {
			return "in"
		}
		return "403"
	}
	if permission != "signed in" && !slices.Contains(s.roles[roleOf[caller]], permission) {
		return "403"
	}
	hidden := op.about == theConversation && (caller == ownOnly || caller == otherInbox || caller == foreignKey) ||
		op.about == theInbox && (caller == otherInbox || caller == foreignKey)
	if hidden {
		return "404"
	}
	return "in"
}

// sight is a program with one conversation in inbox 1, of team 1, assigned to
// nobody, and all callers.
type sight struct {
	app     *app.App
	handler http.Handler
	keys    map[who]string
	cookies map[who]string
	calls   int
	roles   map[string][]string
	ids     map[string]int64
}

func newSight(t *testing.T) *sight {
	t.Helper()
	s := &sight{app: newApp(t), keys: map[who]string{}, cookies: map[who]string{}, roles: map[string][]string{}, ids: map[string]int64{}}
	s.handler = s.app.API.Handler()
	ctx := access.With(context.Background(), access.System)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	first, err := s.app.Inboxes.Create(ctx, 0, inbox.Inbox{Name: "One", Channel: "email", Address: "one@shop.example", DefaultAccess: access.None}, inbox.Passwords{})
	must(err)
	second, err := s.app.Inboxes.Create(ctx, 0, inbox.Inbox{Name: "Two", Channel: "email", Address: "two@shop.example", DefaultAccess: access.None}, inbox.Passwords{})
	must(err)
	group, err := s.app.Team.CreateTeam(ctx, "Orders", nil, nil)
	must(err)
	roles, err := s.app.Team.Roles(ctx)
	must(err)
	for _, r := range roles {
		s.roles[r.Key] = r.Permissions
	}
	at := func(id inbox.ID, level access.Level) []team.InboxAccess {
		return []team.InboxAccess{{InboxID: int64(id), Access: string(level)}}
	}
	for caller, inboxes := range map[who][]team.InboxAccess{
		light: at(first.ID, access.Any), ownOnly: at(first.ID, access.Own), inTeam: at(first.ID, access.Team), otherInbox: at(second.ID, access.Any), admin: nil,
	} {
		n := access.NewAgent{Name: string(caller), Email: strings.ReplaceAll(string(caller), " ", ".") + "@shop.example", Password: "correct horse battery", Role: roleOf[caller], Inboxes: inboxes}
		if caller == inTeam {
			n.Teams = []int64{group.ID}
		}
		id, err := s.app.Access.CreateAgent(ctx, n)
		must(err)
		s.ids[string(caller)] = id
		s.cookies[caller], _, err = s.app.Access.SignIn(ctx, n.Email, n.Password, access.Client{Address: string(caller)})
		must(err)
	}
	s.keys[foreignKey] = s.key(t, s.ids[string(otherInbox)], time.Time{})
	s.keys[narrow] = s.key(t, s.ids[string(admin)], time.Time{}, access.TagsManage)
	s.keys[expired] = s.key(t, s.ids[string(admin)], time.Now().Add(-time.Hour))
	s.conversation(t, int64(first.ID), group.ID)
	return s
}

// key makes an API key; one in the past is made valid and then set back.
func (s *sight) key(t *testing.T, agent int64, expires time.Time, scopes ...access.Permission) string {
	t.Helper()
	k, text, err := s.app.Access.CreateAPIKey(context.Background(), access.System, access.APIKey{Agent: agent, Name: "k", Scopes: scopes}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !expires.IsZero() {
		if err := s.app.DB.Write(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "UPDATE api_key SET expires_at = ? WHERE id = ?", expires.UnixMilli(), k.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	s.ids["api-keys"] = k.ID
	return text
}

func (s *sight) conversation(t *testing.T, inbox, group int64) {
	t.Helper()
	ctx := access.With(context.Background(), access.System)
	writer, err := s.app.Blobs.Create(ctx)
	if err == nil {
		_, err = io.WriteString(writer, "file")
	}
	if err == nil {
		err = writer.Commit()
	}
	var r conversation.Received
	if err == nil {
		err = s.app.DB.Write(ctx, func(tx *db.Tx) error {
			r, err = s.app.Conversations.ReceiveTx(ctx, tx, conversation.Inbound{Inbox: inbox, Channel: "email", From: conversation.Person{Name: "Eva", Address: "eva@x.example"},
				At: time.Now(), Subject: "s", Text: "t", Attachments: []conversation.NewAttachment{{Name: "a.txt", ContentType: "text/plain", Size: 4, BlobKey: writer.Key()}}})
			return err
		})
	}
	if err == nil {
		_, err = s.app.Conversations.Update(ctx, r.Conversation, conversation.Change{Team: &group, AddTags: []string{"vip"}})
	}
	if err != nil {
		t.Fatal(err)
	}
	s.ids["conversations"], s.ids["messages"], s.ids["inboxes"], s.ids["teams"] = r.Conversation, r.Message, inbox, group
	s.ids["ledger"] = s.ledgerRow(t, inbox)
	side, _, err := s.app.Conversations.StartSide(ctx, r.Conversation, conversation.NewSide{Subject: "s",
		NewReply: conversation.NewReply{Text: "t", To: []conversation.Person{{Address: "courier@x.example"}}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.ids["side-conversations"] = side.ID
	tasks, err := s.app.Tasks.Add(ctx, r.Conversation, []task.New{{Text: "t"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s.ids["tasks"] = tasks[0].ID
}

func (s *sight) ledgerRow(t *testing.T, inbox int64) (id int64) {
	t.Helper()
	err := s.app.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		id, err = s.app.Ledger.OpenTx(context.Background(), tx, ledgerIn(inbox))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// fill puts the ids of this program's only entities into the path; 1 where there is one anyway.
func (s *sight) fill(path string) string {
	head := strings.Split(strings.TrimPrefix(path, "/"), "/")[0]
	id := int64(1)
	if known, ok := s.ids[head]; ok {
		id = known
	}
	if strings.HasPrefix(path, "/me/sessions") {
		id = 999_999 // not the session that the test lives on
	}
	if head == "agents" {
		id = s.ids[string(light)]
	}
	path = strings.NewReplacer("{key}", "other", "{view}", "mine").Replace(path)
	if head == "roles" {
		id = 4 // the agent's: that of the owner is fixed
	}
	path = strings.NewReplacer("{session_id}", "999999", "{note_id}", "999999", "{other_id}", "999999").Replace(path)
	return strings.ReplaceAll(path, "{id}", fmt.Sprint(id))
}

func (s *sight) call(caller who, method, path, body string) (int, string) {
	r := httptest.NewRequest(method, "http://desk.example/api/v1"+path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	s.calls++
	r.RemoteAddr = fmt.Sprintf("192.0.2.%d:1000", s.calls%250) // the limit per address is not what is tested
	if session := s.cookies[caller]; session != "" {
		r.AddCookie(&http.Cookie{Name: "deskbell", Value: session})
	}
	if key := s.keys[caller]; key != "" {
		r.Header.Set("Authorization", "Bearer "+key)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}
