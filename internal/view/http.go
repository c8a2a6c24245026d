package view

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Register adds the operations of the package.
func Register(api *web.API, s *Service) {
	read := string(access.ConversationsRead)
	web.Register(api, web.Op{Method: "GET", Path: "/conversations", Permission: read, Tag: "Conversations",
		Summary: "List conversations", Text: listText}, handler{s}.list)
	web.Register(api, web.Op{Method: "GET", Path: "/conversations/{id}", Permission: read, Tag: "Conversations",
		Summary: "Read a conversation", Errors: []int{404}}, handler{s}.one)
	web.Register(api, web.Op{Method: "GET", Path: "/counts", Permission: read, Tag: "Conversations",
		Summary: "Count the conversations of each view", Text: countText}, handler{s}.counts)
	web.Register(api, web.Op{Method: "GET", Path: "/agents/load", Permission: read, Tag: "People",
		Summary: "Who is there, and how much each has open", Text: "Of active agents. `away`: they said so, or have done nothing for three minutes; `offline` after fifteen."}, handler{s}.loads)
	handler{s}.registerSaved(api)
	handler{s}.registerLayouts(api)
	handler{s}.registerTabs(api)
	handler{s}.registerPerson(api)
	web.Register(api, web.Op{Method: "GET", Path: "/events", Permission: string(access.EventsRead), Tag: "Events",
		Summary: "Read the event feed", Text: feedText, Errors: []int{410}}, handler{s}.events)
}

const listText = "Without `status` and `view`: all but spam and trash. A view fills in what is not given: `mine`, `unassigned` and the " +
	"statuses list open conversations or those of the status, `all` all but spam and trash; `mentions` and `drafts` those where you were mentioned or have a draft, `following` and `sent` those that you follow or answered in, " +
	"`needs_attention` those where a reply failed or was stopped.\n\n" +
	"A page may hold fewer items than `limit`, even none, while `next` is not empty: filters beyond status, inbox, team and assignee " +
	"read at most 20,000 conversations a call and go on from the cursor."

const countText = "What you may see. `mentions` counts those that you have not read; teams and inboxes without anything to do are left out."

type handler struct{ s *Service }

// Asked is what a list is asked for; exported because parameters embed it.
type Asked struct {
	View     string   `query:"view" doc:"mine, unassigned, needs_attention, mentions, following, drafts, sent, open, pending, snoozed, closed, all, spam or trash"`
	Saved    int64    `query:"view_id" minimum:"0" doc:"A saved view"`
	Status   []string `query:"status" doc:"One or more, separated by commas"`
	Inbox    int64    `query:"inbox_id" minimum:"0"`
	Team     int64    `query:"team_id" minimum:"0"`
	Assignee string   `query:"assignee_id" doc:"An id, me or none"`
	Customer int64    `query:"customer_id" minimum:"0"`
	Tag      string   `query:"tag" maxLength:"200" doc:"Name of a tag"`
	Priority string   `query:"priority" enum:"low,normal,high,urgent"`
	Channel  string   `query:"channel" maxLength:"50"`
	Query    string   `query:"q" maxLength:"1000" doc:"Words, found as in search"`
	Without  []string `query:"without" maxItems:"2" doc:"Those without team, tag or both, separated by commas"`
	Field    string   `query:"field" maxLength:"200" doc:"One of the shop's own fields and its value, as in reason:damaged; those that have none when nothing follows the colon"`
}

type listIn struct {
	web.List
	Asked
	Sort   string   `query:"sort" enum:"newest,oldest,waiting,urgency" doc:"Default: that of the saved view, or newest"`
	Fields []string `query:"fields" maxItems:"20" doc:"Keys of the shop's own fields whose values are wanted with each conversation"`
}

type pageOut struct{ Body web.Page[ListedConversation] }

// ListedConversation is an item of the list; exported because the single one embeds it.
type ListedConversation struct {
	ID             int64      `json:"id"`
	Number         int64      `json:"number"`
	Subject        string     `json:"subject"`
	Preview        string     `json:"preview"`
	Status         string     `json:"status" enum:"open,pending,snoozed,closed,spam,trash"`
	Channel        string     `json:"channel"`
	InboxID        int64      `json:"inbox_id"`
	BrandID        int64      `json:"brand_id"`
	Customer       person     `json:"customer"`
	AssigneeID     *int64     `json:"assignee_id"`
	Assignee       *named     `json:"assignee"`
	TeamID         *int64     `json:"team_id"`
	Tags           []tag      `json:"tags"`
	Priority       string     `json:"priority" enum:"low,normal,high,urgent"`
	Unread         bool       `json:"unread" doc:"You have not read the customer's last message"`
	Draft          bool       `json:"draft" doc:"You have a draft here"`
	DraftPreview   string     `json:"draft_preview" doc:"The beginning of that draft, on one line"`
	LastMessageID  int64      `json:"last_message_id"`
	LastActivityAt time.Time  `json:"last_activity_at"`
	WaitingSince   *time.Time `json:"waiting_since" doc:"Of the oldest customer message without an answer"`
	DueAt          *time.Time `json:"due_at"`
	SnoozedUntil   *time.Time `json:"snoozed_until"`
	SnoozeAgain    *rest      `json:"snooze_again" doc:"How it was put away until a mere thanks of the customer woke it; a change to just that lets nobody wait"`
	CreatedAt      time.Time  `json:"created_at"`
	Version        int64      `json:"version" doc:"Counts changes of attributes, not messages"`

	CustomFields map[string]any `json:"custom_fields,omitempty" doc:"Values of the shop's own fields by their keys, as far as a list was asked for them"`
}

type rest struct {
	Status string    `json:"status" enum:"snoozed,pending"`
	Until  time.Time `json:"until"`
}

type person struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Email string `json:"email"`
}

type named struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type tag struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color" enum:"red,amber,green,blue,violet,pink,teal,grey"`
}

type detail struct {
	ListedConversation
	Team         *named `json:"team"`
	MergedIntoID *int64 `json:"merged_into_id" doc:"The conversation that this one was merged into"`
	Participants int    `json:"participants" doc:"People beside the customer"`
	Following    bool   `json:"following" doc:"You follow it"`
	LegalHold    bool   `json:"legal_hold" doc:"Nothing of it can be deleted, see /conversations/{id}/legal-hold"`
	Links        []link `json:"links" doc:"Other conversations that belong to this one, as far as you may see them"`

	CustomFields map[string]any `json:"custom_fields" doc:"Values of the shop's own fields by their keys"`
}

type link struct {
	ID      int64  `json:"id"`
	Number  int64  `json:"number"`
	Subject string `json:"subject"`
	Status  string `json:"status" enum:"open,pending,snoozed,closed,spam,trash"`
	Reason  string `json:"reason"`
}

func (h handler) list(ctx context.Context, in *listIn) (*pageOut, error) {
	f, err := in.filter(ctx)
	if err != nil {
		return nil, err
	}
	f.Sort = Sort(in.Sort)
	a, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	if err := h.s.use(ctx, a, &f); err != nil {
		return nil, err
	}
	if f.Saved = 0; f.Sort == "" {
		f.Sort = Newest
	}
	from, err := readPlace(in.Cursor, f.Sort)
	if err != nil {
		return nil, err
	}
	found, next, err := h.s.List(ctx, f, from, in.Limit)
	if err != nil {
		return nil, err
	}
	if err := h.s.addFields(ctx, found, in.Fields); err != nil {
		return nil, err
	}
	list := make([]ListedConversation, len(found))
	for i := range found {
		list[i] = found[i].shown()
	}
	return &pageOut{web.PageOf(list, writePlace(next, f.Sort))}, nil
}

func (in *Asked) filter(ctx context.Context) (f Filter, err error) {
	a, err := caller(ctx)
	if err != nil {
		return f, err
	}
	f = Filter{Inbox: in.Inbox, Team: in.Team, Customer: in.Customer, Tag: strings.TrimSpace(in.Tag), Channel: in.Channel,
		Priority: conversation.Priority(in.Priority), Query: in.Query, Saved: in.Saved}
	if err := f.without(in.Without); err != nil {
		return f, err
	}
	if err := f.own(in.Field); err != nil {
		return f, err
	}
	if f.Statuses, err = statuses(in.Status); err != nil {
		return f, err
	}
	if f.Assignee, err = assignee(in.Assignee, a.AgentID); err != nil {
		return f, err
	}
	return f, f.preset(in.View, a.AgentID)
}

// A cursor names the order it was made in, so that it cannot be used in another.
func writePlace(p *Place, s Sort) string {
	if p == nil {
		return ""
	}
	return web.TextCursor(string(s)+" "+strconv.FormatInt(p.Key, 10), p.ID)
}

func readPlace(cursor string, s Sort) (*Place, error) {
	text, id, some, err := web.ReadTextCursor(cursor)
	if err != nil || !some {
		return nil, err
	}
	order, number, _ := strings.Cut(text, " ")
	key, err := strconv.ParseInt(number, 10, 64)
	if err != nil || order != string(s) {
		return nil, errs.InvalidField("query.cursor", "This cursor does not come from this list.")
	}
	return &Place{key, id}, nil
}

func (it *Item) shown() ListedConversation {
	c := &it.Conversation
	out := ListedConversation{
		ID: c.ID, Number: c.ID, Subject: c.Subject, Preview: c.Preview, Status: string(c.Shown()), Channel: c.Channel,
		InboxID: c.Inbox, BrandID: it.Brand, Customer: person(it.Customer), TeamID: maybe(c.Team), AssigneeID: maybe(c.Assignee),
		Assignee: name(c.Assignee, it.Assignee.Name), Priority: string(c.Priority), Unread: it.Unread, Draft: it.Draft, DraftPreview: it.Written,
		LastMessageID: c.LastMessage, LastActivityAt: web.Time(c.LastActivityAt), WaitingSince: web.MaybeTime(c.WaitingSince),
		DueAt: web.MaybeTime(it.DueAt), SnoozedUntil: web.MaybeTime(c.SnoozedUntil), CreatedAt: web.Time(c.CreatedAt), Version: c.Version,
		Tags: make([]tag, len(it.Tags)), CustomFields: it.Fields,
	}
	for i, t := range it.Tags {
		out.Tags[i] = tag(t)
	}
	if w := c.Woken; !w.Until.IsZero() {
		out.SnoozeAgain = &rest{string(w.Status), web.Time(w.Until)}
	}
	return out
}

func maybe(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func name(id int64, s string) *named {
	if id == 0 {
		return nil
	}
	return &named{id, s}
}

type oneIn struct {
	ID int64 `path:"id"`
}

type oneOut struct{ Body detail }

func (h handler) one(ctx context.Context, in *oneIn) (*oneOut, error) {
	d, err := h.s.Conversation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := detail{ListedConversation: d.shown(), Team: name(d.Team, d.TeamName), MergedIntoID: maybe(d.MergedInto), Participants: d.Participants, Following: d.Following, LegalHold: d.Held,
		Links: make([]link, len(d.Links)), CustomFields: d.Fields}
	for i, l := range d.Links {
		out.Links[i] = link{l.ID, l.ID, l.Subject, l.Status, l.Reason}
	}
	return &oneOut{out}, nil
}

type countsOut struct {
	Body struct {
		Mine           int64        `json:"mine"`
		Unassigned     int64        `json:"unassigned"`
		AllOpen        int64        `json:"all_open"`
		Pending        int64        `json:"pending"`
		Snoozed        int64        `json:"snoozed"`
		Closed         int64        `json:"closed"`
		Drafts         int64        `json:"drafts"`
		Mentions       int64        `json:"mentions"`
		Spam           int64        `json:"spam"`
		Trash          int64        `json:"trash"`
		NeedsAttention int64        `json:"needs_attention"`
		MineTabs       TabCounts    `json:"mine_tabs" doc:"Assigned to you, by the tabs of the view"`
		UnassignedTabs TabCounts    `json:"unassigned_tabs" doc:"Assigned to nobody, by the tabs of the view"`
		Teams          []teamCount  `json:"teams"`
		Inboxes        []inboxCount `json:"inboxes"`
	}
}

// TabCounts are what a view is split into; exported because teams and inboxes embed it.
type TabCounts struct {
	Open    int64 `json:"open"`
	Pending int64 `json:"pending"`
	All     int64 `json:"all" doc:"Snoozed ones too"`
}

type teamCount struct {
	TeamID int64 `json:"team_id"`
	TabCounts
}

type inboxCount struct {
	InboxID int64 `json:"inbox_id"`
	TabCounts
}

func (h handler) counts(ctx context.Context, _ *struct{}) (*countsOut, error) {
	c, err := h.s.Counts(ctx)
	if err != nil {
		return nil, err
	}
	var out countsOut
	b := &out.Body
	b.Mine, b.Unassigned, b.Drafts, b.Mentions = c.Mine.Open, c.Unassigned.Open, c.Drafts, c.Mentions
	b.MineTabs, b.UnassignedTabs = TabCounts(c.Mine), TabCounts(c.Unassigned)
	b.AllOpen, b.Pending, b.Snoozed = c.ByStatus[conversation.Open], c.ByStatus[conversation.Pending], c.ByStatus[conversation.Snoozed]
	b.NeedsAttention = c.NeedsAttention
	b.Closed, b.Spam, b.Trash = c.ByStatus[conversation.Closed], c.ByStatus[conversation.Spam], c.ByStatus[conversation.Trash]
	b.Teams, b.Inboxes = []teamCount{}, []inboxCount{}
	for _, id := range sortedKeys(c.Teams) {
		b.Teams = append(b.Teams, teamCount{id, TabCounts(c.Teams[id])})
	}
	for _, id := range sortedKeys(c.Inboxes) {
		b.Inboxes = append(b.Inboxes, inboxCount{id, TabCounts(c.Inboxes[id])})
	}
	return &out, nil
}
