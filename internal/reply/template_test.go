package reply_test

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/reply"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

var eva = map[string]any{
	"customer":     map[string]any{"name": "Eva <b>", "first_name": "Eva", "phone": "", "attributes": map[string]any{}},
	"conversation": map[string]any{"number": int64(12), "tags": []string{"vip", "late"}, "created_at": noon},
}

func fill(t *testing.T, source string) reply.Result {
	t.Helper()
	tpl, err := reply.Parse(source)
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	out, err := tpl.Render(eva, false, func() time.Time { return noon })
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	return out
}

func TestVariablesAreFilledIn(t *testing.T) {
	t.Parallel()
	for source, want := range map[string]string{
		"<p>Hello {{ customer.first_name }}, #{{conversation.number}}</p>": "<p>Hello Eva, #12</p>",
		"{{ customer.name }}":                                                                  "Eva &lt;b&gt;",
		`{{ customer.phone | default: "no number" }}`:                                          "no number",
		`{{ customer.phone | default: &quot;none&quot; }}`:                                     "none",
		"{% if conversation.number &gt; 10 %}old{% else %}new{% endif %}":                      "old",
		"{% for t in conversation.tags %}[{{ t }}]{% endfor %}":                                "[vip][late]",
		"{{ conversation.tags | join: ' + ' }} {{ conversation.tags | size }}":                 "vip + late 2",
		`{{ conversation.created_at | date: "%d.%m.%Y" }}`:                                     "21.11.2026",
		"{{ customer.first_name | upcase | append: '!' }} {{ customer.name | truncate: 3 }}":   "EVA! Ev…",
		"{% if customer.phone == '' %}{% comment %}nothing{% endcomment %}empty{% endif %} {}": "empty {}",
		"{{ customer.name | url_encode }}":                                                     "Eva+%3Cb%3E",
		"{% unless customer.phone == blank %}x{% endunless %}Ok":                               "xOk",
	} {
		if got := fill(t, source); got.HTML != want || len(got.Missing) > 0 {
			t.Errorf("%s\n got %q, missing %v\nwant %q", source, got.HTML, got.Missing, want)
		}
	}
}

func TestAVariableWithoutAValueStaysVisibleAndIsNamed(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"customer.phone", "customer.attributes.colour", "order.number", "customer.phone | upcase"} {
		got := fill(t, "<p>Your {{ "+name+" }}.</p>")
		if len(got.Missing) != 1 || got.Missing[0] != name || got.HTML != "<p>Your {{"+name+"}}.</p>" {
			t.Errorf("%s gives %+v", name, got)
		}
	}
	if got := fill(t, "{% if false %}{{ order.number }}{% endif %}fine"); len(got.Missing) != 0 {
		t.Errorf("a variable that is not printed is missed: %+v", got)
	}
}

func TestTextsThatCannotBeBoundedAreRefused(t *testing.T) {
	t.Parallel()
	loop := "{% for t in conversation.tags %}"
	for _, source := range []string{
		"{% include '/etc/passwd' %}", "{% assign x = 'a' %}", "{% capture x %}a{% endcapture %}", "{% for i in (1..9) %}{% endfor %}",
		"{{ (1..1000000) | join }}", loop + loop + loop + "{% endfor %}{% endfor %}{% endfor %}", strings.Repeat(loop+"{% endfor %}", 11),
		"{% if %}", "{% if a %}", "{{ a | unknown_filter }}", "{{ | }}", "{% tablerow x in y %}{% endtablerow %}", strings.Repeat("x", reply.MaxSource+1),
	} {
		tpl, err := reply.Parse(source)
		if err == nil {
			_, err = tpl.Render(eva, false, func() time.Time { return noon })
		}
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%.60s: %v", source, err)
		}
	}
}

func TestRenderingEndsWhenItsTimeIsOverOrItBecomesTooLong(t *testing.T) {
	t.Parallel()
	long := map[string]any{"x": strings.Repeat("y", 200<<10)}
	tpl, err := reply.Parse("{{ x }} {{ x }}")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tpl.Render(long, false, func() time.Time { return noon }); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err), "256 KB") {
		t.Errorf("err = %v", err)
	}
	now := noon
	tpl, err = reply.Parse("{% for t in conversation.tags %}{{ t }}{% endfor %}")
	if err != nil {
		t.Fatal(err)
	}
	_, err = tpl.Render(eva, false, func() time.Time { now = now.Add(30 * time.Millisecond); return now })
	if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err), "too long") {
		t.Errorf("err = %v", err)
	}
}

func FuzzRenderNeverPanics(f *testing.F) {
	for _, seed := range []string{"{{ customer.name }}", "{% if a %}b{% endif %}", "{{'", "{%", "{{ a | date: 'x' }}", "{% case a %}{% when 1 %}{% endcase %}", "{{ customer | first | join: 3 }}"} {
		f.Add(seed)
	}
	f.Fuzz(func(_ *testing.T, source string) {
		tpl, err := reply.Parse(source)
		if err != nil {
			return
		}
		now := noon
		_, _ = tpl.Render(eva, false, func() time.Time { now = now.Add(time.Microsecond); return now })
	})
}
