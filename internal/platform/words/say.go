package words

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Say is a sentence in a language, in English where there is no translation.
func Say(locale string, t errs.Text) string { return say(locale, t, 0) }

func say(locale string, t errs.Text, depth int) string {
	m, ok := known()[t.Format][locale]
	if !ok || depth > deepest {
		return t.String()
	}
	args := make([]string, len(t.Args))
	for i, a := range t.Args {
		if inner, ok := a.(errs.Text); ok {
			args[i] = say(locale, inner, depth+1)
		} else {
			args[i] = fmt.Sprint(a)
		}
	}
	var out strings.Builder
	m.write(&out, locale, args, "")
	return out.String()
}

func (m message) write(out *strings.Builder, locale string, args []string, pound string) {
	for _, n := range m {
		value := ""
		if n.arg >= 0 && n.arg < len(args) {
			value = args[n.arg]
		}
		switch {
		case n.pound:
			out.WriteString(pound)
		case n.arg < 0:
			out.WriteString(n.text)
		case n.choices == nil:
			out.WriteString(value)
		default:
			choice, ok := n.choices["="+value]
			if !ok {
				choice, ok = n.choices[Category(locale, value)]
			}
			if !ok {
				choice = n.choices["other"]
			}
			choice.write(out, locale, args, value)
		}
	}
}

// Categories are the plural categories of whole numbers in each language (CLDR 46).
var Categories = map[string][]string{"ja": {"other"}, "tr": {"one", "other"}, "uk": {"few", "many", "one", "other"}}

// Category is the plural category of a number in one of the languages.
func Category(locale, number string) string {
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 0 {
		return "other"
	}
	switch locale {
	case "uk":
		ten, hundred := n%10, n%100
		switch {
		case ten == 1 && hundred != 11:
			return "one"
		case ten >= 2 && ten <= 4 && (hundred < 12 || hundred > 14):
			return "few"
		}
		return "many"
	case "tr", "en":
		if n == 1 {
			return "one"
		}
	}
	return "other"
}

// Match is the language that suits an Accept-Language header best (RFC 9110,
// section 12.5.4), English when none does.
func Match(accept string) string {
	best, weight := "en", 0.0
	for i, part := range strings.SplitN(accept[:min(len(accept), 1000)], ",", 33) {
		tag, params, _ := strings.Cut(part, ";")
		q := 1.0
		if value, ok := strings.CutPrefix(strings.TrimSpace(params), "q="); ok {
			if w, err := strconv.ParseFloat(value, 64); err == nil {
				q = w
			}
		}
		base, _, _ := strings.Cut(strings.ToLower(strings.TrimSpace(tag)), "-")
		if i < 32 && q > weight && Known(base) {
			best, weight = base, q
		}
	}
	return best
}

// Known tells whether it is one of the [Locales].
func Known(locale string) bool {
	for _, l := range Locales {
		if l == locale {
			return true
		}
	}
	return false
}
