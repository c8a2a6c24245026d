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
