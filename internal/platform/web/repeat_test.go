package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// orchard counts its trees in a table, so that it shows what was committed.
type orchard struct {
	db   *db.DB
	fail error
	late bool // the program dies after the commit
	keep bool
}

func (o *orchard) plant(ctx context.Context, in *fruitIn) (*fruitOut, error) {
	out := &fruitOut{}
	err := o.db.Write(ctx, func(tx *db.Tx) error {
		var n int64
		if err := tx.QueryRow(ctx, "INSERT INTO brand (name, created_at) VALUES (?, 0) RETURNING id", in.Body.Name).Scan(&n); err != nil {
			return err
		}
		out.Body = fruit{ID: n, Name: in.Body.Name}
		if o.keep {
			return web.Keep(ctx, tx, out)
		}
		return nil
	})
	if err == nil && o.fail != nil {
		err = o.fail
	}
	if err != nil {
		return nil, err
	}
	if o.late {
		panic(http.ErrAbortHandler)
	}
	return out, nil
}

func (o *orchard) trees(t *testing.T) (n int) {
	t.Helper()
	if err := o.db.QueryRow(t.Context(), "SELECT COUNT(*) FROM brand").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func plantAPI(d *db.DB, now func() time.Time, o *orchard) http.Handler {
	o.db = d
	api := newAPI(web.Config{DB: d, Now: now})
	web.Register(api, web.Op{Method: "POST", Path: "/trees/{id}", Summary: "Plant a tree", Tag: "Trees", Status: 202, Idempotent: true}, o.plant)
	return api.Handler()
}

var keyed = []string{"Authorization", "Bearer good", "Idempotency-Key", "k1"}

func TestARepeatGivesTheSameAnswerAndDoesNothingAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		for _, keep := range []bool{true, false} {
			now := time.Date(2026, 11, 27, 9, 0, 0, 0, time.UTC)
			o := &orchard{keep: keep}
			h := plantAPI(d, func() time.Time { return now }, o)
			before := o.trees(t)
			headers := append(keyed[:3:3], "key-"+map[bool]string{true: "kept", false: "late"}[keep])
			first := call(h, "POST", "/api/v1/trees/1", `{"name":"<pear>"}`, headers...)
			again := call(h, "POST", "/api/v1/trees/1", `{"name":"<pear>"}`, headers...)
			if first.Code != 202 || again.Code != 202 || first.Body.String() != again.Body.String() || again.Header().Get("Idempotent-Replayed") != "true" {
				t.Errorf("keep=%v: %d %s, then %d %s", keep, first.Code, first.Body, again.Code, again.Body)
			}
			if other := call(h, "POST", "/api/v1/trees/1", `{"name":"apple"}`, headers...); problemIn(t, other).Status != 422 {
				t.Errorf("another body: %d", other.Code)
			}
			if other := call(h, "POST", "/api/v1/trees/2", `{"name":"<pear>"}`, headers...); problemIn(t, other).Status != 422 {
				t.Errorf("another path: %d", other.Code)
			}
			if n := o.trees(t) - before; n != 1 {
				t.Errorf("%d trees were planted", n)
			}
			now = now.Add(web.RepeatsKept)
			if w := call(h, "POST", "/api/v1/trees/1", `{"name":"apple"}`, headers...); w.Code != 202 || w.Header().Get("Idempotent-Replayed") != "" {
				t.Errorf("after a day: %d %s", w.Code, w.Body)
			}
		}
		if n, err := web.PruneRepeats(t.Context(), d, time.Date(2026, 12, 27, 9, 0, 0, 0, time.UTC), 100); err != nil || n != 2 {
			t.Errorf("pruned %d, %v", n, err)
		}
	})
}

func TestAProgramKilledBeforeItsAnswerGivesItOnRepeat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := &orchard{keep: true, late: true}
		func() {
			defer func() { _ = recover() }()
			call(plantAPI(d, time.Now, o), "POST", "/api/v1/trees/1", `{"name":"pear"}`, keyed...)
		}()
		o.late = false
		w := call(plantAPI(d, time.Now, o), "POST", "/api/v1/trees/1", `{"name":"pear"}`, keyed...)
		if w.Code != 202 || w.Header().Get("Idempotent-Replayed") != "true" || o.trees(t) != 1 {
			t.Errorf("%d %s, %d trees", w.Code, w.Body, o.trees(t))
		}
	})
}

func TestOnlySuccessIsRepeated(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := &orchard{}
		api := newAPI(web.Config{DB: d})
		refuse := true
		web.Register(api, web.Op{Method: "POST", Path: "/trees/{id}", Summary: "Plant", Tag: "Trees", Idempotent: true}, func(ctx context.Context, in *fruitIn) (*fruitOut, error) {
			if refuse {
				return nil, errs.New(errs.Conflict, "Somebody was faster.")
			}
			return &fruitOut{Body: fruit{ID: 4}}, nil
		})
		o.db = d
		if w := call(api.Handler(), "POST", "/api/v1/trees/1", `{"name":"pear"}`, keyed...); w.Code != 409 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
		refuse = false
		if w := call(api.Handler(), "POST", "/api/v1/trees/1", `{"name":"pear","password":"12345678"}`, keyed...); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestARepeatWhileTheFirstRunsIsAConflictOfItsOwnType(t *testing.T) {
	t.Parallel()
	d := dbtest.SQLite(t)
	api := newAPI(web.Config{DB: d})
	entered, leave := make(chan bool), make(chan bool)
	web.Register(api, web.Op{Method: "POST", Path: "/trees/{id}", Summary: "Plant", Tag: "Trees", Idempotent: true}, func(ctx context.Context, in *fruitIn) (*fruitOut, error) {
		entered <- true
		<-leave
		return &fruitOut{}, nil
	})
	var wg sync.WaitGroup
	var first *httptest.ResponseRecorder
	wg.Go(func() { first = call(api.Handler(), "POST", "/api/v1/trees/1", `{"name":"pear"}`, keyed...) })
	<-entered
	second := call(api.Handler(), "POST", "/api/v1/trees/1", `{"name":"pear"}`, keyed...)
	if p := problemIn(t, second); p.Status != 409 || p.Type != web.RepeatRunning {
		t.Errorf("%+v", p)
	}
	close(leave)
	wg.Wait()
	if first.Code != 200 {
		t.Errorf("%d %s", first.Code, first.Body)
	}
}

func TestTheSameRequestOnTwoNodesAtOnceIsDoneOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		answers := make([]*httptest.ResponseRecorder, 6)
		orchards := make([]*orchard, len(answers))
		for i := range answers {
			orchards[i] = &orchard{keep: true}
			h := plantAPI(d, time.Now, orchards[i])
			wg.Go(func() { answers[i] = call(h, "POST", "/api/v1/trees/1", `{"name":"pear"}`, keyed...) })
		}
		wg.Wait()
		for _, w := range answers {
			if w.Code != 202 || w.Body.String() != answers[0].Body.String() {
				t.Errorf("%d %s", w.Code, w.Body)
			}
		}
		if n := orchards[0].trees(t); n != 1 {
			t.Errorf("%d trees", n)
		}
	})
}

func TestAFailureAfterTheCommitIsAnsweredWithWhatWasKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		o := &orchard{keep: true, fail: errors.New("the connection broke after the commit")}
		w := call(plantAPI(d, time.Now, o), "POST", "/api/v1/trees/1", `{"name":"pear"}`, keyed...)
		if w.Code != 202 || o.trees(t) != 1 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}
