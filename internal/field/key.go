package field

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"
)

const maxKey = 40

// validKey tells whether a key can stand in a URL, a template and a script.
func validKey(k string) bool {
	if k == "" || len(k) > maxKey || k[0] < 'a' || k[0] > 'z' {
		return false
	}
	return strings.Trim(k, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// keyOf makes a key of a label that no other field has: letters without their
// marks, and "field_2" where a label has no Latin letters.
func keyOf(label string, taken func(string) bool) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(label)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case r == 'ı':
			b.WriteByte('i')
		case (r == ' ' || r == '-' || r == '_') && b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() >= maxKey-4 {
			break
		}
	}
	base := strings.Trim(b.String(), "_")
	if base == "" {
		base = "field"
	}
	key := base
	for n := 2; taken(key); n++ {
		key = base + "_" + strconv.Itoa(n)
	}
	return key
}
