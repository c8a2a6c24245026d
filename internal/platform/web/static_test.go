package web_test

import (
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/deskbell/deskbell/internal/platform/web"
)

func console() http.Handler {
	api := web.New(web.Config{PublicURL: "https://desk.example"})
	api.Mux().Handle("/", &web.Static{Files: fstest.MapFS{
		"index.html":                {Data: []byte("<!doctype html><script>theme()</script><script src=/assets/app-B1x9_aQz.js></script>")},
		"assets/app-B1x9_aQz.js":    {Data: []byte(strings.Repeat("let a = 1;\n", 200))},
		"assets/big-C1x9_aQz.js":    {Data: []byte("plain")},
		"assets/big-C1x9_aQz.js.gz": {Data: []byte("packed")},
		"locales/en.json":           {Data: []byte("{}")},
		"sw.js":                     {Data: []byte("work()")},
	}, Worker: "sw.js"})
	return api.Handler()
}

func TestAssetsAreKeptForAYearAndSentCompressed(t *testing.T) {
	t.Parallel()
	h := console()
	w := call(h, "GET", "/assets/app-B1x9_aQz.js", "", "Accept-Encoding", "br, gzip")
	if w.Code != 200 || w.Header().Get("Cache-Control") != "public, max-age=31536000, immutable" ||
		w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" || w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	z, err := gzip.NewReader(w.Body)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(z); err != nil || !strings.HasPrefix(string(text), "let a") {
		t.Errorf("%q, %v", text, err)
	}
	if w := call(h, "GET", "/assets/app-B1x9_aQz.js", "", "Accept-Encoding", "gzip;q=0"); w.Header().Get("Content-Encoding") != "" {
		t.Error("compressed for one who cannot read it")
	}
	if w := call(h, "GET", "/assets/big-C1x9_aQz.js", "", "Accept-Encoding", "gzip"); w.Body.String() != "packed" {
		t.Errorf("the file that was packed before is not used: %s", w.Body)
	}
	if w := call(h, "GET", "/assets/app-B1x9_aQz.js", "", "If-None-Match", w.Header().Get("ETag")); w.Code != 304 {
		t.Errorf("known already: %d", w.Code)
	}
	if w := call(h, "GET", "/assets/app-gone1234.js", ""); w.Code != 404 {
		t.Errorf("an asset of another version: %d", w.Code)
	}
	if w := call(h, "GET", "/locales/en.json", ""); w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("a name without hash: %s", w.Header().Get("Cache-Control"))
	}
}

func TestTheWorkerAsksThisServerAloneAndIsNeverOld(t *testing.T) {
	t.Parallel()
	w := call(console(), "GET", "/sw.js", "")
	if w.Code != 200 || w.Header().Get("Content-Type") != "text/javascript; charset=utf-8" || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	// A sandboxed worker could not be registered, and one without connect-src could ask for nothing.
	if policy := w.Header().Get("Content-Security-Policy"); policy != "default-src 'none'; connect-src 'self'" {
		t.Errorf("policy of the worker: %s", policy)
	}
	if policy := call(console(), "GET", "/locales/en.json", "").Header().Get("Content-Security-Policy"); !strings.Contains(policy, "sandbox") {
		t.Errorf("policy of another file: %s", policy)
	}
}

func TestEveryViewAnswersWithThePageAndAFreshNonce(t *testing.T) {
	t.Parallel()
	h := console()
	nonce := regexp.MustCompile(`'nonce-([A-Z2-7]+)'`)
	seen := map[string]bool{}
	for _, path := range []string{"/", "/index.html", "/inbox/mine", "/settings/../inbox"} {
		w := call(h, "GET", path, "")
		if w.Code == http.StatusTemporaryRedirect || w.Code == http.StatusMovedPermanently {
			continue
		}
		m := nonce.FindStringSubmatch(w.Header().Get("Content-Security-Policy"))
		if w.Code != 200 || m == nil || strings.Count(w.Body.String(), `nonce="`+m[1]+`"`) != 2 || seen[m[1]] {
			t.Errorf("%s: %d %v %s", path, w.Code, w.Header(), w.Body)
			continue
		}
		seen[m[1]] = true
		if w.Header().Get("Cache-Control") != "no-store" || w.Header().Get("Strict-Transport-Security") == "" {
			t.Errorf("%s: %v", path, w.Header())
		}
	}
	if w := call(h, "POST", "/inbox", "x"); w.Code != 405 {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestABodyThatNeverEndsIsGivenUp(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{})
	op := put
	op.ReadTimeout = 20 * time.Millisecond
	web.Register(api, op, echo)
	web.Handle(api, web.Op{Method: "POST", Path: "/raw", Tag: "Raw", Summary: "Take bytes", ReadTimeout: 20 * time.Millisecond}, func(w http.ResponseWriter, r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return err
	})
	s := httptest.NewServer(api.Handler())
	defer s.Close()
	for _, c := range []struct{ method, path string }{{"PUT", "/api/v1/fruits/1"}, {"POST", "/api/v1/raw"}} {
		body, end := io.Pipe()
		r, err := http.NewRequestWithContext(t.Context(), c.method, s.URL+c.path, body)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer good")
		r.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		if res.StatusCode != http.StatusRequestTimeout {
			t.Errorf("%s: %d", c.path, res.StatusCode)
		}
		res.Body.Close()
		end.Close()
	}
}

// deadlines records what is asked of the connection.
type deadlines struct {
	*httptest.ResponseRecorder
	set []time.Time
}

func (d *deadlines) SetReadDeadline(at time.Time) error {
	d.set = append(d.set, at)
	return nil
}

// A deadline left on the connection would end the context of a slow handler.
func TestTheDeadlineStandsOnlyWhileTheBodyIsRead(t *testing.T) {
	t.Parallel()
	api := newAPI(web.Config{})
	w := &deadlines{ResponseRecorder: httptest.NewRecorder()}
	web.Register(api, put, func(context.Context, *fruitIn) (*fruitOut, error) {
		if n := len(w.set); n < 2 || !w.set[n-1].IsZero() {
			t.Errorf("the handler runs under the deadlines %v", w.set)
		}
		return &fruitOut{}, nil
	})
	r := httptest.NewRequest("PUT", "/api/v1/fruits/1", strings.NewReader(`{"name":"pear"}`))
	r.Header.Set("Authorization", "Bearer good")
	r.Header.Set("Content-Type", "application/json")
	api.Handler().ServeHTTP(w, r)
	if w.Code != 200 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
