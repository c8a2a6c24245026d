package notification

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

const (
	// mailGap lies at least between two mails about the same unread thing.
	mailGap = 15 * time.Minute
	// mailKind is the job that sends one.
	mailKind = "notification.mail"
	// mailWords is how many messages of a conversation a mail repeats.
	mailWords = 10
	// mailRows bounds what one mail tells of.
	mailRows = 100
	// maxWaiting is how much is looked at together; what waits behind it stays in the console.
	maxWaiting = 1000
)

// Mailer is the system mail sender.
type Mailer interface {
	// Ready tells whether there is an account to send from.
	Ready(ctx context.Context, q db.Queryer) (bool, error)
	// Post sends a mail at once. It fills in From, and the domain of ids that have none.
	Post(ctx context.Context, m mail.Outgoing) error
}

// Door is where answers arrive.
type Door struct {
	Address string
	Name    string
	Plus    bool // a token may stand behind a plus sign
}

// waiting is a notification whose mail is due, or will be.
type waiting struct {
	id           int64
	conversation int64
	kind         Kind
	due          time.Time
	held         bool
}

// parcel is what goes into one mail; conversation 0 = a summary of all of them.
type parcel struct {
	conversation int64
	note         bool
	rows         []int64
	aside        bool // somebody answered in a side conversation: what is answered to that must not reach the customer
}

// PlanMails decides about the mails that are due, of up to limit agents: what was
// seen meanwhile is told no more, what falls into quiet hours or waits for a
// summary is held, and the rest becomes jobs. It reports of how many agents.
func (s *Service) PlanMails(ctx context.Context, limit int) (n int, err error) {
	defer errs.Wrap(&err, "plan mails of notifications")
	if s.Mail == nil || s.Agent == nil {
		return 0, nil
	}
	agents, err := dueAgents(ctx, s.DB, s.Now(), limit)
	if err != nil || len(agents) == 0 {
		return 0, err
	}
	ready, err := s.Mail.Ready(ctx, s.DB)
	if err != nil {
		return 0, err
	}
	for _, id := range agents {
		a, err := s.mailable(ctx, id, ready)
		if err == nil {
			err = s.DB.Write(ctx, func(tx *db.Tx) error { return s.planTx(ctx, tx, id, a) })
		}
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// mailable is the agent, nil when no mail goes to them.
func (s *Service) mailable(ctx context.Context, id int64, ready bool) (*access.Actor, error) {
	if !ready {
		return nil, nil
	}
	a, err := s.Agent(ctx, id)
	if errs.Is(err, errs.NotFound) {
		return nil, nil
	}
	return a, err
}

func (s *Service) planTx(ctx context.Context, tx *db.Tx, agent int64, a *access.Actor) error {
	now := s.Now()
	if a == nil {
		return forgetDue(ctx, tx, agent, now)
	}
	r, err := rhythm(ctx, tx, agent)
	if err != nil {
		return err
	}
	list, err := waitingOf(ctx, tx, a)
	if err != nil {
		return err
	}
	leave, hold := r.sort(list, now)
	for at, rows := range hold {
		if err := holdMail(ctx, tx, rows, at); err != nil {
			return err
		}
	}
	for _, p := range leave {
		p.note = p.note || p.aside || !a.May(access.ConversationsReply)
		id, err := insertMail(ctx, tx, agent, p, now)
		if err != nil {
			return err
		}
		if err := s.Jobs.Enqueue(ctx, tx, job.New{Kind: mailKind, Payload: mailPayload{id}, Summary: errs.Say("Tell an agent by mail").String()}); err != nil {
			return err
		}
	}
	return forgetDue(ctx, tx, agent, now) // what was read or is hidden by now
}

// sort says which of the waiting notifications leave now, in which mails, and
// until when others are held. What was held goes together.
func (r Rhythm) sort(list []waiting, now time.Time) (leave []parcel, hold map[time.Time][]int64) {
	hold = map[time.Time][]int64{}
	together := slices.ContainsFunc(list, func(w waiting) bool { return w.held && !w.due.After(now) })
	if end, quiet := r.QuietUntilAfter(now); quiet {
		for _, w := range list {
			if !w.due.After(now) {
				hold[end] = append(hold[end], w.id)
			}
		}
		return nil, hold
	}
	if together {
		return collect(list, func(waiting) bool { return true }, true), hold
	}
	if at := r.leaves(now); at.After(now) {
		for _, w := range list {
			if !w.due.After(now) {
				hold[at] = append(hold[at], w.id)
			}
		}
		return nil, hold
	}
	due := map[int64]bool{}
	for _, w := range list {
		due[w.conversation] = due[w.conversation] || !w.due.After(now)
	}
	return collect(list, func(w waiting) bool { return due[w.conversation] }, false), hold
}

// collect puts what goes into one parcel for each conversation, or all into one.
func collect(list []waiting, goes func(waiting) bool, together bool) (out []parcel) {
	at := map[int64]int{}
	for _, w := range list {
		if !goes(w) {
			continue
		}
		i, ok := at[w.conversation]
		if !ok {
			i = len(out)
			at[w.conversation] = i
			out = append(out, parcel{conversation: w.conversation})
		}
		out[i].rows = append(out[i].rows, w.id)
		// Whoever answers a colleague must not find that a customer got it.
		out[i].note = out[i].note || slices.Contains([]Kind{Mention, TaskAssigned, DraftTaken}, w.kind)
		out[i].aside = out[i].aside || w.kind == SideReply
	}
	if !together || len(out) < 2 {
		return out
	}
	all := parcel{note: true}
	for _, p := range out {
		all.rows = append(all.rows, p.rows...)
	}
	return []parcel{all}
}

type mailPayload struct {
	Mail int64 `json:"mail_id"`
}

// Kinds are the jobs that send mails and pushes.
func (s *Service) Kinds() []job.Kind { return []job.Kind{s.mailJob(), s.pushJob()} }

func (s *Service) mailJob() job.Kind {
	return job.Kind{Name: mailKind, Do: s.sendMail, Lease: 3 * time.Minute, Attempts: 12,
		Died: func(ctx context.Context, tx *db.Tx, j job.Job, _ error) error {
			var p mailPayload
			if err := json.Unmarshal(j.Payload, &p); err != nil {
				return nil //nolint:nilerr // there is no row to mark
			}
			return finishMail(ctx, tx, p.Mail, "failed")
		}}
}

// sendMail sends a mail unless all of it was seen meanwhile.
func (s *Service) sendMail(ctx context.Context, j job.Job) (err error) {
	var p mailPayload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Final{Err: err}
	}
	defer errs.Wrap(&err, "send notification mail %d", p.Mail)
	m, err := readMail(ctx, s.DB, p.Mail)
	if db.IsNoRows(err) || err == nil && m.state != "queued" {
		return nil
	}
	if err != nil {
		return err
	}
	a, err := s.Agent(ctx, m.agent)
	if errs.Is(err, errs.NotFound) {
		return s.finish(ctx, m.id, "seen")
	}
	if err != nil {
		return err
	}
	out, err := s.write(ctx, a, &m)
	if err != nil {
		return err
	}
	if out == nil {
		return s.finish(ctx, m.id, "seen")
	}
	if err := s.Mail.Post(ctx, *out); err != nil {
		return err
	}
	return s.finish(context.WithoutCancel(ctx), m.id, "sent")
}

func (s *Service) finish(ctx context.Context, id int64, state string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return finishMail(ctx, tx, id, state) })
}

// write makes the mail, nil when there is nothing left to tell.
func (s *Service) write(ctx context.Context, a *access.Actor, m *mailRow) (*mail.Outgoing, error) {
	told, err := listWhere(ctx, s.DB, a, "n.mail_id = ? AND n.read_at = 0", []any{m.id}, mailRows)
	if err != nil || len(told) == 0 {
		return nil, err
	}
	slices.Reverse(told) // as it happened
	r, err := rhythm(ctx, s.DB, a.AgentID)
	if err != nil {
		return nil, err
	}
	l := letter{locale: a.Locale, url: s.PublicURL, told: told, at: r.at}
	out := mail.Outgoing{To: []mail.Address{{Name: a.Name, Address: a.Email}}, Date: s.Now(), Automatic: "auto-generated",
		Headers: mail.Unsubscribe(s.leaveLink(a.AgentID), "")}
	if m.conversation == 0 {
		out.MessageID = token(s.Marks, m.id, m.agent, 0)
		l.answer = noAnswer
	} else if err := s.address(ctx, a, m, &l, &out); err != nil {
		return nil, err
	}
	out.Subject = l.subject()
	out.Text, out.HTML, err = l.render()
	return &out, err
}

// address adds what a mail about one conversation has: its words, where answers
// go, and the ids by which mail programs show it as one thread.
func (s *Service) address(ctx context.Context, a *access.Actor, m *mailRow, l *letter, out *mail.Outgoing) error {
	m.conversation = l.told[0].Conversation // a merge may have moved it
	from := l.told[0].mailFrom
	for _, n := range l.told {
		from = min(from, n.mailFrom)
	}
	f, err := conversationOf(ctx, s.DB, m.conversation)
	if err != nil {
		return err
	}
	if l.words, err = wordsFrom(ctx, s.DB, m.conversation, from, a.AgentID, mailWords); err != nil {
		return err
	}
	if m.seen == 0 {
		m.seen = f.last
	}
	if err := s.DB.Write(ctx, func(tx *db.Tx) error { return setSeen(ctx, tx, m.id, m.conversation, m.seen) }); err != nil {
		return err
	}
	t := token(s.Marks, m.id, m.agent, m.conversation)
	thread := answerPrefix + "thread." + token(s.Marks, 0, m.agent, m.conversation)[len(answerPrefix):]
	out.MessageID, out.InReplyTo, out.References = t, thread, []string{thread}
	l.customer, l.answer = f.customer, answerAsReply
	if m.note {
		l.answer, l.mayReply = answerAsNote, a.May(access.ConversationsReply)
	}
	at, ok, err := s.Inbox(ctx, s.DB, f.inbox)
	if err != nil || !ok {
		l.answer = noAnswer
		return err
	}
	if at.Plus {
		at.Address = withTag(at.Address, t)
	}
	out.ReplyTo = []mail.Address{{Name: at.Name, Address: at.Address}}
	return nil
}
