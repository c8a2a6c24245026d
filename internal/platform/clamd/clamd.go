package clamd

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Bounds of one question.
const (
	dialTime  = 5 * time.Second
	quietTime = 60 * time.Second // without a byte going either way: engines take long for large archives
	chunk     = 64 << 10
	maxAnswer = 4 << 10
)

// ErrTooLarge says that the daemon does not take files of that size (its setting
// StreamMaxLength), so that nobody can tell what is in them.
var ErrTooLarge = errors.New("the file is larger than the virus scanner takes")

// ErrBroken is an answer that is none of the protocol.
var ErrBroken = errors.New("the virus scanner gave an answer that makes no sense")

// Client asks one daemon. It may be used by many at once; each question has a
// connection of its own.
type Client struct{ network, address string }

// New reads an address: unix:/run/clamav/clamd.ctl, tcp:host:port or host:port.
func New(address string) (*Client, error) {
	path, socket := strings.CutPrefix(address, "unix:")
	if socket && strings.HasPrefix(path, "/") {
		return &Client{"unix", path}, nil
	}
	host := strings.TrimPrefix(address, "tcp:")
	if name, port, err := net.SplitHostPort(host); err == nil && !socket && name != "" && port != "" {
		return &Client{"tcp", host}, nil
	}
	return nil, errs.Newf(errs.Invalid, "--clamd takes unix:/run/clamav/clamd.ctl or host:port, and %q is neither.", address)
}

func (c *Client) String() string { return c.network + ":" + c.address }

// Version names the engine and its signatures as the daemon does.
func (c *Client) Version(ctx context.Context) (string, error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "zVERSION\x00"); err != nil {
		return "", err
	}
	answer, err := conn.answer()
	if err == nil && !strings.HasPrefix(answer, "ClamAV") {
		err = fmt.Errorf("%w: %.100q", ErrBroken, answer)
	}
	return answer, err
}

// Scan names what was found in the file, "" = nothing. An error says that it
// could not be looked at; only [ErrTooLarge] stays so when it is tried again.
func (c *Client) Scan(ctx context.Context, file io.Reader) (found string, err error) {
	conn, err := c.dial(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if err := conn.send(file); err != nil {
		return "", err
	}
	answer, err := conn.answer()
	if err != nil {
		return "", err
	}
	return meaning(answer)
}

// meaning reads the answer to INSTREAM: "stream: OK", "stream: NAME FOUND", or a
// sentence that ends with ERROR.
func meaning(answer string) (found string, err error) {
	rest, ok := strings.CutPrefix(answer, "stream: ")
	switch {
	case ok && rest == "OK":
		return "", nil
	case ok && strings.HasSuffix(rest, " FOUND"):
		return name(strings.TrimSuffix(rest, " FOUND")), nil
	case strings.Contains(answer, "size limit exceeded"):
		return "", ErrTooLarge
	}
	return "", fmt.Errorf("%w: %.200q", ErrBroken, answer)
}

// name makes what a signature is called short and harmless.
func name(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	if s == "" {
		return "unknown"
	}
	return s[:min(len(s), 100)]
}

// conn ends when nothing moves for a while, or with the context.
type conn struct {
	net.Conn
	stop func() bool
}

func (c *Client) dial(ctx context.Context) (*conn, error) {
	d := net.Dialer{Timeout: dialTime}
	raw, err := d.DialContext(ctx, c.network, c.address)
	if err != nil {
		return nil, err
	}
	return &conn{raw, context.AfterFunc(ctx, func() { _ = raw.Close() })}, nil
}

func (c *conn) Close() error {
	c.stop()
	return c.Conn.Close()
}

func (c *conn) Write(p []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(quietTime)); err != nil {
		return 0, err
	}
	return c.Conn.Write(p)
}

// send streams the file in chunks, each behind its length as four bytes, the
// highest first; one without a length is the end.
func (c *conn) send(file io.Reader) error {
	if _, err := io.WriteString(c, "zINSTREAM\x00"); err != nil {
		return err
	}
	b := make([]byte, 4+chunk)
	for {
		n, err := io.ReadFull(file, b[4:])
		if n > 0 {
			binary.BigEndian.PutUint32(b, uint32(n))
			if _, full := c.Write(b[:4+n]); full != nil {
				return nil //nolint:nilerr // the daemon has enough, and says why in its answer
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			break
		}
		if err != nil {
			return err
		}
	}
	_, _ = c.Write([]byte{0, 0, 0, 0}) // answer tells when it failed
	return nil
}

// answer reads up to the zero byte that ends it.
func (c *conn) answer() (string, error) {
	if err := c.SetDeadline(time.Now().Add(quietTime)); err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(c.Conn, maxAnswer))
	if i := bytes.IndexByte(b, 0); i >= 0 {
		return string(b[:i]), nil
	}
	if err == nil {
		err = fmt.Errorf("%w: %.100q", ErrBroken, b)
	}
	return "", err
}
