package blob_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

func now() time.Time { return time.Date(2026, 11, 27, 23, 59, 0, 0, time.UTC) }

func openDir(t *testing.T) *blob.Store {
	t.Helper()
	s, err := blob.Open(context.Background(), filepath.Join(t.TempDir(), "blobs"), now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func eachStore(t *testing.T, fn func(t *testing.T, s *blob.Store)) {
	for name, open := range map[string]func(*testing.T) *blob.Store{
		"file":   openDir,
		"memory": func(*testing.T) *blob.Store { return blob.Memory(now) },
		"s3":     openS3,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fn(t, open(t))
		})
	}
}

func put(t *testing.T, s *blob.Store, content []byte) string {
	t.Helper()
	w, err := s.Create(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if _, err := io.Copy(w, bytes.NewReader(content)); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	if w.Size() != int64(len(content)) {
		t.Fatalf("size %d of %d", w.Size(), len(content))
	}
	return w.Key()
}

func walk(t *testing.T, s *blob.Store) (keys []string) {
	t.Helper()
	if err := s.Walk(context.Background(), func(i blob.Item) error { keys = append(keys, i.Key); return nil }); err != nil {
		t.Fatal(err)
	}
	return keys
}

func TestWhatWasCommittedIsReadBack(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		for _, content := range [][]byte{nil, []byte("invoice"), bytes.Repeat([]byte("0123456789abcdef"), 1<<16)} {
			key := put(t, s, content)
			if !strings.HasPrefix(key, "20261127/") || len(key) != 9+32 {
				t.Errorf("key %q", key)
			}
			r, size, err := s.Open(context.Background(), key)
			if err != nil {
				t.Fatal(err)
			}
			got, err := io.ReadAll(r)
			if err != nil || !bytes.Equal(got, content) || size != int64(len(content)) {
				t.Errorf("%d of %d bytes, size %d, %v", len(got), len(content), size, err)
			}
			if err := r.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

func TestARangeIsRead(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		key := put(t, s, []byte("0123456789"))
		r, size, err := s.OpenRange(context.Background(), key, 3, 4)
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if got, err := io.ReadAll(r); err != nil || string(got) != "3456" || size != 10 {
			t.Errorf("%q of %d, %v", got, size, err)
		}
		whole, _, err := s.Open(context.Background(), key)
		if err != nil {
			t.Fatal(err)
		}
		defer whole.Close()
		if _, err := whole.Seek(-2, io.SeekEnd); err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(whole); err != nil || string(got) != "89" {
			t.Errorf("after seeking %q, %v", got, err)
		}
	})
}

func TestWhatWasNotCommittedDoesNotExist(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		w, err := s.Create(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte("half")); err != nil {
			t.Fatal(err)
		}
		w.Abort()
		if err := w.Commit(); err == nil {
			t.Error("committed after the end")
		}
		if _, _, err := s.Open(context.Background(), w.Key()); !errs.Is(err, errs.NotFound) {
			t.Errorf("open: %v", err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		w, err = s.Create(ctx)
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		if err := w.Commit(); err == nil {
			t.Error("committed under a context that had ended")
		}
		if left := walk(t, s); len(left) != 0 {
			t.Errorf("left over: %v", left)
		}
	})
}

func TestDeletingTwiceIsFine(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		kept, gone := put(t, s, []byte("a")), put(t, s, []byte("b"))
		for range 2 {
			if err := s.Delete(context.Background(), gone); err != nil {
				t.Fatal(err)
			}
		}
		if left := walk(t, s); len(left) != 1 || left[0] != kept {
			t.Errorf("left: %v", left)
		}
		if _, _, err := s.Open(context.Background(), gone); !errs.Is(err, errs.NotFound) {
			t.Errorf("open: %v", err)
		}
	})
}

func TestAForeignKeyNeverLeavesTheStore(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *blob.Store) {
		for _, key := range []string{"", "../secret.key", "/etc/passwd", "20261127/../../x", "deskbell-store", strings.Repeat("a", 5000)} {
			if _, _, err := s.Open(context.Background(), key); !errs.Is(err, errs.NotFound) {
				t.Errorf("%q: %v", key, err)
			}
		}
	})
}

func TestStoreAndDatabaseMustBelongTogether(t *testing.T) {
	for name, open := range map[string]func(*testing.T) *blob.Store{"file": openDir, "s3": openS3} {
		t.Run(name, func(t *testing.T) { belongTogether(t, open) })
	}
}

func belongTogether(t *testing.T, open func(*testing.T) *blob.Store) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		ours, empty, used := open(t), open(t), open(t)
		put(t, used, []byte("of somebody else"))
		if err := used.Check(ctx, d); err == nil || !strings.Contains(errs.Sentence(err), "already holds") {
			t.Fatalf("a new database on a used store: %v", err)
		}
		for range 2 {
			if err := ours.Check(ctx, d); err != nil {
				t.Fatal(err)
			}
			put(t, ours, []byte("x"))
		}
		if err := empty.Check(ctx, d); err == nil || !strings.Contains(errs.Sentence(err), "mounted") {
			t.Fatalf("an empty store: %v", err)
		}
		if err := ours.Check(ctx, dbtest.SQLite(t)); err == nil {
			t.Fatal("another database took the store")
		}
		if err := empty.Check(ctx, dbtest.SQLite(t)); err != nil {
			t.Fatal(err)
		}
		if err := empty.Check(ctx, d); err == nil || !strings.Contains(errs.Sentence(err), "another database") {
			t.Fatalf("the store of another database: %v", err)
		}
	})
}

func TestFilesAreOurs(t *testing.T) {
	t.Parallel()
	s := openDir(t)
	key := put(t, s, []byte("x"))
	for path, want := range map[string]os.FileMode{key: 0o600, filepath.Dir(key): 0o700} {
		if info, err := os.Stat(filepath.Join(s.Dir(), path)); err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestAWrongAddressIsSaidInWords(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{"ftp://x", "s3://", "s3://b?colour=red", file, "http://%zz"} {
		_, err := blob.Open(context.Background(), where, now)
		var e *errs.Error
		if !errors.As(err, &e) {
			t.Errorf("%s: %v", where, err)
		}
	}
}
