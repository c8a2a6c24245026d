package secret_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

func parse(t *testing.T, text string) *secret.Keys {
	t.Helper()
	k, err := secret.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func TestASealedValueOpensOnlyAtItsPlace(t *testing.T) {
	t.Parallel()
	k := parse(t, secret.NewKey())
	sealed := k.Seal("inbox", "password", 7, []byte("hunter2"))
	if bytes.Contains(sealed, []byte("hunter2")) {
		t.Fatal("the plain text can be read")
	}
	if got, err := k.Open("inbox", "password", 7, sealed); err != nil || string(got) != "hunter2" {
		t.Fatalf("opened %q, %v", got, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"row":     func() ([]byte, error) { return k.Open("inbox", "password", 8, sealed) },
		"column":  func() ([]byte, error) { return k.Open("inbox", "token", 7, sealed) },
		"table":   func() ([]byte, error) { return k.Open("inboxp", "assword", 7, sealed) },
		"damage":  func() ([]byte, error) { return k.Open("inbox", "password", 7, append(bytes.Clone(sealed), 0)) },
		"cut":     func() ([]byte, error) { return k.Open("inbox", "password", 7, sealed[:6]) },
		"empty":   func() ([]byte, error) { return k.Open("inbox", "password", 7, nil) },
		"another": func() ([]byte, error) { return parse(t, secret.NewKey()).Open("inbox", "password", 7, sealed) },
	} {
		if got, err := open(); err == nil {
			t.Errorf("%s: opened %q", name, got)
		}
	}
}

func TestTwoKeysAreReadWhileTheyAreRotated(t *testing.T) {
	t.Parallel()
	a, b := secret.NewKey(), secret.NewKey()
	before, during, after := parse(t, a), parse(t, b+","+a), parse(t, b)
	sealed := before.Seal("t", "c", 1, []byte("x"))
	if got, err := during.Open("t", "c", 1, sealed); err != nil || string(got) != "x" || !during.Old(sealed) {
		t.Fatalf("opened %q, %v, old = %v", got, err, during.Old(sealed))
	}
	again := during.Seal("t", "c", 1, []byte("x"))
	if _, err := after.Open("t", "c", 1, again); err != nil || after.Old(again) {
		t.Fatalf("%v, old = %v", err, after.Old(again))
	}
	if _, err := after.Open("t", "c", 1, sealed); err == nil || !strings.Contains(errs.Sentence(err), "not here any more") {
		t.Fatalf("opened with a key that was taken away: %v", err)
	}
	now := time.Unix(1_700_000_000, 0)
	link := before.Sign("survey", "12", now.Add(time.Hour))
	if s, err := during.Verify("survey", link, now); err != nil || s != "12" {
		t.Fatalf("%q, %v", s, err)
	}
}

func TestAKeyIsReadInEachForm(t *testing.T) {
	t.Parallel()
	raw := bytes.Repeat([]byte{1, 2, 250, 255}, 8)
	want := parse(t, base64.StdEncoding.EncodeToString(raw)).Fingerprint()
	for _, text := range []string{base64.RawURLEncoding.EncodeToString(raw), base64.URLEncoding.EncodeToString(raw), "0102FAFF0102faff0102faff0102faff0102faff0102faff0102faff0102faff\n"} {
		if got := parse(t, text).Fingerprint(); got != want {
			t.Errorf("%q: another key", text)
		}
	}
	k := secret.NewKey()
	for _, text := range []string{"", "abc", k[:62], k + "00", k + "," + k + "," + k, strings.Repeat("00", 32), "åäö"} {
		if _, err := secret.Parse(text); !errs.Is(err, errs.Invalid) {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestASignedLinkHoldsForItsPurposeAndTime(t *testing.T) {
	t.Parallel()
	k, now := parse(t, secret.NewKey()), time.Unix(1_700_000_000, 0)
	link := k.Sign("attachment", "message 7.b", now.Add(time.Hour))
	if strings.ContainsAny(link, "/+ ?&=") {
		t.Errorf("%q does not fit into a URL", link)
	}
	if s, err := k.Verify("attachment", link, now.Add(time.Hour-time.Second)); err != nil || s != "message 7.b" {
		t.Fatalf("%q, %v", s, err)
	}
	parts := strings.Split(link, ".")
	for name, v := range map[string]struct {
		purpose, link string
		at            time.Time
	}{
		"purpose": {"survey", link, now},
		"expired": {"attachment", link, now.Add(time.Hour)},
		"longer":  {"attachment", parts[0] + ".zzzzzz." + parts[2], now},
		"subject": {"attachment", "eA." + parts[1] + "." + parts[2], now},
		"cut":     {"attachment", parts[0] + "." + parts[1], now},
		"garbage": {"attachment", "..", now},
		"huge":    {"attachment", strings.Repeat("a", 1<<20), now},
	} {
		if s, err := k.Verify(v.purpose, v.link, v.at); !errs.Is(err, errs.NotFound) || s != "" {
			t.Errorf("%s: %q, %v", name, s, err)
		}
	}
}

func TestTokensAreStoredAsHashes(t *testing.T) {
	t.Parallel()
	a, ha := secret.Token()
	b, _ := secret.Token()
	if a == b || len(a) != 43 || secret.HashToken(a) != ha {
		t.Fatalf("%q, %q", a, b)
	}
}

func TestTheFirstStartMakesOneKeyFileWhoeverComesFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		cfg := secret.Config{File: filepath.Join(t.TempDir(), "secret.key")}
		var mu sync.Mutex
		var wg sync.WaitGroup
		prints, makers := map[string]bool{}, 0
		for range 8 {
			wg.Go(func() {
				k, made, err := secret.Open(context.Background(), d, cfg)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
					return
				}
				prints[k.Fingerprint()] = true
				if made {
					makers++
				}
			})
		}
		wg.Wait()
		if len(prints) != 1 || makers != 1 {
			t.Fatalf("%d keys, made %d times", len(prints), makers)
		}
		info, err := os.Stat(cfg.File)
		if err != nil || info.Mode().Perm() != 0o600 || secret.Exposed(cfg.File) {
			t.Fatalf("mode %v, %v", info.Mode(), err)
		}
		if left, _ := filepath.Glob(filepath.Join(filepath.Dir(cfg.File), ".*")); len(left) != 0 {
			t.Fatalf("left over: %v", left)
		}
	})
}

func TestStartIsRefusedWithAnotherKeyOrNone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		a, b := secret.NewKey(), secret.NewKey()
		open := func(key string) error {
			_, _, err := secret.Open(ctx, d, secret.Config{Key: key, File: filepath.Join(t.TempDir(), "none")})
			return err
		}
		if err := open(a); err != nil {
			t.Fatal(err)
		}
		if err := open(b); err == nil || !strings.Contains(errs.Sentence(err), "not the secret key") {
			t.Fatalf("another key: %v", err)
		}
		if err := open(""); err == nil || !strings.Contains(errs.Sentence(err), "missing") {
			t.Fatalf("no key: %v", err)
		}
		if err := open(b + "," + a); err != nil {
			t.Fatalf("while rotating: %v", err)
		}
		if err := d.Write(ctx, func(tx *db.Tx) error { return parse(t, b+","+a).AdoptTx(ctx, tx) }); err != nil {
			t.Fatal(err)
		}
		if open(b) != nil || open(a) == nil {
			t.Fatal("after the rotation the new key must hold and the old one not")
		}
	})
}
