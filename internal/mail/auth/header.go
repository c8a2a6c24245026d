package auth

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"github.com/deskbell/deskbell/internal/mail"
)

// maxHeader is how much of a header is looked at, in bytes.
const maxHeader = 512 << 10

var errLongHeader = errors.New("the header is too long")

// readHeader takes the header with its blank line off r.
func readHeader(r *bufio.Reader) ([]byte, error) {
	var out []byte
	for starts := true; ; {
		line, err := r.ReadSlice('\n')
		out = append(out, line...)
		if len(out) > maxHeader {
			return nil, errLongHeader
		}
		whole := !errors.Is(err, bufio.ErrBufferFull)
		switch {
		case whole && err != nil && !errors.Is(err, io.EOF):
			return nil, err
		case whole && err != nil, starts && whole && len(bytes.TrimRight(line, "\r\n")) == 0:
			return out, nil //nolint:nilerr // the end of the mail ends its header too
		}
		starts = whole
	}
}

// Header reads the header of a raw mail and nothing behind it.
func Header(raw io.Reader) (mail.Header, error) {
	b, err := readHeader(bufio.NewReader(raw))
	if err != nil {
		return mail.Header{}, err
	}
	m, err := mail.ParseBytes(b, mail.Options{})
	if err != nil {
		return mail.Header{}, err
	}
	return m.Headers, nil
}

// author is the one domain that From names. A mail with several From fields,
// or with authors of several domains, has none (RFC 7489, section 6.6.1).
func author(m *mail.Message) string {
	if count(m.Headers, "From") != 1 || len(m.FromAll) == 0 {
		return ""
	}
	domain := DomainOf(m.FromAll[0].Address)
	for _, a := range m.FromAll[1:] {
		if DomainOf(a.Address) != domain {
			return ""
		}
	}
	return domain
}

func count(h mail.Header, name string) (n int) {
	for _, f := range h.Fields() {
		if strings.EqualFold(f.Name, name) {
			n++
		}
	}
	return n
}

// DomainOf is the domain of an address, or of a bare domain, in the ASCII form
// that the DNS has; "" when there is none.
func DomainOf(address string) string {
	address = strings.Trim(address, "<> \t")
	domain := strings.TrimSuffix(address[strings.LastIndexByte(address, '@')+1:], ".")
	ascii, err := idna.Lookup.ToASCII(domain)
	if err != nil || len(ascii) > 253 || strings.ContainsAny(ascii, " ;()\"") {
		return ""
	}
	return strings.ToLower(ascii)
}

// SameOrganisation tells whether two domains belong together, as example.com and
// mail.example.com do.
func SameOrganisation(a, b string) bool {
	return organisation(strings.ToLower(a)) == organisation(strings.ToLower(b))
}

// Organisation is the registered domain that a domain belongs to.
func Organisation(domain string) string { return organisation(strings.ToLower(domain)) }

// organisation is the domain that somebody registered: shop.co.uk of mail.shop.co.uk.
func organisation(domain string) string {
	if org, err := publicsuffix.EffectiveTLDPlusOne(domain); err == nil {
		return org
	}
	return domain
}
