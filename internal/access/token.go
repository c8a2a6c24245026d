package access

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"strings"
)

// A secret is 256 random bits; only its SHA-256 is ever stored.
func newSecret() []byte {
	b := make([]byte, 32)
	rand.Read(b) //nolint:errcheck // never fails
	return b
}

func newToken() string { return base64.RawURLEncoding.EncodeToString(newSecret()) }

// keyPrefix lets people and secret scanners know what they found.
const keyPrefix = "dbk_"

func newKey() string {
	return keyPrefix + strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(newSecret()))
}

type hash [sha256.Size]byte

func hashOf(token string) hash { return sha256.Sum256([]byte(token)) }
