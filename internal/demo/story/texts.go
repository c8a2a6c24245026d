package story

import (
	"embed"
	"fmt"
	"strings"
)

//go:embed texts/*.txt
var files embed.FS

// Language of a story (ISO 639-1).
type Language string

// The languages.
const (
	English   Language = "en"
	Japanese  Language = "ja"
	Turkish   Language = "tr"
	Ukrainian Language = "uk"
)

// Languages in the order of [LanguageShares].
var Languages = []Language{English, Japanese, Turkish, Ukrainian}

// LanguageShares are per cent of all conversations.
var LanguageShares = []int{50, 15, 20, 15}

// phrases are the alternatives of a topic by the letter or word they begin with.
type phrases map[string][]string

// texts are the phrases by language and topic; "common" holds what fits all.
var texts = func() map[Language]map[string]phrases {
	out := map[Language]map[string]phrases{}
	for _, l := range Languages {
		b, err := files.ReadFile("texts/" + string(l) + ".txt")
		if err != nil {
			panic(err)
		}
		if out[l], err = parse(string(b)); err != nil {
			panic(fmt.Sprintf("texts/%s.txt: %v", l, err))
		}
	}
	return out
}()

func parse(s string) (map[string]phrases, error) {
	out := map[string]phrases{}
	var topic phrases
	for n, line := range strings.Split(s, "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if name, ok := strings.CutPrefix(line, "== "); ok {
			topic = phrases{}
			out[name] = topic
			continue
		}
		key, value, ok := strings.Cut(line, ": ")
		if !ok || topic == nil {
			return nil, fmt.Errorf("line %d is neither a topic nor a phrase", n+1)
		}
		topic[key] = append(topic[key], value)
	}
	return out, nil
}
