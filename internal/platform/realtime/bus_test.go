package realtime

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/testbed"
)

// runner is a bus that works while Run runs.
type runner interface {
	Bus
	Run(ctx context.Context) error
}

// buses are both kinds with their real servers; make gives one more node.
var buses = map[string]func(t *testing.T) (make func() runner){
	"postgres": func(t *testing.T) func() runner {
		url := dbtest.PostgresURL(t)
		d, err := db.Open(context.Background(), db.Config{URL: url, MaxConn: 4})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return func() runner { return NewPostgres(url, d, quiet) }
	},
	"nats": func(t *testing.T) func() runner {
		server := testbed.StartNATS(t, testbed.NATSOptions{User: "desk", Password: "bell/&?@"})
		return func() runner { return NewNATS(NATSConfig{URL: server.URL, Space: "one", Log: quiet}) }
	},
}

func eachBus(t *testing.T, fn func(t *testing.T, one, two runner)) {
	for name, open := range buses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			more := open(t)
			one, two := more(), more()
			runs(t, one)
			runs(t, two)
			fn(t, one, two)
		})
	}
}

// runs starts a bus and waits until it is up.
func runs(t *testing.T, b runner) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- b.Run(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(stop)
	becomes(t, b, true)
	return stop
}

func becomes(t *testing.T, b Bus, up bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for b.Status().Up != up {
		if wait(ctx, time.Millisecond); ctx.Err() != nil {
			t.Fatalf("the bus is %+v", b.Status())
		}
	}
}

func hears(t *testing.T, b Bus, subject string) <-chan string {
	heard := make(chan string, 64)
	t.Cleanup(b.Subscribe(subject, func(data []byte) { heard <- string(data) }))
	return heard
}

func next(t *testing.T, heard <-chan string) string {
	t.Helper()
	select {
	case text := <-heard:
		return text
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was heard")
		return ""
	}
}

func TestAHintReachesEveryNodeOnceWhateverItsText(t *testing.T) {
	eachBus(t, func(t *testing.T, one, two runner) {
		atOne, atTwo := hears(t, one, SubjectTell), hears(t, two, SubjectTell)
		other := hears(t, two, SubjectFeed)
		wide := strings.Repeat("ü", MaxHint/2)
		for _, text := range []string{"it's \"quoted\"\nand ü|1|2", "", strings.Repeat("€", 2334), "x" + strings.Repeat("𝄞", 5000), wide, "end"} {
			one.Publish(SubjectTell, []byte(text))
			if got := next(t, atOne); got != text {
				t.Errorf("the node itself heard %d bytes of %d", len(got), len(text))
			}
			if got := next(t, atTwo); got != text {
				t.Errorf("the other node heard %d bytes of %d", len(got), len(text))
			}
		}
		two.Publish(SubjectTell, []byte("back"))
		if got := next(t, atOne); got != "back" {
			t.Errorf("heard %q: its own hint came twice", got)
		}
		if len(other) > 0 {
			t.Error("a hint was heard under another subject")
		}
	})
}

func TestAHintThatIsTooLargeStaysAndTheNextOnesPass(t *testing.T) {
	eachBus(t, func(t *testing.T, one, two runner) {
		atOne, atTwo := hears(t, one, SubjectTell), hears(t, two, SubjectTell)
		one.Publish(SubjectTell, []byte(strings.Repeat("x", MaxHint+1)))
		one.Publish(SubjectTell, []byte("end"))
		if got := next(t, atOne); len(got) != MaxHint+1 {
			t.Errorf("the node itself heard %d bytes", len(got))
		}
		if got := next(t, atTwo); got != "end" {
			t.Errorf("the other node heard %d bytes", len(got))
		}
	})
}

func TestManyHintsAtOnceComeInTheirOrder(t *testing.T) {
	eachBus(t, func(t *testing.T, one, two runner) {
		const many = 40
		atTwo := hears(t, two, SubjectTell)
		text := func(n int) string { return strings.Repeat(string(rune('a'+n%26)), 1+n*997) }
		for n := range many {
			one.Publish(SubjectTell, []byte(text(n)))
		}
		for n := range many {
			if got := next(t, atTwo); got != text(n) {
				t.Fatalf("hint %d has %d bytes instead of %d", n, len(got), len(text(n)))
			}
		}
	})
}

func TestASubscriptionThatEndedHearsNothing(t *testing.T) {
	eachBus(t, func(t *testing.T, one, two runner) {
		heard := make(chan string, 8)
		stop := two.Subscribe(SubjectTell, func(data []byte) { heard <- string(data) })
		still := hears(t, two, SubjectTell)
		one.Publish(SubjectTell, []byte("first"))
		next(t, still)
		stop()
		one.Publish(SubjectTell, []byte("second"))
		next(t, still)
		if len(heard) != 1 {
			t.Errorf("%d hints", len(heard))
		}
	})
}

func TestPartsOfALargeHintThatDoNotFitAreDropped(t *testing.T) {
	t.Parallel()
	large := hint{SubjectTell, strings.Repeat("x", 3*partSize)}
	var heap parts
	add := func(text string) (hint, bool) {
		fields := strings.SplitN(text, "\n", 3)
		return heap.add(fields[0], fields[1], fields[2])
	}
	lost, whole := split("a", large), split("a", large)
	for _, text := range []string{lost[0], lost[2], "a\ntell|x|0|99999\ny", "a\ntell|x|no|2\ny", "a\ntell|\ny", whole[0], whole[1]} {
		if got, done := add(text); done {
			t.Fatalf("complete: %d bytes", len(got.data))
		}
	}
	if got, done := add(whole[2]); !done || got != large {
		t.Errorf("%t, %d bytes", done, len(got.data))
	}
}
