package text

import (
	"math"
	"strings"
	"sync"
	"unicode/utf8"
)

// model scores words and sequences of letters for the languages of one script.
type model struct {
	languages []string
	words     map[string][]float32
	grams     map[uint64][]float32
	unknown   []float32 // of a sequence of letters
	foreign   map[rune][]float32
}

var languageModel = [...]func() *model{
	scriptLatin:    sync.OnceValue(func() *model { return learn(scriptLatin) }),
	scriptCyrillic: sync.OnceValue(func() *model { return learn(scriptCyrillic) }),
}

const (
	wordSmoothing = 0.005
	gramSmoothing = 0.5
	wordWeight    = 1
	foreignWeight = -3
)

func learn(script int) *model {
	m := &model{words: map[string][]float32{}, grams: map[uint64][]float32{}}
	for _, l := range detectable {
		r, _ := utf8.DecodeRuneInString(samples[l])
		if (r >= 0x0400) == (script == scriptCyrillic) {
			m.languages = append(m.languages, l)
		}
	}
	totals := make([]float64, len(m.languages))
	for i, l := range m.languages {
		for w := range strings.FieldsSeq(samples[l]) {
			w = lowered(w)
			for _, form := range forms(w) {
				row(m.words, form, len(m.languages))[i] = 1
				eachGram(form, func(g uint64) {
					row(m.grams, g, len(m.languages))[i]++
					totals[i]++
				})
			}
		}
	}
	for _, r := range m.words {
		logs(r, func(int) float64 { return 1 }, wordSmoothing)
	}
	m.foreign = foreignLetters(m.languages)
	const distinct = 12_000 // sequences a language may have
	m.unknown = make([]float32, len(m.languages))
	logs(m.unknown, func(i int) float64 { return totals[i] + gramSmoothing*distinct }, gramSmoothing)
	for _, r := range m.grams {
		logs(r, func(i int) float64 { return totals[i] + gramSmoothing*distinct }, gramSmoothing)
	}
	return m
}

// foreignLetters says for each letter that some of the languages write how much
// it speaks against the others.
func foreignLetters(languages []string) map[rune][]float32 {
	m := map[rune][]float32{}
	for i, l := range languages {
		for _, r := range letters[l] {
			for j := range row(m, r, len(languages)) {
				if !strings.ContainsRune(letters[languages[j]], r) && languages[j] != "vi" {
					m[r][j] = foreignWeight
				}
			}
		}
		if l != "sr" {
			continue
		}
		for _, r := range "щъыьэюяй" { // shared by the others
			row(m, r, len(languages))[i] = foreignWeight
		}
	}
	return m
}

// forms of a sample word: as it is, and as those type who have no key for marks.
func forms(w string) []string {
	b := make([]byte, 0, len(w))
	for _, r := range w {
		if r < utf8.RuneSelf || r >= latinEnd && (r < latinAdd || r >= latinAddEnd) {
			b = utf8.AppendRune(b, r)
			continue
		}
		b, _ = appendFolded(b, r, MaxTermRunes)
	}
	if string(b) == w {
		return []string{w}
	}
	return []string{w, string(b)}
}

func row[K comparable](m map[K][]float32, k K, n int) []float32 {
	r, ok := m[k]
	if !ok {
		r = make([]float32, n)
		m[k] = r
	}
	return r
}

func logs(r []float32, total func(int) float64, smoothing float64) {
	for i := range r {
		r[i] = float32(math.Log((float64(r[i]) + smoothing) / total(i)))
	}
}

// eachGram calls f with the sequences of two and three letters of a word, its
// ends included.
func eachGram(w string, f func(uint64)) {
	a, b := uint64(0), uint64(' ')
	for _, r := range w {
		c := uint64(r)
		f(b<<21 | c)
		if a != 0 {
			f(a<<42 | b<<21 | c)
		}
		a, b = b, c
	}
	f(b<<21 | ' ')
	if a != 0 {
		f(a<<42 | b<<21 | ' ')
	}
}

func (m *model) guess(words []string) (string, float64) {
	score := make([]float64, len(m.languages))
	letters, unknown := 0, 0.0
	for _, w := range words {
		n := utf8.RuneCountInString(w)
		if letters += n; letters > maxDetected {
			break
		}
		if r, ok := m.words[w]; ok {
			for i, v := range r {
				score[i] += wordWeight * float64(v)
			}
		}
		for _, r := range w {
			for i, v := range m.foreign[r] {
				score[i] += float64(v)
			}
		}
		eachGram(w, func(g uint64) {
			r, ok := m.grams[g]
			if !ok {
				unknown++
			}
			for i, v := range r {
				score[i] += float64(v) / 2
			}
		})
	}
	for i, v := range m.unknown {
		score[i] += float64(v) * unknown / 2
	}
	return m.best(score)
}

// best turns scores into an answer; the sequences of a word overlap, so that
// they say less than their sum.
func (m *model) best(score []float64) (string, float64) {
	top := 0
	for i := range score {
		if score[i] > score[top] {
			top = i
		}
	}
	sum := 0.0
	for i := range score {
		sum += math.Exp((score[i] - score[top]) * 0.4)
	}
	return m.languages[top], 1 / sum
}
