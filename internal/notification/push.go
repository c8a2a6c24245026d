package notification

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/httpc"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/push"
	"github.com/deskbell/deskbell/internal/platform/words"
	"github.com/deskbell/deskbell/internal/text"
)

const (
	// pushKind is the job that tells the browsers of an agent.
	pushKind = "notification.push"
	// pushAttempts: a push that comes late is no use.
	pushAttempts = 4
	// pushKept is how long a push service keeps it for a browser that is away.
	pushKept = 12 * time.Hour
	// maxBrowsers is how many of one agent are told.
	maxBrowsers = 20
)

type pushPayload struct {
	Agent        int64 `json:"agent_id"`
	Conversation int64 `json:"conversation_id"`
	Inbox        int64 `json:"inbox_id,omitempty"`
	Kind         Kind  `json:"kind"`
}

// pushTx makes a job for each of the agents who want it and have a browser.
func (s *Service) pushTx(ctx context.Context, tx *db.Tx, n news, agents []int64) error {
	if s.Jobs == nil || len(agents) == 0 {
		return nil
	}
	agents, err := pushAgents(ctx, tx, agents, n.Kind)
	if err != nil {
		return err
	}
	for _, id := range agents {
		err := s.Jobs.Enqueue(ctx, tx, job.New{Kind: pushKind, UniqueKey: fmt.Sprintf("%d/%d/%s", id, n.Conversation+n.Inbox, n.Kind),
			Payload: pushPayload{id, n.Conversation, n.Inbox, n.Kind}, Summary: errs.Say("Tell the browsers of an agent").String()})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) pushJob() job.Kind {
	return job.Kind{Name: pushKind, Do: s.push, Workers: 2, Lease: time.Minute, Attempts: pushAttempts}
}

// push tells the browsers of an agent, unless it is quiet there or was read. What
// keeps failing is given up: the agent finds it at the bell.
func (s *Service) push(ctx context.Context, j job.Job) (err error) {
	var p pushPayload
	if err := json.Unmarshal(j.Payload, &p); err != nil {
		return job.Final{Err: err}
	}
	defer errs.Wrap(&err, "push to agent %d", p.Agent)
	a, err := s.Agent(ctx, p.Agent)
	if errs.Is(err, errs.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	m, err := s.pushed(ctx, a, p)
	if err != nil || m == nil {
		return err
	}
	list, err := browsersOf(ctx, s.DB, p.Agent)
	if err != nil {
		return err
	}
	var all error
	for _, b := range list {
		all = errors.Join(all, s.pushTo(ctx, b, *m))
	}
	if all != nil && j.Attempts >= pushAttempts-1 {
		s.Log.Warn("a push to a browser was given up", "agent", p.Agent, "error", all)
		return nil
	}
	return all
}

func (s *Service) pushTo(ctx context.Context, b browser, m push.Message) error {
	key, err := s.PushKey(ctx)
	if err != nil {
		return err
	}
	err = s.Push.Send(ctx, key, b.Subscription, m, s.Now())
	if errors.Is(err, push.ErrGone) || errors.Is(err, httpc.ErrPrivate) {
		return s.DB.Write(context.WithoutCancel(ctx), func(tx *db.Tx) error { return deleteBrowser(ctx, tx, b.id) })
	}
	return err
}

// shownPush is what the worker in the browser shows.
type shownPush struct {
	Title string `json:"title"`
	Body  string `json:"body"`
	Tag   string `json:"tag"` // a later one with the same takes its place
	URL   string `json:"url"`
	Lang  string `json:"lang"`
}

// pushed is the message, nil when there is nothing to tell any more. What people
// wrote, and their names, go along only where the agent allows it: however well
// it is encrypted, it is shown on a locked screen.
func (s *Service) pushed(ctx context.Context, a *access.Actor, p pushPayload) (*push.Message, error) {
	r, err := rhythm(ctx, s.DB, p.Agent)
	if err != nil {
		return nil, err
	}
	if _, quiet := r.QuietUntilAfter(s.Now()); quiet {
		return nil, nil
	}
	if p.Inbox != 0 {
		return s.pushedInbox(ctx, a, p)
	}
	told, err := listWhere(ctx, s.DB, a, "n.conversation_id = ? AND n.kind = ? AND n.read_at = 0", []any{p.Conversation, string(p.Kind)}, 1)
	if err != nil || len(told) == 0 {
		return nil, err
	}
	n, l := told[0], letter{locale: a.Locale}
	number := strconv.FormatInt(n.Conversation, 10)
	out := shownPush{Tag: string(n.Kind) + number, URL: "/conversations/" + number, Lang: a.Locale, Body: words.Say(a.Locale, errs.Say("Conversation %s", number))}
	if r.PushWords {
		out.Title, out.Body = l.sentence(n), text.Preview(n.Subject, 100)+"\n"+text.Preview(n.Text, 160)
	} else {
		n.ActorName = ""
		out.Title = l.sentence(n)
	}
	b, err := json.Marshal(out)
	return &push.Message{Payload: b, Topic: out.Tag, Keep: pushKept}, err
}

// pushedInbox is the message about an inbox, whose name is no secret of a customer.
func (s *Service) pushedInbox(ctx context.Context, a *access.Actor, p pushPayload) (*push.Message, error) {
	if !p.Kind.concerns(a) {
		return nil, nil
	}
	told, err := inboxesWhere(ctx, s.DB, a.AgentID, "n.inbox_id = ? AND n.kind = ? AND n.read_at = 0", []any{p.Inbox, string(p.Kind)}, 1)
	if err != nil || len(told) == 0 {
		return nil, err
	}
	n, number := told[0], strconv.FormatInt(p.Inbox, 10)
	out := shownPush{Title: letter{locale: a.Locale}.sentence(n), Body: text.Preview(n.Subject, 100), Tag: string(n.Kind) + number, URL: "/settings/inboxes/" + number, Lang: a.Locale}
	b, err := json.Marshal(out)
	return &push.Message{Payload: b, Topic: out.Tag, Keep: pushKept}, err
}
