package hours_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/hours"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// call asks as somebody who may manage inboxes.
func (k *desk) call(method, path, body string) (int, map[string]any) {
	k.t.Helper()
	api := web.New(web.Config{DB: k.DB, Now: k.Now,
		Authenticate: func(r *http.Request) (context.Context, web.Who, error) {
			a := &access.Actor{AgentID: 1, Permissions: map[access.Permission]bool{access.ConversationsRead: true, access.InboxesManage: true}}
			return access.With(r.Context(), a), web.Who{ID: "anna", Key: true}, nil
		},
		Need: func(ctx context.Context, p string) error { return access.From(ctx).Need(access.Permission(p)) },
	})
	hours.Register(api, k.Service)
	r := httptest.NewRequest(method, "/api/v1"+path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	api.Handler().ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil && w.Body.Len() > 0 {
		k.t.Fatalf("%s %s: %s", method, path, w.Body)
	}
	return w.Code, out
}

func TestASetIsAnsweredWithWhatHoldsNow(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		code, made := k.call("POST", "/business-hours", `{"name":"Support","time_zone":"Europe/Istanbul","week":{"monday":[{"from":"09:00","to":"24:00"}]},
			"own_days":[{"date":"2026-12-24","open":[]}],"inbox_ids":[2]}`)
		if code != 201 || made["default"] != true {
			t.Fatalf("%d %v", code, made)
		}
		want := map[string]any{"open": true, "closes_at": "2026-11-23T21:00:00Z", "opens_at": "2026-11-30T06:00:00Z"}
		if diff := cmp.Diff(want, made["now"]); diff != "" {
			t.Error(diff)
		}
		week := made["week"].(map[string]any)
		if diff := cmp.Diff([]any{map[string]any{"from": "09:00", "to": "24:00"}}, week["monday"]); diff != "" || len(week["sunday"].([]any)) != 0 || len(week) != 7 {
			t.Errorf("%s %v", diff, week)
		}
		code, changed := k.call("PATCH", "/business-hours/1", `{"country":"gb","version":1}`)
		if code != 200 || changed["country"] != "GB" || len(changed["own_days"].([]any)) != 1 || len(changed["inbox_ids"].([]any)) != 1 {
			t.Errorf("%d %v", code, changed)
		}
		if code, _ := k.call("PATCH", "/business-hours/1", `{"country":"","version":1}`); code != 409 {
			t.Errorf("an old version is answered with %d", code)
		}
	})
}

func TestATimeThatCannotBeReadNamesItsPlace(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		for body, field := range map[string]string{
			`{"name":"x","time_zone":"UTC","week":{"friday":[{"from":"09:00","to":"12:00"},{"from":"1 pm","to":"17:00"}]}}`: "body.week.friday[1].from",
			`{"name":"x","time_zone":"UTC","own_days":[{"date":"2026-12-24","open":[{"from":"09:00","to":"25:00"}]}]}`:      "body.own_days[0].open[0].to",
			`{"name":"x","time_zone":"Mars/Base"}`: "body.time_zone",
		} {
			for _, path := range []string{"/business-hours", "/business-hours/try"} {
				code, out := k.call("POST", path, body)
				if code != 422 || out["errors"].([]any)[0].(map[string]any)["location"] != field {
					t.Errorf("%s %s: %d %v", path, field, code, out)
				}
			}
		}
		if all, err := k.List(ctx); err != nil || len(all) != 0 {
			t.Errorf("%v %v", err, all)
		}
	})
}

func TestMomentsAreMovedIntoTheHoursOfTheInbox(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		path := "/business-hours/openings?inbox_id=2&at=2026-11-23T12:00:00.5Z,2026-11-21T12:00:00%2B03:00"
		if code, out := k.call("GET", path, ""); code != 200 || len(out["items"].([]any)) != 0 {
			t.Errorf("without business hours: %d %v", code, out)
		}
		k.make(hours.Set{Name: "Never", TimeZone: "UTC"})
		k.make(nine("Sales", 2))
		_, out := k.call("GET", path, "")
		want := []any{
			map[string]any{"at": "2026-11-23T12:00:00.5Z", "open_from": "2026-11-23T12:00:00.5Z"},
			map[string]any{"at": "2026-11-21T09:00:00Z", "open_from": "2026-11-23T08:00:00Z"},
		}
		if diff := cmp.Diff(want, out["items"]); diff != "" {
			t.Error(diff)
		}
		_, out = k.call("GET", "/business-hours/openings?at=2026-11-23T12:00:00Z", "")
		if diff := cmp.Diff([]any{map[string]any{"at": "2026-11-23T12:00:00Z", "open_from": nil}}, out["items"]); diff != "" {
			t.Error(diff)
		}
		for _, at := range []string{"tomorrow", strings.Repeat("2026-11-23T12:00:00Z,", 10) + "2026-11-23T12:00:00Z"} {
			if code, _ := k.call("GET", "/business-hours/openings?at="+at, ""); code != 422 {
				t.Errorf("%s is answered with %d", at, code)
			}
		}
	})
}

func TestPublicHolidaysAreThoseOfThisAndTheNextYear(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		_, out := k.call("GET", "/public-holidays/jp", "")
		items := out["items"].([]any)
		first, last := items[0].(map[string]any)["date"], items[len(items)-1].(map[string]any)["date"]
		if first != "2026-01-01" || last != "2027-11-23" {
			t.Errorf("from %s to %s", first, last)
		}
		if code, _ := k.call("GET", "/public-holidays/XX", ""); code != 404 {
			t.Errorf("a country that is not known is answered with %d", code)
		}
		if _, out := k.call("GET", "/public-holidays", ""); len(out["items"].([]any)) != len(hours.Countries()) {
			t.Errorf("%v", out)
		}
	})
}
