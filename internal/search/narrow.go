package search

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// never is behind every time that a key can hold, in ms.
const never = 1 << 43

// nobody stands for "no assignee" among agents' ids.
const nobody int64 = -1

// meant is a term whose names were looked up.
type meant struct {
	Term
	ids   []int64   // of tags, inboxes or agents; nobody is one of the latter
	teams []int64   // of in:
	name  string    // of the tag as it is written
	at    time.Time // of before: and after:
	moves bool      // it is another moment tomorrow
	expr  text.Expr // of from:, to: and order:
}

var (
	statusNames = []string{"open", "pending", "snoozed", "closed", "spam", "trash"}
	priorities  = []string{"low", "normal", "high", "urgent"}
	isValues    = slices.Concat(statusNames, priorities, []string{"unread", "read", "assigned", "unassigned", "waiting", "overdue", "following", "mentioned"})
	hasValues   = []string{"attachment", "note", "reply", "draft", "tag"}
)

func (t *meant) status() bool   { return t.Op == Is && slices.Contains(statusNames, t.Value) }
func (t *meant) priority() bool { return t.Op == Is && slices.Contains(priorities, t.Value) }

// place tells whether in: names a status: spam, trash or every one.
func (t *meant) place() bool {
	return t.Op == In && (t.Value == "spam" || t.Value == "trash" || t.Value == "anywhere")
}

// understand looks up what the terms name. What is there no more, or not for
// the actor, is an error that names it.
func (l *lookup) understand(ctx context.Context, q queryer, terms []Term) error {
	for _, t := range terms {
		m := meant{Term: t}
		var err error
		switch t.Op {
		case Is:
			if m.Value = strings.ToLower(t.Value); !slices.Contains(isValues, m.Value) {
				return errs.InvalidFieldf("query.q", "%q is nothing that is: knows. It knows open, pending, snoozed, closed, spam, trash, unread, read, assigned, unassigned, "+
					"waiting, overdue, following, mentioned, low, normal, high and urgent.", t.Value)
			}
		case Has:
			if m.Value = strings.ToLower(t.Value); !slices.Contains(hasValues, m.Value) {
				return errs.InvalidFieldf("query.q", "%q is nothing that has: knows. It knows attachment, note, reply, draft and tag.", t.Value)
			}
		case Before, After:
			m.at, m.moves, err = when(t.Value, l.now)
		case Tag:
			m.name, m.ids, err = tagNamed(ctx, q, t.Value)
		case In:
			err = l.inbox(ctx, q, &m)
		case Assignee:
			m.ids, err = l.agents(ctx, q, t.Value)
		case From, To, Order:
			err = l.text(&m)
		}
		if err != nil {
			return err
		}
		l.terms = append(l.terms, m)
	}
	return l.settle()
}

func (l *lookup) text(m *meant) error {
	if m.Op == From && strings.EqualFold(m.Value, "me") {
		m.ids = []int64{l.actor.AgentID}
		return nil
	}
	if m.Op == Order && m.Not {
		return errs.InvalidField("query.q", "order: says what must occur. It cannot be left out with a minus.")
	}
	m.expr = l.analyzer.Query(m.Value, text.QueryOptions{Typing: true, Plain: true})
	if m.expr.Empty() {
		return errs.InvalidFieldf("query.q", "%q holds no letter or digit to look for.", m.Value)
	}
	return nil
}

func (l *lookup) inbox(ctx context.Context, q queryer, m *meant) (err error) {
	if v := strings.ToLower(m.Value); v == "spam" || v == "trash" || v == "anywhere" {
		m.Value = v
		return nil
	}
	if m.ids, err = inboxesNamed(ctx, q, l.actor, m.Value); err != nil {
		return err
	}
	if m.teams, err = named(ctx, q, "team", m.Value); err != nil {
		return err
	}
	if len(m.ids)+len(m.teams) == 0 {
		return errs.InvalidFieldf("query.q", "There is no inbox and no team %q. in: also knows spam, trash and anywhere.", m.Value)
	}
	return nil
}

func (l *lookup) agents(ctx context.Context, q queryer, value string) ([]int64, error) {
	switch strings.ToLower(value) {
	case "me":
		return []int64{l.actor.AgentID}, nil
	case "none", "nobody":
		return []int64{nobody}, nil
	}
	ids, err := named(ctx, q, "agent", value)
	if err == nil && len(ids) == 0 {
		err = errs.InvalidFieldf("query.q", "There is no agent %q. Write a name, an email address, me or none.", value)
	}
	return ids, err
}

// settle draws the statuses, the time and the words out of the terms.
func (l *lookup) settle() error {
	l.oldest, l.newest = 0, never
	var wanted, refused []string
	for _, t := range l.terms {
		switch {
		case t.status() || t.place():
			list := []string{t.Value}
			if t.Value == "anywhere" {
				list = statusNames
			}
			if t.Not {
				refused = append(refused, list...)
			} else {
				wanted = append(wanted, list...)
			}
		case t.Op == Before && !t.Not, t.Op == After && t.Not:
			l.newest = min(l.newest, t.at.UnixMilli())
		case t.Op == After, t.Op == Before:
			l.oldest = max(l.oldest, t.at.UnixMilli())
		}
	}
	l.named = len(wanted) > 0
	if !l.named {
		wanted = statusNames[:4]
	}
	for _, s := range statusNames {
		if slices.Contains(wanted, s) && !slices.Contains(refused, s) {
			l.statuses = append(l.statuses, conversation.Status(s))
		}
	}
	if len(l.statuses) == 0 || l.oldest >= l.newest {
		return errs.InvalidField("query.q", "Nothing can be found: what the operators ask for excludes each other.")
	}
	return nil
}

// byMessage tells whether single messages are looked for: by their words or by
// something that only a message has.
func (l *lookup) byMessage() bool {
	return !l.find.Empty() || slices.ContainsFunc(l.terms, func(t meant) bool {
		return t.Op == From || t.Op == To || t.Op == Has && t.Value == "attachment"
	})
}

// tester tests people of a message: any of the expressions must match one of
// them, or none may.
type tester struct {
	op  Operator
	any []text.Expr
	me  int64 // an agent who will do as well
	not bool
}

// testers are the tests that no index answers.
func (l *lookup) testers() (out []tester) {
	for _, op := range []Operator{From, To} {
		all := tester{op: op}
		for _, t := range l.terms {
			switch {
			case t.Op != op:
			case t.Not && !t.expr.Empty():
				out = append(out, tester{op: op, any: []text.Expr{t.expr}, not: true})
			case t.Not:
			case t.expr.Empty():
				all.me = t.ids[0]
			default:
				all.any = append(all.any, t.expr)
			}
		}
		if len(all.any) > 0 {
			out = append(out, all)
		}
	}
	return out
}

// fits tests who wrote a message and whom it went to.
func (t tester) fits(a *text.Analyzer, p people) bool {
	list := p.to
	if t.op == From {
		list = []conversation.Person{p.from}
		if t.me != 0 && t.me == p.agent {
			return true
		}
	}
	for _, who := range list {
		terms := a.Index(who.Name, who.Address)
		if slices.ContainsFunc(t.any, func(e text.Expr) bool { return e.Match(terms) }) {
			return !t.not
		}
	}
	return t.not
}

// people are those of one message.
type people struct {
	from  conversation.Person
	agent int64 // who wrote it, 0 = a customer
	to    []conversation.Person
}

func sees(a *access.Actor, inbox int64) bool {
	return conversation.SeesEverything(a) || a.Scope.Level(inbox) != access.None
}
