package text

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// maxSubject bounds the characters of a subject that are looked at.
const maxSubject = 1000

// replyWords are what mail programs put before the subject of a reply or a
// forwarded mail, folded, by the language of the program.
var replyWords = wordSet(
	"re fw fwd reply forward forwarded", // en and everybody's default
	"aw antw wg",                        // de
	"doorst beantw",                     // nl
	"sv vs vb vl videresendt vidarebefordrat videresend", // da no sv fi
	"ref rep tr réf rép transf",                          // fr
	"r rif i inoltra inoltro",                            // it
	"rv rm renv reenviado respuesta",                     // es
	"res enc encaminhado resposta",                       // pt
	"rasp redir răsp",                                    // ro
	"odp pd przek",                                       // pl
	"odpoveď předat predat preposlane prep odpověď",      // cs sk
	"odg prosl proslijeđeno posr naprej",                 // hr sr sl
	"vá va továbbítás továbbított tovabb válasz",         // hu
	"ynt yan ilt cvp yanıt ilet",                         // tr
	"відп відповідь пересл пер пересилання переслано", // uk
	"отв ответ пересылка переслано на",                // ru
	"отг препр адк перас одг просл",                   // bg be sr
	"απ πρθ απάντηση προώθηση σχετ",                   // el
	"ats persiusta persiųsta fwdats",                  // lt
	"atb parsutits pārsūtīts pārs",                    // lv
	"edasi vast edastatud",                            // et
	"tl ct chuyển trả",                                // vi
	"bls trs balas terusan bal",                       // id ms
	"השב הועבר תגובה תשובה",                           // he
	"رد الرد إعادة توجيه تمرير",                       // ar
	"پاسخ ارسال جواب",                                 // fa ur
	"उत्तर अग्रेषित उत्तरः",                           // hi
	"ตอบ ตอบกลับ ส่งต่อ",                              // th
	"回复 回覆 答复 答覆 回信 转发 轉寄 轉發 转寄",                      // zh
	"返信 転送 返 転 回答",                                    // ja
	"회신 답장 전달 답변 회답 re회신",                             // ko
	"pat gadagz", // ka in Latin letters
)

// Replies whose word is two words.
var replyPhrases = []string{"إعادة توجيه", "trả lời", "chuyển tiếp", "doorgestuurd bericht", "weitergeleitete nachricht"}

func wordSet(lists ...string) map[string]bool {
	set := map[string]bool{}
	for _, l := range lists {
		for _, w := range strings.Fields(l) {
			set[foldSubject(w)] = true
		}
	}
	return set
}

var (
	// A counter as in Re[2]:, RE(3):, Re^2: or Re2:.
	replyCounter = regexp.MustCompile(`^(?:\[\d{1,3}\]|\(\d{1,3}\)|\^\d{1,3}|\*\d{1,3}|\d{1,2})?\s?[:：﹕]\s*`)
	// A number in brackets or hashes as help desks and shops write it.
	ticketTag = regexp.MustCompile(`(?i)\[[^\[\]\s]{0,24}[ ]?[^\[\]\s]{0,12}#[ ]?[\p{L}\p{N}_./-]{1,40}\]` +
		`|\[(?:ticket|case|request|ref|incident|sr|inc)[ :#_-]{0,3}[\p{L}\p{N}_./-]*\d[\p{L}\p{N}_./-]{0,40}\]` +
		`|\((?:ticket|case|request|ref)?[ :]{0,2}#[ ]?[\p{L}\p{N}_./-]{1,40}\)` +
		`|##?-?[ ]?\d{1,20}[ ]?-?##` +
		`|\{#[\p{L}\p{N}_./-]{1,40}\}`)
	// Marks that mail gateways put in front.
	gatewayTag = regexp.MustCompile(`(?i)^\s*[\[*(]{1,3}\s?(?:external|extern|ext|spam\??|suspected spam|extern[ae]l? e?-?mail|внешнее|зовнішній|外部|社外)\s?(?:mail|email|sender)?[\])*]{1,3}:?\s*`)
)

// NormalizeSubject is the subject without what replies, mail gateways and help
// desks put before it or into it (Re:, AW:, Ynt:, Відп:, RE[2]:, 返信:,
// [EXTERNAL], [#1234]), with white space collapsed. Case and accents stay; a
// subject that consists of nothing else is only trimmed.
func NormalizeSubject(s string) string {
	trimmed := oneLine(clipRunes(s, maxSubject))
	out := oneLine(ticketTag.ReplaceAllString(trimmed, " "))
	for {
		next := withoutReply(out)
		if loc := gatewayTag.FindStringIndex(next); loc != nil {
			next = next[loc[1]:]
		}
		next = strings.TrimSpace(next)
		if next == out {
			break
		}
		out = next
	}
	if out == "" {
		return trimmed
	}
	return out
}

// SubjectKey is what two subjects of one conversation have in common:
// NormalizeSubject without case, accents and signs. It is empty for a subject
// without letters and digits.
func SubjectKey(s string) string {
	return foldText(NormalizeSubject(s))
}

func oneLine(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return r <= ' ' || r == 0x7F || r == 0xA0 || r == 0x3000 || r >= 0x2000 && r <= 0x200A || r == 0x2028 || r == 0x2029 || r == 0xFEFF
	}), " ")
}

// withoutReply removes one reply word from the front.
func withoutReply(s string) string {
	end := 0
	for end < len(s) {
		r, n := utf8.DecodeRuneInString(s[end:])
		if classOf(r) == separator || r >= '0' && r <= '9' {
			break
		}
		end += n
	}
	if end == 0 {
		return s
	}
	if replyWords[foldSubject(s[:end])] {
		if loc := replyCounter.FindStringIndex(s[end:]); loc != nil {
			return s[end+loc[1]:]
		}
		if rest, ok := strings.CutPrefix(s[end:], "."); ok { // "Odp.:"
			if loc := replyCounter.FindStringIndex(rest); loc != nil {
				return rest[loc[1]:]
			}
		}
	}
	return withoutReplyPhrase(s)
}

func withoutReplyPhrase(s string) string {
	head, rest, ok := strings.Cut(s, ":")
	if !ok || len(head) > 64 {
		return s
	}
	for _, p := range replyPhrases {
		if strings.EqualFold(strings.TrimSpace(head), p) {
			return strings.TrimSpace(rest)
		}
	}
	return s
}

func foldSubject(s string) string { return strings.ReplaceAll(foldText(s), " ", "") }

// foldText is s as folded words with single spaces between them.
func foldText(s string) string {
	s = normalize(s)
	b := make([]byte, 0, len(s))
	gap := false
	for _, r := range s {
		switch classOf(r) {
		case separator:
			gap = len(b) > 0
			continue
		case ignored:
			continue
		}
		if gap {
			b = append(b, ' ')
			gap = false
		}
		if r < utf8.RuneSelf {
			b = append(b, asciiFold[r])
			continue
		}
		b, _ = appendFolded(b, r, MaxTermRunes)
	}
	return string(b)
}

// Fold is s as it is compared by a search without stems: folded words with
// single spaces between them.
func Fold(s string) string { return foldText(clip(s, maxInput)) }
