package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// answer watches what is written, so that a late error does not write twice.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController and websockets reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

func wasAnswered(w http.ResponseWriter) bool {
	a, ok := w.(*answer)
	return ok && a.status != 0
}

// withLog writes one line per request; only what failed on our side is above debug.
func (a *API) withLog(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		aw := &answer{ResponseWriter: w}
		next.ServeHTTP(aw, r)
		if a.cfg.Answered != nil {
			a.cfg.Answered(r.Pattern, aw.status, time.Since(start))
		}
		level := slog.LevelDebug
		if aw.status >= 500 {
			level = slog.LevelWarn
		}
		ctx := r.Context()
		if !a.cfg.Log.Enabled(ctx, level) {
			return
		}
		a.cfg.Log.LogAttrs(ctx, level, "request", slog.String("method", r.Method), slog.String("route", r.Pattern),
			slog.Int("status", aw.status), slog.Int64("bytes", aw.bytes), slog.Duration("took", time.Since(start)),
			slog.String("ip", ClientIP(ctx).String()), slog.String("request_id", RequestID(ctx)))
	})
}

func (a *API) withRecover(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			if err, ok := p.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(p)
			}
			a.cfg.Log.Error("a request panicked", "panic", fmt.Sprint(p), "stack", string(debug.Stack()),
				"method", r.Method, "path", r.URL.Path, "request_id", RequestID(r.Context()))
			if !wasAnswered(w) {
				writeProblem(r.Context(), w, problemOf(r.Context(), errs.Said(errs.Internal, errs.TextOf(nil))))
			}
		}()
		next.ServeHTTP(w, r)
	})
}

const apiPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox"

// withHeaders sets what is right for API answers; pages set their own policy.
func withHeaders(publicURL string, next http.Handler) http.Handler {
	secure := strings.HasPrefix(publicURL, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", apiPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}
