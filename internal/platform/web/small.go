package web

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
)

// SmallPage is a page outside of the console, for whoever followed a link of a
// mail. Parts that are empty are left out.
type SmallPage struct {
	Lang, Title string
	Name        string // of what somebody outside named, in a direction of its own
	Detail      string
	Text        string
	Link, Label string // Label stands on the link, or on the button
	Download    bool   // the link is a file
	Button      bool   // Label posts to the address of the page instead
}

const smallStyle = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:#f6f7f9;color:#15181e}` +
	`main{max-width:28rem;margin:1rem;padding:2rem;border-radius:12px;background:#fff;box-shadow:0 8px 24px rgb(0 0 0/.12);overflow-wrap:anywhere}` +
	`h1{margin:0 0 .5rem;font-size:1.25rem}p{margin:.25rem 0;color:#545c6b}a,button{display:inline-block;margin-top:1.25rem;padding:.65rem 1.25rem;border:0;border-radius:6px;background:#3a4fc4;color:#fff;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}` +
	`a:focus-visible,button:focus-visible{outline:2px solid #3a4fc4;outline-offset:2px}@media(prefers-color-scheme:dark){body{background:#0f1115;color:#eceef2}main{background:#16191f}p{color:#a6aebc}a,button{background:#5468db}}`

var smallTemplate = template.Must(template.New("small").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{{.Title}}</title><style>{{.Style}}</style></head>
<body><main><h1>{{.Title}}</h1>{{if .Name}}<p dir="auto"><bdi>{{.Name}}</bdi></p>{{end}}{{if .Detail}}<p>{{.Detail}}</p>{{end}}<p>{{.Text}}</p>
{{- if .Button}}<form method="post"><button>{{.Label}}</button></form>{{else if .Link}}<a href="{{.Link}}"{{if .Download}} download{{end}}>{{.Label}}</a>{{end}}</main></body></html>
`))

// smallPolicy lets the page have its own style, ask its own address, and nothing else.
var smallPolicy = func() string {
	sum := sha256.Sum256([]byte(smallStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
}()

// Write answers with the page. Its address is taken for a secret.
func (p SmallPage) Write(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", smallPolicy)
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	if status == http.StatusTooManyRequests {
		h.Set("Retry-After", "60")
	}
	w.WriteHeader(status)
	_ = smallTemplate.Execute(w, struct { // the client may be gone
		SmallPage
		Style template.CSS
	}{p, smallStyle})
}
