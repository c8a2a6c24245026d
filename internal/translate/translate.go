package translate

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// MaxText is the longest text that is translated, in characters with the tags of HTML.
const MaxText = 50_000

// Settings say who translates.
type Settings struct {
	Enabled bool
	Address string // of the server, without a slash at the end
	KeySet  bool
}

// Text is what is to be translated: HTML where there is any, otherwise plain.
type Text struct{ Text, HTML string }

// Translation is what came back. HTML is sanitised; Text is the same in plain.
type Translation struct {
	Text, HTML string
	From       string // language that the server found, "" = it did not say
	To         string
}

// Language is one that the server knows.
type Language struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// parseAddress checks and tidies the address of a server.
func parseAddress(text string) (string, error) {
	text = strings.TrimRight(strings.TrimSpace(text), "/")
	u, err := url.Parse(text)
	switch {
	case len(text) > 500 || err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "":
		return "", errs.InvalidField("body.address", "Enter the whole address of the translation server, such as http://127.0.0.1:5000.")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", errs.InvalidField("body.address", "The address of the translation server has no name, password, question mark or # in it. The key has a field of its own.")
	}
	return text, nil
}

// sameServer tells whether a key that was entered for one address may go to the
// other: same protocol, machine and port.
func sameServer(a, b string) bool {
	was, err := url.Parse(a)
	if err != nil {
		return false
	}
	is, err := url.Parse(b)
	return err == nil && was.Scheme == is.Scheme && strings.EqualFold(was.Host, is.Host)
}

var languageTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$`)

// check refuses what no server could translate.
func (t Text) check() error {
	body := t.body()
	if strings.TrimSpace(t.plain()) == "" {
		return errs.New(errs.Invalid, "There is nothing to translate here.")
	}
	if utf8.RuneCountInString(body) > MaxText {
		return errs.New(errs.TooLarge, "This text is too long to be translated: at most 50,000 characters.")
	}
	return nil
}

func (t Text) body() string {
	if t.HTML != "" {
		return t.HTML
	}
	return t.Text
}

func (t Text) plain() string {
	if t.HTML == "" {
		return t.Text
	}
	return mail.HTMLToText(t.HTML)
}

// fitting is the text itself, or only its words where its HTML is too long.
func (t Text) fitting() Text {
	if utf8.RuneCountInString(t.HTML) > MaxText && strings.TrimSpace(t.Text) != "" {
		t.HTML = ""
	}
	return t
}

// taken is what a server's answer becomes here: it is no more to be trusted than
// what a stranger sends.
func (t Text) taken(answer string) (text, html string) {
	if t.HTML == "" {
		return strings.ReplaceAll(answer, "\x00", ""), ""
	}
	html, _ = mail.SanitizeHTML(answer)
	return mail.HTMLToText(html), html
}

// codeFor finds what the server calls a language: the same, a dialect's language,
// or for Chinese the script in which it is written.
func codeFor(known []Language, tag string) string {
	for _, want := range wanted(tag) {
		for _, l := range known {
			if strings.EqualFold(l.Code, want) {
				return l.Code
			}
		}
	}
	return ""
}

func wanted(tag string) []string {
	base, rest, _ := strings.Cut(strings.ToLower(tag), "-")
	out := []string{tag}
	switch {
	case base == "zh" && (strings.Contains(rest, "hant") || rest == "tw" || rest == "hk" || rest == "mo"):
		return append(out, "zh-Hant", "zt", "zh")
	case base == "zh":
		return append(out, "zh-Hans", "zh")
	case base == "no" || base == "nb" || base == "nn":
		return append(out, "nb", "no")
	}
	return append(out, base)
}
