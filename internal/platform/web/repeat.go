package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// RepeatsKept is how long the answer to an Idempotency-Key is kept.
const RepeatsKept = 24 * time.Hour

// repeat is one request with an Idempotency-Key, carried by its context.
type repeat struct {
	actor, route, name string
	hash               []byte
	status             int // of success
	at                 time.Time
	kept               bool // the answer is committed
}

type repeatKey struct{}

var errRepeated = errs.New(errs.Conflict, "The same request was done at the same time.")

// Keep stores the answer of an idempotent operation in the transaction of its
// work: they are committed together or not at all, so after a crash a repeat
// with the same Idempotency-Key either finds the answer or does the work for
// the first time. Call it as the last thing inside the transaction with the
// operation's output. Without an Idempotency-Key it does nothing.
//
// When it fails because another node did the same request, the transaction must
// be rolled back, which returning the error does; the caller of the API then
// gets the other's answer.
//
// An idempotent operation that does not call Keep has its answer stored after
// its work: right except when the program dies in between.
func Keep(ctx context.Context, tx *db.Tx, out any) error {
	rep, _ := ctx.Value(repeatKey{}).(*repeat)
	if rep == nil {
		return nil
	}
	status, body, err := rep.answer(out)
	if err != nil {
		return err
	}
	if err := storeAnswer(ctx, tx, rep, status, body); err != nil {
		return err
	}
	tx.AfterCommit(func() { rep.kept = true })
	return nil
}

// answer takes the status and the JSON out of an operation's output.
func (rep *repeat) answer(out any) (status int, body string, err error) {
	status = rep.status
	v := reflect.Indirect(reflect.ValueOf(out))
	if v.Kind() != reflect.Struct {
		return status, "", nil
	}
	if f := v.FieldByName("Status"); f.IsValid() && f.Kind() == reflect.Int && f.Int() != 0 {
		status = int(f.Int())
	}
	f := v.FieldByName("Body")
	if !f.IsValid() {
		if status == 0 {
			status = http.StatusNoContent
		}
		return status, "", nil
	}
	if status == 0 {
		status = http.StatusOK
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err = enc.Encode(f.Interface())
	return status, b.String(), err
}

// keepLate stores the answer of an operation that did not call [Keep].
func (a *API) keepLate(ctx context.Context, out any) error {
	rep, _ := ctx.Value(repeatKey{}).(*repeat)
	if rep == nil || rep.kept {
		return nil
	}
	err := a.cfg.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return Keep(ctx, tx, out) })
	if err != nil {
		a.cfg.Log.Warn("the answer for repeats was not kept", "error", err, "request_id", RequestID(ctx))
	}
	return nil
}

// once runs the handler, or repeats the answer that it gave before.
func (a *API) once(op Op, w http.ResponseWriter, r *http.Request, handler func(http.ResponseWriter, *http.Request) error) error {
	name := r.Header.Get("Idempotency-Key")
	who := Caller(r.Context())
	if !op.Idempotent || name == "" || who.ID == "" || a.cfg.DB == nil {
		return handler(w, r)
	}
	if len(name) > 255 {
		return errs.InvalidField("header.Idempotency-Key", "An Idempotency-Key has at most 255 characters.")
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	h := sha256.New()
	io.WriteString(h, r.URL.RequestURI()+"\n")
	h.Write(body)
	rep := &repeat{actor: who.ID, route: op.Method + " " + op.Path, name: name, hash: h.Sum(nil), status: op.Status, at: a.cfg.Now()}
	if !a.running.begin(rep) {
		e := errs.New(errs.Conflict, "The first request with this Idempotency-Key is still running.")
		e.Type, e.RetryAfter = RepeatRunning, 1
		return e
	}
	defer a.running.end(rep)
	if done, err := a.repeated(w, r, rep); done || err != nil {
		return err
	}
	late := &heldAnswer{ResponseWriter: w}
	err = handler(late, r.WithContext(context.WithValue(r.Context(), repeatKey{}, rep)))
	if err != nil || late.status >= 400 {
		// Another node may have done the same work meanwhile; then its answer is ours.
		if done, again := a.repeated(w, r, rep); done || again != nil {
			return again
		}
	}
	if err != nil {
		return err
	}
	return late.release()
}

// repeated answers with what was kept, if anything was.
func (a *API) repeated(w http.ResponseWriter, r *http.Request, rep *repeat) (bool, error) {
	status, body, hash, err := readAnswer(r.Context(), a.cfg.DB, rep)
	if errors.Is(err, errNoAnswer) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if !bytes.Equal(hash, rep.hash) {
		return false, errs.InvalidField("header.Idempotency-Key", "This Idempotency-Key was used for a different request.")
	}
	w.Header().Set("Idempotent-Replayed", "true")
	if body != "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // the client is gone
	return true, nil
}

// heldAnswer holds the answer back until it is certain that it is the right one.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

func (h *heldAnswer) WriteHeader(status int) {
	if h.status == 0 {
		h.status = status
	}
}

func (h *heldAnswer) Write(b []byte) (int, error) {
	h.WriteHeader(http.StatusOK)
	return h.body.Write(b)
}

func (h *heldAnswer) Unwrap() http.ResponseWriter { return h.ResponseWriter }

func (h *heldAnswer) release() error {
	if h.status != 0 {
		h.ResponseWriter.WriteHeader(h.status)
	}
	_, _ = h.ResponseWriter.Write(h.body.Bytes()) // the client is gone
	return nil
}

// running are the requests with an Idempotency-Key that this node works on.
type running struct {
	mu  sync.Mutex
	set map[[3]string]bool
}

func (s *running) begin(rep *repeat) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := [3]string{rep.actor, rep.route, rep.name}
	if s.set[k] {
		return false
	}
	if s.set == nil {
		s.set = map[[3]string]bool{}
	}
	s.set[k] = true
	return true
}

func (s *running) end(rep *repeat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.set, [3]string{rep.actor, rep.route, rep.name})
}
