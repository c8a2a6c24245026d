package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxDetected is how many letters are enough to know a language.
const maxDetected = 300

// minDetected is how many letters of one script it takes to say anything.
const minDetected = 2

// Detect guesses the language (ISO 639-1) that most of a short message is
// written in, with a confidence from 0 to 1: below 0.5 the answer is not to be
// relied on. Addresses, links and words with digits say nothing and are passed
// over. It returns "" and 0 when there is no letter to judge by.
func Detect(s string) (lang string, confidence float64) {
	c := census(clip(s, 1<<14))
	script, n := c.main()
	switch {
	case n < minDetected && script != scriptPaired:
		return "", 0
	case script == scriptPaired:
		return c.paired()
	case script == scriptOther:
		return c.other()
	}
	return languageModel[script]().guess(c.words[script])
}

const (
	scriptLatin = iota
	scriptCyrillic
	scriptPaired
	scriptOther
	scripts
)

// letterCensus is what a text is made of.
type letterCensus struct {
	letters           [scripts]int
	words             [scripts][]string
	han, kana, hangul int
	chinese, japanese int // characters that only one of them writes
	named             map[string]int
}

func census(s string) *letterCensus {
	c := &letterCensus{}
	for word := range strings.FieldsSeq(s) {
		if strings.ContainsAny(word, "@/\\_") {
			if !strings.ContainsFunc(word, func(r rune) bool { return r > 0x2E80 }) {
				continue
			}
		}
		for _, part := range strings.FieldsFunc(word, isNoLetter) {
			c.word(part)
		}
		if c.letters[scriptLatin]+c.letters[scriptCyrillic]+c.letters[scriptPaired]+c.letters[scriptOther] > 2*maxDetected {
			break
		}
	}
	return c
}

func isNoLetter(r rune) bool {
	return !unicode.IsLetter(r) && !unicode.IsMark(r) && r != '\'' && r != '’' && r != 'ʼ'
}

func (c *letterCensus) word(w string) {
	w = strings.Trim(w, "'’ʼ")
	if w == "" {
		return
	}
	first, _ := utf8.DecodeRuneInString(w)
	n := utf8.RuneCountInString(w)
	switch {
	case first < latinEnd || first >= latinAdd && first < latinAddEnd:
		c.letters[scriptLatin] += n
		c.words[scriptLatin] = append(c.words[scriptLatin], lowered(w))
	case first >= 0x0400 && first <= 0x052F:
		c.letters[scriptCyrillic] += n
		c.words[scriptCyrillic] = append(c.words[scriptCyrillic], lowered(w))
	default:
		for _, r := range w {
			c.rune(r)
		}
	}
}

// lowered is a word in lower case, where I is i and marks stay.
func lowered(w string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 'I', 'İ':
			return 'i'
		case '’', 'ʼ':
			return '\''
		}
		return unicode.ToLower(r)
	}, w)
}

// Characters that only the simplified script, or only the Japanese one, has.
const (
	simplified  = "们这说时没个为还样吗呢么吧啊谁对给让买卖钱货发单订运费误错请问谢马鱼东车长门见现实过进远迟达边选择产业务价优惠换质量颜红绿蓝鞋裤衣帮联系电话号码银账户变动关开闭应该语读书写学习觉认识记录里面头脑爱欢乐听讲话题间题从来她他你您很的了吃喝在哪怎都被把想退款"
	traditional = "們這說時沒個為還樣嗎呢麼吧誰對給讓買賣錢貨發單訂運費誤錯請問謝東車長門見現實過進遠遲達邊選擇產業務價優換質顏紅綠藍褲幫聯繫電話號碼銀帳戶變動關開閉應該語讀書寫學習覺認識記錄裡頭腦愛歡樂聽講從妳您很的她哪怎都被把想"
	shinjitai   = "払込円発届荷検索変価値実験駅働売買込処理図書気仏広応対済択択様残権県広薬楽単戻枚枠畑辻峠榊株弁円"
)

var scriptHints = func() (m [2]map[rune]bool) {
	m[0], m[1] = map[rune]bool{}, map[rune]bool{}
	for _, r := range simplified + traditional {
		m[0][r] = true
	}
	for _, r := range shinjitai {
		m[1][r] = !m[0][r]
		if m[0][r] {
			delete(m[0], r)
		}
	}
	return m
}()

func (c *letterCensus) rune(r rune) {
	switch {
	case r >= 0x3041 && r <= 0x30FF, r >= 0x31F0 && r <= 0x31FF, r >= 0xFF66 && r <= 0xFF9F:
		c.kana++
	case unicode.Is(unicode.Han, r):
		c.han++
		if scriptHints[0][r] {
			c.chinese++
		} else if scriptHints[1][r] {
			c.japanese++
		}
	case unicode.Is(unicode.Hangul, r):
		c.hangul++
	default:
		c.letters[scriptOther]++
		if c.named == nil {
			c.named = map[string]int{}
		}
		c.named[scriptLanguage(r)]++
		return
	}
	c.letters[scriptPaired]++
}

// scriptLanguage names the language that mostly writes a script.
func scriptLanguage(r rune) string {
	for _, s := range []struct {
		table *unicode.RangeTable
		lang  string
	}{
		{unicode.Arabic, "ar"}, {unicode.Hebrew, "he"}, {unicode.Greek, "el"}, {unicode.Thai, "th"}, {unicode.Georgian, "ka"},
		{unicode.Armenian, "hy"}, {unicode.Devanagari, "hi"}, {unicode.Bengali, "bn"}, {unicode.Tamil, "ta"}, {unicode.Khmer, "km"},
		{unicode.Lao, "lo"}, {unicode.Myanmar, "my"},
	} {
		if unicode.Is(s.table, r) {
			if s.lang == "ar" && strings.ContainsRune("پچژگکی", r) {
				return "fa"
			}
			return s.lang
		}
	}
	return ""
}

// main is the script of most of the text. One character of a paired script says
// as much as three letters.
func (c *letterCensus) main() (script, letters int) {
	for i, n := range c.letters {
		if i == scriptPaired {
			n *= 3
		}
		if n > letters {
			script, letters = i, n
		}
	}
	return script, letters
}

func (c *letterCensus) paired() (string, float64) {
	n := c.kana + c.han + c.hangul
	switch {
	case c.hangul > c.kana && c.hangul*2 > c.han:
		return "ko", sure(n)
	case c.kana > 0 && c.kana*12 >= c.han:
		return "ja", sure(n)
	case c.japanese > c.chinese:
		return "ja", 0.7
	case c.chinese > 0:
		return "zh", sure(n)
	}
	return "zh", 0.4 // some characters that both write
}

func (c *letterCensus) other() (string, float64) {
	best, most := "", 0
	for lang, n := range c.named {
		if n > most || n == most && lang < best {
			best, most = lang, n
		}
	}
	if best == "ar" && c.named["fa"]*20 > most {
		best = "fa"
	}
	if best == "" {
		return "", 0
	}
	return best, sure(c.letters[scriptOther])
}

// sure grows with the number of letters seen.
func sure(n int) float64 { return 1 - 0.5/float64(n) }
