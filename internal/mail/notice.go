package mail

import (
	"regexp"
	"strings"
)

// notice is the readable part of a bounce.
type notice struct {
	lines []string
	rcpts []noticeRecipient
	own   []string // the sender's own address where a recipient stands
	weak  []string // addresses named in passing
}

type noticeRecipient struct {
	address string
	line    int
}

var originalMarks = []string{
	"below this line is a copy", "this is a copy of the message", "copy of the original message", "header of the original message", "original message follows", "message headers follow", "unsent message follows", "returned message -", "original message headers", "included is a copy of the message", "headers of the original message", "original message header", "message header follows", "----- original message", "------original message", "--- original message", "-----original mail", "---original mail", "undelivered message follows", "the body of the message is", "first 50 lines of", "your original message", "-- message header", "元のメッセージ", "message text follows", "-------original mail info", "is the original message",
	"begin original message", "original headers",
}

// splitNotice cuts the text of a bounce where the mail that bounced begins.
func splitNotice(text string) (head, rest string) {
	at := 0
	for at < len(text) {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		l := text[at : at+end]
		if len(l) < 200 {
			low := strings.ToLower(strings.TrimSpace(l))
			if containsAny(low, originalMarks) || strings.HasPrefix(low, "received: ") && at > 0 || strings.HasPrefix(low, "received:from ") || strings.HasPrefix(low, "return-path: ") && at > 0 {
				if strings.HasPrefix(low, "re") && strings.Contains(low[:min(len(low), 12)], ":") {
					return text[:at], text[at:]
				}
				return text[:at], text[min(at+end+1, len(text)):]
			}
		}
		at += end + 1
	}
	return text, ""
}

// fieldBlock brings report fields that stand in a text, maybe quoted, into
// the shape of a report.
func fieldBlock(text string) string {
	var b strings.Builder
	for _, l := range strings.Split(text, "\n") {
		l = strings.TrimSpace(strings.TrimLeft(l, "> "))
		if name, _ := fieldName([]byte(l)); name != "" && containsAny(strings.ToLower(name), []string{"recipient", "action", "status", "diagnostic-code", "remote-mta"}) {
			b.WriteString(l)
			b.WriteByte('\n')
		}
	}
	return b.String()
}

var (
	addressRe = regexp.MustCompile(`[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?`)
	// what stands before an address that a sentence names as the recipient
	namedRe = regexp.MustCompile(`(?i)(?:delivered to|delivering (?:your mail|a message) to|deliver(?:y)? (?:your message |the message |mail )?to|unknown user|user unknown|recipient(?:s)?(?: address)?(?: returned permanent errors)?|rcpt to|no such user|invalid address|rejected recipient|mailing list|could not find a gateway for|message (?:you sent )?to|failed for|address|mailbox|was sent to|to reach|宛|^\s*to)\b[^@]{0,24}$`)
)

const maxNoticeLines = 400

func readNotice(text string, own map[string]bool) *notice {
	n := &notice{}
	for _, l := range strings.SplitN(text, "\n", maxNoticeLines+1) {
		if len(n.lines) == maxNoticeLines {
			break
		}
		n.lines = append(n.lines, cutText(strings.TrimSpace(l), 1000))
	}
	seen := map[string]bool{}
	for i, l := range n.lines {
		if !strings.Contains(l, "@") {
			continue
		}
		low := strings.ToLower(l)
		for _, loc := range addressRe.FindAllStringIndex(l, 10) {
			addr := strings.Trim(l[loc[0]:loc[1]], ".'\"*")
			key := strings.ToLower(addr)
			if own[key] && loc[0] <= 2 && strings.HasPrefix(strings.TrimLeft(l[loc[1]:], ">\""), ":") {
				n.own = append(n.own, addr)
			}
			if own[key] || seen[key] || loc[0] > 0 && (l[loc[0]-1] == ':' && strings.HasSuffix(low[:loc[0]], "mailto:")) {
				continue
			}
			before := strings.TrimSpace(strings.Trim(l[:loc[0]], "<>(\"'*- \t"))
			if before == "" && !strings.HasPrefix(low[loc[1]:], " wrote") {
				seen[key] = true
				n.rcpts = append(n.rcpts, noticeRecipient{addr, i})
				break
			}
			if containsAny(low, []string{"contact", "envelope-from", "mail from", "support", "sender", "from:", "question", "message-id", "reply", "help", "administrator"}) && !strings.Contains(low, "rcpt to") {
				continue
			}
			if strings.HasSuffix(strings.TrimRight(l[:loc[0]], "< "), ":") && strings.Trim(l[loc[1]:], ">. ") == "" || namedRe.MatchString(strings.TrimRight(l[:loc[0]], "<:\"'( ")) || smtpCodeRe.MatchString(l[:loc[0]]+" ") {
				n.weak = append(n.weak, addr)
			}
		}
	}
	return n
}

func (n *notice) firstRecipient() string {
	if len(n.rcpts) > 0 {
		return n.rcpts[0].address
	}
	if len(n.weak) > 0 {
		return n.weak[0]
	}
	return ""
}

// bounces makes a list from the text: recipients on lines of their own, else
// those the header names, else those in sentences, else whom the original
// was sent to.
func (n *notice) bounces(failed []string, original Header) []Bounce {
	var list []string
	seen := map[string]bool{}
	add := func(a string) {
		if k := strings.ToLower(a); !seen[k] && len(list) < maxBounces {
			seen[k] = true
			list = append(list, a)
		}
	}
	for _, r := range n.rcpts {
		add(r.address)
	}
	if len(list) == 0 {
		for _, a := range failed {
			add(a)
		}
	}
	if len(list) == 0 {
		for _, a := range append(n.own, n.weak...) {
			add(a)
		}
	}
	if len(list) == 0 {
		for _, name := range []string{"X-Failed-Recipients", "X-Original-To", "To", "X-Envelope-To", "Delivered-To"} {
			if to := addressesOf(original.rawAll(name)); len(to) > 0 {
				add(to[0])
				break
			}
		}
	}
	if len(list) == 0 {
		for _, l := range n.lines {
			if rest, ok := strings.CutPrefix(l, "To:"); ok {
				for _, a := range addressesOf(rest) {
					add(a)
				}
			}
		}
	}
	if len(list) == 0 {
		return []Bounce{{}}
	}
	out := make([]Bounce, len(list))
	for i, a := range list {
		out[i].Recipient = a
	}
	return out
}

// block is the text about one recipient: from its line to the next one's.
func (n *notice) block(addr string) string {
	for i, r := range n.rcpts {
		if !strings.EqualFold(r.address, addr) {
			continue
		}
		end := len(n.lines)
		if i+1 < len(n.rcpts) {
			end = n.rcpts[i+1].line
		}
		return strings.Join(n.lines[r.line:end], "\n")
	}
	return ""
}

// statusFor looks for a code in lines that name the recipient, then in its
// block, then, when there is no other recipient, in the whole notice.
func (n *notice) statusFor(addr string, alone bool) string {
	var naming []string
	for _, l := range n.lines {
		if addr != "" && strings.Contains(strings.ToLower(l), strings.ToLower(addr)) {
			naming = append(naming, l)
		}
	}
	places := []string{strings.Join(naming, "\n"), n.block(addr)}
	if alone {
		places = append(places, strings.Join(n.lines, "\n"))
	}
	for _, find := range []func(string) string{smtpEnhanced, looseEnhanced} {
		for _, p := range places {
			if s := find(p); s != "" {
				return s
			}
		}
	}
	for _, p := range places {
		if code := smtpCode(p); code != "" {
			return code[:1] + ".0.0"
		}
	}
	return ""
}

// reasonFor is what the notice says about the recipient, in one line.
func (n *notice) reasonFor(addr string) string {
	text := n.block(addr)
	if text == "" {
		for i, l := range n.lines {
			if smtpCode(l) != "" || looseEnhanced(l) != "" {
				text = strings.Join(n.lines[i:min(i+3, len(n.lines))], " ")
				break
			}
		}
	}
	if text == "" {
		text = strings.Join(n.lines, " ")
	}
	text = strings.TrimLeft(strings.TrimPrefix(strings.TrimLeft(collapseSpace(text), "<* "), addr), ">:. ")
	return cutText(text, 500)
}
