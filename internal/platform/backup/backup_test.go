package backup_test

import (
	"archive/tar"
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/deskbell/deskbell/internal/platform/backup"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

var ctx = context.Background()

// shop is a database with two blobs and the backup of it.
type shop struct {
	src  backup.Source
	keys []string
	file string
}

func newShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{file: filepath.Join(t.TempDir(), "shop.backup")}
	s.src = backup.Source{DB: dbtest.SQLite(t), Count: []string{"attachment"}, Version: "test", Now: time.Now}
	var err error
	if s.src.Blobs, err = blob.Open(ctx, filepath.Join(t.TempDir(), "blobs"), time.Now); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.src.Blobs.Close() })
	if err := s.src.Blobs.Check(ctx, s.src.DB); err != nil {
		t.Fatal(err)
	}
	s.attach(t, "a photo")
	s.attach(t, "an invoice")
	return s
}

func (s *shop) attach(t *testing.T, text string) {
	t.Helper()
	w, err := s.src.Blobs.Create(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	s.keys = append(s.keys, w.Key())
	err = s.src.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO attachment (name, content_type, size, blob_key, created_at) VALUES ('f', 'text/plain', ?, ?, 1)", len(text), w.Key())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (s *shop) write(t *testing.T) backup.Report {
	t.Helper()
	r, err := backup.Write(ctx, s.src, s.file, false)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func target(t *testing.T) backup.Target {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	return backup.Target{Dir: dir, KeyFile: filepath.Join(dir, "secret.key")}
}

func wants(t *testing.T, err error, kind errs.Kind, words string) {
	t.Helper()
	if !errs.Is(err, kind) || !strings.Contains(errs.Sentence(err), words) {
		t.Errorf("%v, want %s and %q", err, kind, words)
	}
}

func TestABackupBringsBackRowsAndFiles(t *testing.T) {
	t.Parallel()
	s, to := newShop(t), target(t)
	r := s.write(t)
	if r.Blobs != 2 || r.Named != 2 || r.Counts["attachment"] != 2 || len(r.Missing) != 0 || r.WithKey || r.BlobStore == "" {
		t.Fatalf("%+v", r)
	}
	if left, _ := filepath.Glob(s.file + ".part*"); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
	if info, err := os.Stat(s.file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if _, err := backup.Restore(ctx, s.file, to); err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(ctx, db.Config{Dir: to.Dir})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	blobs, err := blob.Open(ctx, filepath.Join(to.Dir, "blobs"), time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer blobs.Close()
	if err := blobs.Check(ctx, d); err != nil {
		t.Fatalf("the restored files are not those of the restored database: %v", err)
	}
	for i, want := range []string{"a photo", "an invoice"} {
		b, _, err := blobs.Open(ctx, s.keys[i])
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(b)
		if b.Close(); err != nil || string(got) != want {
			t.Errorf("%q, %v", got, err)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(to.Dir, ".restore*")); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
	_, err = backup.Restore(ctx, s.file, to)
	wants(t, err, errs.Conflict, "holds a database already")
}

func TestAFileThatIsThereIsReplacedOnlyWhenAsked(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.write(t)
	_, err := backup.Write(ctx, s.src, s.file, false)
	wants(t, err, errs.Conflict, "--force")
	if _, err := backup.Write(ctx, s.src, s.file, true); err != nil {
		t.Fatal(err)
	}
	_, err = backup.Write(ctx, s.src, t.TempDir(), true)
	wants(t, err, errs.Invalid, "is a folder")
}

func TestABackupThatWasKilledIsInNobodysWay(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	if err := os.WriteFile(s.file+".part", []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(s.file+".part.d", "x"), 0o700); err != nil {
		t.Fatal(err)
	}
	s.write(t)
	if _, err := backup.Restore(ctx, s.file, target(t)); err != nil {
		t.Fatal(err)
	}
}

func TestTwoBackupsIntoOneFileAreRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	unlock, err := db.LockDir(filepath.Dir(s.file), filepath.Base(s.file)+".part", false)
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	_, err = backup.Write(ctx, s.src, s.file, false)
	wants(t, err, errs.Conflict, "is running")
}

func TestAFileDeletedMeanwhileIsNamed(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	if err := s.src.Blobs.Delete(ctx, s.keys[0]); err != nil {
		t.Fatal(err)
	}
	if r := s.write(t); r.Blobs != 1 || !slices.Equal(r.Missing, s.keys[:1]) {
		t.Fatalf("%+v", r)
	}
	r, err := backup.Restore(ctx, s.file, target(t))
	if err != nil || !slices.Equal(r.Missing, s.keys[:1]) {
		t.Fatalf("%+v, %v", r, err)
	}
}

func TestTheKeyComesBackOnlyFromABackupThatHasIt(t *testing.T) {
	t.Parallel()
	s, to := newShop(t), target(t)
	s.src.Key = "a key\n"
	s.write(t)
	if _, err := backup.Restore(ctx, s.file, to); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(to.KeyFile); err != nil || string(got) != "a key\n" {
		t.Errorf("%q, %v", got, err)
	}
	other := target(t)
	if err := os.MkdirAll(other.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(other.KeyFile, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := backup.Restore(ctx, s.file, other)
	wants(t, err, errs.Conflict, "another key")
	if got, _ := os.ReadFile(other.KeyFile); string(got) != "another" {
		t.Error("somebody's key was replaced")
	}
	if _, err := os.Stat(filepath.Join(other.Dir, db.FileName)); err == nil {
		t.Error("a refused restore left a database")
	}
}

func TestWhatIsNoWholeBackupIsRefused(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.write(t)
	whole, err := os.ReadFile(s.file)
	if err != nil {
		t.Fatal(err)
	}
	flipped := bytes.Clone(whole)
	flipped[len(flipped)*2/3] ^= 0x40
	edit := func(name, old, now string) []byte { return repack(t, whole, name, old, now) }
	for name, c := range map[string]struct {
		bytes []byte
		words string
	}{
		"empty":        {nil, "not a backup"},
		"text":         {[]byte("dear diary"), "not a backup"},
		"sqlite":       {[]byte("SQLite format 3\x00aaaaaaaaaaaaaaaaaaaaaaaa"), "not a backup"},
		"other tar":    {repack(t, whole, "manifest.json", "{", "[{"), "not a backup"},
		"cut":          {whole[:len(whole)/2], "damaged"},
		"cut at end":   {whole[:len(whole)-1], "damaged"},
		"flipped bit":  {flipped, "damaged"},
		"newer schema": {edit("manifest.json", `"schema": `, `"schema": 9`), "newer Deskbell"},
		"newer format": {edit("manifest.json", `"deskbell_backup": 1`, `"deskbell_backup": 2`), "newer Deskbell"},
		"other key":    {edit("manifest.json", `"blob_store": "`, `"blob_store": "0`), "put together"},
		"lost blob":    {edit("summary.json", `"blobs": 2`, `"blobs": 3`), "damaged"},
	} {
		to := target(t)
		file := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(file, c.bytes, 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Restore(ctx, file, to)
		if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err), c.words) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(to.Dir, db.FileName)); err == nil {
			t.Errorf("%s: a refused restore left a database", name)
		}
	}
	_, err = backup.Restore(ctx, filepath.Join(t.TempDir(), "none"), target(t))
	wants(t, err, errs.Invalid, "cannot be read")
}

func TestABackupNeverWritesOutsideOfItsFolder(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.write(t)
	whole, err := os.ReadFile(s.file)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"../evil", "/evil", "blobs/../../evil", "blobs/20260101/x", "deskbell.db-wal"} {
		file := filepath.Join(t.TempDir(), "x")
		if err := os.WriteFile(file, rename(t, whole, "deskbell.db", name), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := backup.Restore(ctx, file, target(t))
		wants(t, err, errs.Invalid, "not a backup")
	}
}

// repack changes the text of one entry, rename the name of one.
func repack(t *testing.T, whole []byte, name, old, now string) []byte {
	return rewrite(t, whole, func(h *tar.Header, text []byte) []byte {
		if h.Name == name {
			text = bytes.Replace(text, []byte(old), []byte(now), 1)
		}
		return text
	})
}

func rename(t *testing.T, whole []byte, name, now string) []byte {
	return rewrite(t, whole, func(h *tar.Header, text []byte) []byte {
		if h.Name == name {
			h.Name = now
		}
		return text
	})
}

func rewrite(t *testing.T, whole []byte, edit func(*tar.Header, []byte) []byte) []byte {
	t.Helper()
	z, err := zstd.NewReader(bytes.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var out bytes.Buffer
	packer, err := zstd.NewWriter(&out)
	if err != nil {
		t.Fatal(err)
	}
	in, to := tar.NewReader(z), tar.NewWriter(packer)
	for {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(in)
		if err != nil {
			t.Fatal(err)
		}
		text = edit(h, text)
		h.Size = int64(len(text))
		if err := to.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := to.Write(text); err != nil {
			t.Fatal(err)
		}
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	if err := packer.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
