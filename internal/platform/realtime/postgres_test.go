package realtime

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestNodesHearEachOtherThroughPostgres(t *testing.T) {
	t.Parallel()
	url := dbtest.PostgresURL(t)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	d, err := db.Open(ctx, db.Config{URL: url, MaxConn: 4})
	if err != nil {
		t.Fatal(err)
	}
	one, two := NewPostgres(url, d, quiet), NewPostgres(url, d, quiet)
	var wg sync.WaitGroup
	for _, p := range []*Postgres{one, two} {
		wg.Go(func() { p.Run(ctx) }) //nolint:errcheck // it has no error
	}
	t.Cleanup(func() { cancel(); wg.Wait(); d.Close() })
	<-one.listens
	<-two.listens
	atOne, atTwo := make(chan string, 16), make(chan string, 16)
	one.Subscribe(SubjectTell, func(b []byte) { atOne <- string(b) })
	stop := two.Subscribe(SubjectTell, func(b []byte) { atTwo <- string(b) })
	large := strings.Repeat("ü", MaxHint/2)
	for _, text := range []string{"it's \"quoted\"\nand ü", large, large + "too large", "end"} {
		one.Publish(SubjectTell, []byte(text))
		if got := <-atOne; got != text {
			t.Errorf("the node itself heard %d bytes", len(got))
		}
	}
	for _, want := range []string{"it's \"quoted\"\nand ü", large, "end"} {
		select {
		case got := <-atTwo:
			if got != want {
				t.Errorf("the other node heard %q, want %q", got, want)
			}
		case <-ctx.Done():
			t.Fatal("the other node heard nothing")
		}
	}
	stop()
	two.Publish(SubjectTell, []byte("back"))
	if got := <-atOne; got != "back" {
		t.Errorf("heard %q: its own hint came twice", got)
	}
	if len(atTwo) != 0 {
		t.Error("heard after the end of the subscription")
	}
}
