package secret

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Size of a root key in bytes.
const Size = 32

// idSize is long enough to tell two keys apart and says nothing about them.
const idSize = 4

// root is one root key with what is made of it.
type root struct {
	id          [idSize]byte
	text        string // as it was written, for the key file
	fingerprint string
	sealing     cipher.AEAD
	signing     []byte
}

func newRoot(key []byte) (*root, error) {
	if len(key) != Size {
		return nil, badKey
	}
	if bytes.Count(key, key[:1]) == Size {
		return nil, errs.New(errs.Invalid, "The secret key is one byte repeated. Make a random one, such as with: openssl rand -hex 32")
	}
	derive := func(label string, n int) ([]byte, error) {
		return hkdf.Key(sha256.New, key, nil, "deskbell "+label, n)
	}
	id, err := derive("key id", idSize)
	if err != nil {
		return nil, err
	}
	print, err := derive("key fingerprint", 16)
	if err != nil {
		return nil, err
	}
	sealing, err := derive("seal columns", 32)
	if err != nil {
		return nil, err
	}
	signing, err := derive("sign links", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(sealing)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &root{id: [idSize]byte(id), fingerprint: hex.EncodeToString(print), sealing: gcm, signing: signing}, nil
}

var badKey = errs.New(errs.Invalid, "The secret key must be 256 bits, written as 64 hexadecimal digits or in base64. Make one with: openssl rand -hex 32")

// parseKeys reads one key, or two with the newer one first, parted by a comma
// or white space.
func parseKeys(text string) ([]*root, error) {
	words := strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })
	if len(words) == 0 {
		return nil, badKey
	}
	if len(words) > 2 {
		return nil, errs.New(errs.Invalid, "There are more than two secret keys. Keep the new one and the one before it.")
	}
	var out []*root
	for _, w := range words {
		r, err := newRoot(decode(w))
		if err != nil {
			return nil, err
		}
		r.text = w
		out = append(out, r)
	}
	return out, nil
}

// decode reads hexadecimal or any base64; nil when it is neither.
func decode(s string) []byte {
	if b, err := hex.DecodeString(s); err == nil {
		return b
	}
	s = strings.TrimRight(strings.NewReplacer("-", "+", "_", "/").Replace(s), "=")
	b, err := base64.RawStdEncoding.DecodeString(s)
	if err != nil {
		return nil
	}
	return b
}

// NewKey makes a random root key in the form that the key file and
// DESKBELL_KEY hold.
func NewKey() string {
	var b [Size]byte
	rand.Read(b[:]) //nolint:errcheck // never fails
	return hex.EncodeToString(b[:])
}
