package app_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// running starts the program and stops it at the end of the test.
func running(t *testing.T, a *app.App) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	return stop
}

// fileOf is the attachment of the n-th mail; every fifth makes the mail so large
// that it is a blob itself.
func fileOf(n int) []byte {
	size := 3000
	if n%5 == 0 {
		size = 300_000
	}
	return bytes.Repeat(fmt.Appendf(nil, "file %d of the load\n", n), size/20)
}

func mailOf(n int) string {
	return fmt.Sprintf("From: Eva <eva%d@x.example>\r\nTo: shop@shop.example\r\nSubject: Parcel %d\r\nMessage-ID: <%d@x.example>\r\nMIME-Version: 1.0\r\n"+
		"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nWhere is parcel %d?\r\n"+
		"--b\r\nContent-Type: application/octet-stream; name=\"%d.bin\"\r\nContent-Disposition: attachment; filename=\"%d.bin\"\r\nContent-Transfer-Encoding: base64\r\n\r\n%s\r\n--b--\r\n",
		n%7, n, n, n, n, n, base64.StdEncoding.EncodeToString(fileOf(n)))
}

// load posts mails from several customers until it is stopped.
type load struct {
	mu     sync.Mutex
	taken  map[int64]int // ledger id to number of the mail
	next   int
	ticks  chan struct{}
	stop   chan struct{}
	wg     sync.WaitGroup
	post   func(raw string) (int64, error)
	failed error
}

func startLoad(post func(string) (int64, error)) *load {
	l := &load{taken: map[int64]int{}, ticks: make(chan struct{}, 10_000), stop: make(chan struct{}), post: post}
	for range 4 {
		l.wg.Go(l.customer)
	}
	return l
}

func (l *load) customer() {
	for {
		select {
		case <-l.stop:
			return
		default:
		}
		l.mu.Lock()
		l.next++
		n := l.next
		l.mu.Unlock()
		id, err := l.post(mailOf(n))
		l.mu.Lock()
		if err != nil {
			l.failed = err
			l.mu.Unlock()
			return
		}
		l.taken[id] = n
		l.mu.Unlock()
		l.ticks <- struct{}{}
	}
}

func (l *load) wait(t *testing.T, mails int) {
	t.Helper()
	for range mails {
		select {
		case <-l.ticks:
		case <-time.After(time.Minute):
			t.Fatal("no mail is taken any more")
		}
	}
}

func (l *load) acknowledged() map[int64]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	out := map[int64]int{}
	for k, v := range l.taken {
		out[k] = v
	}
	return out
}

func (l *load) end(t *testing.T) {
	t.Helper()
	close(l.stop)
	l.wg.Wait()
	if l.failed != nil {
		t.Fatal(l.failed)
	}
}

func TestABackupTakenUnderLoadRestoresToABalancedLedger(t *testing.T) {
	t.Parallel()
	ctx := access.With(context.Background(), access.System)
	a := newApp(t)
	running(t, a)
	in, err := a.Inboxes.Create(ctx, 0, inbox.Inbox{Name: "Shop", Channel: "email", Address: "shop@shop.example", DefaultAccess: access.Any}, inbox.Passwords{SMTP: new("hunter2")})
	if err != nil {
		t.Fatal(err)
	}
	owner, err := a.Access.CreateAgent(ctx, access.NewAgent{Name: "Anna", Email: "anna@shop.example", Password: "correct horse battery", Role: "admin"})
	if err != nil {
		t.Fatal(err)
	}
	_, key, err := a.Access.CreateAPIKey(ctx, access.System, access.APIKey{Agent: owner, Name: "load"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	l := startLoad(func(raw string) (int64, error) { return postMail(a, key, int64(in.ID), raw) })
	l.wait(t, 40)
	before := l.acknowledged()
	file := filepath.Join(t.TempDir(), "shop.backup")
	report, err := app.Backup(ctx, a.Config, app.BackupOptions{File: file, WithKey: true})
	if err != nil {
		t.Fatal(err)
	}
	l.wait(t, 20)
	l.end(t)
	if len(report.Missing) != 0 || report.Blobs != report.Named {
		t.Errorf("%d of %d blobs, missing %v", report.Blobs, report.Named, report.Missing)
	}

	cfg := app.Config{Data: filepath.Join(t.TempDir(), "restored"), Addr: "127.0.0.1:0", PublicURL: "http://desk.example", Version: "test", NoSync: true}
	restored, err := app.Restore(ctx, cfg, file)
	if err != nil || !restored.KeyFits {
		t.Fatalf("the key fits: %v, %v", restored.KeyFits, err)
	}
	b := newApp(t, func(c *app.Config) { *c = cfg })
	stop := running(t, b)
	balance := settled(t, b)
	if !balance.Balanced || len(balance.Gaps) != 0 || balance.Counts["dropped"] != 0 {
		t.Errorf("%+v", balance)
	}
	all := l.acknowledged()
	for id, n := range all {
		row, err := b.Ledger.Get(ctx, id)
		if err != nil {
			if before[id] != 0 {
				t.Errorf("mail %d was acknowledged before the backup and is not in it: %v", n, err)
			}
			continue
		}
		checkMail(t, b, row, n)
	}
	c, err := b.Inboxes.Connection(ctx, in.ID)
	if err != nil || c.SMTPPassword != "hunter2" {
		t.Errorf("the password is %q, %v", c.SMTPPassword, err)
	}
	var xids int
	if err := b.DB.QueryRow(ctx, "SELECT COUNT(*) FROM event WHERE xid <> 0").Scan(&xids); err != nil || xids != 0 {
		t.Errorf("%d events have a transaction, %v", xids, err)
	}
	stop()
}

func postMail(a *app.App, key string, in int64, raw string) (int64, error) {
	r := httptest.NewRequest(http.MethodPost, fmt.Sprintf("http://desk.example/api/v1/inboxes/%d/mail", in), strings.NewReader(raw))
	r.Header.Set("Content-Type", "message/rfc822")
	r.Header.Set("Authorization", "Bearer "+key)
	w := httptest.NewRecorder()
	a.API.Handler().ServeHTTP(w, r)
	var out struct {
		Ledger int64 `json:"ledger_id"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != http.StatusAccepted {
		return 0, fmt.Errorf("%d %.200s %w", w.Code, w.Body, err)
	}
	return out.Ledger, nil
}

// settled waits until nothing is on its way in.
func settled(t *testing.T, a *app.App) ledger.Balance {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for {
		b, err := a.Ledger.Balance(ctx, false)
		if err != nil {
			t.Fatal(err)
		}
		if b.PendingIn == 0 {
			return b
		}
		<-tick.C
	}
}

// checkMail compares the raw mail and the bytes of its attachment with what was sent.
func checkMail(t *testing.T, a *app.App, row ledger.Row, n int) {
	t.Helper()
	ctx := context.Background()
	raw, _, err := email.OpenInbound(ctx, a.DB, a.Blobs, row.ID)
	if err != nil {
		t.Errorf("mail %d: %v", n, err)
		return
	}
	defer raw.Close()
	if got, err := io.ReadAll(raw); err != nil || string(got) != mailOf(n) {
		t.Errorf("mail %d: %d raw bytes, %v", n, len(got), err)
	}
	var key string
	if err := a.DB.QueryRow(ctx, "SELECT blob_key FROM attachment WHERE message_id = ? AND name = ?", row.Message, strconv.Itoa(n)+".bin").Scan(&key); err != nil {
		t.Errorf("mail %d has no attachment: %v", n, err)
		return
	}
	file, _, err := a.Blobs.Open(ctx, key)
	if err != nil {
		t.Errorf("mail %d: %v", n, err)
		return
	}
	defer file.Close()
	if got, err := io.ReadAll(file); err != nil || !bytes.Equal(got, fileOf(n)) {
		t.Errorf("mail %d: %d bytes attached, %v", n, len(got), err)
	}
}

func TestARestoreWithoutTheKeySaysWhichOneIsNeeded(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	a := newApp(t)
	file := filepath.Join(t.TempDir(), "shop.backup")
	report, err := app.Backup(ctx, a.Config, app.BackupOptions{File: file})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "restored")
	r, err := app.Restore(ctx, app.Config{Data: dir}, file)
	if err != nil || r.KeyFits || r.KeyFingerprint != a.Keys.Fingerprint() || r.KeyFingerprint != report.KeyFingerprint {
		t.Fatalf("%+v, %v", r, err)
	}
	r, err = app.Restore(ctx, app.Config{Data: filepath.Join(t.TempDir(), "second"), KeyFile: a.KeyFile}, file)
	if err != nil || !r.KeyFits {
		t.Fatalf("with the key beside it: %+v, %v", r, err)
	}
	if r.NotNoted != nil || report.NotNoted != nil {
		t.Errorf("not in the audit log: %v, %v", report.NotNoted, r.NotNoted)
	}
	restored, err := db.Open(ctx, db.Config{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer restored.Close()
	for d, action := range map[*db.DB]string{a.DB: "data.backed_up", restored: "data.restored"} {
		rows, err := audit.List(ctx, d, audit.Filter{}, 1)
		if err != nil || len(rows) != 1 || rows[0].Action != action || rows[0].Name != "shop.backup" || string(rows[0].After["with_key"]) != "false" {
			t.Errorf("%s: %+v, %v", action, rows, err)
		}
	}
}

func TestBackupOfPostgresSaysHowItIsDone(t *testing.T) {
	t.Parallel()
	_, err := app.Backup(context.Background(), app.Config{Data: t.TempDir(), DatabaseURL: "postgres://x"}, app.BackupOptions{File: "f"})
	if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err), "pg_dump") || !strings.Contains(errs.Sentence(err), "blobs") {
		t.Errorf("%v", err)
	}
	_, err = app.Backup(context.Background(), app.Config{Data: t.TempDir()}, app.BackupOptions{File: "f"})
	if !errs.Is(err, errs.Invalid) || !strings.Contains(errs.Sentence(err), "no database") {
		t.Errorf("%v", err)
	}
}
