package realtime

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/testbed"
)

// journal is a log that a test can read while others write.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(b []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(b)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

func TestNATSMayComeLaterAndGoAndComeAgain(t *testing.T) {
	t.Parallel()
	server := testbed.StartNATS(t, testbed.NATSOptions{User: "desk", Password: "hunter2hunter2"})
	server.Kill()
	var log journal
	one := NewNATS(NATSConfig{URL: server.URL, Space: "one", Log: slog.New(slog.NewTextHandler(&log, nil))})
	two := NewNATS(NATSConfig{URL: server.URL, Space: "one", Log: quiet})
	atOne, atTwo := hears(t, one, SubjectFeed), hears(t, two, SubjectFeed)
	go func() { server.Start() }() // while both knock in vain
	runs(t, one)
	runs(t, two)
	one.Publish(SubjectFeed, []byte("1"))
	if next(t, atOne) != "1" || next(t, atTwo) != "1" {
		t.Error("not heard after the start")
	}
	server.Kill()
	becomes(t, one, false)
	becomes(t, two, false)
	one.Publish(SubjectFeed, []byte("lost"))
	if next(t, atOne) != "lost" {
		t.Error("the node itself does not hear while NATS is away")
	}
	server.Start()
	becomes(t, one, true)
	becomes(t, two, true)
	one.Publish(SubjectFeed, []byte("2"))
	if next(t, atOne) != "2" || next(t, atTwo) != "2" {
		t.Error("not heard after NATS came back")
	}
	if text := log.String(); strings.Contains(text, "hunter2") || !strings.Contains(text, "NATS does not answer") {
		t.Errorf("logged: %s", text)
	}
}

func TestInstallationsOnOneNATSDoNotHearEachOther(t *testing.T) {
	t.Parallel()
	server := testbed.StartNATS(t, testbed.NATSOptions{})
	one, other := NewNATS(NATSConfig{URL: server.URL, Space: "one", Log: quiet}), NewNATS(NATSConfig{URL: server.URL, Space: "other", Log: quiet})
	same := NewNATS(NATSConfig{URL: server.URL, Space: "one", Log: quiet})
	for _, b := range []runner{one, other, same} {
		runs(t, b)
	}
	atOther, atSame := hears(t, other, SubjectFeed), hears(t, same, SubjectFeed)
	one.Publish(SubjectFeed, nil)
	next(t, atSame)
	other.Publish(SubjectFeed, []byte("own"))
	if got := next(t, atOther); got != "own" {
		t.Errorf("heard %q", got)
	}
}

func TestAWrongPasswordOfNATSIsSaidInWords(t *testing.T) {
	t.Parallel()
	server := testbed.StartNATS(t, testbed.NATSOptions{User: "desk", Password: "right"})
	if err := (NATSConfig{URL: server.URL}).Probe(); err != nil {
		t.Errorf("with the right one: %v", err)
	}
	err := NATSConfig{URL: strings.Replace(server.URL, "right", "hunter2", 1)}.Probe()
	if err == nil || !strings.Contains(err.Error(), "refuses the user") || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("%v", err)
	}
	server.Stop()
	if err := (NATSConfig{URL: server.URL}).Probe(); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("%v", err)
	}
}

func TestCredentialsThatCannotBeReadStopNobody(t *testing.T) {
	t.Parallel()
	server := testbed.StartNATS(t, testbed.NATSOptions{})
	file := filepath.Join(t.TempDir(), "nats.creds")
	if err := os.WriteFile(file, []byte("this is no key"), 0o600); err != nil {
		t.Fatal(err)
	}
	b := NewNATS(NATSConfig{URL: server.URL, Creds: file, Space: "one", Log: quiet})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	for b.Status().Since.IsZero() {
		wait(ctx, time.Millisecond)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
