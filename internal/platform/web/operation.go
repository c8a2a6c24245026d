package web

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
)

// Op describes one operation.
type Op struct {
	Method     string
	Path       string // under /api/v1, such as "/teams/{id}"
	Permission string // what the caller must be allowed; "" = any signed-in agent
	Public     bool   // no sign-in needed
	Early      bool   // also for a caller who has yet to set up the second step
	Summary    string // a few words
	Text       string // more, in Markdown, optional
	Tag        string // heading in the docs
	Status     int    // of success; 0 = 200, or 204 when the output has no Body
	Idempotent bool   // accepts Idempotency-Key, see [Keep]; not for Handle
	Errors     []int  // beyond those that follow from the rest

	MaxBody     int64         // bytes; 0 = 1 MiB, negative = unlimited
	ReadTimeout time.Duration // for the body; 0 = 30 s and 4 s for each MiB that it may have, negative = none
	Unlimited   bool          // not counted by the rate limit

	// For Handle only.
	Query    []Param  // described query parameters
	Request  *Content // described request body
	Response *Content // described answer
}

// Param describes a query parameter of a [Handle] operation.
type Param struct{ Name, Text string }

// Content describes a body that is not JSON of a Go type.
type Content struct {
	Type string // media type
	Text string
	// Of is a value whose type describes JSON; nil = bytes.
	Of any
}

const (
	opKey          = "op"
	defaultMaxBody = 1 << 20
)

// Route is one operation in the list of all.
type Route struct{ Method, Path, Permission string }

// Routes lists all operations, sorted by path and method. The permission of a
// public one is "public", of one that asks only for a sign-in "signed in".
func (a *API) Routes() []Route {
	out := slices.Clone(a.routes)
	slices.SortFunc(out, func(x, y Route) int {
		if c := strings.Compare(x.Path, y.Path); c != 0 {
			return c
		}
		return strings.Compare(x.Method, y.Method)
	})
	return out
}

// Register adds an operation whose input and output huma decodes, validates and
// describes. Errors of the handler become problem documents.
func Register[I, O any](a *API, op Op, handler func(context.Context, *I) (*O, error)) {
	huma.Register(a.huma, op.operation(), func(ctx context.Context, in *I) (*O, error) {
		out, err := handler(ctx, in)
		if err == nil {
			err = a.keepLate(ctx, out)
		}
		if err != nil {
			return nil, a.failed(ctx, err)
		}
		return out, nil
	})
}

// Handle adds an operation that reads or writes bytes itself. An error that it
// returns before it wrote anything becomes a problem document; one returned
// later is logged. The body is limited, not buffered.
func Handle(a *API, op Op, handler func(w http.ResponseWriter, r *http.Request) error) {
	op.Idempotent = false // its body would have to be held in memory
	a.describeRaw(op)
	a.serve(op, handler)
}

func (op Op) operation() huma.Operation {
	limit := op.maxBody()
	if limit > 0 {
		limit++ // huma refuses a body that reaches its limit
	}
	return huma.Operation{
		OperationID:     op.id(),
		Method:          op.Method,
		Path:            op.Path,
		DefaultStatus:   op.Status,
		MaxBodyBytes:    limit,
		BodyReadTimeout: -1, // see timedBody
		Summary:         op.Summary,
		Description:     op.description(),
		Tags:            []string{op.Tag},
		Errors:          op.errorStatuses(),
		Security:        op.security(),
		Metadata:        map[string]any{opKey: op},
		Parameters:      op.headers(),
		Extensions:      map[string]any{"x-permission": op.permission()},
	}
}

func (op Op) maxBody() int64 {
	if op.MaxBody == 0 {
		return defaultMaxBody
	}
	return op.MaxBody
}

func (op Op) readTimeout() time.Duration {
	if op.ReadTimeout == 0 {
		return 30*time.Second + time.Duration(max(0, op.maxBody())>>20)*4*time.Second
	}
	return op.ReadTimeout
}

// id is such as "post_teams_id".
func (op Op) id() string {
	words := strings.FieldsFunc(op.Path, func(r rune) bool { return strings.ContainsRune("/{}-.", r) })
	return strings.ToLower(op.Method) + "_" + strings.Join(words, "_")
}

func (op Op) permission() string {
	switch {
	case op.Public:
		return "public"
	case op.Permission == "":
		return "signed in"
	}
	return op.Permission
}

// serve puts the guarded handler on the mux and the operation into the list.
func (a *API) serve(op Op, handler func(w http.ResponseWriter, r *http.Request) error) {
	a.routes = append(a.routes, Route{op.Method, Prefix + op.Path, op.permission()})
	a.mux.HandleFunc(op.Method+" "+Prefix+op.Path, func(w http.ResponseWriter, r *http.Request) {
		r, err := a.guard(op, w, r)
		if err == nil {
			err = a.once(op, w, r, handler)
		}
		if err != nil {
			a.refuse(w, r, err)
		}
	})
}
