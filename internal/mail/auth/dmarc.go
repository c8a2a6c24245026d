package auth

import (
	"context"
	"errors"

	"github.com/emersion/go-msgauth/dmarc"
)

// checkDMARC asks whether a result that passed belongs to the domain that the
// reader sees in From.
func checkDMARC(ctx context.Context, look *bounded, from string, s SPF, signatures []DKIM) DMARC {
	if from == "" {
		return DMARC{Value: PermError}
	}
	out := DMARC{Value: None, From: from}
	if s.internal && len(signatures) == 0 {
		return out // nothing to judge by
	}
	record, policy, err := findPolicy(ctx, look, from)
	switch {
	case errors.Is(err, dmarc.ErrNoPolicy):
		return out
	case err != nil && dmarc.IsTempFail(err):
		out.Value = TempError
		return out
	case err != nil:
		out.Value = PermError
		return out
	}
	out.Policy = string(policy)
	out.Value = aligned(from, record, s, signatures)
	return out
}

// findPolicy asks the domain itself, then the organisation's (RFC 7489, section 6.6.3).
func findPolicy(ctx context.Context, look *bounded, from string) (*dmarc.Record, dmarc.Policy, error) {
	opts := &dmarc.LookupOptions{LookupTXT: func(name string) ([]string, error) { return look.LookupTXT(ctx, name) }}
	record, err := dmarc.LookupWithOptions(from, opts)
	if err == nil {
		return record, record.Policy, nil
	}
	org := organisation(from)
	if !errors.Is(err, dmarc.ErrNoPolicy) || org == from {
		return nil, "", err
	}
	if record, err = dmarc.LookupWithOptions(org, opts); err != nil {
		return nil, "", err
	}
	if record.SubdomainPolicy != "" {
		return record, record.SubdomainPolicy, nil
	}
	return record, record.Policy, nil
}

// aligned is pass when one result that passed is of the author's domain, and
// temperror when one that could not be found out might have been.
func aligned(from string, record *dmarc.Record, s SPF, signatures []DKIM) Value {
	out := Fail
	consider := func(v Value, domain string, mode dmarc.AlignmentMode) {
		switch {
		case domain == "" || domain != from && (mode == dmarc.AlignmentStrict || organisation(domain) != organisation(from)):
		case v == Pass:
			out = Pass
		case v == TempError && out != Pass:
			out = TempError
		}
	}
	consider(s.Value, s.Domain, record.SPFAlignment)
	for _, d := range signatures {
		consider(d.Value, d.Domain, record.DKIMAlignment)
	}
	return out
}
