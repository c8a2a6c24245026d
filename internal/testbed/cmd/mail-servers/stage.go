package main

import (
	"fmt"
	"testing"
)

// stage stands where a test usually stands: it keeps what has to be cleaned up
// and turns a failed or skipped test into an error. Only the methods below may
// be called; the embedded interface is nil.
type stage struct {
	testing.TB
	cleanups []func()
}

// failure is the text of a test that failed, missing of one that was skipped.
type (
	failure string
	missing string
)

func (f failure) Error() string { return string(f) }
func (m missing) Error() string { return string(m) }

func (s *stage) Helper() {}

func (s *stage) Cleanup(f func()) { s.cleanups = append(s.cleanups, f) }

func (s *stage) Fatal(args ...any) { panic(failure(fmt.Sprint(args...))) }

func (s *stage) Fatalf(format string, args ...any) { panic(failure(fmt.Sprintf(format, args...))) }

func (s *stage) Skip(args ...any) { panic(missing(fmt.Sprint(args...))) }

// try runs what a test would run.
func (s *stage) try(f func()) (err error) {
	defer func() {
		switch told := recover().(type) {
		case nil:
		case failure:
			err = told
		case missing:
			err = told
		default:
			panic(told)
		}
	}()
	f()
	return nil
}

// end cleans up, the last thing first.
func (s *stage) end() {
	for len(s.cleanups) > 0 {
		last := s.cleanups[len(s.cleanups)-1]
		s.cleanups = s.cleanups[:len(s.cleanups)-1]
		last()
	}
}
