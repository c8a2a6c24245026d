//go:build !linux

package db

import "syscall"

// unanswered is only known to Linux.
func unanswered(string, string, syscall.RawConn) error { return nil }
