package access

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// argon2id with the parameters that OWASP names for little memory.
const (
	argonMemory = 19 << 10 // KiB
	argonTime   = 2
	argonLanes  = 1
	argonKey    = 32
)

// passwords hashes at most two at a time: 38 MiB, whoever knocks. A few dozen
// may wait, which is about a second.
type passwords struct {
	slots   chan struct{}
	waiting atomic.Int32
}

const maxWaiting = 64

// decoy stands for the hash of an account that does not exist; nothing hashes to it in practice.
var decoy = phc(newSecret()[:16], newSecret())

// phc is the stored form of a hash, the PHC string format.
func phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, argonMemory, argonTime, argonLanes,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

func newPasswords() *passwords { return &passwords{slots: make(chan struct{}, 2)} }

func (p *passwords) enter(ctx context.Context) error {
	defer p.waiting.Add(-1)
	if p.waiting.Add(1) > maxWaiting {
		e := errs.New(errs.TooMany, "Too many people are signing in at this moment. Try again in a few seconds.")
		e.RetryAfter = 3
		return e
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// hash makes the stored form of a password.
func (p *passwords) hash(ctx context.Context, password string) (string, error) {
	if err := p.enter(ctx); err != nil {
		return "", err
	}
	defer func() { <-p.slots }()
	salt := newSecret()[:16]
	return phc(salt, argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKey)), nil
}

// matches compares a password with its stored form. An empty stored form costs
// the same time and never matches, so that nobody learns which accounts exist.
func (p *passwords) matches(ctx context.Context, stored, password string) (bool, error) {
	real := stored != ""
	if !real {
		stored = decoy
	}
	salt, key, err := readHash(stored)
	if err != nil {
		return false, err
	}
	if err := p.enter(ctx); err != nil {
		return false, err
	}
	defer func() { <-p.slots }()
	got := argon2.IDKey([]byte(password), salt, argonTime, argonMemory, argonLanes, argonKey)
	return subtle.ConstantTimeCompare(got, key) == 1 && real, nil
}

var errHash = errors.New("a stored password hash is not readable")

func readHash(stored string) (salt, key []byte, err error) {
	parts := strings.Split(stored, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[3] != fmt.Sprintf("m=%d,t=%d,p=%d", argonMemory, argonTime, argonLanes) {
		return nil, nil, errHash
	}
	if salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return nil, nil, errHash
	}
	if key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil || len(key) != argonKey {
		return nil, nil, errHash
	}
	return salt, key, nil
}

// checkPassword refuses what would be guessed at once.
func checkPassword(location, password, email string) error {
	switch {
	case utf8.RuneCountInString(password) < 8:
		return errs.InvalidField(location, "A password has at least 8 characters.")
	case len(password) > 1000:
		return errs.InvalidField(location, "A password has at most 1,000 bytes.")
	case email != "" && strings.EqualFold(password, email):
		return errs.InvalidField(location, "The password must not be the e-mail address.")
	}
	return nil
}
