package testbed_test

import (
	"context"
	"net"
	"net/url"
	"testing"

	"github.com/deskbell/deskbell/internal/testbed"
)

func TestPostgresAnswersAtItsURL(t *testing.T) {
	t.Parallel()
	address, err := url.Parse(testbed.Postgres(t))
	if err != nil {
		t.Fatal(err)
	}
	var d net.Dialer
	c, err := d.DialContext(context.Background(), "tcp", address.Host)
	if err != nil {
		t.Fatal(err)
	}
	_ = c.Close()
}

func TestStoppedClusterIsGone(t *testing.T) {
	t.Parallel()
	testbed.Postgres(t) // says what to install, if so
	c, err := testbed.StartCluster()
	if err != nil {
		t.Skip("a PostgreSQL is given and none can be started here")
	}
	address, err := url.Parse(c.URL)
	if err != nil {
		t.Fatal(err)
	}
	c.Stop()
	var d net.Dialer
	if conn, err := d.DialContext(context.Background(), "tcp", address.Host); err == nil {
		_ = conn.Close()
		t.Error("it still answers")
	}
}
