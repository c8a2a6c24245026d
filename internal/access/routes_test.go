package access_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestEveryOperationAsksForItsPermission(t *testing.T) {
	t.Parallel()
	d := newDesk(t, dbtest.SQLite(t))
	owner := d.owner()
	lightID, light := d.agent("light_agent", "lisa@shop.example")
	key := func(scope access.Permission, expires time.Time) *caller {
		_, k, err := d.svc.CreateAPIKey(t.Context(), access.System,
			access.APIKey{Agent: lightID, Name: "k", Scopes: []access.Permission{scope}, ExpiresAt: expires}, nil)
		if err != nil {
			t.Fatal(err)
		}
		c := d.stranger()
		c.key = k
		return c
	}
	narrow, expired := key(access.EventsRead, time.Time{}), key(access.ConversationsRead, d.Now().Add(time.Second))
	d.later(time.Second)
	may := map[string]bool{"signed in": true}
	var me access.Me
	light.do("GET", "/me", nil).is(200, &me)
	for _, p := range me.Permissions {
		may[string(p)] = true
	}
	for i, r := range d.api.Routes() {
		path := strings.ReplaceAll(strings.TrimPrefix(r.Path, "/api/v1"), "{id}", "999999")
		path = strings.ReplaceAll(path, "{session_id}", "999999")
		name := r.Method + " " + path
		if r.Permission == "public" {
			continue
		}
		stranger := d.stranger()
		stranger.address = "198.51.100." + num(int64(i)) + ":1" // the limit of an address is not what is tested
		expired.address = stranger.address
		if r.Permission != "signed in" && !slices.Contains(access.All, access.Permission(r.Permission)) {
			t.Errorf("%s asks for %q, which nobody can have", name, r.Permission)
		}
		if g := stranger.do(r.Method, path, "{}"); g.code != 401 {
			t.Errorf("%s: a stranger gets %d", name, g.code)
		}
		if g := expired.do(r.Method, path, "{}"); g.code != 401 {
			t.Errorf("%s: an expired key gets %d", name, g.code)
		}
		if g := light.do(r.Method, path, "{}"); (g.code == 403) == may[r.Permission] {
			t.Errorf("%s: a light agent gets %d", name, g.code)
		}
		if g := narrow.do(r.Method, path, "{}"); g.code != 403 && r.Permission != "signed in" {
			t.Errorf("%s: a key for something else gets %d", name, g.code)
		}
		if g := owner.do(r.Method, path, "{}"); g.code == 403 || g.code == 401 {
			t.Errorf("%s: an owner gets %d", name, g.code)
		}
	}
}
