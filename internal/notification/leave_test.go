package notification_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// visitor knocks at the desk without having signed in.
func (k *desk) visitor() func(method, address string) (status int, page string) {
	api := web.New(web.Config{})
	notification.Register(api, k.Service)
	handler := api.Handler()
	return func(method, address string) (int, string) {
		k.t.Helper()
		u, err := url.Parse(address)
		k.must(err)
		body := ""
		if method == http.MethodPost {
			body = "List-Unsubscribe=One-Click"
		}
		r := httptest.NewRequest(method, u.RequestURI(), strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code, w.Body.String()
	}
}

func field(o mail.Outgoing, name string) string {
	for _, f := range o.Headers {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

func (k *desk) hearsByMail(agent int64) (kinds int) {
	k.t.Helper()
	list, err := k.Settings(as(agent))
	k.must(err)
	for _, one := range list {
		if one.Mail {
			kinds++
		}
	}
	return kinds
}

func TestThePressOfAMailProgramEndsTheMailsOfItsReader(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, again := k.thread()
		k.assign(anna, id, ben)
		k.hears(ben, notification.CustomerReply, notification.Mention)
		k.hears(anna, notification.Mention)
		again("Where is it?")
		got := k.later(5 * time.Minute)
		if len(got) != 1 {
			t.Fatalf("%d mails", len(got))
		}
		link := strings.Trim(field(got[0], "List-Unsubscribe"), "<>")
		if !strings.HasPrefix(link, "https://desk.shop.example/mail-off/") || field(got[0], "List-Unsubscribe-Post") != "List-Unsubscribe=One-Click" {
			t.Fatalf("%+v", got[0].Headers)
		}
		knock := k.visitor()
		k.note(anna, id, "Ben, look", ben) // its mail is due soon
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if status, page := knock(method, link); status != http.StatusOK || method == http.MethodGet && !strings.Contains(page, "ben@shop.example") {
				t.Errorf("%s answers %d: %s", method, status, page)
			}
		}
		if n := k.hearsByMail(ben); n != 2 {
			t.Errorf("a filter that looked at the link changed something: %d", n)
		}
		if status, page := knock(http.MethodPost, link); status != http.StatusOK || !strings.Contains(page, "You get no more mails") {
			t.Errorf("%d: %s", status, page)
		}
		if n := k.hearsByMail(ben); n != 0 {
			t.Errorf("%d kinds are told by mail", n)
		}
		if n := k.hearsByMail(anna); n != 1 {
			t.Errorf("somebody else is told of %d kinds", n)
		}
		if got := k.later(time.Hour); len(got) != 0 {
			t.Errorf("what was due was sent: %+v", got)
		}
		if list, err := k.List(as(ben), true, nil, 10); err != nil || len(list) == 0 {
			t.Errorf("the console tells nothing: %v, %v", list, err)
		}
		k.hears(ben, notification.CustomerReply)
		if again("Hello?"); len(k.later(time.Hour)) != 1 {
			t.Error("who chose mails again gets none")
		}
	})
}

func TestAForgedLinkEndsNobodysMails(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.hears(ben, notification.Mention)
		id, _ := k.thread()
		k.note(anna, id, "Ben, look", ben)
		got := k.later(5 * time.Minute)
		if len(got) != 1 {
			t.Fatalf("%d mails", len(got))
		}
		link := strings.Trim(field(got[0], "List-Unsubscribe"), "<>")
		at := strings.LastIndexByte(link, '/') + 1
		other := []byte(link)
		other[at+12]-- // of the number of the agent: 8 bytes are 13 letters
		last := []byte(link)
		last[len(last)-2] = map[bool]byte{true: 'b', false: 'a'}[last[len(last)-2] == 'a']
		knock := k.visitor()
		for _, forged := range []string{string(other), string(last), link[:at] + "x", link[:at] + strings.Repeat("a", 45), link + "a", link[:at] + "%00"} {
			for _, method := range []string{http.MethodGet, http.MethodPost} {
				if status, _ := knock(method, forged); status != http.StatusNotFound {
					t.Errorf("%s %s answers %d", method, forged, status)
				}
			}
		}
		if n := k.hearsByMail(ben); n != 1 {
			t.Errorf("%d kinds", n)
		}
	})
}

func TestAStrangerKnocksSomeTimesAMinute(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		knock := k.visitor()
		for range 30 {
			if status, _ := knock(http.MethodPost, "/mail-off/guess"); status != http.StatusNotFound {
				t.Fatalf("answers %d", status)
			}
		}
		if status, page := knock(http.MethodPost, "/mail-off/guess"); status != http.StatusTooManyRequests || !strings.Contains(page, "Too many requests") {
			t.Errorf("answers %d: %s", status, page)
		}
	})
}
