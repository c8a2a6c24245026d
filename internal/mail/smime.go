package mail

import (
	"bytes"
	"crypto/x509"
	"errors"
	"strings"
	"time"

	"github.com/smallstep/pkcs7"
)

// Signature is what an S/MIME signature (RFC 8551) proves about a mail.
type Signature struct {
	// State is intact, broken (the mail was changed on the way) or unreadable.
	State string
	// Signer and Issuer are names in the certificate, Addresses its mailboxes.
	Signer    string
	Issuer    string
	Addresses []string
	// FromSigner tells that one of Addresses is the sender's.
	FromSigner bool
	// Chain is known, unknown, self_signed or expired: what the certificate is
	// worth. It is empty when there is none.
	Chain string
	// SignedAt is the signer's own clock, zero when the signature has none.
	SignedAt time.Time
	// ValidUntil ends the certificate.
	ValidUntil time.Time
}

// States of a Signature.
const (
	SignatureIntact     = "intact"
	SignatureBroken     = "broken"
	SignatureUnreadable = "unreadable"
)

// Chains of a Signature.
const (
	ChainKnown      = "known"
	ChainUnknown    = "unknown"
	ChainSelfSigned = "self_signed"
	ChainExpired    = "expired"
)

const signatureBytes = 256 << 10

// recorder keeps the bytes of the signed part as they came, because the
// signature is over them and not over what they mean (RFC 1847, 2.1).
type recorder struct {
	level int // of the multipart/signed among the open boundaries
	held  chunks
	over  bool
	max   int
}

func (r *recorder) add(b []byte) {
	if r.over = r.over || r.held.n+len(b) > r.max; r.over {
		r.held = chunks{}
		return
	}
	r.held.add(b)
}

// back takes the last n bytes out again.
func (r *recorder) back(n int) {
	for list := r.held.list; n > 0 && len(list) > 0; list = r.held.list {
		last := len(list) - 1
		k := min(n, len(list[last]))
		list[last] = list[last][:len(list[last])-k]
		r.held.n -= k
		if n -= k; len(list[last]) == 0 {
			r.held.list = list[:last]
		}
	}
}

// signedPart reads the first part of a multipart/signed and keeps its bytes.
func (w *walker) signedPart(level int, at where) {
	outer := w.rec
	if outer != nil || w.found.signed != nil {
		w.entity(at)
		return
	}
	w.rec = &recorder{level: level, max: w.lim.Capture}
	w.entity(at)
	for w.hit < 0 && !w.eof {
		w.skip()
	}
	rec := w.rec
	w.rec = nil
	if rec.over {
		w.m.warn("The signed part is too large for its signature to be checked.")
		return
	}
	w.found.signed = canonicalLines(trimEOL(rec.held.join()))
}

// canonicalLines ends every line with CRLF, over which signers sign.
func canonicalLines(b []byte) []byte {
	if bytes.Count(b, []byte{'\n'}) == bytes.Count(b, []byte("\r\n")) {
		return b
	}
	out := make([]byte, 0, len(b)+len(b)/32)
	for i, c := range b {
		if c == '\n' && (i == 0 || b[i-1] != '\r') {
			out = append(out, '\r')
		}
		out = append(out, c)
	}
	return out
}

// verifyDetached judges the signature beside the signed part.
func (w *walker) verifyDetached() {
	if w.m.SMIME != "signed" || w.m.Signature != nil || w.found.signed == nil {
		return
	}
	if len(w.found.signature) == 0 || len(w.found.signature) >= signatureBytes {
		w.m.Signature = &Signature{State: SignatureUnreadable}
		return
	}
	w.m.Signature = w.judge(w.found.signature, w.found.signed)
}

// judge verifies a PKCS #7 signature; content is what a detached one is over.
func (w *walker) judge(der, content []byte) (out *Signature) {
	out = &Signature{State: SignatureUnreadable}
	defer func() {
		if recover() != nil { // a library reading hostile ASN.1
			out = &Signature{State: SignatureUnreadable}
		}
	}()
	p7, err := parsePKCS7(der)
	if err != nil {
		return out
	}
	if content != nil {
		p7.Content = content
	}
	signer := p7.GetOnlySigner()
	if signer == nil {
		return out
	}
	out.describe(signer)
	var at time.Time
	if p7.UnmarshalSignedAttribute(pkcs7.OIDAttributeSigningTime, &at) == nil {
		out.SignedAt = at.UTC()
	}
	out.Chain = w.chain(signer, p7.Certificates)
	var late *pkcs7.SigningTimeNotValidError
	switch err := p7.Verify(); {
	case err == nil:
		out.State = SignatureIntact
	case errors.As(err, &late):
		out.State, out.Chain = SignatureIntact, ChainExpired
	default:
		out.State = SignatureBroken
	}
	return out
}

func parsePKCS7(b []byte) (*pkcs7.PKCS7, error) {
	if len(b) > 0 && b[0] != 0x30 { // PEM or base64 once more
		b = looseBase64(string(b))
	}
	return pkcs7.Parse(b)
}

func (s *Signature) describe(c *x509.Certificate) {
	name := func(common string, organisation []string) string {
		if common == "" && len(organisation) > 0 {
			common = organisation[0]
		}
		return clipRunes(collapseSpace(cleanControls(common)), 200)
	}
	s.Signer = name(c.Subject.CommonName, c.Subject.Organization)
	s.Issuer = name(c.Issuer.CommonName, c.Issuer.Organization)
	s.ValidUntil = c.NotAfter.UTC()
	add := func(a string) {
		if a = strings.TrimSpace(cleanControls(a)); a != "" && len(a) <= 254 && len(s.Addresses) < 10 {
			s.Addresses = append(s.Addresses, a)
		}
	}
	for _, a := range c.EmailAddresses {
		add(a)
	}
	for _, n := range c.Subject.Names { // emailAddress, as old certificates have it
		if v, ok := n.Value.(string); ok && n.Type.String() == "1.2.840.113549.1.9.1" && len(c.EmailAddresses) == 0 {
			add(v)
		}
	}
	if s.Signer == "" && len(s.Addresses) > 0 {
		s.Signer = s.Addresses[0]
	}
}

// chain says whether an authority that is known stands behind the certificate.
func (w *walker) chain(c *x509.Certificate, others []*x509.Certificate) string {
	between := x509.NewCertPool()
	for _, o := range others[:min(len(others), 20)] {
		between.AddCert(o)
	}
	at := w.opt.At
	if at.IsZero() {
		at = w.m.Date
	}
	_, err := c.Verify(x509.VerifyOptions{Roots: w.opt.Roots, Intermediates: between, CurrentTime: at,
		KeyUsages: []x509.ExtKeyUsage{x509.ExtKeyUsageEmailProtection, x509.ExtKeyUsageAny}})
	var invalid x509.CertificateInvalidError
	switch {
	case err == nil:
		return ChainKnown
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ChainExpired
	case bytes.Equal(c.RawIssuer, c.RawSubject) && c.CheckSignature(c.SignatureAlgorithm, c.RawTBSCertificate, c.Signature) == nil:
		return ChainSelfSigned
	}
	return ChainUnknown
}

// settleSignature compares signer and sender once both are known.
func (w *walker) settleSignature() {
	s := w.m.Signature
	if s == nil {
		return
	}
	for _, a := range s.Addresses {
		s.FromSigner = s.FromSigner || strings.EqualFold(a, w.m.From.Address)
	}
}

func clipRunes(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
