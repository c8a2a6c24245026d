package conversation

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"regexp"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/text"
)

// DeliverKind is the job that a channel's adapter does for each outgoing message.
const DeliverKind = "message.deliver"

// DeliverPayload is its payload.
type DeliverPayload struct {
	Message int64 `json:"message_id"`
}

func deliverKey(message int64) string { return fmt.Sprintf("m%d", message) }

// NewReply is an answer that an agent wrote.
type NewReply struct {
	Text, HTML  string // HTML is sanitised by the caller; Text is its plain form
	To, Cc, Bcc []Person
	From        string // our address, "" = the one that the customer wrote to
	Replaces    int64  // a failed message in whose place this one is sent
	Attachments []int64
	LastSeen    *int64 // newest message that the author had seen, nil = no check
	Force       bool   // send although something newer is there
	Undo        time.Duration
	SendAt      time.Time   // zero = after the undo time
	SendAnyway  bool        // at SendAt also when the customer has written meanwhile
	Then        *Change     // applied with the reply; its Status replaces the inbox's setting
	ThenBody    *ChangeBody // as it was asked for
	Manner
	ByMail bool // written in a mail program: the author's draft is another text and stays
}

// Finish is what the caller of a write adds to its transaction, such as keeping
// the answer for a repeat of the request.
type Finish func(ctx context.Context, tx *db.Tx, m Message) error

func (f Finish) run(ctx context.Context, tx *db.Tx, m Message) error {
	if f == nil {
		return nil
	}
	return f(ctx, tx, m)
}

// Limits of what is written.
const (
	MaxReplyText   = 256 << 10
	MaxReplyFiles  = 50
	MaxRecipients  = 100
	MaxUndo        = 30 * time.Second
	maxSendLater   = 366 * 24 * time.Hour
	quotedSubjects = 998
)

// unfilled is a variable of a saved reply that had no value: it must not reach a customer.
var unfilled = regexp.MustCompile(`\{\{\s*(?:customer|conversation|agent|inbox|order|shop|brand|business_hours)[.[][^{}\n]{1,200}\}\}`)

// undoState is what a taken back reply puts back, kept with the message.
type undoState struct {
	Status       Status  `json:"status"`
	Assignee     int64   `json:"assignee"`
	WaitingSince int64   `json:"waiting_since"`
	SnoozedUntil int64   `json:"snoozed_until"`
	Preview      string  `json:"preview"`
	Answers      []int64 `json:"answers"`
	LastEvent    int64   `json:"last_event"` // of the lines that the reply wrote behind itself
	// Then is what was to be applied with the reply, for the draft that it becomes again.
	Then *ChangeBody `json:"then,omitempty"`
}

// Reply accepts an answer: it is on disk, and the job that sends it is too,
// when this returns. A reply is stopped with a conflict when somebody else
// wrote something that its author had not seen.
//
// finish runs last in the transaction and may be nil.
func (s *Service) Reply(ctx context.Context, id int64, n NewReply, finish Finish) (m Message, err error) {
	defer errs.Wrap(&err, "reply in conversation %d", id)
	if err := n.check(s.Now()); err != nil {
		return m, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		c, err := s.lockReached(ctx, tx, id, access.ConversationsReply)
		if err != nil {
			return err
		}
		id = c.ID
		if err := s.stale(ctx, tx, &c, n); err != nil {
			return err
		}
		if m, err = s.replyTx(ctx, tx, &c, n); err != nil {
			return err
		}
		return finish.run(ctx, tx, m)
	})
	if e := stopped(err); e != nil {
		return m, errors.Join(err, s.hold(ctx, id, n, e))
	}
	return m, err
}

func (n NewReply) check(now time.Time) error {
	switch {
	case blank(n.Text, n.HTML) && len(n.Attachments) == 0:
		return errs.InvalidField("body.text", "The reply is empty.")
	case len(n.Text) > MaxReplyText || len(n.HTML) > 4*MaxReplyText:
		return errs.InvalidField("body.text", "The reply is longer than 256 KB.")
	case len(n.Attachments) > MaxReplyFiles:
		return errs.InvalidField("body.attachment_ids", "A reply carries at most 50 files.")
	case len(n.To)+len(n.Cc)+len(n.Bcc) > MaxRecipients:
		return errs.InvalidField("body.to", "A reply has at most 100 recipients.")
	case n.Undo < 0 || n.Undo > MaxUndo:
		return errs.InvalidField("body.undo_seconds", "The undo time is between 0 and 30 seconds.")
	case n.SendAt.After(now.Add(maxSendLater)):
		return errs.InvalidField("body.send_at", "A reply can be sent a year from now at the latest.")
	}
	v := unfilled.FindString(n.Text)
	if v == "" {
		v = unfilled.FindString(html.UnescapeString(n.HTML)) // where a link leads
	}
	if v != "" {
		return errs.InvalidFieldf("body.text", "%s has no value. Write what belongs there, or take it out.", clip(v, 120))
	}
	for _, list := range []struct {
		name   string
		people []Person
	}{{"to", n.To}, {"cc", n.Cc}, {"bcc", n.Bcc}} {
		for i, p := range list.people {
			if !validAddress(p.Address) {
				return errs.InvalidFieldf(fmt.Sprintf("body.%s[%d]", list.name, i), "%q is not an e-mail address.", clip(p.Address, 100))
			}
		}
	}
	return nil
}

// validAddress is a plain check that keeps headers and envelopes well-formed;
// whether the address exists only its server knows.
func validAddress(a string) bool {
	at := strings.LastIndexByte(a, '@')
	return at > 0 && at < len(a)-1 && len(a) <= 254 && !strings.ContainsAny(a, " \t\r\n<>,;\"\x00")
}

// stale stops a reply whose author had not seen the newest of what others wrote.
func (s *Service) stale(ctx context.Context, q db.Queryer, c *Conversation, n NewReply) error {
	if n.LastSeen == nil || n.Force || *n.LastSeen >= c.LastMessage {
		return nil
	}
	newer, err := newerThan(ctx, q, c.ID, *n.LastSeen, access.From(ctx).AgentID)
	if err != nil || len(newer) == 0 {
		return err
	}
	if err := s.fill(ctx, q, newer); err != nil {
		return err
	}
	e := errs.New(errs.Conflict, "Your reply was stopped. Nothing was sent: something newer is in this conversation.")
	e.Type = "urn:deskbell:problem:stale-reply"
	e.Extra = map[string]any{"newer": newer}
	return e
}

func (s *Service) replyTx(ctx context.Context, tx *db.Tx, c *Conversation, n NewReply) (m Message, err error) {
	around, err := askAround(ctx, tx, c, n)
	if err != nil {
		return m, err
	}
	defer tx.Release("message") // another conversation may have newer messages than these ids
	settings, err := s.Inbox(ctx, tx, c.Inbox)
	if err != nil {
		return m, err
	}
	if settings.Archived {
		return m, errs.New(errs.Conflict, "This inbox is archived and sends no mail any more.")
	}
	if err := tx.Answered(ctx); err != nil {
		return m, err
	}
	before, author, answers := *c, access.From(ctx), around.answers
	masked := !settings.KeepCards && n.mask()
	if err := around.address(ctx, tx, c, &n, settings); err != nil {
		return m, err
	}
	if m, err = s.outbound(ctx, tx, c, n, settings); err != nil {
		return m, err
	}
	if masked {
		if err := noteMasked(ctx, tx, &m); err != nil {
			return m, err
		}
	}
	if err := s.replaceTx(ctx, tx, c, n.Replaces, m.ID); err != nil {
		return m, err
	}
	then, err := s.statusAfter(ctx, tx, c, &n, settings)
	if err != nil {
		return m, err
	}
	c.Reply(author.AgentID, m.ID, then, s.Now(), text.Preview(n.Text, 200))
	if n.Then != nil {
		if err := s.applyTx(ctx, tx, c, *n.Then); err != nil {
			return m, err
		}
	}
	if err := s.happened(ctx, tx, &before, c, author.AgentID); err != nil {
		return m, err
	}
	if err := s.keepUndo(ctx, tx, &m, before, answers, c.LastMessage, n.ThenBody); err != nil {
		return m, err
	}
	if err := save(ctx, tx, &before, c); err != nil {
		return m, err
	}
	if err := setReadMark(ctx, tx, c.ID, author.AgentID, c.LastMessage); err != nil {
		return m, err
	}
	if !n.ByMail {
		err = deleteDraft(ctx, tx, c.ID, author.AgentID)
	}
	if err != nil {
		return m, err
	}
	f := c.factOf(&before) // what was applied with it, such as another assignee
	f.Message, f.Answers = m.ID, answers
	return m, s.publish(ctx, tx, MessageQueued, c, "agent", author.AgentID, f)
}

// statusAfter is what the reply makes of the conversation; it applies the fields
// that came with it, because closing may need them.
func (s *Service) statusAfter(ctx context.Context, tx *db.Tx, c *Conversation, n *NewReply, settings InboxSettings) (Status, error) {
	if n.Then == nil || n.Then.Status == nil {
		return s.openWhileMissing(ctx, tx, c, settings.AfterReply)
	}
	then := *n.Then.Status
	change := *n.Then
	if change.Status = nil; then == Snoozed || then == Pending && change.SnoozedUntil != nil {
		change.Status, then = n.Then.Status, Pending
	}
	err := s.setFields(ctx, tx, c, change.Fields, then == Closed && c.Status != Closed)
	change.Fields = nil
	n.Then = &change
	return then, err
}

// linesBehind is how many lines of what happened a reply usually writes behind
// itself: who has the conversation now, and its status.
const linesBehind = 2

// around is what a reply has to know of its conversation.
type around struct {
	answers []int64 // inbound messages that it answers
	who     Person
	people  []participant
}

// askAround asks for what stands around a reply; the next statement brings it.
func askAround(ctx context.Context, tx *db.Tx, c *Conversation, n NewReply) (*around, error) {
	a := &around{}
	err := tx.Ask(ctx, func(row db.Row) error {
		var id int64
		err := row.Scan(&id)
		a.answers = append(a.answers, id)
		return err
	}, unansweredText, c.ID, c.ID)
	if err == nil {
		err = tx.Reserve(ctx, "message", 1+linesBehind)
	}
	if err != nil || len(n.To) > 0 {
		return a, err
	}
	err = tx.Ask(ctx, func(row db.Row) error { return row.Scan(&a.who.Name, &a.who.Address) }, wroteFromText, c.ID, c.Customer, c.Customer)
	if err != nil {
		return a, err
	}
	return a, tx.Ask(ctx, func(row db.Row) error { return addParticipant(&a.people, row) }, participantsText, c.ID)
}

// address fills in whom the reply goes to when its author did not say.
func (a *around) address(ctx context.Context, tx *db.Tx, c *Conversation, n *NewReply, settings InboxSettings) (err error) {
	if len(n.To) > 0 {
		return nil
	}
	if a.who.Address == "" {
		if a.who, err = knownAddress(ctx, tx, c.Customer); err != nil {
			return err
		}
	}
	r, err := among(ctx, tx, c, settings, a.who, a.people)
	if err != nil {
		return err
	}
	if n.To = r.To; len(n.Cc) == 0 {
		n.Cc = r.Cc
	}
	if len(n.To) == 0 {
		return errs.InvalidField("body.to", "This customer has no e-mail address. Say whom the reply goes to.")
	}
	return nil
}

// outbound writes the message, its thread keys, its files and its job.
func (s *Service) outbound(ctx context.Context, tx *db.Tx, c *Conversation, n NewReply, settings InboxSettings) (m Message, err error) {
	author, now := access.From(ctx), s.Now()
	if err := s.checkFrom(ctx, tx, c.Inbox, settings, n.From); err != nil {
		return m, err
	}
	due := now.Add(n.Undo)
	if n.SendAt.After(due) {
		due = n.SendAt
	}
	m = Message{
		Conversation: c.ID, Kind: KindOutbound, AuthorType: "agent", AuthorID: author.AgentID, AuthorName: author.Name,
		Subject: replySubject(c.Subject), Text: n.Text, HTML: n.HTML, Recipients: Recipients{To: n.To, Cc: n.Cc, Bcc: n.Bcc, From: n.From, Manner: n.Manner},
		RFCID: newRFCID(settings.Address), Delivery: Delivery{State: Queued}, UndoUntil: due, CreatedAt: now,
	}
	for _, p := range append(append(append([]Person{}, n.To...), n.Cc...), n.Bcc...) {
		m.Delivery.Recipients = append(m.Delivery.Recipients, RecipientDelivery{Address: p.Address, State: Queued})
	}
	if err := insertMessage(ctx, tx, &m); err != nil {
		return m, err
	}
	if n.SendAt.After(now) && !n.SendAnyway {
		if err := setCancelled(ctx, tx, m.ID); err != nil {
			return m, err
		}
	}
	if err := s.attachTx(ctx, tx, &m, n.Attachments); err != nil {
		return m, err
	}
	if err := claimKeys(ctx, tx, ownKeys, c.ID, []threadKey{keyOf(m.RFCID), keyOf(Token(m.RFCID))}); err != nil {
		return m, err
	}
	for _, p := range n.Cc {
		if err := setParticipant(ctx, tx, c.ID, participant{p, "cc"}); err != nil {
			return m, err
		}
	}
	return m, s.Jobs.Enqueue(ctx, tx, job.New{Kind: DeliverKind, UniqueKey: deliverKey(m.ID), Payload: DeliverPayload{m.ID},
		Summary: errs.Say("Send message %d of conversation %d", m.ID, c.ID).String(), RunAt: due})
}

func (s *Service) attachTx(ctx context.Context, tx *db.Tx, m *Message, files []int64) error {
	if len(files) == 0 {
		return m.checkPictures()
	}
	for _, id := range files {
		if out, err := leftOut(ctx, tx, id, m.HTML); err != nil || out {
			if err != nil {
				return err
			}
			continue
		}
		ok, err := attach(ctx, tx, id, m.ID, m.AuthorID)
		if err != nil {
			return err
		}
		if !ok {
			return errs.InvalidFieldf("body.attachment_ids", "File %d is not among your uploads.", id)
		}
	}
	byMessage, err := attachmentsOf(ctx, tx, []int64{m.ID})
	m.Attachments = byMessage[m.ID]
	if err == nil {
		err = m.checkPictures()
	}
	if err == nil && len(m.Attachments) == 0 && blank(m.Text, m.HTML) {
		err = errs.InvalidField("body.text", "The reply is empty.")
	}
	return err
}

func (s *Service) keepUndo(ctx context.Context, tx *db.Tx, m *Message, before Conversation, answers []int64, last int64, then *ChangeBody) error {
	if !m.UndoUntil.After(s.Now()) {
		return nil
	}
	b, err := json.Marshal(undoState{before.Status, before.Assignee, millis(before.WaitingSince, 0), millis(before.SnoozedUntil, 0), before.Preview, answers, last, then})
	if err != nil {
		return err
	}
	m.EventData = b
	return setEventData(ctx, tx, m.ID, b)
}

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// newRFCID makes a Message-ID (RFC 5322, 3.6.4) with 160 random bits, so that
// nobody can guess one and enter a conversation with it.
func newRFCID(address string) string {
	var b [20]byte
	rand.Read(b[:]) //nolint:errcheck // never fails
	domain := "deskbell.invalid"
	if i := strings.LastIndexByte(address, '@'); i >= 0 && i < len(address)-1 {
		domain = address[i+1:]
	}
	return "db." + base32Lower.EncodeToString(b[:]) + "@" + domain
}

// Token is the reply token of a message that we sent: what stands behind the
// plus sign of the address that answers come to.
func Token(rfcID string) string {
	local, _, _ := strings.Cut(rfcID, "@")
	return strings.TrimPrefix(local, "db.")
}

func replySubject(subject string) string {
	plain := text.NormalizeSubject(subject)
	if plain == "" {
		plain = subject
	}
	return clip("Re: "+plain, quotedSubjects)
}
