package view

import (
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// cond is a condition on conversation c with its values.
type cond struct {
	sql  string
	args []any
}

func when(sql string, args ...any) cond { return cond{sql, args} }

func (c cond) and(other cond) cond {
	switch {
	case other.sql == "":
		return c
	case c.sql == "":
		return other
	}
	return cond{c.sql + " AND " + other.sql, append(append([]any(nil), c.args...), other.args...)}
}

// arm is one way to rows: an index whose leading columns walk says, in the
// order of the list, or a short list of its own.
type arm struct {
	index string // on conversation; "" = by id
	from  cond   // what is in front of conversation, a derived table that leads to ids
	walk  cond
	rest  cond // tested on each row
	short bool // bounded by itself: may be sorted
	// follower walks who follows what instead of conversation, by an index of it.
	follower bool
}

// plan is how a list is read. Arms may overlap in up to overlap copies of a row.
type plan struct {
	arms    []arm
	overlap int
	column  string // the sort key
	desc    bool
}

// maxArms bounds the text of one query. Beyond it the walk is by status alone.
const maxArms = 120

// maxFollowed bounds what one agent follows, or was mentioned in, as far as lists go.
const maxFollowed = 10_000

var columns = map[Sort]struct {
	column, index string
	desc          bool
}{
	Newest:  {"last_activity_at", "newest", true},
	Oldest:  {"last_activity_at", "newest", false},
	Waiting: {"waiting_since", "waiting", false},
	Urgency: {"due_at", "due", false},
}

// planner builds one plan.
type planner struct {
	f       *Filter
	actor   *access.Actor
	index   string // suffix of the indexes of this order
	ids     []int64
	tag     int64
	rare    bool // the tag has few conversations
	few     bool // few conversations have the values of the filter's own field
	follows bool // the actor follows something or was mentioned somewhere
}

// plan chooses the arms: the narrowest thing that was asked for leads, the rest
// is tested on its rows.
func (p *planner) plan() plan {
	sort := columns[p.f.Sort]
	p.index = sort.index
	out := plan{arms: p.lead(), overlap: 1, column: sort.column, desc: sort.desc}
	if !conversation.SeesEverything(p.actor) {
		out.overlap = min(len(out.arms), 5)
	}
	return out
}

func (p *planner) lead() []arm {
	f := p.f
	switch {
	case p.ids != nil:
		list := pad(p.ids)
		return p.short(arm{walk: when("c.id IN ("+db.Marks(len(list))+")", list...)}, p.visible())
	case f.Mentions:
		return p.followed("mention", p.others(""))
	case f.Drafts:
		return p.short(arm{from: when("(SELECT conversation_id FROM draft WHERE agent_id = ? ORDER BY updated_at DESC LIMIT ?) f",
			p.actor.AgentID, maxFollowed)}, p.visible())
	case f.Follows:
		return p.followed("follow", p.others(""))
	case f.Sent:
		return p.short(arm{from: when(`(SELECT DISTINCT conversation_id FROM (SELECT conversation_id FROM message
			WHERE author_type = 'agent' AND kind = 'outbound' AND author_id = ? ORDER BY id DESC LIMIT 2000) s) f`, p.actor.AgentID)}, p.visible())
	case f.Waits:
		return p.short(arm{from: when(attention + " f")}, p.visible())
	case p.rare:
		return p.short(arm{from: when("(SELECT conversation_id FROM conversation_tag WHERE tag_id = ?) f", p.tag)}, p.visible())
	case p.few:
		return p.short(arm{from: fieldArm(f.ownKey, f.ownValues)}, p.visible())
	case f.Customer != 0:
		a := arm{index: "conversation_customer", walk: when("c.customer_id = ?", f.Customer)}
		a.rest = p.statusIn().and(p.visible()).and(p.others("customer"))
		return []arm{a}
	case f.Assignee > 0:
		rest := p.others("assignee")
		if f.Assignee != p.actor.AgentID {
			rest = p.visible().and(rest)
		}
		return p.each("conversation_assignee_", when("c.assignee_id = ?", f.Assignee), rest)
	case f.Assignee == Nobody && len(f.Statuses) == 1 && f.Statuses[0] == conversation.Open:
		return []arm{{index: "conversation_unassigned_" + p.index, walk: when("c.assignee_id IS NULL AND c.status = 'open'").and(p.span()),
			rest: p.visible().and(p.others("assignee"))}}
	case f.Team != 0:
		return p.each("conversation_team_", when("c.team_id = ?", f.Team), p.visible().and(p.others("team")))
	}
	return p.base()
}

// base walks all that the actor sees, or all of it in one inbox.
func (p *planner) base() []arm {
	scope, rest := p.actor.Scope, p.others("inbox")
	if conversation.SeesEverything(p.actor) && p.f.Inbox == 0 {
		return p.each("conversation_", cond{}, rest)
	}
	if p.f.Inbox != 0 {
		if conversation.SeesEverything(p.actor) || scope.Level(p.f.Inbox) == access.Any {
			return p.each("conversation_inbox_", when("c.inbox_id = ?", p.f.Inbox), rest)
		}
		rest = when("c.inbox_id = ?", p.f.Inbox).and(rest)
		scope.Inboxes = map[int64]access.Level{p.f.Inbox: scope.Level(p.f.Inbox)}
	}
	out := p.scoped(scope, rest)
	if len(out) > maxArms {
		return p.each("conversation_", cond{}, p.visible().and(rest))
	}
	return out
}

func (p *planner) scoped(scope access.Scope, rest cond) (out []arm) {
	for _, inbox := range scope.InboxesAt(access.Any) {
		out = append(out, p.each("conversation_inbox_", when("c.inbox_id = ?", inbox), rest)...)
	}
	if team := scope.InboxesAt(access.Team); len(team) > 0 {
		in := when("c.inbox_id IN ("+db.Marks(len(team))+")", values(team)...)
		for _, id := range scope.Teams {
			out = append(out, p.each("conversation_team_", when("c.team_id = ?", id), in.and(rest))...)
		}
	}
	if p.actor.AgentID == 0 {
		return out
	}
	out = append(out, p.each("conversation_assignee_", when("c.assignee_id = ?", p.actor.AgentID), rest)...)
	if !p.follows {
		return out
	}
	return append(append(out, p.followed("follow", rest)...), p.followed("mention", rest)...)
}

// followed are the conversations that the actor may read whatever their scope is.
func (p *planner) followed(reason string, rest cond) (out []arm) {
	for _, s := range p.f.statuses() {
		out = append(out, arm{follower: true, index: "conversation_follower_" + p.index, rest: rest,
			walk: when("f.agent_id = ? AND f.reason = ? AND f.status = ?", p.actor.AgentID, reason, string(s))})
	}
	return out
}

// span bounds the walk of an index by what the filter asks of the sort key.
func (p *planner) span() cond { return p.f.spans[columns[p.f.Sort].column] }

// each is one arm for each status.
func (p *planner) each(index string, lead, rest cond) (out []arm) {
	for _, s := range p.f.statuses() {
		out = append(out, arm{index: index + p.index, walk: lead.and(when("c.status = ?", string(s))).and(p.span()), rest: rest})
	}
	return out
}

func (p *planner) short(a arm, rest cond) []arm {
	a.short = true
	a.rest = p.statusIn().and(rest).and(p.others(""))
	return []arm{a}
}

func (p *planner) statusIn() cond {
	list := p.f.statuses()
	args := make([]any, len(list))
	for i, s := range list {
		args[i] = string(s)
	}
	return when("c.status IN ("+db.Marks(len(list))+")", args...)
}

// others are the conditions of the filter that the leading one leaves.
func (p *planner) others(lead string) (out cond) {
	f := p.f
	if f.Inbox != 0 && lead != "inbox" {
		out = out.and(when("c.inbox_id = ?", f.Inbox))
	}
	if f.Team != 0 && lead != "team" {
		out = out.and(when("c.team_id = ?", f.Team))
	}
	if f.Customer != 0 && lead != "customer" {
		out = out.and(when("c.customer_id = ?", f.Customer))
	}
	switch {
	case lead == "assignee":
	case f.Assignee == Nobody:
		out = out.and(when("c.assignee_id IS NULL"))
	case f.Assignee != 0:
		out = out.and(when("c.assignee_id = ?", f.Assignee))
	}
	if f.Priority != "" {
		out = out.and(when("c.priority = ?", string(f.Priority)))
	}
	if f.Channel != "" {
		out = out.and(when("c.channel = ?", f.Channel))
	}
	out = out.and(f.extra)
	if f.NoTeam {
		out = out.and(when("c.team_id IS NULL"))
	}
	if f.NoTag {
		out = out.and(when("NOT EXISTS (SELECT 1 FROM conversation_tag t WHERE t.conversation_id = c.id)"))
	}
	switch {
	case f.Own != "" && f.OwnValue == "":
		out = out.and(negated(holds(f.Own, cond{})))
	case f.Own != "":
		out = out.and(holds(f.Own, when("v.value = ?", f.OwnValue)))
	}
	if p.tag != 0 && !p.rare {
		out = out.and(when("EXISTS (SELECT 1 FROM conversation_tag t WHERE t.conversation_id = c.id AND t.tag_id = ?)", p.tag))
	}
	return out
}

func (p *planner) visible() cond { return visible(p.actor) }

// visible is the rule of seeing, nothing for who sees everything.
func visible(a *access.Actor) cond {
	if conversation.SeesEverything(a) {
		return cond{}
	}
	sql, args := conversation.Visible(a, "c.")
	return when(sql, args...)
}

func values(ids []int64) []any {
	out := make([]any, len(ids))
	for i, id := range ids {
		out[i] = id
	}
	return out
}

// pad fills a list of ids up to one of a few lengths with 0, which is nobody's
// id, so that few different texts are prepared.
func pad(ids []int64) []any {
	out := values(ids)
	for _, n := range []int{1, 10, 25, 50, 101, 250, 1000} {
		if len(out) <= n {
			return append(out, values(make([]int64, n-len(out)))...)
		}
	}
	return out
}

// text is the query of one arm between two places; bare leaves the tests out.
func (p *plan) text(a arm, d db.Dialect, from, to *Place, bare bool) (string, []any) {
	if a.follower {
		return p.followerText(a, d, from, to, bare)
	}
	var b strings.Builder
	b.WriteString("SELECT c." + p.column + " AS k, c.id AS id FROM ")
	args := append([]any(nil), a.from.args...)
	where := cond{}
	if a.from.sql != "" {
		b.WriteString(a.from.sql + " CROSS JOIN ")
		where = when("c.id = f.conversation_id")
	}
	b.WriteString("conversation AS c" + hint(d, a))
	where = where.and(a.walk).and(p.between("c.", "id", from, to))
	if !bare {
		where = where.and(a.rest)
	}
	b.WriteString(" WHERE " + where.sql)
	return b.String(), append(args, where.args...)
}

// between are the rows of a table behind one place up to another.
func (p *plan) between(table, id string, from, to *Place) (out cond) {
	after, until := "<", ">="
	if !p.desc {
		after, until = ">", "<="
	}
	place := "(" + table + p.column + ", " + table + id + ") "
	if from != nil {
		out = out.and(when(place+after+" (?, ?)", from.Key, from.ID))
	}
	if to != nil {
		out = out.and(when(place+until+" (?, ?)", to.Key, to.ID))
	}
	return out
}

// followerText is [plan.text] of an arm over who follows what. The conversation
// itself is read only where something has to be tested.
func (p *plan) followerText(a arm, d db.Dialect, from, to *Place, bare bool) (string, []any) {
	text := "SELECT f." + p.column + " AS k, f.conversation_id AS id FROM conversation_follower AS f" + hint(d, a)
	where := a.walk.and(p.between("f.", "conversation_id", from, to))
	if !bare && a.rest.sql != "" {
		text += " CROSS JOIN conversation AS c" + hint(d, arm{})
		where = where.and(when("c.id = f.conversation_id")).and(a.rest)
	}
	return text + " WHERE " + where.sql, where.args
}

// hint names the index: SQLite plans without statistics.
func hint(d db.Dialect, a arm) string {
	if d == db.SQLite && a.index == "" {
		return " NOT INDEXED"
	}
	return d.Using(a.index)
}

// merged is the query of all arms in the order of the list, for at most n rows
// of each. SQLite merges ordered arms by itself; PostgreSQL does when each has
// an order and a limit of its own.
func (p *plan) merged(d db.Dialect, from, to *Place, bare bool, n int) (string, []any) {
	order := " ORDER BY k, id"
	if p.desc {
		order = " ORDER BY k DESC, id DESC"
	}
	texts := make([]string, len(p.arms))
	var args []any
	for i, a := range p.arms {
		text, some := p.text(a, d, from, to, bare)
		args = append(args, some...)
		if d == db.Postgres && len(p.arms) > 1 {
			text = "(" + text + order + " LIMIT ?)"
			args = append(args, n)
		}
		texts[i] = text
	}
	return strings.Join(texts, " UNION ALL ") + order, args
}
