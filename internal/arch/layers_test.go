package arch

import (
	"slices"
	"strings"
	"testing"
)

type layer string

const (
	library layer = "library" // knows no domain
	core    layer = "core"    // what a help desk is
	reactor layer = "reactor" // what happens because of it
	reader  layer = "reader"  // joins and numbers
	adapter layer = "adapter" // the outside world
	top     layer = "program" // puts it all together
	bench   layer = "testing" // only for tests
)

// layers places every package; a folder places what is below it, too.
var layers = map[string]layer{
	"cmd": top, "scripts": top,
	"internal/app": top, "internal/demo": top, "internal/bench": top, "internal/doctor": top,

	"internal/channel": adapter, "internal/intelligence": adapter, "internal/translate": adapter,
	"internal/commerce/shopify": adapter, "internal/commerce/woocommerce": adapter,

	"internal/view": reader, "internal/search": reader, "internal/report": reader, "internal/storage": reader, "internal/forecast": reader,

	"internal/calendar": reactor, "internal/routing": reactor, "internal/sla": reactor,
	"internal/escalation": reactor, "internal/automation": reactor, "internal/reply": reactor,
	"internal/knowledge": reactor, "internal/commerce": reactor, "internal/survey": reactor,
	"internal/campaign": reactor, "internal/incident": reactor, "internal/loyalty": reactor,
	"internal/forum": reactor, "internal/webhook": reactor, "internal/ledger": reactor,
	"internal/sender": reactor, "internal/bulk": reactor, "internal/privacy": reactor, "internal/notification": reactor, "internal/task": reactor, "internal/tone": reactor,

	"internal/conversation": core, "internal/customer": core, "internal/inbox": core,
	"internal/brand": core, "internal/field": core, "internal/hours": core, "internal/team": core, "internal/access": core,

	"internal/mail": library, "internal/text": library, "internal/platform": library,
	"migrations": library, "locales": library, "web": library,

	"internal/testbed": bench, "internal/arch": bench, "internal/fault": bench, "internal/upgrade": bench, "internal/platform/db/dbtest": bench,
}

// below says which layers a layer may use beside itself.
var below = map[layer][]layer{
	library: {},
	core:    {library},
	reactor: {library, core},
	reader:  {library, core, reactor},
	adapter: {library, core, reactor},
	top:     {library, core, reactor, reader, adapter},
	bench:   {library},
}

// sideways are the only arrows inside a layer, apart from a package's own
// subfolders. Libraries and the program may use each other freely.
var sideways = map[string][]string{
	"internal/conversation": {"internal/customer", "internal/field", "internal/team", "internal/inbox", "internal/access"},
	"internal/inbox":        {"internal/brand", "internal/team", "internal/access"},
	"internal/access":       {"internal/team", "internal/inbox"},
	// Each asks access what the caller may do; the compiler sees to it that
	// access does not ask back.
	"internal/customer": {"internal/access", "internal/field"},
	"internal/team":     {"internal/access"},
	"internal/brand":    {"internal/access"},
	"internal/hours":    {"internal/access"},
}

// place finds the entry of layers for a package: the longest that fits.
func place(dir string) (string, layer) {
	for at := dir; at != "." && at != ""; at = parent(at) {
		if l, ok := layers[at]; ok {
			return at, l
		}
	}
	return "", ""
}

func parent(dir string) string {
	i := strings.LastIndexByte(dir, '/')
	if i < 0 {
		return ""
	}
	return dir[:i]
}

func TestEveryPackageHasALayer(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, s := range program(t) {
		if _, l := place(s.dir); l == "" && !seen[s.dir] {
			seen[s.dir] = true
			t.Errorf("%s has no layer yet: give it one in internal/arch/layers_test.go", s.dir)
		}
	}
}

func TestArrowsOnlyGoDown(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		for _, used := range s.imports {
			if why := arrow(s.dir, used); why != "" {
				t.Errorf("%s imports %s: %s", s.path, used, why)
			}
		}
	}
}

// arrow says why a package may not use another one, or nothing.
func arrow(from, to string) string {
	fromPlace, fromLayer := place(from)
	toPlace, toLayer := place(to)
	if toLayer == "" || fromLayer == "" {
		return "" // from outside, or without a layer, which is another test
	}
	switch {
	case to == "internal/app" && !strings.HasPrefix(from, "cmd") && fromLayer != top:
		return "only the program knows app"
	case toPlace == fromPlace:
		return ""
	case toLayer != fromLayer:
		if slices.Contains(below[fromLayer], toLayer) || fromPlace == "scripts" {
			return ""
		}
		return "a " + string(fromLayer) + " package must not know a " + string(toLayer) + " package"
	case fromLayer == library || fromLayer == top || fromLayer == bench:
		return ""
	case slices.Contains(sideways[fromPlace], toPlace):
		return ""
	}
	return "that is sideways: take it as an argument, react to an event, or declare a small interface that app connects"
}

func TestAdaptersDoNotKnowEachOther(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if _, l := place(s.dir); l != adapter {
			continue
		}
		for _, used := range s.imports {
			if _, l := place(used); l == adapter && !related(s.dir, used) {
				t.Errorf("%s imports %s: adapters do not know each other", s.path, used)
			}
		}
	}
}

// related folders lie one in the other.
func related(a, b string) bool {
	return a == b || strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

func TestMailAndTextArePure(t *testing.T) {
	t.Parallel()
	impure := []string{"net", "net/http", "database/sql", "os", "os/exec", "log", "log/slog"}
	for _, s := range program(t) {
		if !related(s.dir, "internal/mail") && !related(s.dir, "internal/text") {
			continue
		}
		for _, used := range s.imports {
			if used == "net" && related(s.dir, "internal/mail/auth") {
				continue // the types of its Resolver are those of net
			}
			if slices.Contains(impure, used) || strings.HasPrefix(used, "internal/platform/") && used != "internal/platform/errs" {
				t.Errorf("%s imports %s: bytes in, values out, and nothing else", s.path, used)
			}
		}
	}
}

func TestOnlyTestsUseTheTestBed(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		if _, l := place(s.dir); l == bench {
			continue
		}
		for _, used := range s.imports {
			if _, l := place(used); l == bench {
				t.Errorf("%s imports %s, which is for tests alone", s.path, used)
			}
		}
	}
}

func TestArrowsAreJudgedAsWritten(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to string
		allowed  bool
	}{
		{"internal/conversation", "internal/customer", true},
		{"internal/customer", "internal/conversation", false},
		{"internal/conversation", "internal/ledger", false},
		{"internal/ledger", "internal/conversation", true},
		{"internal/sla", "internal/routing", false},
		{"internal/channel/email", "internal/conversation", true},
		{"internal/conversation", "internal/channel/email", false},
		{"internal/search", "internal/text", true},
		{"internal/platform/web", "internal/access", false},
		{"internal/platform/job", "internal/platform/db", true},
		{"internal/ledger", "internal/app", false},
		{"internal/demo", "internal/app", true},
		{"cmd/deskbell", "internal/app", true},
		{"internal/commerce/shopify", "internal/commerce", true},
		{"internal/commerce", "internal/commerce/shopify", false},
	} {
		if why := arrow(c.from, c.to); (why == "") != c.allowed {
			t.Errorf("%s -> %s: allowed should be %v (%s)", c.from, c.to, c.allowed, why)
		}
	}
}
