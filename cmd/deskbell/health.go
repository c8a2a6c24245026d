package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

type healthCmd struct {
	Addr    string `help:"Address of the console and API." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	TLSCert string `name:"tls-cert" help:"Ask by https, as serve has a certificate." type:"path" placeholder:"FILE"`
}

var errUnhealthy = errors.New("the server on this machine is not healthy")

// Run asks the server on this machine, for containers and scripts.
func (c healthCmd) Run(ctx context.Context, s streams) error {
	host, port, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("--addr must be like 127.0.0.1:8080: %w", err)
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	scheme, transport := "http", &http.Transport{}
	if c.TLSCert != "" {
		// Its certificate is for the public name; on this machine nobody stands between.
		scheme, transport.TLSClientConfig = "https", &tls.Config{InsecureSkipVerify: true} //nolint:gosec // see above
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+net.JoinHostPort(host, port)+"/healthz", nil)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		return errors.Join(errUnhealthy, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("%w: it answers %s", errUnhealthy, answer.Status)
	}
	_, err = fmt.Fprintln(s.out, "ok")
	return err
}
