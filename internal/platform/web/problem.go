package web

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// The problem types that a program must tell apart (409).
const (
	StaleReply    = "urn:deskbell:problem:stale-reply"    // has "newer"
	StaleVersion  = errs.StaleVersion                     // somebody else saved first
	RepeatRunning = "urn:deskbell:problem:repeat-running" // the first request with this Idempotency-Key has not ended
)

// Problem is the body of every error (RFC 9457).
type Problem struct {
	Type      string       `json:"type" doc:"about:blank, or a urn that tells this problem from others of the same status"`
	Title     string       `json:"title" doc:"The status in words"`
	Status    int          `json:"status"`
	Detail    string       `json:"detail" doc:"A sentence for a person"`
	RequestID string       `json:"request_id" doc:"Under this id the server's log knows more"`
	Errors    []errs.Field `json:"errors,omitempty" doc:"The wrong parts of the input"`

	extra map[string]any
	after int
}

func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders implements huma.HeadersError.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if p.after > 0 {
		h.Set("Retry-After", strconv.Itoa(p.after))
	}
	if p.Status == http.StatusUnauthorized {
		h.Set("WWW-Authenticate", "Bearer")
	}
	return h
}

// MarshalJSON puts extra members beside the others.
func (p *Problem) MarshalJSON() ([]byte, error) {
	type plain Problem
	if len(p.extra) == 0 {
		return json.Marshal((*plain)(p))
	}
	text, err := json.Marshal((*plain)(p))
	if err != nil {
		return nil, err
	}
	all := map[string]any{}
	maps.Copy(all, p.extra)
	var own map[string]json.RawMessage
	if err := json.Unmarshal(text, &own); err != nil {
		return nil, err
	}
	for k, v := range own {
		all[k] = v
	}
	return json.Marshal(all)
}

var statuses = map[errs.Kind]int{
	errs.Invalid:      http.StatusUnprocessableEntity,
	errs.Unauthorized: http.StatusUnauthorized,
	errs.Forbidden:    http.StatusForbidden,
	errs.NotFound:     http.StatusNotFound,
	errs.Conflict:     http.StatusConflict,
	errs.TooLarge:     http.StatusRequestEntityTooLarge,
	errs.TooMany:      http.StatusTooManyRequests,
	errs.Unavailable:  http.StatusServiceUnavailable,
	errs.Internal:     http.StatusInternalServerError,
}

// problemOf is the document of an error; of an unknown error it gives nothing away.
func problemOf(ctx context.Context, err error) *Problem {
	p := &Problem{Type: "about:blank", Status: http.StatusInternalServerError, RequestID: RequestID(ctx)}
	text := errs.TextOf(err)
	var e *errs.Error
	var large *http.MaxBytesError
	var gone goneError
	switch {
	case errors.As(err, &e):
		p.Errors, p.extra, p.after = sayFields(ctx, e.Fields), e.Extra, e.RetryAfter
		if s, ok := statuses[e.Kind]; ok {
			p.Status = s
		}
		if e.Type != "" {
			p.Type = e.Type
		}
		if errors.As(err, &gone) {
			p.Status = http.StatusGone
		}
	case errors.As(err, &large):
		p.Status, text = http.StatusRequestEntityTooLarge, tooLarge(large.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		p.Status, text = http.StatusRequestTimeout, tooSlow
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		p.Status, text = http.StatusServiceUnavailable, errs.Say("This took too long and was given up. Nothing was changed; repeat it.")
	}
	p.Title, p.Detail = http.StatusText(p.Status), Say(ctx, text)
	return p
}

var tooSlow = errs.Say("The body did not arrive in time.")

func tooLarge(limit int64) errs.Text {
	if limit >= 1<<20 {
		return errs.Say("This is too large: at most %d MiB are taken.", limit>>20)
	}
	return errs.Say("This is too large: at most %d bytes are taken.", limit)
}

type goneError struct{ error }

func (g goneError) Unwrap() error { return g.error }

// Gone is an error of status 410: what was asked for existed and is not kept any more.
func Gone(why *errs.Error) error { return goneError{why} }

// failed logs an error that only we can mend, once, and makes the problem of it.
func (a *API) failed(ctx context.Context, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	err = db.InWords(err)
	p = problemOf(ctx, err)
	if p.Status == http.StatusInternalServerError {
		a.cfg.Log.ErrorContext(ctx, "a request failed", "error", err.Error(), "request_id", p.RequestID)
	}
	return p
}

// refuse answers with the problem of err, or only logs when the answer has begun.
func (a *API) refuse(w http.ResponseWriter, r *http.Request, err error) {
	p := a.failed(r.Context(), err)
	if wasAnswered(w) {
		a.cfg.Log.Debug("an answer broke off", "error", err.Error(), "request_id", p.RequestID)
		return
	}
	writeProblem(r.Context(), w, p)
}

func writeProblem(ctx context.Context, w http.ResponseWriter, p *Problem) {
	maps.Copy(w.Header(), p.GetHeaders())
	w.Header().Set("Content-Type", p.ContentType(""))
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p) // the client is gone
}

// WriteProblem answers with the problem document of err, for handlers on [API.Mux].
func (a *API) WriteProblem(w http.ResponseWriter, r *http.Request, err error) { a.refuse(w, r, err) }

// huma's only hook for its own errors is a package variable.
func init() {
	huma.NewErrorWithContext = func(c huma.Context, status int, message string, causes ...error) huma.StatusError {
		ctx := context.Background()
		if c != nil {
			ctx = c.Context()
		}
		return inputProblem(ctx, status, message, causes)
	}
	huma.NewError = func(status int, message string, causes ...error) huma.StatusError {
		return inputProblem(context.Background(), status, message, causes)
	}
	huma.DefaultArrayNullable = false
}
