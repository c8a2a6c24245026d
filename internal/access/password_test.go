package access

import (
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestAPasswordMatchesItsHashAlone(t *testing.T) {
	t.Parallel()
	p := newPasswords()
	stored, err := p.hash(t.Context(), "correct horse")
	if err != nil || !strings.HasPrefix(stored, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%s, %v", stored, err)
	}
	for _, c := range []struct {
		stored, password string
		want             bool
	}{{stored, "correct horse", true}, {stored, "correct horsE", false}, {stored, "", false}, {"", "correct horse", false}, {"", "", false}} {
		if got, err := p.matches(t.Context(), c.stored, c.password); got != c.want || err != nil {
			t.Errorf("%q: %v, %v", c.password, got, err)
		}
	}
	if _, err := p.matches(t.Context(), "$2a$10$nonsense", "x"); err == nil {
		t.Error("an unreadable hash is no error")
	}
}

func TestACrowdAtTheDoorIsSentAwayInsteadOfKeptWaiting(t *testing.T) {
	t.Parallel()
	p := newPasswords()
	p.waiting.Store(maxWaiting)
	if _, err := p.hash(t.Context(), "correct horse"); !errs.Is(err, errs.TooMany) {
		t.Error(err)
	}
	if n := p.waiting.Load(); n != maxWaiting {
		t.Errorf("%d wait", n)
	}
}
