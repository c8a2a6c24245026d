package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"path"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

func describe(version string) huma.Config {
	const schemas = "#/components/schemas/"
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title:   "Deskbell API",
				Version: version,
				Description: "JSON in snake_case, times in UTC (RFC 3339). Sign in with the header `Authorization: Bearer KEY`. " +
					"Errors are problem documents (RFC 9457). Lists give `items` and `next`; pass `next` as `cursor` for the next page. " +
					"Clients ignore fields and values that they do not know; a field of a request that is not described here is refused.",
				License: &huma.License{Name: "See LICENSE in the source"},
			},
			Servers: []*huma.Server{{URL: Prefix}},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry(schemas, schemaNamer()),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					"key":     {Type: "http", Scheme: "bearer", Description: "An API key"},
					"session": {Type: "apiKey", In: "cookie", Name: "deskbell", Description: "The session of the console (`__Host-deskbell` on https)"},
				},
			},
		},
		Formats: map[string]huma.Format{
			"application/json": huma.DefaultJSONFormat,
			"json":             huma.DefaultJSONFormat,
		},
		DefaultFormat: "application/json",
	}
}

// schemaNamer names a type by its own name, with its package in front when
// another type has taken the name.
func schemaNamer() func(reflect.Type, string) string {
	taken := map[string]reflect.Type{}
	return func(t reflect.Type, hint string) string {
		for t.Kind() == reflect.Pointer {
			t = t.Elem()
		}
		name := upper(huma.DefaultSchemaNamer(t, hint))
		if other, ok := taken[name]; ok && other != t {
			name = upper(path.Base(t.PkgPath())) + name
		}
		for n := 2; ; n++ {
			if other, ok := taken[name]; !ok || other == t {
				break
			}
			name = strings.TrimRightFunc(name, unicode.IsDigit) + strconv.Itoa(n)
		}
		taken[name] = t
		return name
	}
}

func upper(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 || s == "." {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

func (op Op) description() string {
	text := op.Text
	if text != "" {
		text += "\n\n"
	}
	switch {
	case op.Public:
		return text + "No sign-in needed."
	case op.Permission == "":
		return text + "Any signed-in agent."
	}
	return text + "Needs `" + op.Permission + "`."
}

func (op Op) security() []map[string][]string {
	if op.Public {
		return []map[string][]string{}
	}
	return []map[string][]string{{"key": {}}, {"session": {}}}
}

// errorStatuses are those that follow from the operation, and its own.
func (op Op) errorStatuses() []int {
	out := append([]int{http.StatusTooManyRequests}, op.Errors...)
	if !op.Public {
		out = append(out, http.StatusUnauthorized)
	}
	if !op.Public && op.Permission != "" || op.Method != http.MethodGet {
		out = append(out, http.StatusForbidden)
	}
	if strings.Contains(op.Path, "{") {
		out = append(out, http.StatusNotFound)
	}
	if op.Idempotent {
		out = append(out, http.StatusConflict, http.StatusUnprocessableEntity)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func (op Op) headers() []*huma.Param {
	if !op.Idempotent {
		return nil
	}
	max := 255
	return []*huma.Param{{Name: "Idempotency-Key", In: "header",
		Description: "The same key with the same request within 24 hours gives the same answer and does nothing again",
		Schema:      &huma.Schema{Type: huma.TypeString, MaxLength: &max}}}
}

// describeRaw writes by hand what huma cannot see of a streaming operation.
func (a *API) describeRaw(op Op) {
	o := op.operation()
	o.Errors = nil
	for _, name := range pathParams(op.Path) {
		kind := huma.TypeString
		if name == "id" || strings.HasSuffix(name, "_id") {
			kind = huma.TypeInteger
		}
		o.Parameters = append(o.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: kind}})
	}
	for _, p := range op.Query {
		o.Parameters = append(o.Parameters, &huma.Param{Name: p.Name, In: "query", Description: p.Text, Schema: &huma.Schema{Type: huma.TypeString}})
	}
	if op.Request != nil {
		o.RequestBody = &huma.RequestBody{Description: op.Request.Text, Required: true, Content: a.content(op.Request)}
	}
	status := op.Status
	if status == 0 {
		status = http.StatusOK
	}
	success := &huma.Response{Description: http.StatusText(status)}
	if op.Response != nil {
		success.Description, success.Content = op.Response.Text, a.content(op.Response)
	}
	o.Responses = map[string]*huma.Response{strconv.Itoa(status): success}
	problem := a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Problem](), true, "Problem")
	for _, code := range op.errorStatuses() {
		o.Responses[strconv.Itoa(code)] = &huma.Response{Description: http.StatusText(code),
			Content: map[string]*huma.MediaType{"application/problem+json": {Schema: problem}}}
	}
	a.huma.OpenAPI().AddOperation(&o)
}

func (a *API) content(c *Content) map[string]*huma.MediaType {
	schema := &huma.Schema{Type: huma.TypeString, Format: "binary"}
	if c.Of != nil {
		schema = a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeOf(c.Of), true, "Body")
	}
	return map[string]*huma.MediaType{c.Type: {Schema: schema}}
}

func pathParams(p string) []string {
	var out []string
	for _, part := range strings.Split(p, "/") {
		if strings.HasPrefix(part, "{") {
			out = append(out, strings.TrimSuffix(strings.Trim(part, "{}"), "..."))
		}
	}
	return out
}

// Spec is the OpenAPI description as JSON.
func (a *API) Spec() ([]byte, error) { return a.spec() }

// writeSpec leaves out that objects have no further members: answers only grow,
// and the closed schemas are for checking what comes in.
func (a *API) writeSpec() ([]byte, error) {
	text, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return nil, err
	}
	var tree map[string]any
	if err := json.Unmarshal(text, &tree); err != nil {
		return nil, err
	}
	openObjects(tree)
	return json.MarshalIndent(tree, "", " ")
}

func openObjects(v any) {
	switch v := v.(type) {
	case map[string]any:
		if v["additionalProperties"] == false {
			delete(v, "additionalProperties")
		}
		for _, child := range v {
			openObjects(child)
		}
	case []any:
		for _, child := range v {
			openObjects(child)
		}
	}
}

func (a *API) serveSpec(w http.ResponseWriter, r *http.Request) {
	text, err := a.spec()
	if err != nil {
		a.refuse(w, r, err)
		return
	}
	serveKept(w, r, "application/json", text)
}

// serveKept serves a text that only changes with the program.
func serveKept(w http.ResponseWriter, r *http.Request, kind string, text []byte) {
	sum := sha256.Sum256(text)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Type", kind)
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = w.Write(text) // the client is gone
}

var methods = []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}

// notFound answers for paths under /api that are no operation, or not with this method.
func (a *API) notFound(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, m := range methods {
		probe := &http.Request{Method: m, URL: r.URL, Host: r.Host}
		if _, pattern := a.mux.Handler(probe); pattern != "" && pattern != "/api/" && pattern != "/" {
			allowed = append(allowed, m)
		}
	}
	if len(allowed) == 0 {
		a.refuse(w, r, errs.New(errs.NotFound, "There is no such operation. /api/docs lists them."))
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	p := problemOf(r.Context(), errs.Newf(errs.Invalid, "This address takes %s.", strings.Join(allowed, ", ")))
	p.Status, p.Title = http.StatusMethodNotAllowed, http.StatusText(http.StatusMethodNotAllowed)
	writeProblem(r.Context(), w, p)
}
