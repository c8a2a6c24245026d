package translate_test

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/translate/translatetest"
)

// TestTheFakeKeepsTheContract asks the fake what LibreTranslate documents
// (https://docs.libretranslate.com/guides/api_usage/), and a real server, too,
// where DESKBELL_TEST_LIBRETRANSLATE names one.
func TestTheFakeKeepsTheContract(t *testing.T) {
	t.Parallel()
	fake := translatetest.Start()
	t.Cleanup(fake.Close)
	servers := []string{fake.URL}
	if real := os.Getenv("DESKBELL_TEST_LIBRETRANSLATE"); real != "" {
		servers = append(servers, strings.TrimRight(real, "/"))
	}
	for _, url := range servers {
		t.Run(url, func(t *testing.T) {
			t.Parallel()
			keepsTheContract(t, url)
		})
	}
}

func keepsTheContract(t *testing.T, url string) {
	t.Helper()
	var list []struct{ Code, Name string }
	if code := send(t, http.MethodGet, url+"/languages", "", &list); code != http.StatusOK || len(list) == 0 || list[0].Code == "" || list[0].Name == "" {
		t.Errorf("languages: %d %+v", code, list)
	}
	for body, want := range map[string]struct {
		code            int
		text, from, why string
	}{
		`{"q":"Hello!","source":"en","target":"tr"}`:                                        {code: 200, text: "!"},
		`{"q":"Good morning, my friend","source":"auto","target":"tr","api_key":""}`:        {code: 200, from: "en"},
		`{"q":"<p class=\"green\">Hello!</p>","source":"en","target":"tr","format":"html"}`: {code: 200, text: `<p class="green">`},
		`{"q":"Hello","source":"auto","target":"tr","format":"doc"}`:                        {code: 400, why: "not supported"},
		`{"q":"Hello","source":"auto","target":"zzz"}`:                                      {code: 400, why: "not supported"},
		`{"source":"auto","target":"tr"}`:                                                   {code: 400, why: "missing q"},
	} {
		var got struct {
			TranslatedText   string
			DetectedLanguage struct {
				Language   string
				Confidence float64
			}
			Error string
		}
		code := send(t, http.MethodPost, url+"/translate", body, &got)
		if code != want.code || !strings.Contains(got.TranslatedText, want.text) || got.DetectedLanguage.Language != want.from || !strings.Contains(got.Error, want.why) {
			t.Errorf("%s: %d %+v", body, code, got)
		}
	}
}

func send(t *testing.T, method, url, body string, into any) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into); err != nil {
		t.Errorf("%s %s: %q", method, url, text)
	}
	return answer.StatusCode
}
