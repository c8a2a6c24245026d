package translatetest

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"unicode/utf8"
)

// CharLimit is the longest text that the fake takes, in characters.
const CharLimit = 60_000

// Language as the contract lists it.
type Language struct {
	Code    string   `json:"code"`
	Name    string   `json:"name"`
	Targets []string `json:"targets"`
}

// Fake translates.
type Fake struct {
	URL string

	server  *httptest.Server
	mu      sync.Mutex
	key     string // "" = it asks for none
	instead http.HandlerFunc
	asked   []string
}

// Start begins to listen at any port of this machine.
func Start() *Fake {
	f := &Fake{}
	f.server = httptest.NewServer(f)
	f.URL = f.server.URL
	return f
}

// Close ends it.
func (f *Fake) Close() {
	f.server.CloseClientConnections()
	f.server.Close()
}

// WantKey makes it refuse whoever has another key.
func (f *Fake) WantKey(key string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.key = key
}

// Instead makes it answer translations otherwise; nil = as it should.
func (f *Fake) Instead(answer http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.instead = answer
}

// Asked are the texts that it was to translate, in their order.
func (f *Fake) Asked() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]string{}, f.asked...)
}

var languages = map[string]string{"en": "English", "tr": "Turkish", "uk": "Ukrainian", "ja": "Japanese", "pt-BR": "Portuguese (Brazil)", "zh-Hant": "Chinese (traditional)"}

var phrases = map[string]map[string]string{
	"Kargom nerede?":       {"en": "Where is my parcel?", "ja": "荷物はどこですか。"},
	"It is on its way.":    {"tr": "Yolda.", "ja": "配送中です。"},
	"Where is my parcel?":  {"tr": "Kargom nerede?"},
	"Your parcel has left": {"tr": "Kargonuz yola çıktı"},
}

// ServeHTTP implements [http.Handler].
func (f *Fake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	key, instead := f.key, f.instead
	f.mu.Unlock()
	switch {
	case r.URL.Path == "/languages" && r.Method == http.MethodGet:
		list := []Language{}
		for _, code := range []string{"en", "ja", "pt-BR", "tr", "uk", "zh-Hant"} {
			list = append(list, Language{code, languages[code], []string{"en", "ja", "tr", "uk"}})
		}
		say(w, http.StatusOK, list)
	case r.URL.Path != "/translate":
		refuse(w, http.StatusNotFound, "Not Found")
	case r.Method != http.MethodPost:
		refuse(w, http.StatusMethodNotAllowed, "Method Not Allowed")
	case instead != nil:
		instead(w, r)
	default:
		f.translate(w, r, key)
	}
}

func (f *Fake) translate(w http.ResponseWriter, r *http.Request, key string) {
	var q struct {
		Q, Source, Target, Format string
		Key                       string `json:"api_key"`
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		refuse(w, http.StatusBadRequest, "Invalid JSON format")
		return
	}
	for name, value := range map[string]string{"q": q.Q, "source": q.Source, "target": q.Target} {
		if value == "" {
			refuse(w, http.StatusBadRequest, "Invalid request: missing "+name+" parameter")
			return
		}
	}
	n := utf8.RuneCountInString(q.Q)
	switch {
	case q.Format != "" && q.Format != "text" && q.Format != "html":
		refuse(w, http.StatusBadRequest, q.Format+" format is not supported")
	case key != "" && q.Key == "":
		refuse(w, http.StatusBadRequest, "Please contact the server operator to get an API key")
	case key != "" && q.Key != key:
		refuse(w, http.StatusForbidden, "Invalid API key")
	case n > CharLimit:
		refuse(w, http.StatusBadRequest, fmt.Sprintf("Invalid request: request (%d) exceeds text limit (%d)", n, CharLimit))
	case languages[q.Target] == "":
		refuse(w, http.StatusBadRequest, q.Target+" is not supported")
	default:
		f.mu.Lock()
		f.asked = append(f.asked, q.Q)
		f.mu.Unlock()
		answer := map[string]any{"translatedText": render(q.Q, q.Target, q.Format == "html")}
		if q.Source == "auto" {
			answer["detectedLanguage"] = map[string]any{"confidence": 90.0, "language": detect(q.Q)}
		}
		say(w, http.StatusOK, answer)
	}
}

// render translates the words and, in HTML, leaves the tags alone.
func render(q, target string, html bool) string {
	if !html {
		return phrase(q, target)
	}
	var out strings.Builder
	for len(q) > 0 {
		end := strings.IndexByte(q, '<')
		if end < 0 {
			end = len(q)
		}
		out.WriteString(phrase(q[:end], target))
		q = q[end:]
		end = strings.IndexByte(q, '>') + 1
		out.WriteString(q[:end])
		q = q[end:]
	}
	return out.String()
}

func phrase(text, target string) string {
	words := strings.TrimSpace(text)
	if words == "" {
		return text
	}
	if known := phrases[words][target]; known != "" {
		return strings.Replace(text, words, known, 1)
	}
	return strings.Replace(text, words, target+": "+words, 1)
}

func detect(q string) string {
	for _, r := range q {
		switch {
		case strings.ContainsRune("ğışçöüĞİŞÇ", r):
			return "tr"
		case r >= 0x3040 && r < 0x3100:
			return "ja"
		case r >= 0x400 && r < 0x530:
			return "uk"
		}
	}
	if strings.Contains(q, "Kargom") {
		return "tr"
	}
	return "en"
}

func refuse(w http.ResponseWriter, status int, why string) {
	say(w, status, map[string]string{"error": why})
}

func say(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // whoever asked is gone
}

// Nowhere is an address of this machine at which nothing listens.
func Nowhere() (string, error) {
	on, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return "http://" + on.Addr().String(), on.Close()
}
