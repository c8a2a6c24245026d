package push

import (
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"time"
)

// signedFor is how long a signature holds; services take at most 24 hours (RFC 8292, section 2).
const signedFor = 12 * time.Hour

// Authorization is the header field that says who sends to an endpoint (RFC 8292,
// section 3). contact is where the service can complain, a mailto: or https: URI.
func Authorization(key *ecdsa.PrivateKey, endpoint, contact string, now time.Time) (string, error) {
	at, err := url.Parse(endpoint)
	if err != nil {
		return "", err
	}
	claims, err := json.Marshal(map[string]any{"aud": at.Scheme + "://" + at.Host, "exp": now.Add(signedFor).Unix(), "sub": contact})
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"ES256"}`)) + "." + base64.RawURLEncoding.EncodeToString(claims)
	sum := sha256.Sum256([]byte(text))
	r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		return "", err
	}
	signature := make([]byte, 64) // RFC 7518, section 3.4
	r.FillBytes(signature[:32])
	s.FillBytes(signature[32:])
	public, err := key.PublicKey.Bytes()
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("vapid t=%s.%s, k=%s", text, base64.RawURLEncoding.EncodeToString(signature), base64.RawURLEncoding.EncodeToString(public)), nil
}
