package realtime

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
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
	started := make(chan struct{})
	go func() { defer close(started); server.Start() }() // while both knock in vain
	runs(t, one)
	runs(t, two)
	one.Publish(SubjectFeed, []byte("1"))
	if next(t, atOne) != "1" || next(t, atTwo) != "1" {
		t.Error("not heard after the start")
	}
	<-started // it may still be looking whether the server answers
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
	if got := next(t, atOne); got != "2" {
		t.Errorf("the node itself heard %q", got)
	}
	for got := ""; got != "2"; { // what was to be lost may also come late
		if got = next(t, atTwo); got != "2" && got != "lost" {
			t.Errorf("the other node heard %q", got)
		}
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

// slowConfirmation stands before a NATS and holds back every PONG but the first,
// which belongs to the greeting, until hold is closed.
func slowConfirmation(t *testing.T, server string, hold <-chan struct{}) (addr string, held <-chan struct{}) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	reached := make(chan struct{})
	t.Cleanup(func() { l.Close() })
	go func() {
		near, err := l.Accept()
		if err != nil {
			return
		}
		defer near.Close()
		far, err := net.Dial("tcp", server)
		if err != nil {
			return
		}
		defer far.Close()
		go func() { _, _ = io.Copy(far, near) }()
		lines := bufio.NewReader(far)
		for pongs := 0; ; {
			line, err := lines.ReadBytes('\n')
			if err != nil {
				return
			}
			if bytes.HasPrefix(line, []byte("PONG")) {
				if pongs++; pongs == 2 {
					close(reached)
					<-hold
				}
			}
			if _, err := near.Write(line); err != nil {
				return
			}
		}
	}()
	return l.Addr().String(), reached
}

func TestANATSThatConfirmsLateIsUpAllTheSame(t *testing.T) {
	t.Parallel()
	server := testbed.StartNATS(t, testbed.NATSOptions{})
	hold := make(chan struct{})
	addr, held := slowConfirmation(t, server.Addr, hold)
	b := NewNATS(NATSConfig{URL: "nats://" + addr, Space: "one", Log: quiet})
	b.patience = 20 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	<-held
	b.turning.Lock() // waits for the question that is not answered in time
	early := b.Status().Up
	b.turning.Unlock()
	if early {
		t.Error("up before the server has confirmed")
	}
	close(hold)
	becomes(t, b, true)
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
