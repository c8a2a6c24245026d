// Package log sets slog up: text on a terminal, JSON otherwise, and the id of
// the request on every line that was written for it.
package log

import (
	"context"
	"io"
	"log/slog"
	"os"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Config says what is written and how.
type Config struct {
	Level  string // debug, info, warn, error; "" = info
	Format string // text, json; "" = text on a terminal, json otherwise
}

// New makes a logger that writes to w.
func New(w io.Writer, cfg Config) (*slog.Logger, error) {
	level, err := parseLevel(cfg.Level)
	if err != nil {
		return nil, err
	}
	opts := &slog.HandlerOptions{Level: level}
	text := isTerminal(w)
	switch cfg.Format {
	case "text":
		text = true
	case "json":
		text = false
	case "":
	default:
		return nil, errs.InvalidField("log-format", `The log format is "text" or "json".`)
	}
	if text {
		return slog.New(handler{slog.NewTextHandler(w, opts)}), nil
	}
	return slog.New(handler{slog.NewJSONHandler(w, opts)}), nil
}

func parseLevel(s string) (slog.Level, error) {
	switch strings.ToLower(s) {
	case "debug":
		return slog.LevelDebug, nil
	case "", "info":
		return slog.LevelInfo, nil
	case "warn", "warning":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, errs.InvalidField("log-level", `The log level is "debug", "info", "warn" or "error".`)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

type requestKey struct{}

// WithRequest puts the id of the request into the context.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// Request takes it out again, "" when there is none.
func Request(ctx context.Context) string {
	id, _ := ctx.Value(requestKey{}).(string)
	return id
}

// handler adds the id of the request.
type handler struct{ slog.Handler }

func (h handler) Handle(ctx context.Context, r slog.Record) error {
	if id := Request(ctx); id != "" {
		r.AddAttrs(slog.String("request_id", id))
	}
	return h.Handler.Handle(ctx, r)
}

func (h handler) WithAttrs(a []slog.Attr) slog.Handler { return handler{h.Handler.WithAttrs(a)} }
func (h handler) WithGroup(name string) slog.Handler   { return handler{h.Handler.WithGroup(name)} }
