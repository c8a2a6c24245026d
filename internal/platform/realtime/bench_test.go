package realtime

import (
	"fmt"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// BenchmarkFanOut sends one event to all connections over real sockets; each
// operation ends when the last client has read it. Clients and server share the
// machine, so about half of the CPU is theirs.
func BenchmarkFanOut(b *testing.B) {
	for _, connections := range []int{100, 1000} {
		b.Run(fmt.Sprint(connections), func(b *testing.B) {
			n := newNode(b, dbtest.SQLite(b), &Local{}).runs()
			n.ctx = b.Context()
			var before, after runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&before)
			var wg sync.WaitGroup
			for i := range connections {
				name := fmt.Sprint(i / PerAgent)
				n.agent(int64(i/PerAgent), name, nil)
				c, _ := n.connect(name, "")
				go func() {
					for {
						if _, _, err := c.ws.Read(n.ctx); err != nil {
							return
						}
						wg.Done()
					}
				}()
			}
			runtime.GC()
			runtime.ReadMemStats(&after)
			cpu := cpuTime()
			b.ResetTimer()
			for i := range b.N {
				wg.Add(connections)
				n.spread([]event.Event{{ID: int64(i + 1), Cursor: event.Cursor{ID: int64(i + 1)}, Type: "message.received", ActorType: "customer", Inbox: 1, Conversation: 5, Data: []byte(`{"message_id":7}`)}})
				wg.Wait()
			}
			b.ReportMetric(float64(after.HeapInuse+after.StackInuse-before.HeapInuse-before.StackInuse)/float64(connections)/1024, "KiB/connection")
			b.ReportMetric(float64((cpuTime()-cpu).Microseconds())/float64(b.N*connections), "cpu-us/frame")
			b.ReportMetric(float64(b.N*connections)/b.Elapsed().Seconds(), "frames/s")
		})
	}
}

func cpuTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u) //nolint:errcheck // never fails for itself
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
