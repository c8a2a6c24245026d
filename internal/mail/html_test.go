package mail

import (
	"strings"
	"testing"
)

func TestSanitizedHTMLStaysTheSame(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`<p>a <b>b</b> <img src="cid:x@y" alt="z"> <img src="https://e.test/a.png"></p>`, `<table><tr><td>1<td>2<tr><td>3</table>`, `<ul><li>a<li>b</ul>`, `<p>x<p>y<div>z`,
		`<a href="https://e.test/?a=1&amp;b=2">x</a>`, `<pre>a  b
c</pre>`, `<div style="color:red;position:fixed">x</div>`, `text &lt;b&gt; &amp;amp;`, `<body bgcolor=red><center>x`,
	} {
		once, _ := SanitizeHTML(in)
		twice, facts := SanitizeHTML(once)
		if once != twice {
			t.Errorf("%q: %q, then %q", in, once, twice)
		}
		if strings.Contains(in, "cid:") && (len(facts.ContentIDs) != 1 || !facts.RemoteImages) {
			t.Errorf("%+v", facts)
		}
	}
}

func TestDangerousHTMLIsRemoved(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		`<script>x</script>`, `<img src=x onerror=alert(1)>`, `<svg onload=x><a xlink:href="javascript:x">`, `<a href="jAvAsCrIpT&#58;x">y</a>`, `<a href="data:text/html,x">y</a>`, `<a href=" &#1; javascript:x">y</a>`,
		`<div style="width:expression(x)">`, `<div style="background:url(javascript:x)">`, `<div style="color:\72\65">`, `<style>@import 'x'</style>`, `<base href="http://e.test/">`, `<meta http-equiv=refresh content=0>`, `<iframe srcdoc="<script>">`,
		`<form action=x><button formaction=y>`, `<math><mtext><script>x</script>`, `<noscript><p title="</noscript><img src=x onerror=x>">`, `<img src="javascript:x">`, `<img srcset="http://e.test/a 1x">`, `<table background="http://e.test/a">`, `<link rel=stylesheet href=x>`, `<object data=x><embed src=x>`, `<p title='"><script>x</script>'>y</p>`, "<a href=\"java\u0000script:x\">y</a>", `<video src=x poster=http://e.test/a>`,
	} {
		out, _ := SanitizeHTML(in)
		low := strings.ToLower(out)
		for _, bad := range []string{"<script", "onerror=", "onload=", "href=\"java", "href=\"data", "expression", "url(", "@import", "<base", "<meta", "<iframe", "<form", "formaction", "srcset", "background=", "<link", "<object", "<embed", "<video", "<svg", "\\72"} {
			if strings.Contains(low, bad) {
				t.Errorf("%s: %s", in, out)
			}
		}
	}
}

func TestHTMLBecomesReadableText(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<p>One</p><p>Two<br>Three</p>`:                                   "One\n\nTwo\nThree",
		`<div>a</div><div>b</div><div><br></div><div>c</div>`:             "a\nb\n\nc",
		`<ul><li>a</li><li>b</li></ul><ol><li>c<li>d</ol>`:                "- a\n- b\n\n1. c\n2. d",
		`<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>`: "a b\nc",
		"a \n  b&nbsp;c": "a b c",
		`see <a href="https://e.test/x">this page</a> or <a href="https://e.test/">https://e.test</a>, <a href="mailto:a@b.test">a@b.test</a>`: "see this page <https://e.test/x> or https://e.test, a@b.test",
		"<pre>a\n  b</pre>c":                    "a\n  b\n\nc",
		`<style>x</style><title>y</title>z`:     "z",
		`a<span style="display:none">b</span>c`: "ac",
	} {
		if got := HTMLToText(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestTextBecomesSafeHTML(t *testing.T) {
	t.Parallel()
	got := TextToHTML("Hi <b>,\nsee https://e.test/?a=1&b=2.\n\nBye")
	want := `<p>Hi &lt;b&gt;,<br>see <a href="https://e.test/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">https://e.test/?a=1&amp;b=2</a>.</p>` + "\n<p>Bye</p>"
	if got != want {
		t.Error(got)
	}
}
