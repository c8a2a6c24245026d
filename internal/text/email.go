package text

import (
	"strings"

	"golang.org/x/text/unicode/norm"
)

// EmailFold is a mail address as it is compared: without spaces and angle
// brackets around it, in NFC and lower case, and without the dot that may end a
// domain. Dots and plus tags stay: only the receiving server knows whether they
// mean anything.
func EmailFold(s string) string {
	s = strings.TrimSpace(strings.ToValidUTF8(s, "\uFFFD"))
	if i := strings.LastIndexByte(s, '<'); i >= 0 && strings.HasSuffix(s, ">") {
		s = strings.TrimSpace(s[i+1 : len(s)-1])
	}
	if isASCII(s) {
		return strings.TrimRight(strings.ToLower(s), ".")
	}
	s = strings.NewReplacer("＠", "@", "İ", "i", "。", ".", "．", ".").Replace(norm.NFC.String(s))
	return strings.TrimRight(strings.ToLower(s), ".")
}
