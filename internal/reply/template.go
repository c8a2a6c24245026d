package reply

import (
	"errors"
	"fmt"
	"html"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/osteele/liquid/parser"
	"github.com/osteele/liquid/render"
	"github.com/osteele/liquid/tags"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Bounds of one rendering.
const (
	MaxTime   = 50 * time.Millisecond
	MaxOutput = 256 << 10 // bytes
	maxLoops  = 10        // in one text
	maxDepth  = 2         // loops inside loops
)

// allowed are the tags that a text may have. What keeps values or reads files is
// not among them: it could not be bounded, or would be dangerous.
var allowed = []string{"if", "elsif", "else", "endif", "unless", "endunless", "case", "when", "endcase",
	"for", "endfor", "break", "continue", "comment", "endcomment"}

var rangeIn = regexp.MustCompile(`\.\.`)

// Template is a text that was read.
type Template struct{ source string }

// Parse reads a text. The error says what is wrong with it in a sentence.
func Parse(source string) (t Template, err error) {
	if len(source) > MaxSource {
		return t, errs.New(errs.Invalid, "The text is longer than 64 KB.")
	}
	rewritten, err := rewrite(source)
	if err != nil {
		return t, err
	}
	if _, err := compile(rewritten, &run{}); err != nil {
		return t, errs.Newf(errs.Invalid, "This text cannot be read: %s.", plainError(err))
	}
	return Template{rewritten}, nil
}

// rewrite checks the tags, takes the escaping of HTML out of them, and lets
// every output go through the filter that notices when there is nothing.
func rewrite(source string) (string, error) {
	var b strings.Builder
	loops, depth, deepest := 0, 0, 0
	asked := false
	for _, t := range parser.Scan(source, parser.SourceLoc{}, nil) {
		switch t.Type {
		case parser.ObjTokenType:
			inside := strings.TrimSpace(html.UnescapeString(t.Args))
			if rangeIn.MatchString(inside) {
				return "", errs.New(errs.Invalid, "A range such as (1..5) cannot be used here.")
			}
			fmt.Fprintf(&b, "{{ %s | deskbell_filled: %s }}", inside, quote(inside))
		case parser.TagTokenType:
			if !slices.Contains(allowed, t.Name) {
				return "", errs.Newf(errs.Invalid, "The tag %q cannot be used here.", t.Name)
			}
			if rangeIn.MatchString(t.Args) {
				return "", errs.New(errs.Invalid, "A range such as (1..5) cannot be used here.")
			}
			switch t.Name {
			case "for":
				loops, depth = loops+1, depth+1
			case "endfor":
				depth--
			}
			deepest = max(deepest, depth)
			asked = asked || asksHours.MatchString(t.Args)
			b.WriteString(html.UnescapeString(t.Source))
		default:
			b.WriteString(t.Source)
		}
	}
	if loops > maxLoops || deepest > maxDepth {
		return "", errs.Newf(errs.Invalid, "A text has at most %d loops, and a loop at most one inside it.", maxLoops)
	}
	if asked {
		return `{{ business_hours.open | deskbell_needed: "business_hours.open" }}` + b.String(), nil
	}
	return b.String(), nil
}

// asksHours finds tags that ask for the business hours.
var asksHours = regexp.MustCompile(`\bbusiness_hours\b`)

// quote makes a Liquid string of an expression; both kinds of quotes in one are
// told apart by the reader of the marker anyway.
func quote(s string) string {
	if !strings.Contains(s, `"`) {
		return `"` + s + `"`
	}
	return `'` + strings.ReplaceAll(s, `'`, `"`) + `'`
}

// run is one rendering: what had no value, and when it has to end.
type run struct {
	missing []string
	until   func() bool // the time is over
	plain   bool
}

var (
	errTime   = errors.New("it takes too long")
	errOutput = errors.New("it becomes longer than 256 KB")
)

func (r *run) over() bool { return r.until != nil && r.until() }

func compile(source string, r *run) (node render.Node, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
		}
	}()
	cfg := render.NewConfig()
	addFilters(&cfg, r)
	tags.AddStandardTags(cfg)
	node, failure := cfg.Compile(source, parser.SourceLoc{})
	if failure != nil {
		return nil, failure
	}
	return node, nil
}

// Result is a text that was filled in.
type Result struct {
	HTML    string
	Missing []string // expressions that had no value, as they stand in the text
}

// Render fills the text in. plain leaves values unescaped, for what is no HTML.
// now is asked again and again whether the time is over.
func (t Template) Render(vars map[string]any, plain bool, now func() time.Time) (out Result, err error) {
	end := now().Add(MaxTime)
	r := &run{until: func() bool { return now().After(end) }, plain: plain}
	node, err := compile(t.source, r)
	if err != nil {
		return out, errs.Newf(errs.Invalid, "This text cannot be read: %s.", plainError(err))
	}
	text, err := r.render(node, vars)
	if err != nil {
		return out, errs.Newf(errs.Invalid, "This text cannot be filled in: %s.", plainError(err))
	}
	return Result{text, r.missing}, nil
}

// render recovers from panics: the library panics where its writer fails.
func (r *run) render(node render.Node, vars map[string]any) (_ string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("%v", p)
			if e, ok := p.(error); ok {
				err = e
			}
		}
	}()
	w := &bounded{run: r}
	cfg := render.NewConfig()
	addFilters(&cfg, r)
	tags.AddStandardTags(cfg)
	if failure := render.Render(node, w, vars, cfg); failure != nil {
		return "", failure
	}
	return w.b.String(), nil
}

// bounded ends a rendering that writes too much or takes too long.
type bounded struct {
	b   strings.Builder
	run *run
}

func (w *bounded) Write(p []byte) (int, error) {
	if w.run.over() {
		return 0, errTime
	}
	if w.b.Len()+len(p) > MaxOutput {
		return 0, errOutput
	}
	return w.b.Write(p)
}

// plainError is what a person can use of an error of the library.
func plainError(err error) string {
	for _, known := range []error{errTime, errOutput} {
		if strings.Contains(err.Error(), known.Error()) {
			return known.Error()
		}
	}
	text := strings.TrimPrefix(err.Error(), "Liquid error")
	text, _, _ = strings.Cut(strings.TrimLeft(text, ": "), "\n")
	if len(text) > 200 {
		text = text[:200]
	}
	return strings.ToValidUTF8(text, "")
}
