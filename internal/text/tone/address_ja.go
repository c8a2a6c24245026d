package tone

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

const japaneseTail = `[ねよねかなわぞさ]{0,3}`

// How sentences end, without the signs behind them.
var (
	japanesePolite = regexp.MustCompile(`(?:です|ます|ました|ません|でした|でしょう|ましょう|ませ|下さい|ください|ございまし|なさい|願います)(?:か|ね|よ|よね|かね|が|けど|けれど|けれども|から|ので|し|と|の|とも|には|のに)*$`)
	// Verbs, adjectives and だ in their plain form.
	japanesePlain = regexp.MustCompile(`(?:` + strings.Join([]string{
		`(?:だ|だった|だろう|である|であった|なのだ|んだ|んだった|じゃない|じゃなかった)`,
		`(?:する|した|しない|しよう|くる|来る|きた|来た|なる|なった|ならない|ある|あった|いる|いた|いない|できる|出来る|できた|できない|出来ない)`,
		`(?:れる|られる|せる|させる|くれる|もらう|しまう|思う|言う|違う|使う|待つ|送る|届く|届いた|届かない|わかる|分かる|わかった|分かった|わからない|分からない|知らない|かかる|返す|戻る|決まる|終わる|始まる|変わる)`,
		`(?:った|いた|んだ|いだ|れた|けた|めた|せた|べた|えた|げた|てた|ねた|じた)`,
		`(?:[ぁ-ん一-龠](?:ない|たい)|なかった|たかった|ほしい|欲しい|よい|いい|らしい|[ぁ-ん一-龠]しい)`,
	}, "|") + `)` + japaneseTail + `$`)
	// Thanks and excuses among friends, with what is said to customers.
	japaneseFriendly = map[string]string{
		"ありがとう": "ありがとうございます", "どうもありがとう": "誠にありがとうございます", "ごめん": "申し訳ございません", "ごめんね": "申し訳ございません", "ごめんなさい": "申し訳ございません", "すまない": "申し訳ございません", "おはよう": "おはようございます", "よろしく": "よろしくお願いいたします", "よろしくね": "よろしくお願いいたします",
	}
	// Whole words that end as plain verbs do.
	japaneseWords = regexp.MustCompile(`(?:あなた|かた|うた|また|くらい|ぐらい|お祝い|お買い|間違い|違い|お支払い|支払い|使い|思い|扱い|取り扱い|問い|以内|案内|ご案内|まだ|ただ|からだ|なみだ|お届け先|のみ)$`)
)

func (c *check) addressJapanese(rule int, f Form, p sentence) {
	s := c.plain[p.Start:p.End]
	core := strings.TrimRightFunc(s, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsPunct(r) || unicode.IsSymbol(r)
	})
	if core == "" || strings.Count(core, "「") > strings.Count(core, "」") {
		return // inside what somebody else said
	}
	n := strings.TrimSpace(text.Normalize(core).Text)
	if polite, ok := japaneseFriendly[n]; ok && f == Formal {
		c.add(Finding{Rule: rule, Span: text.Span{Start: p.Start, End: p.Start + len(core)}, Instead: polite, Why: errs.Say("This is for friends. The shop writes to customers in polite style.")})
		return
	}
	last := lastOf(core)
	at := text.Span{Start: p.Start + len(core) - len(last), End: p.Start + len(core)}
	polite := japanesePolite.MatchString(n)
	switch {
	case f == Informal && polite:
		c.add(Finding{Rule: rule, Span: at, Why: errs.Say("“%s” is polite style. The shop writes in plain style.", last)})
	case f == Formal && !polite && p.ended && japanesePlain.MatchString(n) && !japaneseWords.MatchString(n):
		c.add(Finding{Rule: rule, Span: at, Why: errs.Say("“%s” is plain style. Sentences to customers end in です or ます.", last)})
	}
}

// lastOf are the last characters of a sentence, which show its style.
func lastOf(s string) string {
	from := len(s)
	for range 6 {
		_, n := utf8.DecodeLastRuneInString(s[:from])
		from -= n
	}
	return s[from:]
}
