package web

import (
	"bytes"
	"compress/gzip"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
	"sync"
)

// NonceMark in a page is replaced by the nonce of its answer. A page without
// the mark gets it on each of its scripts.
const NonceMark = "DESKBELL_NONCE"

// Static serves a built front end: files whose name carries a hash of their
// content are kept by the browser for a year, everything that is no file
// answers with the page, so that the address bar may name any view.
type Static struct {
	// Files holds the page and the assets. A file NAME.gz is NAME compressed.
	Files fs.FS
	// Page is the name of the page, "" = index.html.
	Page string
	// Worker is the name of the service worker's script, "" = none.
	Worker string
	// Connect are further origins for connect-src, usually none.
	Connect []string

	mu   sync.Mutex
	kept map[string]*asset
}

type asset struct {
	plain, packed []byte
	kind, tag     string
	forever       bool
}

// hashed names look like assets/app-B1x9_aQz.js.
var hashed = regexp.MustCompile(`^assets/.*[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+$`)

func (s *Static) page() string {
	if s.Page == "" {
		return "index.html"
	}
	return s.Page
}

func (s *Static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "This address takes GET.", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" || name == s.page() || strings.HasSuffix(name, ".gz") {
		s.servePage(w, r)
		return
	}
	a, err := s.asset(name)
	switch {
	case err == nil:
		s.serveAsset(w, r, name, a)
	case strings.HasPrefix(name, "assets/"):
		// A page of the version before asks for a chunk that is gone: it reloads on 404.
		http.Error(w, "This file belongs to another version.", http.StatusNotFound)
	default:
		s.servePage(w, r)
	}
}

func (s *Static) serveAsset(w http.ResponseWriter, r *http.Request, name string, a *asset) {
	h := w.Header()
	h.Set("Content-Type", a.kind)
	h.Set("ETag", a.tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	if name == s.Worker {
		// The policy of its script is what binds a worker: it asks this server and nobody else.
		h.Set("Content-Security-Policy", "default-src 'none'; connect-src 'self'")
	}
	h.Set("Cache-Control", "no-cache")
	if a.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == a.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	body := a.plain
	if a.packed != nil && acceptsGzip(r) {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the client is gone
	}
}

// asset reads, compresses and keeps a file; the set of files is what the program was built with.
func (s *Static) asset(name string) (*asset, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.kept[name]; a != nil {
		return a, nil
	}
	if !fs.ValidPath(name) {
		return nil, fs.ErrNotExist
	}
	text, err := fs.ReadFile(s.Files, name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	a := &asset{plain: text, kind: kindOfFile(name), tag: `"` + hex.EncodeToString(sum[:12]) + `"`, forever: hashed.MatchString(name)}
	if a.packed, err = fs.ReadFile(s.Files, name+".gz"); errors.Is(err, fs.ErrNotExist) {
		a.packed = pack(a.kind, text)
	}
	if s.kept == nil {
		s.kept = map[string]*asset{}
	}
	s.kept[name] = a
	return a, nil
}

func kindOfFile(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".woff2":
		return "font/woff2"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return "application/manifest+json"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func pack(kind string, text []byte) []byte {
	worth := strings.HasPrefix(kind, "text/") || strings.Contains(kind, "json") || strings.Contains(kind, "svg")
	if !worth || len(text) < 512 {
		return nil
	}
	var b bytes.Buffer
	z, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is valid
	z.Write(text)                                         //nolint:errcheck // a buffer takes everything
	z.Close()                                             //nolint:errcheck // as above
	return b.Bytes()
}

func acceptsGzip(r *http.Request) bool {
	for _, part := range strings.Split(r.Header.Get("Accept-Encoding"), ",") {
		name, q, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(name, "gzip") && strings.ReplaceAll(q, " ", "") != "q=0" {
			return true
		}
	}
	return false
}

// servePage answers with the page under a policy of its own.
func (s *Static) servePage(w http.ResponseWriter, r *http.Request) {
	a, err := s.asset(s.page())
	if err != nil {
		http.Error(w, "The console was not built into this program.", http.StatusNotFound)
		return
	}
	nonce := rand.Text()
	text := a.plain
	if !bytes.Contains(text, []byte(NonceMark)) {
		text = bytes.ReplaceAll(text, []byte("<script"), []byte(`<script nonce="`+NonceMark+`"`))
	}
	text = bytes.ReplaceAll(text, []byte(NonceMark), []byte(nonce))
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", s.policy(nonce))
	if r.Method != http.MethodHead {
		_, _ = w.Write(text) // the client is gone
	}
}

// policy of the page. Styles may be inline and pictures may come from anywhere,
// because mail is shown in a frame that inherits this policy and tightens it.
func (s *Static) policy(nonce string) string {
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self' 'nonce-" + nonce + "'",
		"style-src 'self' 'unsafe-inline'",
		"img-src 'self' data: blob: https: http:",
		"font-src 'self'",
		"media-src 'self' blob:",
		"connect-src " + strings.Join(append([]string{"'self'"}, s.Connect...), " "),
		"frame-src 'self' blob:",
		"worker-src 'self'",
		"manifest-src 'self'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
	}, "; ")
}
