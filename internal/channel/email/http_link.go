package email

import (
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

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
		web.SmallPage{Lang: lang, Title: words.title, Text: words.busy}.Write(w, http.StatusTooManyRequests)
		return
	}
	if err == nil {
		var f fileFacts
		if f, err = l.facts(r, s); err == nil {
			web.SmallPage{Lang: lang, Title: words.title, Name: f.name, Detail: size(f.size), Text: fmt.Sprintf(words.until, s.until.Format(words.date)),
				Link: "/files/" + token + "/download", Label: words.download, Download: true}.Write(w, http.StatusOK)
			return
		}
	}
	l.failed(err)
	web.SmallPage{Lang: lang, Title: words.gone, Text: words.goneHelp}.Write(w, http.StatusNotFound)
}

type fileFacts struct {
	name, contentType, key string
	size                   int64
}

func (l *Links) facts(r *http.Request, s subject) (fileFacts, error) {
	a, err := l.Conversations.SentFile(r.Context(), s.message, s.file)
	return fileFacts{a.Name, a.ContentType, a.BlobKey, a.Size}, err
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
		web.SmallPage{Lang: lang, Title: words.title, Text: words.busy}.Write(w, http.StatusTooManyRequests)
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
		web.SmallPage{Lang: lang, Title: words.gone, Text: words.goneHelp}.Write(w, http.StatusNotFound)
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
