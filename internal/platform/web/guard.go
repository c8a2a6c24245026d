package web

import (
	"context"
	"errors"
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
		if err := a.cfg.Need(r.Context(), op.Permission); err != nil {
			return r, err
		}
	}
	if n := op.maxBody(); n > 0 {
		r.Body = http.MaxBytesReader(w, r.Body, n)
	}
	return r, setDeadline(w, op.readTimeout())
}

func setDeadline(w http.ResponseWriter, d time.Duration) error {
	var at time.Time
	if d > 0 {
		at = time.Now().Add(d)
	}
	err := http.NewResponseController(w).SetReadDeadline(at)
	if errors.Is(err, http.ErrNotSupported) {
		return nil // a test's recorder
	}
	return err
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
