package reply

import (
	"fmt"
	"html"
	"net/url"
	"reflect"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/osteele/liquid/render"
	"github.com/osteele/tuesday"
)

// addFilters names what a text may do with a value. Each is bounded: none makes
// more than [MaxOutput] out of what it is given.
func addFilters(cfg *render.Config, r *run) {
	cfg.AddFilter("deskbell_filled", r.filled)
	cfg.AddFilter("deskbell_needed", r.needed)
	cfg.AddFilter("default", func(value any, other func(any) any) any {
		if empty(value) {
			return other("")
		}
		return value
	})
	cfg.AddFilter("upcase", func(s string) string { return strings.ToUpper(clip(s)) })
	cfg.AddFilter("downcase", func(s string) string { return strings.ToLower(clip(s)) })
	cfg.AddFilter("capitalize", capitalize)
	cfg.AddFilter("strip", func(s string) string { return strings.TrimSpace(clip(s)) })
	cfg.AddFilter("append", func(s, more string) string { return clip(s + clip(more)) })
	cfg.AddFilter("prepend", func(s, more string) string { return clip(clip(more) + s) })
	cfg.AddFilter("truncate", truncate)
	cfg.AddFilter("url_encode", func(s string) string { return url.QueryEscape(clip(s)) })
	cfg.AddFilter("first", first)
	cfg.AddFilter("last", last)
	cfg.AddFilter("size", size)
	cfg.AddFilter("join", join)
	cfg.AddFilter("date", date)
}

// filled notes an output without a value and writes the expression itself in
// its place, so that it is seen and cannot be sent.
func (r *run) filled(value any, expression string) (any, error) {
	if r.over() {
		return nil, errTime
	}
	if empty(value) {
		if len(r.missing) < 50 {
			r.missing = append(r.missing, expression)
		}
		return r.shown("{{" + expression + "}}"), nil
	}
	switch v := value.(type) {
	case []string:
		value = strings.Join(v, ", ")
	case Lines:
		shown := r.shown(string(v))
		if !r.plain {
			shown = strings.ReplaceAll(shown, "\n", "<br>")
		}
		return shown, nil
	}
	return r.shown(fmt.Sprint(value)), nil
}

// needed notes what a condition asks for and is not there at all, where the
// text begins: either answer would be a claim.
func (r *run) needed(value any, expression string) (any, error) {
	if value != nil {
		return "", nil
	}
	return r.filled(nil, expression)
}

func (r *run) shown(s string) string {
	if r.plain {
		return clip(s)
	}
	return clip(html.EscapeString(s))
}

func empty(value any) bool {
	if value == nil {
		return true
	}
	switch v := reflect.ValueOf(value); v.Kind() {
	case reflect.String:
		return strings.TrimSpace(v.String()) == ""
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	}
	if at, ok := value.(time.Time); ok {
		return at.IsZero()
	}
	return false
}

func clip(s string) string {
	if len(s) <= MaxOutput {
		return s
	}
	return strings.ToValidUTF8(s[:MaxOutput], "")
}

func capitalize(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return s
	}
	return string(unicode.ToTitle(r)) + s[n:]
}

func truncate(s string, n func(int) int) string {
	want := min(max(n(50), 1), 10_000)
	runes := []rune(clip(s))
	if len(runes) <= want {
		return s
	}
	return string(runes[:want-1]) + "…"
}

func first(value any) any { return at(value, 0) }

func last(value any) any { return at(value, -1) }

func at(value any, index int) any {
	v := reflect.ValueOf(value)
	if !v.IsValid() || v.Kind() != reflect.Slice || v.Len() == 0 {
		return nil
	}
	if index < 0 {
		index = v.Len() - 1
	}
	return v.Index(index).Interface()
}

func size(value any) int {
	v := reflect.ValueOf(value)
	switch v.Kind() {
	case reflect.String:
		return utf8.RuneCountInString(v.String())
	case reflect.Slice, reflect.Map:
		return v.Len()
	}
	return 0
}

func join(value any, with func(string) string) string {
	v := reflect.ValueOf(value)
	if v.Kind() != reflect.Slice {
		return fmt.Sprint(value)
	}
	var parts []string
	for i := range min(v.Len(), 200) {
		parts = append(parts, fmt.Sprint(v.Index(i).Interface()))
	}
	return clip(strings.Join(parts, truncate(with(", "), func(int) int { return 20 })))
}

// date writes an instant in the pattern of strftime, "%Y-%m-%d" where none is given.
func date(value any, pattern func(string) string) (string, error) {
	at, ok := value.(time.Time)
	if !ok {
		return fmt.Sprint(value), nil
	}
	return tuesday.Strftime(truncate(pattern("%Y-%m-%d"), func(int) int { return 100 }), at)
}
