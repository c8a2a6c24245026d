package mail

import (
	"regexp"
	"strings"
)

var (
	smtpEnhancedRe  = regexp.MustCompile(`\b[245]\d\d[ \-#:]{1,3}['"(\[]?#?([245]\.\d{1,3}\.\d{1,3})\b`)
	looseEnhancedRe = regexp.MustCompile(`(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?:[^\d.]|\.?$|\.\s)`)
	smtpCodeRe      = regexp.MustCompile(`(?:^|[\s:<("'#\[=,])([45]\d\d)(?:[\s\-:<,]|$)`)
)

// smtpEnhanced finds an enhanced code (RFC 3463) behind an SMTP reply code.
func smtpEnhanced(s string) string {
	best := ""
	for _, m := range smtpEnhancedRe.FindAllStringSubmatch(cutText(s, 8000), 8) {
		if m[1][0] == '2' {
			continue
		}
		if best == "" || strings.HasSuffix(best, ".0.0") {
			best = m[1]
		}
	}
	return best
}

// looseEnhanced finds an enhanced code anywhere; IP addresses are none.
func looseEnhanced(s string) string {
	for _, m := range looseEnhancedRe.FindAllStringSubmatch(cutText(s, 8000), 8) {
		if m[1][0] != '2' {
			return m[1]
		}
	}
	return ""
}

func enhancedCode(s string) string {
	if m := looseEnhancedRe.FindStringSubmatch(s); m != nil {
		return m[1]
	}
	return ""
}

// smtpCode finds a reply code of three digits.
func smtpCode(s string) string {
	for _, m := range smtpCodeRe.FindAllStringSubmatch(cutText(s, 8000), 8) {
		if m[1][1] <= '5' {
			return m[1]
		}
	}
	return ""
}

// statusByWords gives a status to a report that names none.
func statusByWords(text string) string {
	low := strings.ToLower(text)
	switch {
	case containsAny(low, []string{"user unknown", "unknown user", "no such user", "unknown recipient", "not found", "does not exist", "no valid recipients", "unknown address", "invalid recipient", "not recognized", "not a known", "見つかりません", "存在しません"}):
		return "5.1.1"
	case containsAny(low, []string{"mailbox is full", "mailbox full", "quota", "folder is full", "容量"}):
		return "5.2.2"
	case containsAny(low, []string{"host unknown", "unknown host", "domain does not exist", "host not found", "no such domain"}):
		return "5.1.2"
	case containsAny(low, []string{"deferred", "delayed", "will be retried", "still trying", "temporar", "retry timeout", "timed out", "timeout", "try again later", "cannot send message for", "will keep trying", "failing for a long time", "not yet been delivered"}):
		return "4.4.7"
	}
	return "5.0.0"
}

// hardStatus: the address itself is wrong or closed.
func hardStatus(status, reason string) bool {
	if !strings.HasPrefix(status, "5") {
		return false
	}
	switch status {
	case "5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1", "5.4.4", "5.4.310":
		return !containsAny(strings.ToLower(reason), []string{"blocked", "spam", "rejected by policy", "sender", "rate limit", "too many"})
	}
	return strings.HasSuffix(status, ".0.0") && (statusByWords(reason) == "5.1.1" || statusByWords(reason) == "5.1.2")
}
