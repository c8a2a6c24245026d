package mail

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/smallstep/pkcs7"
)

// signer is a certificate with its key and the authority that made it.
type signer struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	ca   *x509.Certificate
}

// newSigner makes one; a lone one has signed itself.
func newSigner(t testing.TB, address string, lone bool) signer {
	t.Helper()
	make := func(name string, n int64, parent *x509.Certificate, by *ecdsa.PrivateKey) (*x509.Certificate, *ecdsa.PrivateKey) {
		key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		c := &x509.Certificate{SerialNumber: big.NewInt(n), Subject: pkix.Name{CommonName: name}, NotBefore: time.Now().Add(-time.Hour),
			NotAfter: time.Now().Add(24 * time.Hour), BasicConstraintsValid: true}
		if parent == nil {
			parent, by = c, key
			c.IsCA, c.KeyUsage = true, x509.KeyUsageCertSign|x509.KeyUsageDigitalSignature
		}
		if n == 2 || lone {
			c.EmailAddresses = []string{address}
			c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection}
		}
		der, err := x509.CreateCertificate(rand.Reader, c, parent, &key.PublicKey, by)
		if err != nil {
			t.Fatal(err)
		}
		parsed, err := x509.ParseCertificate(der)
		if err != nil {
			t.Fatal(err)
		}
		return parsed, key
	}
	ca, caKey := make("Example Authority", 1, nil, nil)
	if lone {
		return signer{ca, caKey, ca}
	}
	cert, key := make("Olha Koval", 2, ca, caKey)
	return signer{cert, key, ca}
}

func (s signer) sign(t testing.TB, content string, detached bool) string {
	t.Helper()
	data, err := pkcs7.NewSignedData([]byte(content))
	if err == nil {
		err = data.AddSigner(s.cert, s.key, pkcs7.SignerInfoConfig{})
	}
	if err != nil {
		t.Fatal(err)
	}
	if detached {
		data.Detach()
	}
	der, err := data.Finish()
	if err != nil {
		t.Fatal(err)
	}
	b := base64.StdEncoding.EncodeToString(der)
	var out strings.Builder
	for ; len(b) > 76; b = b[76:] {
		out.WriteString(b[:76] + "\r\n")
	}
	return out.String() + b + "\r\n"
}

const signedPart = "Content-Type: multipart/alternative; boundary=inner\r\n\r\n--inner\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nПривіт\r\n--inner\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n--inner--"

func detached(part, signature string) string {
	return "From: Olha <olha@c.test>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; micalg=sha-256; boundary=outer\r\n\r\n" +
		"This is signed.\r\n--outer\r\n" + part + "\r\n--outer\r\nContent-Type: application/pkcs7-signature; name=smime.p7s\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment; filename=smime.p7s\r\n\r\n" +
		signature + "--outer--\r\n"
}

func (s signer) options(trusted bool) Options {
	roots := x509.NewCertPool()
	if trusted {
		roots.AddCert(s.ca)
	}
	return Options{Roots: roots, At: time.Now()}
}

func read(t testing.TB, raw string, o Options) *Message {
	t.Helper()
	m, err := ParseBytes([]byte(raw), o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestDetachedSignaturesAreVerified(t *testing.T) {
	t.Parallel()
	s := newSigner(t, "Olha@C.test", false)
	whole := detached(signedPart, s.sign(t, signedPart, true))
	for name, c := range map[string]struct {
		raw          string
		trusted      bool
		state, chain string
	}{
		"known":              {whole, true, SignatureIntact, ChainKnown},
		"unknown":            {whole, false, SignatureIntact, ChainUnknown},
		"changed":            {strings.Replace(whole, "<p>Hi", "<p>Ho", 1), true, SignatureBroken, ChainKnown},
		"added":              {strings.Replace(whole, "--inner--", "--inner--\r\nPay to IBAN 1", 1), true, SignatureBroken, ChainKnown},
		"line ends":          {strings.ReplaceAll(whole, "\r\n", "\n"), true, SignatureIntact, ChainKnown},
		"no signature":       {strings.Replace(whole, "application/pkcs7-signature; name=smime.p7s", "text/plain", 1), true, SignatureUnreadable, ""},
		"damaged":            {strings.Replace(whole, "filename=smime.p7s\r\n\r\n", "filename=smime.p7s\r\n\r\nAAAA", 1), true, SignatureUnreadable, ""},
		"header without end": {detached("no header here", s.sign(t, "no header here", true)), true, SignatureIntact, ChainKnown},
	} {
		m := read(t, c.raw, s.options(c.trusted))
		if m.SMIME != "signed" || m.Signature == nil || m.Signature.State != c.state || m.Signature.Chain != c.chain {
			t.Errorf("%s: %+v %q", name, m.Signature, m.Warnings)
			continue
		}
		if c.state == SignatureIntact && (m.Signature.Signer != "Olha Koval" || m.Signature.Issuer != "Example Authority" || !m.Signature.FromSigner || m.Signature.SignedAt.IsZero()) {
			t.Errorf("%s: %+v", name, m.Signature)
		}
		if name == "known" && (m.Text != "Привіт" || m.HTML != "<p>Hi</p>") {
			t.Errorf("%s: %q %q", name, m.Text, m.HTML)
		}
	}
}

func TestASignatureOfSomebodyElseIsTold(t *testing.T) {
	t.Parallel()
	s := newSigner(t, "boss@c.test", false)
	if m := read(t, detached(signedPart, s.sign(t, signedPart, true)), s.options(true)); m.Signature.FromSigner || m.Signature.State != SignatureIntact {
		t.Errorf("%+v", m.Signature)
	}
}

func TestCertificatesAreJudged(t *testing.T) {
	t.Parallel()
	lone := newSigner(t, "olha@c.test", true)
	if m := read(t, detached(signedPart, lone.sign(t, signedPart, true)), lone.options(false)); m.Signature.Chain != ChainSelfSigned || m.Signature.State != SignatureIntact {
		t.Errorf("self-signed: %+v", m.Signature)
	}
	s := newSigner(t, "olha@c.test", false)
	o := s.options(true)
	o.At = time.Now().AddDate(1, 0, 0)
	if m := read(t, detached(signedPart, s.sign(t, signedPart, true)), o); m.Signature.Chain != ChainExpired {
		t.Errorf("expired: %+v", m.Signature)
	}
}

func TestPitfallOpaqueSMIMEIsShownAndVerified(t *testing.T) {
	t.Parallel()
	s := newSigner(t, "olha@c.test", false)
	raw := "From: olha@c.test\r\nMIME-Version: 1.0\r\nContent-Type: application/pkcs7-mime; smime-type=signed-data; name=smime.p7m\r\nContent-Transfer-Encoding: base64\r\n\r\n" + s.sign(t, signedPart+"\r\n", false)
	m := read(t, raw, s.options(true))
	if m.Text != "Привіт" || m.HTML != "<p>Hi</p>" || m.Signature == nil || m.Signature.State != SignatureIntact || m.Signature.Chain != ChainKnown || !m.Signature.FromSigner {
		t.Errorf("%q %q %+v", m.Text, m.HTML, m.Signature)
	}
}

func TestALargeSignedPartIsReadWithoutItsSignature(t *testing.T) {
	t.Parallel()
	s := newSigner(t, "olha@c.test", false)
	o := s.options(true)
	o.Limits.Capture = 64
	m := read(t, detached(signedPart, s.sign(t, signedPart, true)), o)
	if m.Signature != nil || m.Text != "Привіт" || len(m.Warnings) == 0 {
		t.Errorf("%+v %q", m.Signature, m.Warnings)
	}
}

func FuzzSignature(f *testing.F) {
	s := newSigner(f, "olha@c.test", false)
	f.Add([]byte(detached(signedPart, s.sign(f, signedPart, true))))
	f.Add([]byte(detached("", "")))
	f.Add([]byte("Content-Type: multipart/signed; protocol=application/pkcs7-signature; boundary=a\n\n--a\nContent-Type: multipart/signed; protocol=application/pkcs7-signature; boundary=b\n\n--b\nx\n--b\n--a\n--a--"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := ParseBytes(raw, s.options(true))
		if err != nil {
			t.Fatal(err)
		}
		if m.Signature != nil && m.Signature.State == "" {
			t.Fatalf("%+v", m.Signature)
		}
	})
}
