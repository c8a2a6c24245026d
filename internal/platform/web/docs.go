package web

import (
	"bytes"
	_ "embed"
	"html/template"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

//go:embed docs.gohtml
var docsPage string

//go:embed docs.css
var docsStyle []byte

var docsTemplate = template.Must(template.New("docs").Parse(docsPage))

type docsData struct {
	Title, Version, Text string
	Tags                 []docsTag
}

type docsTag struct {
	Name string
	Ops  []docsOp
}

type docsOp struct {
	ID, Method, Path, Summary, Text string
	Params                          []docsField
	Request                         []docsField
	RequestKind                     string
	Answers                         []docsAnswer
}

type docsAnswer struct {
	Status, Text, Kind string
	Fields             []docsField
}

type docsField struct {
	Name, Kind, Text string
	Required         bool
}

func (a *API) serveDocs(w http.ResponseWriter, r *http.Request) {
	page, err := a.docs()
	if err != nil {
		a.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	serveKept(w, r, "text/html; charset=utf-8", page)
}

func (a *API) serveDocsStyle(w http.ResponseWriter, r *http.Request) {
	serveKept(w, r, "text/css; charset=utf-8", docsStyle)
}

func (a *API) writeDocs() ([]byte, error) {
	api := a.huma.OpenAPI()
	d := docsData{Title: api.Info.Title, Version: api.Info.Version, Text: plain(api.Info.Description)}
	byTag := map[string][]docsOp{}
	for path, item := range api.Paths {
		for _, op := range []*huma.Operation{item.Get, item.Post, item.Put, item.Patch, item.Delete} {
			if op != nil {
				byTag[op.Tags[0]] = append(byTag[op.Tags[0]], docsOf(api.Components.Schemas, path, op))
			}
		}
	}
	for name, ops := range byTag {
		slices.SortFunc(ops, func(x, y docsOp) int { return strings.Compare(x.Path+" "+x.Method, y.Path+" "+y.Method) })
		d.Tags = append(d.Tags, docsTag{name, ops})
	}
	slices.SortFunc(d.Tags, func(x, y docsTag) int { return strings.Compare(x.Name, y.Name) })
	var b bytes.Buffer
	err := docsTemplate.Execute(&b, d)
	return b.Bytes(), err
}

func docsOf(reg huma.Registry, path string, op *huma.Operation) docsOp {
	o := docsOp{ID: op.OperationID, Method: op.Method, Path: Prefix + path, Summary: op.Summary, Text: plain(op.Description)}
	for _, p := range op.Parameters {
		o.Params = append(o.Params, docsField{Name: p.Name, Kind: p.In + ", " + kindOf(p.Schema), Text: p.Description, Required: p.Required})
	}
	if op.RequestBody != nil {
		o.RequestKind, o.Request = contentOf(reg, op.RequestBody.Content)
	}
	for status, r := range op.Responses {
		answer := docsAnswer{Status: status, Text: r.Description}
		if status < "300" {
			answer.Kind, answer.Fields = contentOf(reg, r.Content)
		}
		o.Answers = append(o.Answers, answer)
	}
	slices.SortFunc(o.Answers, func(x, y docsAnswer) int { return strings.Compare(x.Status, y.Status) })
	return o
}

func contentOf(reg huma.Registry, content map[string]*huma.MediaType) (string, []docsField) {
	for kind, m := range content {
		var out []docsField
		fieldsOf(reg, m.Schema, "", 0, &out)
		return kind, out
	}
	return "", nil
}

// fieldsOf flattens a schema: "items[].id". Four levels deep is as far as people read.
func fieldsOf(reg huma.Registry, s *huma.Schema, prefix string, depth int, out *[]docsField) {
	s = resolve(reg, s)
	if s == nil || depth > 4 || len(*out) > 200 {
		return
	}
	if s.Type == huma.TypeArray {
		fieldsOf(reg, s.Items, prefix+"[]", depth+1, out)
		return
	}
	names := make([]string, 0, len(s.Properties))
	for name := range s.Properties {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p := resolve(reg, s.Properties[name])
		full := strings.TrimPrefix(prefix+"."+name, ".")
		*out = append(*out, docsField{Name: full, Kind: kindOf(p), Text: p.Description, Required: slices.Contains(s.Required, name)})
		fieldsOf(reg, p, full, depth+1, out)
	}
}

func resolve(reg huma.Registry, s *huma.Schema) *huma.Schema {
	if s != nil && s.Ref != "" {
		return reg.SchemaFromRef(s.Ref)
	}
	return s
}

func kindOf(s *huma.Schema) string {
	switch {
	case s == nil:
		return ""
	case len(s.Enum) > 0:
		words := make([]string, 0, len(s.Enum))
		for _, v := range s.Enum {
			if w, ok := v.(string); ok {
				words = append(words, w)
			}
		}
		return strings.Join(words, " | ")
	case s.Format != "" && s.Type == huma.TypeString:
		return s.Format
	case s.Type == huma.TypeArray && s.Items != nil && s.Items.Type != "":
		return "array of " + s.Items.Type
	}
	return s.Type
}

func plain(s string) string { return strings.ReplaceAll(s, "`", "") }
