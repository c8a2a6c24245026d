package httpc_test

import (
	"errors"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/httpc"
)

func TestOnlyPublicAddressesAreReached(t *testing.T) {
	t.Parallel()
	for text, public := range map[string]bool{
		"8.8.8.8": true, "2606:4700::1111": true,
		"127.0.0.1": false, "::1": false, "10.1.2.3": false, "172.16.0.1": false, "192.168.1.1": false, "169.254.169.254": false, "fe80::1": false, "fd00::1": false,
		"100.64.0.1": false, "0.0.0.0": false, "224.0.0.1": false, "::ffff:127.0.0.1": false, "64:ff9b::7f00:1": false, "2002:7f00:1::": false, "255.255.255.255": false,
	} {
		if httpc.IsPublic(netip.MustParseAddr(text)) != public {
			t.Errorf("%s: public is not %v", text, public)
		}
	}
	server := httptest.NewServer(nil)
	defer server.Close()
	if _, err := httpc.Public(time.Second).Get(server.URL); !errors.Is(err, httpc.ErrPrivate) {
		t.Errorf("this machine itself: %v", err)
	}
}

func TestAnAdminsServiceMayBeNear(t *testing.T) {
	t.Parallel()
	for text, near := range map[string]bool{
		"8.8.8.8": true, "127.0.0.1": true, "::1": true, "10.1.2.3": true, "192.168.1.1": true, "fd00::1": true, "100.64.0.1": true, "::ffff:127.0.0.1": true,
		"169.254.169.254": false, "::ffff:169.254.169.254": false, "fe80::1": false, "fd00:ec2::254": false, "100.100.100.200": false, "168.63.129.16": false,
		"0.0.0.0": false, "::": false, "224.0.0.1": false, "255.255.255.255": false, "64:ff9b::a9fe:a9fe": false, "2002:a9fe:a9fe::": false,
	} {
		if httpc.IsNear(netip.MustParseAddr(text)) != near {
			t.Errorf("%s: near is not %v", text, near)
		}
	}
	server := httptest.NewServer(nil)
	defer server.Close()
	answer, err := httpc.Near(time.Minute).Get(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	_ = answer.Body.Close()
	if _, err := httpc.Near(time.Minute).Get("http://169.254.169.254/latest/meta-data/"); !errors.Is(err, httpc.ErrPrivate) {
		t.Errorf("what a provider tells a machine: %v", err)
	}
}
