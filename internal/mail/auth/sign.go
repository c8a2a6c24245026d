package auth

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/emersion/go-msgauth/dkim"
)

// Key signs for a domain. It is RSA with 2048 bits, because large providers do
// not verify Ed25519 (RFC 8463).
type Key struct {
	Domain   string
	Selector string
	private  *rsa.PrivateKey
}

// NewKey makes a key with a selector that nobody else uses.
func NewKey(domain string) (*Key, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, err
	}
	return &Key{Domain: domain, Selector: "deskbell-" + strings.ToLower(rand.Text()[:8]), private: private}, nil
}

// Bytes is the private key as PKCS #8, to be kept sealed.
func (k *Key) Bytes() ([]byte, error) { return x509.MarshalPKCS8PrivateKey(k.private) }

// ParseKey reads what Bytes gave.
func ParseKey(domain, selector string, b []byte) (*Key, error) {
	any, err := x509.ParsePKCS8PrivateKey(b)
	if err != nil {
		return nil, err
	}
	private, ok := any.(*rsa.PrivateKey)
	if !ok {
		return nil, errors.New("this is no RSA key")
	}
	return &Key{Domain: domain, Selector: selector, private: private}, nil
}

// Name is where the DNS record stands.
func (k *Key) Name() string { return k.Selector + "._domainkey." + k.Domain }

// Record is the text of the DNS record (RFC 6376, section 3.6.1). A DNS server
// stores it in pieces of at most 255 bytes.
func (k *Key) Record() (string, error) {
	public, err := x509.MarshalPKIXPublicKey(&k.private.PublicKey)
	if err != nil {
		return "", err
	}
	return "v=DKIM1; k=rsa; p=" + base64.StdEncoding.EncodeToString(public), nil
}

// Published asks the DNS for the record. An error says that it could not be
// found out.
func (k *Key) Published(ctx context.Context, dns Resolver) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, CheckTime)
	defer cancel()
	found, err := dns.LookupTXT(ctx, k.Name())
	var missing *net.DNSError
	if errors.As(err, &missing) && missing.IsNotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	own, err := k.Record()
	if err != nil || len(found) != 1 { // several are as good as none (section 3.6.2.2)
		return false, err
	}
	return tag(found[0], "p") == tag(own, "p"), nil
}

// tag reads one tag of a record, without the spaces that people put in.
func tag(record, name string) string {
	for _, part := range strings.Split(record, ";") {
		if key, value, ok := strings.Cut(part, "="); ok && strings.TrimSpace(key) == name {
			return strings.Join(strings.Fields(value), "")
		}
	}
	return ""
}

// Sign reads a mail with CRLF line ends and gives the header field to put on
// top of it, with its line end. Every field of the mail is signed.
func (k *Key) Sign(raw io.Reader) (string, error) {
	s, err := dkim.NewSigner(&dkim.SignOptions{
		Domain: k.Domain, Selector: k.Selector, Signer: k.private,
		HeaderCanonicalization: dkim.CanonicalizationRelaxed, BodyCanonicalization: dkim.CanonicalizationRelaxed,
	})
	if err != nil {
		return "", err
	}
	_, err = io.Copy(s, raw)
	if err := errors.Join(err, s.Close()); err != nil {
		return "", err
	}
	return s.Signature(), nil
}
