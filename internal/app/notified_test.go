package app_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
)

func (s *sight) me(t *testing.T, caller who) (id int64) {
	t.Helper()
	var me struct{ ID int64 }
	if err := json.Unmarshal([]byte(s.must(t, caller, "GET", "/me", "")), &me); err != nil || me.ID == 0 {
		t.Fatalf("%+v, %v", me, err)
	}
	return me.ID
}

func TestWhoIsGivenATaskIsTold(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		conversation, _ := s.filesOf(t, s.receive(t, markedMail("t1", "A parcel")))
		of := fmt.Sprintf("/conversations/%d/tasks", conversation)
		agent, other := s.me(t, inTeam), s.me(t, admin)
		told := func(caller who) int {
			return strings.Count(s.must(t, caller, "GET", "/notifications?unread=true", ""), `"kind":"task_assigned"`)
		}
		s.must(t, inTeam, "POST", of, fmt.Sprintf(`{"tasks":[{"text":"mine","assignee_id":%d},{"text":"nobody's"}]}`, agent))
		if n := told(inTeam); n != 0 {
			t.Errorf("what somebody does themselves is told %d times", n)
		}
		body := s.must(t, admin, "POST", of, fmt.Sprintf(`{"tasks":[{"text":"ask the courier","assignee_id":%d},{"text":"and the shop","assignee_id":%d}]}`, agent, agent))
		if n := told(inTeam); n != 1 {
			t.Errorf("a checklist is told %d times", n)
		}
		if list := s.must(t, inTeam, "GET", "/notifications", ""); !strings.Contains(list, "and the shop") || !strings.Contains(list, `"name":"admin"`) {
			t.Errorf("%s", list)
		}
		var made struct{ Items []struct{ ID int64 } }
		if err := json.Unmarshal([]byte(body), &made); err != nil || len(made.Items) != 2 {
			t.Fatalf("%s", body)
		}
		one := fmt.Sprintf("/tasks/%d", made.Items[0].ID)
		s.must(t, inTeam, "PATCH", one, `{"done":true}`)
		s.must(t, inTeam, "PATCH", one, fmt.Sprintf(`{"assignee_id":%d}`, other))
		if n := told(admin); n != 0 {
			t.Errorf("one that is done is told %d times", n)
		}
		s.must(t, inTeam, "PATCH", one, `{"done":false}`)
		s.must(t, inTeam, "PATCH", one, `{"assignee_id":0}`)
		s.must(t, inTeam, "PATCH", one, fmt.Sprintf(`{"assignee_id":%d}`, other))
		if n := told(admin); n != 1 {
			t.Errorf("one that is handed over is told %d times", n)
		}
		s.must(t, inTeam, "PATCH", one, `{"text":"ask again"}`)
		if body := s.must(t, admin, "GET", "/me/notification-settings", ""); !strings.Contains(body, `"kind":"task_assigned"`) {
			t.Errorf("%s", body)
		}
	})
}

// quiet lets the inbox of the desk be quiet once more.
func (s *sight) quiet(t *testing.T) {
	t.Helper()
	ctx := access.With(context.Background(), access.System)
	i, err := s.app.Inboxes.Get(ctx, inbox.ID(s.ids["inboxes"]))
	if err != nil {
		t.Fatal(err)
	}
	tell, err := s.app.Email.Pulse.Quiet(ctx, i)
	if err == nil {
		err = s.app.DB.Write(ctx, func(tx *db.Tx) error { return tell(ctx, tx) })
	}
	if err != nil {
		t.Fatal(err)
	}
}

// heard lets mail come to the inbox again.
func (s *sight) heard(t *testing.T) {
	t.Helper()
	ctx := access.With(context.Background(), access.System)
	i, err := s.app.Inboxes.Get(ctx, inbox.ID(s.ids["inboxes"]))
	if err == nil {
		err = s.app.DB.Write(ctx, func(tx *db.Tx) error { return s.app.Email.Pulse.Heard(ctx, tx, i) })
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestThoseWhoManageInboxesAreToldOfAQuietOne(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		ctx := access.With(context.Background(), access.System)
		if _, err := s.app.Notices.Save(ctx, notice.Settings{Address: "desk@shop.example", SMTP: inbox.Server{Host: "127.0.0.1", Port: 1}}, new("posts")); err != nil {
			t.Fatal(err)
		}
		mails := func() (n int, to string) {
			if err := s.app.DB.QueryRow(ctx, "SELECT COUNT(*), COALESCE(MAX(recipient), '') FROM notice WHERE kind = 'inbox_quiet'").Scan(&n, &to); err != nil {
				t.Fatal(err)
			}
			return n, to
		}
		s.quiet(t)
		if n, to := mails(); n != 1 || to != "admin@shop.example" {
			t.Errorf("%d mails, to %s", n, to)
		}
		type bell struct {
			Items []struct {
				ID           int64  `json:"id"`
				Kind         string `json:"kind"`
				Inbox        int64  `json:"inbox_id"`
				Conversation int64  `json:"conversation_id"`
				Subject      string `json:"subject"`
				Times        int    `json:"times"`
				Read         bool   `json:"read"`
			} `json:"items"`
		}
		hears := func(who who) (b bell) {
			if err := json.Unmarshal([]byte(s.must(t, who, "GET", "/notifications", "")), &b); err != nil {
				t.Fatal(err)
			}
			return b
		}
		if b := hears(inTeam); len(b.Items) != 0 {
			t.Errorf("an agent is told: %+v", b)
		}
		b := hears(admin)
		if len(b.Items) != 1 || b.Items[0].Kind != "inbox_quiet" || b.Items[0].Inbox != s.ids["inboxes"] || b.Items[0].Conversation != 0 || b.Items[0].Subject != "Shop" || b.Items[0].Read {
			t.Fatalf("the bell says %+v", b)
		}
		if body := s.must(t, admin, "GET", "/notifications/count", ""); !strings.Contains(body, `"unread":1`) {
			t.Errorf("the count is %s", body)
		}

		// Without the mail, then without the bell too.
		s.must(t, admin, "PUT", "/me/notification-settings", `{"items":[{"kind":"inbox_quiet","mail":false}]}`)
		s.quiet(t)
		if n, _ := mails(); n != 1 {
			t.Errorf("a mail that nobody wants: %d", n)
		}
		if b = hears(admin); len(b.Items) != 1 || b.Items[0].Times != 2 {
			t.Errorf("the bell says %+v", b)
		}
		if body := s.must(t, admin, "POST", "/notifications/read", fmt.Sprintf(`{"ids":[%d]}`, b.Items[0].ID)); !strings.Contains(body, `"unread":0`) || !hears(admin).Items[0].Read {
			t.Errorf("read: %s", body)
		}
		s.must(t, admin, "PUT", "/me/notification-settings", `{"items":[{"kind":"inbox_quiet","app":false}]}`)
		s.quiet(t)
		if b = hears(admin); len(b.Items) != 1 {
			t.Errorf("the bell says %+v", b)
		}

		// Whoever wants one summary a day gets the mail at its time.
		s.must(t, admin, "PUT", "/me/notification-settings", `{"items":[{"kind":"inbox_quiet","mail":true}]}`)
		s.must(t, admin, "PUT", "/me/notification-rhythm", `{"time_zone":"","quiet":false,"quiet_from":0,"quiet_until":1,"mails":"daily","daily_at":480,"push_words":false}`)
		s.quiet(t)
		if n, _ := mails(); n != 2 {
			t.Errorf("%d mails", n)
		}
		var later int
		if err := s.app.DB.QueryRow(ctx, "SELECT COUNT(*) FROM job WHERE kind = 'notice.send' AND run_at > ?", s.app.Now().UnixMilli()).Scan(&later); err != nil || later != 1 {
			t.Errorf("%d mails wait, %v", later, err)
		}

		// When mail comes again, nothing waits any more to say that none comes.
		s.must(t, admin, "PUT", "/me/notification-settings", `{"items":[{"kind":"inbox_quiet","app":true}]}`)
		s.quiet(t)
		if body := s.must(t, admin, "GET", "/notifications/count", ""); !strings.Contains(body, `"unread":1`) {
			t.Errorf("the count is %s", body)
		}
		s.heard(t)
		if n, _ := mails(); n != 0 {
			t.Errorf("%d mails still wait", n)
		}
		if body := s.must(t, admin, "GET", "/notifications/count", ""); !strings.Contains(body, `"unread":0`) {
			t.Errorf("the count is %s", body)
		}

		// Who does not manage inboxes cannot choose it.
		if code, _ := s.call(inTeam, "PUT", "/me/notification-settings", `{"items":[{"kind":"inbox_quiet","mail":true}]}`); code != http.StatusUnprocessableEntity {
			t.Errorf("an agent chooses it: %d", code)
		}
		if body := s.must(t, inTeam, "GET", "/me/notification-settings", ""); strings.Contains(body, "inbox_quiet") {
			t.Errorf("an agent is asked about it: %s", body)
		}
	})
}
