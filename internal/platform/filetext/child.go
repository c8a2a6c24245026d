package filetext

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime/debug"
)

// Bounds of the process that reads one file.
const (
	maxMemory  = 512 << 20 // bytes; the garbage collector aims at half
	maxSeconds = 20        // of CPU
)

// What the process ends with.
const (
	exitBroken  = 3
	exitTooMuch = 4
)

// child reads the file in a process of its own.
func (r Reader) child(ctx context.Context, k Kind, file io.Reader) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, MaxTime)
	defer cancel()
	var out bounded
	cmd := exec.CommandContext(ctx, r.Command[0], append(append([]string(nil), r.Command[1:]...), string(k))...)
	cmd.Stdin, cmd.Stdout, cmd.Env = file, &out, []string{"GOTRACEBACK=none"}
	cmd.WaitDelay = MaxTime / 10
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return out.String(), nil
	case ctx.Err() != nil && context.Cause(ctx) == context.Canceled:
		return "", ctx.Err()
	case errors.As(err, &exit) && exit.ExitCode() == exitBroken:
		return "", ErrBroken
	case errors.As(err, &exit):
		return "", ErrTooMuch // out of memory, out of time, or fallen over
	}
	return "", fmt.Errorf("start the reader of files: %w", err)
}

// Main is the process that reads one file from in and writes its text to out. It
// returns the code to exit with.
func Main(kind string, in io.Reader, out io.Writer) (code int) {
	debug.SetMemoryLimit(maxMemory / 2)
	if err := confine(); err != nil {
		return exitTooMuch
	}
	defer func() {
		if recover() != nil {
			code = exitBroken
		}
	}()
	b, err := io.ReadAll(io.LimitReader(in, MaxFile))
	if err != nil {
		return exitBroken
	}
	var text bounded
	switch Kind(kind) {
	case PDF:
		err = pages(b, &text)
	case Docx, Xlsx:
		err = office(Kind(kind), b, &text)
	default:
		err = ErrBroken
	}
	switch {
	case err == nil, errors.Is(err, io.ErrShortWrite):
	case errors.Is(err, ErrTooMuch) && text.Len() == 0:
		return exitTooMuch
	case text.Len() == 0:
		return exitBroken
	}
	if _, err := io.WriteString(out, text.String()); err != nil {
		return exitBroken
	}
	return 0
}
