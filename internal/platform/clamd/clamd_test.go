package clamd_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"os"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/clamd"
	"github.com/deskbell/deskbell/internal/platform/clamd/clamdtest"
)

// each runs the test on the fake, and on the daemon that DESKBELL_TEST_CLAMD
// names, whose StreamMaxLength has to be 1M.
func each(t *testing.T, fn func(t *testing.T, c *clamd.Client)) {
	t.Helper()
	addresses := map[string]string{}
	f, err := clamdtest.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(f.Close)
	addresses["fake"] = f.Address
	if real := os.Getenv("DESKBELL_TEST_CLAMD"); real != "" {
		addresses["clamd"] = real
	}
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			c, err := clamd.New(address)
			if err != nil {
				t.Fatal(err)
			}
			fn(t, c)
		})
	}
}

func TestAScannerTellsWhatIsInAFile(t *testing.T) {
	each(t, func(t *testing.T, c *clamd.Client) {
		ctx := context.Background()
		if v, err := c.Version(ctx); err != nil || !strings.HasPrefix(v, "ClamAV ") {
			t.Errorf("%q, %v", v, err)
		}
		for name, file := range map[string]struct {
			content []byte
			found   string
			err     error
		}{
			"empty": {nil, "", nil}, "harmless": {[]byte("a list"), "", nil}, "several chunks": {bytes.Repeat([]byte("harmless "), 50_000), "", nil},
			"malware": {clamdtest.Eicar(), "Eicar", nil}, "too large": {make([]byte, 3<<20), "", clamd.ErrTooLarge},
		} {
			found, err := c.Scan(ctx, bytes.NewReader(file.content))
			if !errors.Is(err, file.err) || (file.err == nil && err != nil) || !strings.Contains(strings.ToLower(found), strings.ToLower(file.found)) || (file.found == "") != (found == "") {
				t.Errorf("%s: %q, %v", name, found, err)
			}
		}
		if _, err := c.Scan(ctx, io.MultiReader(strings.NewReader("a"), failing{})); !errors.Is(err, errDisk) {
			t.Errorf("a file that cannot be read: %v", err)
		}
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if _, err := c.Scan(ended, strings.NewReader("a")); err == nil {
			t.Error("scanned after the end")
		}
	})
}

var errDisk = errors.New("the disk is away")

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, errDisk }

func TestAnAddressIsASocketOrAHost(t *testing.T) {
	for address, want := range map[string]string{"unix:/run/clamav/clamd.ctl": "unix:/run/clamav/clamd.ctl", "scanner:3310": "tcp:scanner:3310", "tcp:[::1]:3310": "tcp:[::1]:3310",
		"": "", "/run/clamd": "", "unix:relative": "", "host": "", ":3310": ""} {
		c, err := clamd.New(address)
		if (err == nil) != (want != "") || c != nil && c.String() != want {
			t.Errorf("%q: %v, %v", address, c, err)
		}
	}
}

func TestAnAnswerThatMakesNoSenseIsAnErrorAndNeverClean(t *testing.T) {
	for _, answer := range []string{"", "stream: OK", "OK\x00", "stream: \x00", "stream: FOUND\x00", "stream: Can't allocate memory ERROR\x00", strings.Repeat("x", 10_000) + "\x00"} {
		on, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			c, err := on.Accept()
			if err != nil {
				return
			}
			defer c.Close()
			_, _ = io.CopyN(io.Discard, c, int64(len("zINSTREAM\x00")+4+len("a")+4))
			_, _ = io.WriteString(c, answer)
		}()
		c, err := clamd.New(on.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		if found, err := c.Scan(context.Background(), strings.NewReader("a")); err == nil {
			t.Errorf("%q is %q", answer, found)
		}
		on.Close()
	}
}
