package email

import (
	"strings"
	"testing"
)

func TestAMailInAnMboxCanBeToldFromTheNext(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 70<<10)
	for name, c := range map[string]struct{ mail, want string }{
		"lines end with a line feed":  {"Subject: a\r\n\r\nb\r\n", "Subject: a\n\nb\n\n"},
		"From at the start is quoted": {"a\r\nFrom here\r\n>From there\r\n", "a\n>From here\n>>From there\n\n"},
		"From inside stays":           {"It is From me\r\n", "It is From me\n\n"},
		"no end of line":              {"a", "a\n\n"},
		"nothing":                     {"", "\n"},
		"a line of 70 KB":             {long + "From x\r\nFrom y", long + "From x\n>From y\n\n"},
	} {
		var b strings.Builder
		if err := quoteMbox(&b, strings.NewReader(c.mail)); err != nil || b.String() != c.want {
			t.Errorf("%s: %.80q, want %.80q, %v", name, b.String(), c.want, err)
		}
	}
}
