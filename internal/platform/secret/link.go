package secret

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Sign makes a text for a link that proves that we allowed subject for purpose
// until expires (to the second). The subject can be read by whoever holds it.
func (k *Keys) Sign(purpose, subject string, expires time.Time) string {
	until := strconv.FormatInt(expires.Unix(), 36)
	return base64.RawURLEncoding.EncodeToString([]byte(subject)) + "." + until + "." +
		base64.RawURLEncoding.EncodeToString(k.roots()[0].mac(purpose, subject, until))
}

// maxLink bounds the work that a stranger can cause.
const maxLink = 4096

// Verify returns the subject of a text that [Keys.Sign] made for the same
// purpose and that has not expired.
func (k *Keys) Verify(purpose, signed string, now time.Time) (subject string, err error) {
	bad := errs.New(errs.NotFound, "This link is not valid.")
	parts := strings.Split(signed, ".")
	if len(signed) > maxLink || len(parts) != 3 {
		return "", bad
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		return "", bad
	}
	mac, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil {
		return "", bad
	}
	until, err := strconv.ParseInt(parts[1], 36, 64)
	if err != nil {
		return "", bad
	}
	for _, r := range k.roots() {
		if !hmac.Equal(mac, r.mac(purpose, string(raw), parts[1])) {
			continue
		}
		if now.Unix() >= until {
			return "", errs.New(errs.NotFound, "This link has expired. Ask for a new one.")
		}
		return string(raw), nil
	}
	return "", bad
}

func (r *root) mac(purpose, subject, until string) []byte {
	h := hmac.New(sha256.New, r.signing)
	for _, part := range []string{purpose, subject, until} {
		h.Write([]byte(strconv.Itoa(len(part)) + ":" + part))
	}
	return h.Sum(nil)
}

// Token makes 256 random bits as text for the one who may hold it, and the hash
// under which it is stored and found.
func Token() (token string, hash [32]byte) {
	var b [32]byte
	rand.Read(b[:]) //nolint:errcheck // never fails
	token = base64.RawURLEncoding.EncodeToString(b[:])
	return token, HashToken(token)
}

// HashToken is the hash under which the token is stored.
func HashToken(token string) [32]byte { return sha256.Sum256([]byte(token)) }

// Mark is a short proof that we named subject for purpose, for places where
// letters count, such as the local part of an address. It does not expire by itself.
func (k *Keys) Mark(purpose, subject string) [20]byte { return k.roots()[0].mark(purpose, subject) }

// Marked tells whether the mark is ours for this purpose and subject.
func (k *Keys) Marked(purpose, subject string, mark [20]byte) bool {
	for _, r := range k.roots() {
		if own := r.mark(purpose, subject); hmac.Equal(own[:], mark[:]) {
			return true
		}
	}
	return false
}

func (r *root) mark(purpose, subject string) (out [20]byte) {
	copy(out[:], r.mac("mark", purpose, subject))
	return out
}
