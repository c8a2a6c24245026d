package auth

import (
	"context"
	"net"
	"sync/atomic"
)

// Resolver asks the DNS. *net.Resolver is one.
type Resolver interface {
	LookupTXT(ctx context.Context, name string) ([]string, error)
	LookupMX(ctx context.Context, name string) ([]*net.MX, error)
	LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error)
	LookupAddr(ctx context.Context, addr string) ([]string, error)
}

// maxLookups is what one mail may cost. SPF alone has ten terms, and MX among
// them ask for up to ten hosts.
const maxLookups = 60

// bounded ends the questions of one mail.
type bounded struct {
	to   Resolver
	left atomic.Int64
}

func newBounded(to Resolver) *bounded {
	b := &bounded{to: to}
	b.left.Store(maxLookups)
	return b
}

func (b *bounded) take(name string) error {
	if b.left.Add(-1) < 0 {
		return &net.DNSError{Err: "this mail asked for too many lookups", Name: name}
	}
	return nil
}

// told makes every failure because of ended time a temporary one.
func told[T any](ctx context.Context, name string, v T, err error) (T, error) {
	if err != nil && ctx.Err() != nil {
		err = &net.DNSError{Err: ctx.Err().Error(), Name: name, IsTimeout: true, IsTemporary: true}
	}
	return v, err
}

func (b *bounded) LookupTXT(ctx context.Context, name string) ([]string, error) {
	if err := b.take(name); err != nil {
		return nil, err
	}
	v, err := b.to.LookupTXT(ctx, name)
	return told(ctx, name, v, err)
}

func (b *bounded) LookupMX(ctx context.Context, name string) ([]*net.MX, error) {
	if err := b.take(name); err != nil {
		return nil, err
	}
	v, err := b.to.LookupMX(ctx, name)
	return told(ctx, name, v, err)
}

func (b *bounded) LookupIPAddr(ctx context.Context, host string) ([]net.IPAddr, error) {
	if err := b.take(host); err != nil {
		return nil, err
	}
	v, err := b.to.LookupIPAddr(ctx, host)
	return told(ctx, host, v, err)
}

func (b *bounded) LookupAddr(ctx context.Context, addr string) ([]string, error) {
	if err := b.take(addr); err != nil {
		return nil, err
	}
	v, err := b.to.LookupAddr(ctx, addr)
	return told(ctx, addr, v, err)
}
