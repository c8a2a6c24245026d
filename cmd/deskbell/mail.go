package main

import (
	"io"

	"github.com/deskbell/deskbell/internal/mail"
)

type mailCmd struct {
	Parse mailParseCmd `cmd:"" help:"Read a raw message and print what Deskbell understands, as JSON."`
	Send  mailSendCmd  `cmd:"" help:"Send a plain mail to a door, to try it out."`
}

type mailParseCmd struct {
	Stream bool `help:"One base64 message per input line, one JSON per output line."`
}

func (c mailParseCmd) Run(s streams) error {
	if c.Stream {
		return mail.Stream(s.in, s.out)
	}
	return mail.WriteJSON(s.in, s.out)
}

// readAll reads at most n bytes.
func readAll(r io.Reader, n int64) ([]byte, error) { return io.ReadAll(io.LimitReader(r, n)) }
