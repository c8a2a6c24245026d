package app_test

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/disk"
)

// smallDisk is a file system of its own, of so many MiB.
func smallDisk(t *testing.T, mebibytes int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("deskbell-test", dir, "tmpfs", 0, fmt.Sprintf("size=%dm,mode=0700", mebibytes)); err != nil {
		t.Skip("a small file system cannot be mounted here, only root may do that: ", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// remount changes the disk as soon as nobody writes to it any more.
func remount(t *testing.T, dir string, flags uintptr) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for {
		err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|flags, "")
		if err == nil {
			return
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatal(err)
		}
	}
}

// ballast fills the disk until only so many bytes are free. The program goes on
// writing meanwhile, so that what was measured may be gone.
func ballast(t *testing.T, dir string, free uint64) (remove func()) {
	t.Helper()
	file := filepath.Join(dir, "ballast")
	fill := func() error {
		space, err := disk.Of(dir)
		if err != nil || space.Free < free {
			t.Fatalf("%+v, %v", space, err)
		}
		return os.WriteFile(file, make([]byte, space.Free-free), 0o600)
	}
	empty := func() {
		if err := os.Remove(file); err != nil {
			t.Error(err)
		}
	}
	err := fill()
	for range 20 {
		if !errors.Is(err, syscall.ENOSPC) {
			break
		}
		empty()
		err = fill()
	}
	if err != nil {
		t.Fatal(err)
	}
	return empty
}

// shopOn is a program with an inbox, and a key that may hand in mail.
func shopOn(t *testing.T, edit func(*app.Config)) (a *app.App, key string, in int64) {
	t.Helper()
	ctx := access.With(context.Background(), access.System)
	a = newApp(t, edit)
	made, err := a.Inboxes.Create(ctx, 0, inbox.Inbox{Name: "Shop", Channel: "email", Address: "shop@shop.example", DefaultAccess: access.Any}, inbox.Passwords{})
	if err != nil {
		t.Fatal(err)
	}
	owner, err := a.Access.CreateAgent(ctx, access.NewAgent{Name: "Anna", Email: "anna@shop.example", Password: "correct horse battery", Role: "admin"})
	if err != nil {
		t.Fatal(err)
	}
	if _, key, err = a.Access.CreateAPIKey(ctx, access.System, access.APIKey{Agent: owner, Name: "load"}, nil); err != nil {
		t.Fatal(err)
	}
	return a, key, int64(made.ID)
}

// large is a mail that does not become smaller by compression.
func large(n, size int) string {
	noise := make([]byte, size*3/4)
	rand.Read(noise) //nolint:errcheck // never fails
	return fmt.Sprintf("From: eva@x.example\r\nSubject: Large %d\r\nMessage-ID: <large%d@x.example>\r\n\r\n%s\r\n", n, n, base64.StdEncoding.EncodeToString(noise))
}

func refusal(err error) string {
	if err == nil {
		return "202"
	}
	code, _, _ := strings.Cut(err.Error(), " ")
	return code
}

func freeAddr(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestADiskThatIsFullInTheMiddleOfAMailLosesNothing(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, 48)
	door := freeAddr(t)
	a, key, in := shopOn(t, func(c *app.Config) { c.Data, c.SMTPAddr, c.NoSync = filepath.Join(dir, "data"), door, false })
	stop := running(t, a)
	kept := map[int64]int{}
	next := 0
	take := func() error {
		next++
		id, err := postMail(a, key, in, mailOf(next))
		if err == nil {
			kept[id] = next
		}
		return err
	}
	for range 20 {
		if err := take(); err != nil {
			t.Fatal(err)
		}
	}
	settled(t, a)
	files := count(t, a.Blobs.Dir())

	// Room enough for the door to open, and not enough for what comes through it.
	remove := ballast(t, dir, 2<<20)
	for n := range 3 {
		if _, err := postMail(a, key, in, large(n, 6<<20)); refusal(err) != "503" {
			t.Errorf("a mail that does not fit is answered %v", err)
		}
	}
	if now := count(t, a.Blobs.Dir()); now != files {
		t.Errorf("%d files are left of mails that did not fit", now-files)
	}
	// Small ones are taken or refused, whole, until the disk is almost full.
	for range 400 {
		if err := take(); err != nil && refusal(err) != "503" {
			t.Fatal(err)
		}
	}
	remove()
	rest := ballast(t, dir, 500<<10)
	if err := take(); refusal(err) != "503" || !strings.Contains(err.Error(), "almost full") {
		t.Errorf("a full disk answers %v", err)
	}
	if code := upload(a, key); code != http.StatusServiceUnavailable {
		t.Errorf("an upload to a full disk is answered %d", code)
	}
	var refused *smtp.SMTPError
	if err := sendMail(door, mailOf(9000)); !errors.As(err, &refused) || refused.Code != 452 {
		t.Errorf("the SMTP door answers %v", err)
	}
	if f := finding(t, a, "almost full"); f.OK || f.Mend == "" {
		t.Errorf("%+v", f)
	}
	rest()

	// By itself, without a restart.
	if err := take(); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if err := sendMail(door, mailOf(9000)); err != nil {
		t.Errorf("with room again the SMTP door answers %v", err)
	}
	stop()
	allIsThere(t, a.Config, kept)
}

// allIsThere starts the program anew and compares every mail that was acknowledged.
func allIsThere(t *testing.T, cfg app.Config, kept map[int64]int) {
	t.Helper()
	a := newApp(t, func(c *app.Config) { *c = cfg })
	running(t, a)
	if b := settled(t, a); !b.Balanced {
		t.Errorf("%+v", b)
	}
	var sound string
	if err := a.DB.QueryRow(context.Background(), "PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		t.Errorf("the database is %q, %v", sound, err)
	}
	for id, n := range kept {
		row, err := a.Ledger.Get(context.Background(), id)
		if err != nil {
			t.Errorf("mail %d was acknowledged and is gone: %v", n, err)
			continue
		}
		checkMail(t, a, row, n)
	}
}

func count(t *testing.T, dir string) (n int) {
	t.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			n++
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func upload(a *app.App, key string) int {
	r := httptest.NewRequest(http.MethodPost, "http://desk.example/api/v1/attachments",
		strings.NewReader("--B\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nx\r\n--B--\r\n"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=B")
	r.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	a.API.Handler().ServeHTTP(w, r)
	return w.Code
}

func sendMail(door, raw string) error {
	c, err := smtp.Dial(door)
	if err != nil {
		return err
	}
	defer c.Close()
	return c.SendMail("eva@x.example", []string{"shop@shop.example"}, strings.NewReader(raw))
}

func TestADiskThatCanOnlyBeReadTakesNothingAndGoesOnByItself(t *testing.T) {
	t.Parallel()
	files := smallDisk(t, 16)
	door := freeAddr(t)
	a, key, in := shopOn(t, func(c *app.Config) { c.BlobURL, c.SMTPAddr = files, door })
	stop := running(t, a)
	kept := map[int64]int{}
	for n := range 5 {
		id, err := postMail(a, key, in, mailOf(n))
		if err != nil {
			t.Fatal(err)
		}
		kept[id] = n
	}
	settled(t, a)
	remount(t, files, syscall.MS_RDONLY)
	if _, err := postMail(a, key, in, mailOf(50)); refusal(err) != "503" || !strings.Contains(err.Error(), "only be read") {
		t.Errorf("the raw-mail door answers %v", err)
	}
	if code := upload(a, key); code != http.StatusServiceUnavailable {
		t.Errorf("an upload is answered %d", code)
	}
	var refused *smtp.SMTPError
	if err := sendMail(door, mailOf(51)); !errors.As(err, &refused) || refused.Code != 452 {
		t.Errorf("the SMTP door answers %v", err)
	}
	if f := finding(t, a, "only be read"); f.OK || f.Mend == "" {
		t.Errorf("%+v", f)
	}
	remount(t, files, 0)
	id, err := postMail(a, key, in, mailOf(52))
	if err != nil {
		t.Errorf("when it can be written again: %v", err)
	}
	kept[id] = 52
	settled(t, a)
	stop()
	allIsThere(t, a.Config, kept)
}

func TestAStartOnADiskThatCanOnlyBeReadIsRefusedInWords(t *testing.T) {
	t.Parallel()
	dir := smallDisk(t, 16)
	cfg := app.Config{Data: filepath.Join(dir, "data"), Addr: "127.0.0.1:0", PublicURL: "http://desk.example"}
	a, err := app.New(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	a.Close()
	remount(t, dir, syscall.MS_RDONLY)
	a, err = app.New(context.Background(), cfg, slog.New(slog.DiscardHandler))
	if err == nil {
		a.Close()
	}
	if err == nil || !strings.Contains(err.Error(), "read-only") {
		t.Errorf("the start says %v", err)
	}
}
