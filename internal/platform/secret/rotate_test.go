package secret_test

import (
	"context"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

// vault is one sealed value in a setting, and the rotation of its key.
type vault struct {
	t        *testing.T
	db       *db.DB
	rotation secret.Rotation
}

func newVault(t *testing.T, d *db.DB) *vault {
	t.Helper()
	v := &vault{t: t, db: d}
	v.rotation = secret.Rotation{DB: d, Config: secret.Config{File: filepath.Join(t.TempDir(), "secret.key")}, Reseal: v.reseal}
	v.put(v.open(), "hunter2")
	return v
}

func (v *vault) reseal(ctx context.Context, tx *db.Tx, again secret.Again) error {
	sealed, err := v.sealed(ctx, tx)
	if err != nil {
		return err
	}
	if next := again("vault", "value", 1, sealed); next != nil {
		return db.SetSetting(ctx, tx, "vault", hex.EncodeToString(next))
	}
	return nil
}

func (v *vault) sealed(ctx context.Context, q db.Queryer) ([]byte, error) {
	text, err := db.Setting(ctx, q, "vault")
	if err != nil {
		return nil, err
	}
	return hex.DecodeString(text)
}

// open is a program that starts.
func (v *vault) open() *secret.Keys {
	v.t.Helper()
	k, _, err := secret.Open(context.Background(), v.db, v.rotation.Config)
	if err != nil {
		v.t.Fatal(err)
	}
	return k
}

func (v *vault) put(k *secret.Keys, text string) {
	v.t.Helper()
	err := v.db.Write(context.Background(), func(tx *db.Tx) error {
		return db.SetSetting(context.Background(), tx, "vault", hex.EncodeToString(k.Seal("vault", "value", 1, []byte(text))))
	})
	if err != nil {
		v.t.Fatal(err)
	}
}

func (v *vault) holds(k *secret.Keys, want, when string) {
	v.t.Helper()
	sealed, err := v.sealed(context.Background(), v.db)
	if err != nil {
		v.t.Fatal(err)
	}
	if got, err := k.Open("vault", "value", 1, sealed); err != nil || string(got) != want {
		v.t.Errorf("%s: %q, %v", when, got, err)
	}
}

func (v *vault) file() []string {
	v.t.Helper()
	text, err := os.ReadFile(v.rotation.File)
	if err != nil {
		v.t.Fatal(err)
	}
	return strings.Fields(string(text))
}

func TestARotationReplacesTheKeyOfEverything(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVault(t, d)
		old, before := v.file(), v.open()
		out, err := v.rotation.Run(context.Background())
		if err != nil || out.Resealed != 1 || len(out.Lost) != 0 || out.Fingerprint == before.Fingerprint() {
			t.Fatalf("%+v, %v", out, err)
		}
		now := v.file()
		if len(now) != 1 || now[0] == old[0] {
			t.Fatal("the old key is still in the file, or the new one is not")
		}
		v.holds(v.open(), "hunter2", "after a restart")
		if info, err := os.Stat(v.rotation.File); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if _, _, err := secret.Open(context.Background(), d, secret.Config{Key: old[0]}); err == nil {
			t.Error("the old key still starts the program")
		}
	})
}

func TestARotationThatWasStoppedAnywhereIsFinishedByTheNext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		crash := errors.New("power cut")
		v := newVault(t, d)
		for _, step := range []string{"both keys", "resealed"} {
			running := v.open()
			if _, err := v.rotation.StopAfter(step, crash).Run(context.Background()); !errors.Is(err, crash) {
				t.Fatal(err)
			}
			between := v.file()
			if len(between) != 2 {
				t.Fatalf("%s: %d keys in the file", step, len(between))
			}
			v.holds(v.open(), "hunter2", "restart after "+step)
			v.holds(running, "hunter2", "the server that was running after "+step)
			if _, err := v.rotation.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
			if left := v.file(); !slices.Equal(left, between[:1]) {
				t.Errorf("%s: another new key was made, or the old one stayed", step)
			}
			v.holds(v.open(), "hunter2", "the end after "+step)
		}
	})
}

func TestARunningServerGoesOnWhileItsKeyIsRotated(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVault(t, d)
		reads, writes := v.open(), v.open()
		if _, err := v.rotation.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		v.holds(reads, "hunter2", "a server that only reads")
		v.put(writes, "hunter3")
		v.holds(v.open(), "hunter3", "what a server sealed after the rotation")
		for range 2 {
			if _, err := v.rotation.Run(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		v.holds(writes, "hunter3", "after three rotations")
	})
}

func TestAForeignKeyFileIsNotTakenUp(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVault(t, d)
		k, mine := v.open(), v.file()
		if err := os.WriteFile(v.rotation.File, []byte(secret.NewKey()+"\n\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		v.put(k, "hunter3")
		if err := os.WriteFile(v.rotation.File, []byte(mine[0]), 0o600); err != nil {
			t.Fatal(err)
		}
		v.holds(v.open(), "hunter3", "sealed while a foreign file lay there")
	})
}

func TestAnOpenedServerWithoutTheFileIsToldToRestart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVault(t, d)
		k, _, err := secret.Open(context.Background(), d, secret.Config{Key: v.file()[0]})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := v.rotation.Run(context.Background()); err != nil {
			t.Fatal(err)
		}
		sealed, err := v.sealed(context.Background(), d)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Open("vault", "value", 1, sealed); err == nil || !strings.Contains(errs.Sentence(err), "restart Deskbell") {
			t.Errorf("%v", err)
		}
	})
}

func TestAPreparedFileIsUsedByTheRotation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVault(t, d)
		for range 2 { // the second changes nothing
			if _, err := v.rotation.Prepare(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		both := v.file()
		v.holds(v.open(), "hunter2", "prepared")
		if _, err := v.rotation.Run(context.Background()); err != nil || !slices.Equal(v.file(), both[:1]) {
			t.Errorf("%d keys, %v", len(v.file()), err)
		}
		v.holds(v.open(), "hunter2", "rotated")
	})
}

func TestAKeyInTheEnvironmentIsRotatedInTwoSettings(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVault(t, d)
		old, fresh := v.file()[0], secret.NewKey()
		v.rotation.Key = old
		if _, err := v.rotation.Run(context.Background()); !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err), "DESKBELL_KEY") {
			t.Fatalf("%v", err)
		}
		v.rotation.Key = fresh + "," + old
		out, err := v.rotation.Run(context.Background())
		if err != nil || out.Resealed != 1 || out.KeyIsIn != "DESKBELL_KEY" {
			t.Fatalf("%+v, %v", out, err)
		}
		v.rotation.Key = fresh
		v.holds(v.open(), "hunter2", "the new key alone")
		v.rotation.Key = secret.NewKey() + "," + secret.NewKey()
		if _, err := v.rotation.Run(context.Background()); err == nil {
			t.Error("foreign keys were taken")
		}
	})
}

func TestASecretThatNoKeyOpensIsNamedAndLeft(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVault(t, d)
		v.put(parse(t, secret.NewKey()), "lost")
		out, err := v.rotation.Run(context.Background())
		if err != nil || out.Resealed != 0 || !slices.Equal(out.Lost, []string{"vault.value of row 1"}) {
			t.Errorf("%+v, %v", out, err)
		}
	})
}

func TestALostKeyIsReplacedAndWhatItSealedIsNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		v := newVault(t, d)
		if _, err := v.rotation.Replace(context.Background()); !errs.Is(err, errs.Conflict) {
			t.Fatalf("a key that is there was replaced: %v", err)
		}
		v.open() // and still fits
		if err := os.Remove(v.rotation.File); err != nil {
			t.Fatal(err)
		}
		out, err := v.rotation.Replace(context.Background())
		if err != nil || !slices.Equal(out.Lost, []string{"vault.value of row 1"}) {
			t.Fatalf("%+v, %v", out, err)
		}
		k := v.open()
		v.put(k, "entered again")
		v.holds(v.open(), "entered again", "with the new key")
	})
}
