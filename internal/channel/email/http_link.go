package email

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const linkStyle = `:root{color-scheme:light dark}body{margin:0;min-height:100vh;display:grid;place-items:center;font:16px/1.5 system-ui,sans-serif;background:#f6f7f9;color:#15181e}` +
	`main{max-width:28rem;margin:1rem;padding:2rem;border-radius:12px;background:#fff;box-shadow:0 8px 24px rgb(0 0 0/.12);overflow-wrap:anywhere}` +
	`h1{margin:0 0 .5rem;font-size:1.25rem}p{margin:.25rem 0;color:#545c6b}a{display:inline-block;margin-top:1.25rem;padding:.65rem 1.25rem;border-radius:6px;background:#3a4fc4;color:#fff;text-decoration:none;font-weight:600}` +
	`a:focus-visible{outline:2px solid #3a4fc4;outline-offset:2px}@media(prefers-color-scheme:dark){body{background:#0f1115;color:#eceef2}main{background:#16191f}p{color:#a6aebc}a{background:#5468db}}`

var linkPage = template.Must(template.New("file").Parse(`<!doctype html>
<html lang="{{.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex">
<title>{{.Title}}</title><style>{{.Style}}</style></head>
<body><main><h1>{{.Title}}</h1>{{if .Name}}<p dir="auto"><bdi>{{.Name}}</bdi></p><p>{{.Size}}</p>{{end}}<p>{{.Text}}</p>{{if .URL}}<a href="{{.URL}}" download>{{.Download}}</a>{{end}}</main></body></html>
`))

// linkPolicy lets the page have its own style and nothing else.
var linkPolicy = func() string {
	sum := sha256.Sum256([]byte(linkStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}()

type linkData struct {
	Lang, Title, Name, Size, Text, URL, Download string
	Style                                        template.CSS
}

// register adds the page of a large file and its bytes, for whoever holds a link.
func (l *Links) register(api *web.API) {
	if l == nil {
		return
	}
	api.Mux().HandleFunc("GET /files/{token}", l.page)
	api.Mux().HandleFunc("GET /files/{token}/download", l.download)
}

func (l *Links) page(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	s, err := l.open(token)
	words, lang := linkWordsFor(r, s.lang)
	if !l.allowed(r, token) {
		l.answer(w, http.StatusTooManyRequests, linkData{Lang: lang, Title: words.title, Text: words.busy})
		return
	}
	if err == nil {
		var f fileFacts
		if f, err = l.facts(r, s); err == nil {
			l.answer(w, http.StatusOK, linkData{Lang: lang, Title: words.title, Name: f.name, Size: size(f.size), Text: fmt.Sprintf(words.until, s.until.Format(words.date)),
				URL: "/files/" + token + "/download", Download: words.download})
			return
		}
	}
	l.failed(err)
	l.answer(w, http.StatusNotFound, linkData{Lang: lang, Title: words.gone, Text: words.goneHelp})
}

type fileFacts struct {
	name, contentType, key string
	size                   int64
}

func (l *Links) facts(r *http.Request, s subject) (fileFacts, error) {
	a, err := l.Conversations.SentFile(r.Context(), s.message, s.file)
	return fileFacts{a.Name, a.ContentType, a.BlobKey, a.Size}, err
}

func (l *Links) answer(w http.ResponseWriter, status int, d linkData) {
	d.Style = linkStyle
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", linkPolicy)
	h.Set("Referrer-Policy", "no-referrer") // the address is a secret
	if status == http.StatusTooManyRequests {
		h.Set("Retry-After", "60")
	}
	w.WriteHeader(status)
	_ = linkPage.Execute(w, d) // the client is gone
}

func (l *Links) failed(err error) {
	if errs.KindOf(err) == errs.Internal {
		l.Log.Warn("a file behind a link could not be read", "error", err)
	}
}

// allowed counts by network and by link.
func (l *Links) allowed(r *http.Request, token string) bool {
	now := l.Now()
	return l.allow("ip "+web.ClientNetwork(r.Context()), now) && l.allow("link "+token, now)
}

func (l *Links) download(w http.ResponseWriter, r *http.Request) {
	token := r.PathValue("token")
	words, lang := linkWordsFor(r, "")
	if !l.allowed(r, token) {
		l.answer(w, http.StatusTooManyRequests, linkData{Lang: lang, Title: words.title, Text: words.busy})
		return
	}
	s, err := l.open(token)
	var f fileFacts
	if err == nil {
		f, err = l.facts(r, s)
	}
	if err != nil {
		l.failed(err)
		words, lang = linkWordsFor(r, s.lang)
		l.answer(w, http.StatusNotFound, linkData{Lang: lang, Title: words.gone, Text: words.goneHelp})
		return
	}
	l.send(w, r, f)
}

// send gives the bytes as a download and never as a page of ours.
func (l *Links) send(w http.ResponseWriter, r *http.Request, f fileFacts) {
	body, n, err := l.Blobs.Open(r.Context(), f.key)
	if err != nil {
		l.Log.Warn("a file behind a link could not be opened", "error", err)
		http.Error(w, "This file cannot be read right now.", http.StatusServiceUnavailable)
		return
	}
	defer body.Close()
	h := w.Header()
	h.Set("Content-Type", "application/octet-stream")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": f.name}))
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	h.Set("Content-Length", strconv.FormatInt(n, 10))
	h.Set("Referrer-Policy", "no-referrer")
	_ = http.NewResponseController(w).SetWriteDeadline(time.Time{}) // a slow line may take its time
	if _, err := io.Copy(w, body); err != nil && r.Context().Err() == nil {
		l.Log.Info("a download broke off", "error", err)
	}
}

// linkWordsFor takes the reader's language: that of the browser, else the one of the mail.
func linkWordsFor(r *http.Request, of string) (fileWords, string) {
	for _, part := range strings.Split(r.Header.Get("Accept-Language"), ",") {
		lang, _, _ := strings.Cut(strings.TrimSpace(part), ";")
		lang, _, _ = strings.Cut(strings.ToLower(lang), "-")
		if w, ok := linkWords[lang]; ok {
			return w, lang
		}
	}
	if w, ok := linkWords[of]; ok {
		return w, of
	}
	return linkWords["en"], "en"
}
