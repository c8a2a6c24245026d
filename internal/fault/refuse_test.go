package fault

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestANodeThatDoesNotFitTheOthersRefusesToStart starts nodes with another key
// or another place for files beside one that runs.
func TestANodeThatDoesNotFitTheOthersRefusesToStart(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	c := newCluster(t, false)
	running := c.add(ctx)
	good := running.data
	key := filepath.Join(c.dir, "data", "secret.key")
	if _, err := os.Stat(key); err != nil {
		t.Fatal(err)
	}
	empty, foreign := filepath.Join(t.TempDir(), "blobs"), filepath.Join(t.TempDir(), "blobs")
	if err := os.Mkdir(foreign, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(foreign, "deskbell-store"), []byte("0123456789abcdef0123456789abcdef\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for what, r := range map[string]struct {
		flags []string
		env   string
		says  string
	}{
		"another key":            {env: "DESKBELL_KEY=" + strings.Repeat("0f1e2d3c4b5a6978", 4), says: "key"},
		"no key":                 {flags: []string{"--key-file", filepath.Join(t.TempDir(), "secret.key")}, says: "key"},
		"an empty folder":        {flags: []string{"--blob-url", empty}, says: "does not hold the attachments of this database"},
		"files of somebody else": {flags: []string{"--blob-url", foreign}, says: "belongs to another database"},
	} {
		out := refused(t, ctx, r.env, append(append([]string{}, good...), r.flags...))
		if !strings.HasPrefix(out, "deskbell: ") || !strings.Contains(out, r.says) {
			t.Errorf("%s: %s", what, out)
		} else {
			t.Logf("%s: %s", what, strings.TrimSpace(out))
		}
	}
	if running.ready() != 200 {
		t.Errorf("the node that ran before is disturbed\n%s", running.logged())
	}
}

// refused starts a node that must not start and returns what it says.
func refused(t *testing.T, ctx context.Context, env string, data []string) string {
	t.Helper()
	p := emptyProgram(t, freeAddr(t))
	cmd := p.exec(append([]string{"serve", "--addr", p.addr, "--log-level", "error"}, data...)...)
	cmd.Env = append(os.Environ(), env)
	var out strings.Builder
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select {
	case err := <-ended:
		if err == nil {
			t.Error("it ended without an error")
		}
	case <-ctx.Done():
		_ = cmd.Process.Kill()
		<-ended
		t.Error("it did not end")
	}
	return out.String()
}
