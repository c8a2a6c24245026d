package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// program runs commands of the program under test.
type program struct {
	file string
	data []string // flags that name the data
	log  io.Writer
}

// command runs one to its end and returns what it printed.
func (p program) command(ctx context.Context, stdin string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, p.file, append(args, p.data...)...)
	var out, told bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &out, &told
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("deskbell %s: %w: %s", strings.Join(args[:min(2, len(args))], " "), err, strings.TrimSpace(told.String()))
	}
	return strings.TrimSpace(out.String()), nil
}

// Server is a running `deskbell serve`.
type Server struct {
	URL string
	PID int
	cmd *exec.Cmd
	log *tail
	end chan error
}

// serve starts the server on a free port and returns when it is ready.
func (p program) serve(ctx context.Context, flags ...string) (*Server, error) {
	addr, err := freeAddress()
	if err != nil {
		return nil, err
	}
	args := append([]string{"serve", "--addr", addr, "--log-level", "warn"}, p.data...)
	s := &Server{URL: "http://" + addr, cmd: exec.Command(p.file, append(args, flags...)...), log: &tail{}, end: make(chan error, 1)} //nolint:gosec // our own program
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	s.PID = s.cmd.Process.Pid
	go func() { s.end <- s.cmd.Wait() }()
	if err := s.ready(ctx); err != nil {
		s.Kill()
		return nil, err
	}
	return s, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// startTime bounds how long a server may take to become ready.
const startTime = 60 * time.Second

func (s *Server) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/healthz", nil)
		if err != nil {
			return err
		}
		if res, err := http.DefaultClient.Do(req); err == nil {
			res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case err := <-s.end:
			s.end <- err
			return fmt.Errorf("the server ended at its start: %w: %s", err, s.log)
		case <-ctx.Done():
			return fmt.Errorf("the server did not become ready: %s", s.log)
		case <-time.After(2 * time.Millisecond):
		}
	}
}

// Stop asks the server to end and waits.
func (s *Server) Stop() error {
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-s.end:
		s.end <- err
		var exit *exec.ExitError
		if errors.As(err, &exit) && exit.ExitCode() == -1 {
			return nil
		}
		return err
	case <-time.After(30 * time.Second):
		s.Kill()
		return fmt.Errorf("the server did not stop: %s", s.log)
	}
}

// Kill ends the server at once, as a power cut would.
func (s *Server) Kill() {
	_ = s.cmd.Process.Kill()
	s.end <- <-s.end
}

// tail keeps the end of what the server said.
type tail struct{ b []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.b = append(t.b, p...)
	if len(t.b) > 8192 {
		t.b = append([]byte(nil), t.b[len(t.b)-4096:]...)
	}
	return len(p), nil
}

func (t *tail) String() string { return strings.TrimSpace(string(t.b)) }

// executable is this program.
func executable(given string) (string, error) {
	if given != "" {
		return given, nil
	}
	return os.Executable()
}
