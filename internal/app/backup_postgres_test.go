package app_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// pgTool runs one of PostgreSQL's own programs.
func pgTool(t *testing.T, name string, args ...string) {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not installed", name)
	}
	if out, err := exec.Command(path, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// copyFiles copies a folder that is written to, without what is still being
// written: that is renamed away under the hands of whoever copies.
func copyFiles(t *testing.T, to, from string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		name, relErr := filepath.Rel(from, path)
		if err != nil || relErr != nil || filepath.Ext(path) == ".tmp" {
			return relErr
		}
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, name), b, 0o600)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// As docs/operations.md says: first the database, then the files.
func TestADumpOfPostgresUnderLoadRestoresToABalancedLedger(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	a, key, in := shopOn(t, func(c *app.Config) { c.DatabaseURL = url })
	running(t, a)
	l := startLoad(func(raw string) (int64, error) { return postMail(a, key, in, raw) })
	l.wait(t, 40)
	before := l.acknowledged()
	dump := filepath.Join(t.TempDir(), "shop.dump")
	pgTool(t, "pg_dump", "--format=custom", "--file="+dump, url)
	data := filepath.Join(t.TempDir(), "restored")
	copyFiles(t, filepath.Join(data, "blobs"), a.Blobs.Dir())
	l.wait(t, 20)
	l.end(t)

	fresh := dbtest.EmptyPostgresURL(t)
	pgTool(t, "pg_restore", "--no-owner", "--dbname="+fresh, dump)
	secretKey, err := os.ReadFile(a.KeyFile)
	if err == nil {
		err = os.WriteFile(filepath.Join(data, "secret.key"), secretKey, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	b := newApp(t, func(c *app.Config) { c.Data, c.DatabaseURL = data, fresh })
	running(t, b)
	if balance := settled(t, b); !balance.Balanced || balance.Counts["dropped"] != 0 {
		t.Errorf("%+v", balance)
	}
	for id, n := range l.acknowledged() {
		row, err := b.Ledger.Get(context.Background(), id)
		switch {
		case err == nil:
			checkMail(t, b, row, n)
		case before[id] != 0:
			t.Errorf("mail %d was acknowledged before the dump and is not in it: %v", n, err)
		}
	}
}
