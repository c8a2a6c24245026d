package lease

import (
	"context"
	"fmt"
	"hash/fnv"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Spread shares the leases named by wanted over all nodes that call it with the
// same group, and runs do for each that this node holds. It asks wanted again
// every five seconds: what is no longer wanted is ended, what became free is
// taken, and a node that holds more than its share lets go. When do returns it
// is started again at the next round, on whichever node. Spread ends with ctx,
// after every do has returned.
func (h *Holder) Spread(ctx context.Context, group string, wanted func(ctx context.Context) ([]string, error), do func(ctx context.Context, name string, token int64) error) error {
	s := h.newSpread(group, wanted, do)
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = h.Do(ctx, nodePrefix(group)+h.Node, func(ctx context.Context, _ int64) error {
			<-ctx.Done()
			return nil
		})
	})
	for {
		if err := s.round(ctx); err != nil && ctx.Err() == nil {
			h.Log.Warn("work was not shared between the nodes", "group", group, "error", err)
		}
		if err := s.pause(ctx); err != nil {
			s.wg.Wait()
			wg.Wait()
			return err
		}
	}
}

// pause is shorter where there are other nodes, or were until just now, so that
// what a dead one held is with another within twenty seconds.
func (s *spread) pause(ctx context.Context) error {
	if s.h.clockNow().Sub(s.company) > 2*Lost {
		return pause(ctx, Renewed)
	}
	return pause(ctx, Renewed/3)
}

type spread struct {
	h      *Holder
	group  string
	wanted func(ctx context.Context) ([]string, error)
	do     func(ctx context.Context, name string, token int64) error

	company time.Time // when another node was last seen

	mu   sync.Mutex
	mine map[string]*share
	wg   sync.WaitGroup
}

// share is one lease of ours, or one that we are letting go of.
type share struct {
	cancel context.CancelFunc
	ending bool
	done   chan struct{} // closed when it is gone
}

func (h *Holder) newSpread(group string, wanted func(context.Context) ([]string, error), do func(context.Context, string, int64) error) *spread {
	return &spread{h: h, group: group, wanted: wanted, do: do, mine: map[string]*share{}}
}

// round brings what this node holds nearer to its share.
func (s *spread) round(ctx context.Context) error {
	names, err := s.wanted(ctx)
	if err != nil {
		return err
	}
	nodes, err := s.h.nodes(ctx, s.group)
	if err != nil {
		return err
	}
	if nodes > 1 {
		s.company = s.h.clockNow()
	}
	most := (len(names) + nodes - 1) / nodes
	have := s.shrink(names, most)
	s.order(names)
	for _, name := range names {
		if have >= most {
			break
		}
		taken, err := s.start(ctx, name)
		if err != nil {
			return err
		}
		if taken {
			have++
		}
	}
	return nil
}

// shrink ends what is not wanted and what is too much, and returns what is left.
func (s *spread) shrink(names []string, most int) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	have := 0
	for name, one := range s.mine {
		if one.ending {
			continue
		}
		if have == most || !slices.Contains(names, name) {
			one.ending = true
			one.cancel()
			continue
		}
		have++
	}
	return have
}

// order lets each node begin with other names, so that nodes seldom ask for the
// same one.
func (s *spread) order(names []string) {
	rank := func(name string) uint64 {
		f := fnv.New64a()
		f.Write([]byte(s.h.Node + "\x00" + name)) //nolint:errcheck // never fails
		return f.Sum64()
	}
	slices.SortFunc(names, func(a, b string) int {
		if rank(a) < rank(b) {
			return -1
		}
		return 1
	})
}

// start takes one lease if it is free and runs do under it until the lease is
// lost, ended or done. It answers when it is known whether the lease was free.
func (s *spread) start(ctx context.Context, name string) (bool, error) {
	s.mu.Lock()
	if _, have := s.mine[name]; have {
		s.mu.Unlock()
		return false, nil
	}
	ctx, cancel := context.WithCancel(ctx)
	s.mine[name] = &share{cancel: cancel, done: make(chan struct{})}
	s.mu.Unlock()
	type answer struct {
		taken bool
		err   error
	}
	known := make(chan answer, 2)
	s.wg.Go(func() {
		ran, err := s.h.Try(ctx, s.group+"/"+name, func(ctx context.Context, token int64) error {
			known <- answer{taken: true}
			return guarded(func() error { return s.do(ctx, name, token) })
		})
		s.forget(name, cancel) // before the answer, or the next round counts what was never held
		known <- answer{err: err}
		if ran && err != nil && ctx.Err() == nil {
			s.h.Log.Warn("work under a lease ended, it is started again", "lease", name, "error", err)
		}
	})
	a := <-known
	return a.taken, a.err
}

func (s *spread) forget(name string, cancel context.CancelFunc) {
	cancel()
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.mine[name].done)
	delete(s.mine, name)
}

// Every runs fn about once per period on one node of all: whoever finds the
// lease free. It ends with ctx.
func (h *Holder) Every(ctx context.Context, name string, period time.Duration, fn func(ctx context.Context, token int64) error) error {
	return h.Do(ctx, name, func(ctx context.Context, token int64) error {
		t := time.NewTicker(period)
		defer t.Stop()
		for {
			if err := guarded(func() error { return fn(ctx, token) }); err != nil && ctx.Err() == nil {
				h.Log.Warn("scheduled work failed, it is tried again at the next turn", "lease", name, "error", err)
			}
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-t.C:
			}
		}
	})
}

// guarded turns a panic into an error: work that breaks must not end the program.
func guarded(fn func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn()
}
