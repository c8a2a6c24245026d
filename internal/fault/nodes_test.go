package fault

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/testbed"
)

// FaultMinutes names the variable that makes the test of two nodes go on for
// longer than one round.
const FaultMinutes = "DESKBELL_FAULT_MINUTES"

// versions are those by which nodes are replaced.
var versions = [2]string{"test", "newer"}

// takeover is how long a mailbox may have no reader after its node is gone (20
// seconds), with as much again for a busy machine.
const takeover = 40 * time.Second

// TestTwoNodesLoseNothing has customers write through the API and to a mailbox,
// and agents answer, while nodes are killed, cut off and replaced, and NATS goes
// and comes.
func TestTwoNodesLoseNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("goes on for more than a minute")
	}
	t.Parallel()
	length := time.Duration(0)
	if minutes := os.Getenv(FaultMinutes); minutes != "" {
		var err error
		if length, err = time.ParseDuration(minutes + "m"); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), length+6*time.Minute)
	defer cancel()
	s := newTwo(t, ctx)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() { binary(t, versions[1]) })
	for i := range 3 {
		wg.Go(func() { s.customer(i, stop) })
	}
	wg.Go(func() { s.postman(stop) })
	watched := s.watch(ctx)
	for begin, round := time.Now(), 0; round == 0 || time.Since(begin) < length && !t.Failed(); round++ {
		s.killings()
		s.deadReader()
		s.cutOff()
		if length > 0 {
			s.standStill()
		}
		s.withoutNATS()
		s.replacement(round)
	}
	close(stop)
	wg.Wait()
	s.awaitPosted()
	s.settle()
	s.checkInbound()
	s.checkPosted()
	s.checkOutbound()
	watched.check()
}

// two is a shop on two nodes.
type two struct {
	*shop
	c       *cluster
	dovecot *testbed.Dovecot
	a, b    *node
	step    time.Time
}

func newTwo(t *testing.T, ctx context.Context) *two {
	t.Helper()
	c := newCluster(t, true)
	s := &two{shop: newShop(t, ctx, c), c: c, dovecot: testbed.StartDovecot(t, testbed.DovecotOptions{}), step: time.Now()}
	s.perBreak = 4 // a slow server has more of them under way
	s.rest, s.sink.slow = 60*time.Millisecond, 150*time.Millisecond
	s.a, s.b = s.start(), s.start()
	user := testbed.Support
	// One folder is read, so that one lease says who does.
	s.connectInbox(c.net.mail(s.sink.addr), fmt.Sprintf(`,"imap":{%s,"tls":"none","username":%q,"password":%q,"rescue":false}`,
		hostPort(c.net.mail(s.dovecot.IMAPAddr)), user.Address, user.Password))
	s.c.holder(ctx, s.a, s.b)
	s.took("set up")
	return s
}

func (s *two) start() *node { return s.c.add(s.ctx) }

// took logs how long a part took.
func (s *two) took(what string) {
	s.t.Logf("%5.1f s: %s", time.Since(s.step).Seconds(), what)
	s.step = time.Now()
}

// postman leaves mail in the mailbox.
func (s *two) postman(stop chan struct{}) {
	for n := 0; ; n++ {
		select {
		case <-stop:
			return
		case <-time.After(time.Duration(100+rand.IntN(400)) * time.Millisecond):
		}
		s.post(fmt.Sprintf("p%d@customers.example", n))
	}
}

func (s *two) post(id string) {
	body := "Where is my parcel?"
	if rand.IntN(5) == 0 {
		body += strings.Repeat(fmt.Sprintf("\nLine %d of a long story.", rand.Int()), 5000) // a blob
	}
	s.dovecot.Deliver(fmt.Sprintf("From: Customer <p@customers.example>\nTo: %s\nSubject: Question %s\nMessage-ID: <%s>\nDate: Fri, 20 Nov 2026 12:00:00 +0000\n\n%s\n",
		testbed.Support.Address, id, id, body), "p@customers.example", testbed.Support.Address)
	s.mu.Lock()
	s.posted = append(s.posted, id)
	s.mu.Unlock()
}

// killings kills either node at random moments; one is always alive.
func (s *two) killings() {
	for range 8 {
		n := []*node{s.a, s.b}[rand.IntN(2)]
		_ = pause(s.ctx, time.Duration(50+rand.IntN(900))*time.Millisecond)
		n.kill()
		s.breaks++
		_ = pause(s.ctx, time.Duration(rand.IntN(300))*time.Millisecond)
		if err := n.start(s.ctx); err != nil {
			s.t.Fatal(err)
		}
	}
	s.took("8 kills of either node")
}

// deadReader kills the node that reads the mailbox and waits for the other.
func (s *two) deadReader() {
	dead := s.reader()
	other := s.other(dead)
	dead.kill()
	s.breaks++
	s.takenOver(other)
	if err := dead.start(s.ctx); err != nil {
		s.t.Fatal(err)
	}
	s.took("the reader of the mailbox killed, and taken over")
}

func (s *two) takenOver(by *node) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(s.ctx, takeover)
	defer cancel()
	s.c.holder(ctx, by)
	s.t.Logf("the mailbox was taken over after %.1f s", time.Since(began).Seconds())
}

// reader is the node that reads the mailbox once the dead ones are forgotten.
func (s *two) reader() *node {
	ctx, cancel := context.WithTimeout(s.ctx, takeover)
	defer cancel()
	return s.c.holder(ctx, s.a, s.b)
}

func (s *two) other(n *node) *node {
	if n == s.a {
		return s.b
	}
	return s.a
}

// cutOff parts the reader of the mailbox from database and NATS, while it still
// reaches the mail servers, until the other has taken over, and joins it again.
func (s *two) cutOff() {
	n := s.reader()
	other := s.other(n)
	n.cut()
	s.breaks++
	s.takenOver(other)
	ctx, cancel := context.WithTimeout(s.ctx, takeover)
	defer cancel()
	for n.ready() == http.StatusOK {
		_ = pause(ctx, 50*time.Millisecond)
	}
	n.joinUp()
	s.await(n)
	for !strings.Contains(n.logged(), "a lease was lost") {
		if pause(ctx, 50*time.Millisecond) != nil {
			s.t.Errorf("the node that was cut off did not give its work up\n%s", n.logged())
			break
		}
	}
	s.took("the reader of the mailbox cut off from database and NATS, and joined again")
}

// standStill stops the reader of the mailbox, as a machine that is out of memory
// does, until the other has taken over. Awake again, it must not write what it
// was about to.
func (s *two) standStill() {
	n := s.reader()
	n.signal(syscall.SIGSTOP)
	s.breaks++
	s.takenOver(s.other(n))
	n.signal(syscall.SIGCONT)
	s.await(n)
	s.took("the reader of the mailbox stopped, and awake again")
}

// await waits until a node is ready again.
func (s *two) await(n *node) {
	ctx, cancel := context.WithTimeout(s.ctx, takeover)
	defer cancel()
	for n.ready() != http.StatusOK {
		if pause(ctx, 50*time.Millisecond) != nil {
			s.t.Fatalf("%s does not come back\n%s", n.name, n.logged())
		}
	}
}

// withoutNATS goes on for a while without NATS.
func (s *two) withoutNATS() {
	s.c.nats.Kill()
	_ = pause(s.ctx, 3*time.Second)
	s.c.nats.Start()
	s.took("NATS killed and started again")
}

// replacement replaces both nodes by a newer program, one after the other, as
// behind a load balancer: clients get no error.
func (s *two) replacement(round int) {
	s.c.next = versions[(round+1)%2]
	s.c.setStrict(true)
	for _, old := range []**node{&s.a, &s.b} {
		n := s.start()
		status, ended := (*old).terminate(s.ctx)
		s.c.leave(*old)
		if status != http.StatusServiceUnavailable {
			s.t.Errorf("readyz of the stopping node answered %d before it was gone", status)
		}
		began := time.Now()
		err := <-ended
		s.t.Logf("the old node ended %.1f s after readyz said so", time.Since(began).Seconds())
		if err != nil {
			s.t.Errorf("the old node ended with %v\n%s", err, (*old).logged())
		}
		*old = n
	}
	s.c.setStrict(false)
	if len(s.c.bad) > 0 {
		s.t.Errorf("%d requests failed while nodes were replaced: %s", len(s.c.bad), s.c.bad[0])
	}
	s.took("both nodes replaced by a newer program")
}

func (c *cluster) setStrict(on bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.strict = on
}

// awaitPosted waits until the mailbox is read to its end.
func (s *two) awaitPosted() {
	ctx, cancel := context.WithTimeout(s.ctx, 2*takeover)
	defer cancel()
	for s.c.value("SELECT COUNT(*) FROM inbound WHERE door = 'imap'") < int64(len(s.posted)) {
		if pause(ctx, 100*time.Millisecond) != nil {
			s.t.Fatalf("the mailbox is stuck: %d of %d mails were fetched\n%s",
				s.c.value("SELECT COUNT(*) FROM inbound WHERE door = 'imap'"), len(s.posted), s.c.logged())
		}
	}
	s.took("the mailbox read to its end")
}

// checkPosted looks for each mail of the mailbox: one message in one conversation.
func (s *two) checkPosted() {
	for _, id := range s.posted {
		if n := s.c.value("SELECT COUNT(*) FROM message WHERE kind = 'inbound' AND rfc_id = $1", id); n != 1 {
			s.t.Errorf("mail %s of the mailbox is %d messages", id, n)
		}
	}
	if n := s.c.value("SELECT COUNT(*) FROM (SELECT conversation_id FROM message WHERE kind = 'inbound' GROUP BY 1 HAVING COUNT(*) > 1) AS more"); n != 0 {
		s.t.Errorf("%d conversations have more than one mail", n)
	}
	s.took("everything settled and compared")
}
