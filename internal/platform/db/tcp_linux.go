package db

import (
	"errors"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// unanswered ends a connection on which bytes stay unanswered for too long,
// which keep-alives do not see (RFC 5482).
func unanswered(network, _ string, c syscall.RawConn) error {
	if !strings.HasPrefix(network, "tcp") {
		return nil
	}
	var failed error
	err := c.Control(func(fd uintptr) {
		failed = unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, int(givenUp.Milliseconds()))
	})
	return errors.Join(err, failed)
}
