package app_test

import (
	"context"
	"encoding/json"
	"fmt"
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

func TestThoseWhoManageInboxesAreToldOfAQuietOne(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		ctx := access.With(context.Background(), access.System)
		if _, err := s.app.Notices.Save(ctx, notice.Settings{Address: "desk@shop.example", SMTP: inbox.Server{Host: "127.0.0.1", Port: 1}}, new("posts")); err != nil {
			t.Fatal(err)
		}
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
		var to string
		var n int
		if err := s.app.DB.QueryRow(ctx, "SELECT COUNT(*), MAX(recipient) FROM notice WHERE kind = 'inbox_quiet'").Scan(&n, &to); err != nil || n != 1 || to != "admin@shop.example" {
			t.Errorf("%d mails, to %s, %v", n, to, err)
		}
	})
}
