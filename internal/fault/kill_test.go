package fault

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

const (
	kills   = 50
	clients = 6
)

func TestKillingTheProgramLosesNothingOnSQLite(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program fifty times")
	}
	t.Parallel()
	torture(t, "")
}

func TestKillingTheProgramLosesNothingOnPostgres(t *testing.T) {
	if testing.Short() {
		t.Skip("kills the program fifty times")
	}
	t.Parallel()
	torture(t, dbtest.PostgresURL(t))
}

// server is what clients talk to: one program, or several nodes.
type server interface {
	insist(ctx context.Context, method, path, contentType, idempotency string, body []byte, out any) error
	logged() string
}

// shop is the state of the run: what clients were promised.
type shop struct {
	t     *testing.T
	p     server
	sink  *sink
	inbox int64
	ctx   context.Context

	mu       sync.Mutex
	ledgers  map[int64]string // ledger id -> Message-ID of the mail
	doubtful map[string]bool
	replies  map[int64]string // message id -> idempotency key
	posted   []string         // Message-IDs that were left at the mail server
	rest     time.Duration    // of a customer between two mails
	breaks   int              // kills and cuts
	perBreak int              // mails that each of them may double
}

func newShop(t *testing.T, ctx context.Context, p server) *shop {
	return &shop{t: t, p: p, sink: newSink(t), ctx: ctx, perBreak: 1, ledgers: map[int64]string{}, replies: map[int64]string{}}
}

func torture(t *testing.T, databaseURL string) {
	ctx, cancel := context.WithTimeout(context.Background(), 8*time.Minute)
	defer cancel()
	p := newProgram(t, databaseURL)
	s := newShop(t, ctx, p)
	t.Cleanup(p.kill)
	if err := p.start(ctx); err != nil {
		t.Fatal(err)
	}
	s.connectInbox(s.sink.addr, "")
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for i := range clients {
		wg.Go(func() { s.customer(i, stop) })
	}
	for range kills {
		if pause(ctx, time.Duration(20+rand.IntN(400))*time.Millisecond) != nil {
			break
		}
		p.kill()
		s.breaks++
		if err := p.start(ctx); err != nil {
			t.Fatal(err)
		}
	}
	close(stop)
	wg.Wait()
	s.settle()
	s.checkInbound()
	s.checkOutbound()
}

// connectInbox makes the inbox; more are its other settings in JSON.
func (s *shop) connectInbox(smtp, more string) {
	host, port, _ := strings.Cut(smtp, ":")
	body := fmt.Sprintf(`{"name":"Support","channel":"email","address":"support@shop.example","from_name":"Shop",
		"smtp":{"host":%q,"port":%s,"username":"","password":"","tls":"none"}%s}`, host, port, more)
	var out struct{ ID int64 }
	if err := s.p.insist(s.ctx, "POST", "/inboxes", "application/json", "inbox", []byte(body), &out); err != nil {
		s.t.Fatal(err)
	}
	s.inbox = out.ID
}

// customer writes mails until told to stop, and an agent's answers to every
// second one as soon as it is a conversation, repeating the same bytes and keys
// whenever the server died.
func (s *shop) customer(who int, stop chan struct{}) {
	var unanswered []int64
	for n := 0; ; n++ {
		select {
		case <-stop:
			for _, ledger := range unanswered {
				s.answer(ledger, fmt.Sprintf("reply-%d", ledger))
			}
			return
		case <-time.After(s.rest):
		}
		if ledger := s.write(who, fmt.Sprintf("m%d.%d@customers.example", who, n)); n%2 == 0 {
			unanswered = append(unanswered, ledger)
		}
		if len(unanswered) > 0 && s.row(unanswered[0]).Conversation != 0 {
			s.answer(unanswered[0], fmt.Sprintf("reply-%d", unanswered[0]))
			unanswered = unanswered[1:]
		}
	}
}

func (s *shop) write(who int, id string) int64 {
	raw := fmt.Sprintf("From: Customer %d <c%d@customers.example>\r\nTo: support@shop.example\r\nSubject: Question %s\r\nMessage-ID: <%s>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nWhere is my parcel? %s\r\n", who, who, id, id, id)
	var out struct {
		Ledger int64 `json:"ledger_id"`
	}
	if err := s.p.insist(s.ctx, "POST", fmt.Sprintf("/inboxes/%d/mail", s.inbox), "message/rfc822", "", []byte(raw), &out); err != nil {
		s.t.Error(err)
		return 0
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, twice := s.ledgers[out.Ledger]; twice {
		s.t.Errorf("mails %s and %s share ledger row %d", id, other, out.Ledger)
	}
	s.ledgers[out.Ledger] = id
	return out.Ledger
}

type ledgerRow struct {
	State        string `json:"state"`
	Conversation int64  `json:"conversation_id"`
	Message      int64  `json:"message_id"`
}

func (s *shop) row(ledger int64) (row ledgerRow) {
	if err := s.p.insist(s.ctx, "GET", fmt.Sprintf("/ledger/%d", ledger), "", "", nil, &row); err != nil {
		s.t.Error(err)
	}
	return row
}

// answer waits until the mail is a conversation and replies with the key.
func (s *shop) answer(ledger int64, key string) {
	row := s.row(ledger)
	for ; row.Conversation == 0; row = s.row(ledger) {
		if pause(s.ctx, 20*time.Millisecond) != nil {
			s.t.Errorf("ledger row %d stayed %s", ledger, row.State)
			return
		}
	}
	var out struct {
		Message struct{ ID int64 } `json:"message"`
	}
	body, _ := json.Marshal(map[string]any{"text": "It is on its way. " + key, "undo_seconds": 0})
	if err := s.p.insist(s.ctx, "POST", fmt.Sprintf("/conversations/%d/replies", row.Conversation), "application/json", key, body, &out); err != nil {
		s.t.Error(err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other, twice := s.replies[out.Message.ID]; twice {
		s.t.Errorf("replies %s and %s are one message %d", key, other, out.Message.ID)
	}
	s.replies[out.Message.ID] = key
}

type balance struct {
	Balanced   bool             `json:"balanced"`
	PendingIn  int64            `json:"pending_in"`
	PendingOut int64            `json:"pending_out"`
	InDoubt    int64            `json:"in_doubt"`
	Counts     map[string]int64 `json:"counts"`
	Gaps       []any            `json:"gaps"`
}

// settle waits until everything that was promised is done.
func (s *shop) settle() {
	s.t.Helper()
	var b balance
	for {
		if err := s.p.insist(s.ctx, "GET", "/ledger/balance", "", "", nil, &b); err != nil {
			s.t.Fatal(err)
		}
		if b.PendingIn == 0 && b.PendingOut == 0 {
			break
		}
		if pause(s.ctx, 100*time.Millisecond) != nil {
			s.t.Fatalf("did not settle: %+v\n%s", b, s.p.logged())
		}
	}
	if !b.Balanced || len(b.Gaps) > 0 {
		s.t.Errorf("the ledger does not balance: %+v", b)
	}
	if got := b.Counts["received"]; got != int64(len(s.ledgers)+len(s.posted)) {
		s.t.Errorf("the ledger received %d mails, clients were promised %d and %d were left at the mail server", got, len(s.ledgers), len(s.posted))
	}
	s.t.Logf("%d kills and cuts, %d mails, %d of a mailbox, %d replies, %+v", s.breaks, len(s.ledgers), len(s.posted), len(s.replies), b.Counts)
}

// checkInbound reads every mail back: one message each, in one conversation each.
func (s *shop) checkInbound() {
	seen := map[int64]int64{}
	for ledger, id := range s.ledgers {
		var row ledgerRow
		if err := s.p.insist(s.ctx, "GET", fmt.Sprintf("/ledger/%d", ledger), "", "", nil, &row); err != nil {
			s.t.Fatal(err)
		}
		if row.State != "threaded" || row.Message == 0 {
			s.t.Errorf("mail %s is %s", id, row.State)
		}
		if other, twice := seen[row.Message]; twice {
			s.t.Errorf("ledger rows %d and %d are one message", ledger, other)
		}
		seen[row.Message] = ledger
		kinds := s.kinds(row.Conversation)
		if kinds["inbound"] != 1 {
			s.t.Errorf("the conversation of mail %s has %d inbound messages", id, kinds["inbound"])
		}
	}
}

func (s *shop) kinds(conversation int64) map[string]int {
	var out struct{ Items []struct{ Kind string } }
	if err := s.p.insist(s.ctx, "GET", fmt.Sprintf("/conversations/%d/messages?limit=100", conversation), "", "", nil, &out); err != nil {
		s.t.Fatal(err)
	}
	kinds := map[string]int{}
	for _, m := range out.Items {
		kinds[m.Kind]++
	}
	return kinds
}

// checkOutbound compares with what the customers' mail server accepted: nothing
// missing, and twice only what is marked so, at most once per kill.
func (s *shop) checkOutbound() {
	accepted := s.sink.times()
	if len(accepted) != len(s.replies) {
		s.t.Errorf("%d different mails arrived at the customers, %d replies were accepted", len(accepted), len(s.replies))
	}
	twice := 0
	for id, n := range accepted {
		if n > 1 {
			twice++
		}
		if n > 1 && !s.marked(id) {
			s.t.Errorf("mail %s was sent %d times and is not marked maybe_twice", id, n)
		}
	}
	if most := s.breaks * s.perBreak; twice > most {
		s.t.Errorf("%d mails were sent twice by %d kills and cuts", twice, s.breaks)
	}
	s.t.Logf("%d mails were sent twice", twice)
}

// marked looks for the message with the Message-ID among the accepted replies.
func (s *shop) marked(rfcID string) bool {
	if s.doubtful == nil {
		s.doubtful = map[string]bool{}
		for message := range s.replies {
			var m struct {
				RFCID    string `json:"rfc_id"`
				Delivery struct {
					MaybeTwice bool `json:"maybe_twice"`
				} `json:"delivery"`
			}
			if err := s.p.insist(s.ctx, "GET", fmt.Sprintf("/messages/%d", message), "", "", nil, &m); err != nil {
				s.t.Fatal(err)
			}
			s.doubtful[m.RFCID] = m.Delivery.MaybeTwice
		}
	}
	return s.doubtful[rfcID]
}
