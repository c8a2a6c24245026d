package auth

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/netip"
	"time"

	"blitiri.com.ar/go/spf"
	"github.com/emersion/go-msgauth/dkim"

	"github.com/deskbell/deskbell/internal/mail"
)

// CheckTime bounds the check of one mail.
const CheckTime = 5 * time.Second

// maxSignatures of one mail are verified.
const maxSignatures = 8

// Peer is who handed a mail in.
type Peer struct {
	IP   netip.Addr
	HELO string
	From string // envelope sender, "" = the empty one of bounces
}

// Check evaluates a mail, which it reads at most once and holds at no time. It
// never fails: what could not be found out is temperror.
func Check(ctx context.Context, dns Resolver, p Peer, raw io.Reader) (out Results) {
	defer func() {
		if recover() != nil { // of a parser: a mail must never end the program
			out = Results{SPF: SPF{Value: TempError}, DMARC: DMARC{Value: TempError}}
		}
	}()
	ctx, cancel := context.WithTimeout(ctx, CheckTime)
	defer cancel()
	look := newBounded(dns)
	r := bufio.NewReaderSize(raw, 16<<10)
	header, err := readHeader(r)
	if err != nil {
		return Results{SPF: checkSPF(ctx, look, p), DMARC: DMARC{Value: unread(err)}}
	}
	out.SPF = checkSPF(ctx, look, p)
	m, err := mail.ParseBytes(header, mail.Options{})
	if err != nil {
		out.DMARC.Value = PermError
		return out
	}
	if m.Headers.Has("DKIM-Signature") {
		out.DKIM = checkDKIM(ctx, look, io.MultiReader(bytes.NewReader(header), r))
	}
	out.DMARC = checkDMARC(ctx, look, author(m), out.SPF, out.DKIM)
	return out
}

func unread(err error) Value {
	if errors.Is(err, errLongHeader) {
		return PermError
	}
	return TempError
}

// checkSPF says nothing about a peer of our own network: such a mail server
// passes on what others sent.
func checkSPF(ctx context.Context, look *bounded, p Peer) SPF {
	ip := p.IP.Unmap()
	if !ip.IsValid() || ip.IsLoopback() || ip.IsPrivate() || ip.IsLinkLocalUnicast() {
		return SPF{Value: None, internal: true}
	}
	domain := DomainOf(p.From)
	if p.From == "" {
		domain = DomainOf(p.HELO)
	}
	out := SPF{Value: None, Domain: domain, HELO: p.From == ""}
	if domain == "" {
		return out
	}
	sender := p.From
	if sender == "" {
		sender = "postmaster@" + domain // RFC 7208, section 2.4
	}
	result, _ := spf.CheckHostWithSender(net.IP(ip.AsSlice()), p.HELO, sender, spf.WithContext(ctx), spf.WithResolver(look)) // the error repeats the result
	out.Value = Value(result)
	return out
}

// checkDKIM verifies the signatures over the stream.
func checkDKIM(ctx context.Context, look *bounded, raw io.Reader) []DKIM {
	body := &steady{r: raw, ctx: ctx}
	found, err := dkim.VerifyWithOptions(body, &dkim.VerifyOptions{
		MaxVerifications: maxSignatures,
		LookupTXT:        func(name string) ([]string, error) { return look.LookupTXT(ctx, name) },
	})
	var out []DKIM
	for _, v := range found {
		d := DKIM{Value: Fail, Domain: DomainOf(v.Domain)}
		switch {
		case v.Err == nil:
			d.Value = Pass
		case dkim.IsTempFail(v.Err):
			d.Value = TempError
		case dkim.IsPermFail(v.Err):
			d.Value = PermError
		}
		if d.Domain == "" || body.failed != nil {
			d.Value = worst(body.failed)
		}
		out = append(out, d)
	}
	if len(out) == 0 {
		if err == nil && body.failed == nil {
			return nil
		}
		return []DKIM{{Value: worst(body.failed)}}
	}
	return out
}

func worst(reading error) Value {
	if reading != nil {
		return TempError
	}
	return PermError
}

// steady ends a stream that fails or takes too long as if it had been read to
// its end, because the verifier's helpers wait forever for a stream that
// breaks; failed says that nothing can be concluded.
type steady struct {
	r      io.Reader
	ctx    context.Context
	failed error
}

func (s *steady) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil && s.failed == nil {
		s.failed = err
	}
	if s.failed != nil {
		return 0, io.EOF
	}
	n, err := s.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.failed, err = err, io.EOF
	}
	return n, err
}
