package sender_test

import (
	"context"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/sender"
)

func as(agent int64, may ...access.Permission) context.Context {
	all := map[access.Permission]bool{}
	for _, p := range may {
		all[p] = true
	}
	return access.With(context.Background(), &access.Actor{AgentID: agent, Permissions: all})
}

func onBoth(t *testing.T, fn func(t *testing.T, s *sender.Service)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.Write(context.Background(), func(tx *db.Tx) error {
			for _, text := range []string{
				"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
				"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'help@shop.example', 0)",
				"INSERT INTO inbox_address (address, inbox_id) VALUES ('help@shop.example', 1)",
			} {
				if _, err := tx.Exec(context.Background(), text); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		fn(t, &sender.Service{DB: d, Now: func() time.Time { return time.UnixMilli(1_700_000_000_000) }})
	})
}

func TestAgentsBlockAddressesAndAdminsDomains(t *testing.T) {
	onBoth(t, func(t *testing.T, s *sender.Service) {
		agent, admin := as(1, access.ConversationsUpdate), as(2, access.ConversationsUpdate, access.SettingsManage)
		l, err := s.List(agent, sender.Block, "Bad@X.example", 7)
		if err != nil || l.Pattern != "bad@x.example" || l.ID == 0 || l.Conversation != 7 {
			t.Fatalf("%+v, %v", l, err)
		}
		if again, err := s.List(agent, sender.Block, "bad@x.example", 0); err != nil || again.ID != l.ID {
			t.Errorf("%+v, %v", again, err)
		}
		for pattern, kind := range map[string]errs.Kind{"@x.example": errs.Forbidden, "nonsense": errs.Invalid, "help@shop.example": errs.Invalid} {
			if _, err := s.List(agent, sender.Block, pattern, 0); !errs.Is(err, kind) {
				t.Errorf("%s: %v", pattern, err)
			}
		}
		for _, pattern := range []string{"gmail.com", "shop.example"} {
			if _, err := s.List(admin, sender.Block, pattern, 0); !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", pattern, err)
			}
		}
		domain, err := s.List(admin, sender.Block, "spam.example", 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Unlist(agent, domain.ID); !errs.Is(err, errs.Forbidden) {
			t.Errorf("an agent frees a domain: %v", err)
		}
		if err := s.Unlist(agent, l.ID); err != nil {
			t.Errorf("undo: %v", err)
		}
		if err := s.Unlist(admin, l.ID); !errs.Is(err, errs.NotFound) {
			t.Errorf("twice: %v", err)
		}
	})
}

func TestTheBookFollowsEveryChange(t *testing.T) {
	onBoth(t, func(t *testing.T, s *sender.Service) {
		ctx := as(1, access.SettingsManage)
		judge := func() sender.Verdict {
			t.Helper()
			b, err := s.Book(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			return b.Judge("eva@x.example")
		}
		if v := judge(); v.Kind != "" {
			t.Errorf("%+v", v)
		}
		if _, err := s.List(ctx, sender.Block, "x.example", 0); err != nil || judge().Kind != sender.Block {
			t.Errorf("%+v, %v", judge(), err)
		}
		l, err := s.List(ctx, sender.Allow, "eva@x.example", 0)
		if err != nil || judge() != (sender.Verdict{Kind: sender.Allow, Pattern: "eva@x.example"}) {
			t.Errorf("%+v, %v", judge(), err)
		}
		if err := s.Unlist(ctx, l.ID); err != nil || judge().Kind != sender.Block {
			t.Errorf("%+v, %v", judge(), err)
		}
		if _, err := s.List(ctx, sender.Allow, "x.example", 0); err != nil || judge().Kind != sender.Allow {
			t.Errorf("a pattern stands on both lists: %+v, %v", judge(), err)
		}
		about, err := s.Listed(ctx, sender.Block, "Eva@x.example", 0, 10)
		if err != nil || len(about) != 1 || about[0].Kind != sender.Allow {
			t.Errorf("%+v, %v", about, err)
		}
	})
}

func TestReadyRulesAreMadeOnceAndStayAsTheAdminLeavesThem(t *testing.T) {
	onBoth(t, func(t *testing.T, s *sender.Service) {
		ctx := as(1, access.SettingsManage)
		for range 2 {
			if err := s.Seed(ctx); err != nil {
				t.Fatal(err)
			}
		}
		rules, err := s.AllRules(ctx)
		if err != nil || len(rules) != 6 || rules[0].Ready != "amazon" {
			t.Fatalf("%+v, %v", rules, err)
		}
		if err := s.DeleteRule(ctx, rules[0].ID); err != nil {
			t.Fatal(err)
		}
		changed, err := s.ChangeRule(ctx, rules[1].ID, rules[1].Version, func(r *sender.Rule) { r.Enabled = false })
		if err != nil || changed.Enabled {
			t.Fatalf("%+v, %v", changed, err)
		}
		if _, err := s.ChangeRule(ctx, rules[1].ID, rules[1].Version, func(*sender.Rule) {}); !errs.Is(err, errs.Conflict) {
			t.Errorf("stale: %v", err)
		}
		mine, err := s.CreateRule(ctx, sender.Rule{Name: "Form", Enabled: true, Senders: []string{"form@x.example"}, Sources: []sender.Source{sender.FromForm}, MailLabels: []string{"Mail:"}})
		if err != nil || mine.MailLabels[0] != "Mail" {
			t.Fatalf("%+v, %v", mine, err)
		}
		if err := s.OrderRules(ctx, []int64{mine.ID}); err != nil {
			t.Fatal(err)
		}
		if err := s.Seed(ctx); err != nil {
			t.Fatal(err)
		}
		if rules, err = s.AllRules(ctx); err != nil || len(rules) != 6 || rules[0].ID != mine.ID || rules[1].Enabled {
			t.Errorf("%+v, %v", rules, err)
		}
		for _, bad := range []sender.Rule{{}, {Name: "x"}, {Name: "x", Senders: []string{"nobody"}}, {Name: "x", Senders: []string{"a@b"}}, {Name: "x", Senders: []string{"a@b"}, Sources: []sender.Source{"form"}},
			{Name: "x", Senders: []string{"*@*"}, Sources: []sender.Source{"reply_to"}}, {Name: "x", Senders: []string{"a@b"}, Sources: []sender.Source{"elsewhere"}}} {
			if _, err := s.CreateRule(ctx, bad); !errs.Is(err, errs.Invalid) {
				t.Errorf("%+v: %v", bad, err)
			}
		}
	})
}

func TestRulesAreTriedWithoutBeingSaved(t *testing.T) {
	onBoth(t, func(t *testing.T, s *sender.Service) {
		ctx := as(1, access.SettingsManage)
		raw := []byte("From: form@x.example\r\nReply-To: Eva <eva@y.example>\r\nAuto-Submitted: auto-generated\r\nSubject: x\r\n\r\nHello\r\n")
		got, err := s.Try(ctx, raw, nil)
		if err != nil || got.Taken != nil || !got.Automatic {
			t.Errorf("%+v, %v", got, err)
		}
		got, err = s.Try(ctx, raw, &sender.Rule{Name: "Form", Senders: []string{"form@x.example"}, Sources: []sender.Source{sender.FromReplyTo}})
		if err != nil || got.Taken == nil || got.Taken.Customer.Address != "eva@y.example" || got.Automatic {
			t.Errorf("%+v, %v", got, err)
		}
	})
}

func TestSpamIsKeptThirtyDaysUnlessSaidOtherwise(t *testing.T) {
	onBoth(t, func(t *testing.T, s *sender.Service) {
		ctx := context.Background()
		if days, trash, err := s.KeepDays(ctx); err != nil || days != 30 || trash != 30 {
			t.Errorf("%d, %v", days, err)
		}
		never, wrong := 0, -1
		if err := s.SetKeepDays(ctx, &never, nil); err != nil {
			t.Error(err)
		}
		if days, trash, err := s.KeepDays(ctx); err != nil || days != 0 || trash != 30 {
			t.Errorf("%d, %v", days, err)
		}
		if err := s.SetKeepDays(ctx, nil, &wrong); !errs.Is(err, errs.Invalid) {
			t.Error(err)
		}
	})
}
