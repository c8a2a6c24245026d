package web

import (
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"os"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// The problem types that a program must tell apart (409).
const (
	StaleReply    = "urn:deskbell:problem:stale-reply"    // has "newer"
	StaleVersion  = "urn:deskbell:problem:stale-version"  // somebody else saved first
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
	p := &Problem{Type: "about:blank", Status: http.StatusInternalServerError, Detail: errs.Sentence(err), RequestID: RequestID(ctx)}
	var e *errs.Error
	var large *http.MaxBytesError
	var gone goneError
	switch {
	case errors.As(err, &e):
		p.Errors, p.extra, p.after = e.Fields, e.Extra, e.RetryAfter
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
		p.Status, p.Detail = http.StatusRequestEntityTooLarge, tooLarge(large.Limit)
	case errors.Is(err, os.ErrDeadlineExceeded):
		p.Status, p.Detail = http.StatusRequestTimeout, "The body did not arrive in time."
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		p.Status, p.Detail = http.StatusServiceUnavailable, "This took too long and was given up. Nothing was changed; repeat it."
	}
	p.Title = http.StatusText(p.Status)
	return p
}

func tooLarge(limit int64) string {
	if limit >= 1<<20 {
		return "This is too large: at most " + strconv.FormatInt(limit>>20, 10) + " MiB are taken."
	}
	return "This is too large: at most " + strconv.FormatInt(limit, 10) + " bytes are taken."
}

type goneError struct{ error }

func (g goneError) Unwrap() error { return g.error }

// Gone is an error of status 410: what was asked for existed and is not kept any more.
func Gone(sentence string) error { return goneError{errs.New(errs.NotFound, sentence)} }

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

// inputProblem words what huma found wrong. The values are left out: they may be passwords.
func inputProblem(ctx context.Context, status int, message string, causes []error) *Problem {
	p := &Problem{Type: "about:blank", Status: status, Detail: sentence(message), RequestID: RequestID(ctx)}
	for _, err := range causes {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			p.Status, p.Detail = http.StatusRequestEntityTooLarge, tooLarge(large.Limit)
			break
		}
		if d, ok := err.(huma.ErrorDetailer); ok {
			detail := d.ErrorDetail()
			p.Errors = append(p.Errors, errs.Field{Location: detail.Location, Message: sentence(detail.Message)})
		}
	}
	switch {
	case p.Status == http.StatusRequestEntityTooLarge && len(p.Errors) == 0 && strings.HasPrefix(p.Detail, "Request body"):
		p.Detail = "This is too large for this operation."
	case len(p.Errors) == 1:
		p.Detail = p.Errors[0].Message + " (" + p.Errors[0].Location + ")"
	case len(p.Errors) > 1:
		p.Detail = "Some parts of the input are wrong."
	}
	if p.Status == http.StatusInternalServerError {
		p.Detail = errs.Sentence(nil)
	}
	p.Title = http.StatusText(p.Status)
	return p
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	s = strings.ToUpper(s[:1]) + s[1:]
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
