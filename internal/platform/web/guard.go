package web

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

var errSignIn = errs.New(errs.Unauthorized, "Sign in to do this.")

type whoKey struct{}

// Caller is who makes the request; the zero Who is a stranger.
func Caller(ctx context.Context) Who {
	w, _ := ctx.Value(whoKey{}).(Who)
	return w
}

// guard lets a request through to its operation: who calls, from where, how
// often, with which permission, and with how large a body.
func (a *API) guard(op Op, w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	ctx, who, err := a.cfg.Authenticate(r)
	if err != nil {
		if limit := a.ips.take(addressGroup(ClientIP(r.Context())), a.cfg.Now()); limit != nil {
			return r, limit
		}
		if !op.Public || !errs.Is(err, errs.Unauthorized) {
			return r, err
		}
		ctx, who = r.Context(), Who{} // an expired session may still sign in
	}
	r = r.WithContext(context.WithValue(ctx, whoKey{}, who))
	if !who.Key {
		if err := a.origins.Check(r); err != nil {
			return r, errs.New(errs.Forbidden, "This request came from another website, so it was refused.").Because(err)
		}
	}
	if err := a.limit(op, r, who); err != nil {
		return r, err
	}
	if !op.Public {
		if who.ID == "" {
			return r, errSignIn
		}
		if op.Early {
			return a.limited(op, w, r), nil
		}
		if err := a.cfg.Need(r.Context(), op.Permission); err != nil {
			return r, err
		}
	}
	return a.limited(op, w, r), nil
}

// limited bounds the body in size and time.
func (a *API) limited(op Op, w http.ResponseWriter, r *http.Request) *http.Request {
	if n := op.maxBody(); n > 0 {
		r.Body = http.MaxBytesReader(w, r.Body, n)
	}
	if d := op.readTimeout(); d > 0 {
		r.Body = &timedBody{ReadCloser: r.Body, conn: http.NewResponseController(w), limit: d}
	}
	return r
}

// timedBody lets a body arrive until a deadline. The deadline stands only while
// the body is read: afterwards it would end the request's context.
type timedBody struct {
	io.ReadCloser
	conn  *http.ResponseController
	limit time.Duration
	state int // 0 = not begun, 1 = being read, 2 = done
}

func (b *timedBody) Read(p []byte) (int, error) {
	if b.state == 0 {
		b.state = 1
		_ = b.conn.SetReadDeadline(time.Now().Add(b.limit)) // a test's recorder has none
	}
	n, err := b.ReadCloser.Read(p)
	if err != nil {
		b.finish()
	}
	return n, err
}

func (b *timedBody) Close() error {
	b.finish()
	return b.ReadCloser.Close()
}

func (b *timedBody) finish() {
	if b.state == 1 {
		_ = b.conn.SetReadDeadline(time.Time{})
	}
	b.state = 2
}

func (a *API) limit(op Op, r *http.Request, who Who) error {
	switch {
	case op.Unlimited && who.ID != "":
		return nil
	case who.ID == "":
		return a.ips.take(addressGroup(ClientIP(r.Context())), a.cfg.Now())
	}
	return a.keys.take(who.ID, a.cfg.Now())
}
