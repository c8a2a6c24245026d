package app

import (
	"context"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// quiet is what a program with nothing to do allocates in ten seconds at most, in bytes.
const quiet = 8 << 20

// rest decides when memory is given back to the machine: once, when little was
// allocated since the last look. Go by itself waits two minutes and keeps most.
type rest struct {
	allocated uint64 // since the start of the program
	given     bool
}

func (r *rest) look(allocated uint64) (give bool) {
	busy := allocated-r.allocated > quiet
	give = !busy && !r.given
	r.allocated, r.given = allocated, !busy
	return give
}

// giveBack returns memory that a busy time needed when it is over.
func giveBack(ctx context.Context) error {
	t := time.NewTicker(10 * time.Second)
	defer t.Stop()
	total := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	var r rest
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
		if metrics.Read(total); r.look(total[0].Value.Uint64()) {
			debug.FreeOSMemory()
		}
	}
}
