package search

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Register adds the operation of the package.
func Register(api *web.API, s *Service) {
	web.Register(api, web.Op{Method: "GET", Path: "/search", Permission: string(access.SearchRead), Tag: "Search",
		Summary: "Search messages, conversations and customers", Text: searchText}, handler{s}.find)
	web.Register(api, web.Op{Method: "GET", Path: "/search/conditions", Permission: string(access.SearchRead), Tag: "Search",
		Summary: "Conditions of a saved view for a search", Text: "What the operators of a search ask for, as `conditions` of `POST /views`. " +
			"`left_out` says in words what of the search a view cannot hold."}, handler{s}.conditions)
}

const searchText = "Newest first; only what you may see; spam and trash are left out unless they are asked for. Every word must occur, as typed or in another form of its " +
	"stem in the languages of the inboxes; the last word may be the beginning of a longer one; words in double quotes must follow each other. " +
	"Found are the text of a message, its author, the names of its files, the subject and number of its conversation; a customer by the " +
	"beginning of an e-mail address.\n\n" +
	"**Operators** narrow it: `from:` and `to:` (a name or address, `from:me`), `order:` (a number that must occur), `tag:`, " +
	"`is:` (`open`, `pending`, `snoozed`, `closed`, `spam`, `trash`, `unread`, `read`, `assigned`, `unassigned`, `waiting`, `overdue`, `following`, `mentioned`, " +
	"`low`, `normal`, `high`, `urgent`), `has:` (`attachment`, `note`, `reply`, `draft`, `tag`), `in:` (an inbox or team, `spam`, `trash`, `anywhere`), " +
	"`assignee:` (a name or address, `me`, `none`), `before:` and `after:` (`2026-11-27`, `2026-11`, `7d`, `today`, `\"last week\"`, also in Japanese, Turkish and Ukrainian). " +
	"A value with a space stands in quotes, and a minus in front leaves out. All operators must hold; several statuses, inboxes, agents, priorities or people are alternatives. " +
	"An operator or value that is not known is an error. A query of operators alone finds conversations by their last activity, " +
	"with `from:`, `to:` or `has:attachment` messages by their time.\n\n" +
	"`type` is `conversation` where only subject or number match, and `id` is then the conversation's. `title` is plain text. " +
	"`snippet` is HTML that may be shown as it is: everything is escaped but `<mark>` around what matches.\n\n" +
	"A page may hold fewer items than `limit`, even none, while `next` is not empty: 20,000 candidates are looked at in one call."

type handler struct{ s *Service }

type findIn struct {
	web.List
	Query string `query:"q" required:"true" maxLength:"1000" doc:"Words and operators"`
	Zone  string `query:"time_zone" maxLength:"60" doc:"In which days begin, such as Europe/Kyiv; UTC where absent"`
}

type findOut struct{ Body web.Page[result] }

type result struct {
	Type           string    `json:"type" enum:"message,conversation,customer"`
	ID             int64     `json:"id"`
	ConversationID *int64    `json:"conversation_id" doc:"null for a customer"`
	SideID         int64     `json:"side_conversation_id,omitempty" doc:"The side conversation in which the message stands"`
	Title          string    `json:"title" doc:"Subject, or the customer's name"`
	Snippet        string    `json:"snippet" doc:"Escaped HTML with <mark>"`
	At             time.Time `json:"at"`
}

func (h handler) find(ctx context.Context, in *findIn) (*findOut, error) {
	r := Request{Query: in.Query}
	var err error
	if r.Zone, err = zone(in.Zone); err != nil {
		return nil, err
	}
	key, id, some, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	var from *Place
	if some {
		from = &Place{key, id}
	}
	found, next, err := h.s.Find(ctx, r, from, in.Limit)
	if err != nil {
		return nil, err
	}
	list := make([]result, len(found))
	for i, it := range found {
		list[i] = result{Type: string(it.Type), ID: it.ID, SideID: it.Side, Title: it.Title, Snippet: it.Snippet, At: web.Time(it.At)}
		if it.Type != Customer {
			list[i].ConversationID = &found[i].Conversation
		}
	}
	cursor := ""
	if next != nil {
		cursor = web.Cursor(next.Key, next.ID)
	}
	return &findOut{web.PageOf(list, cursor)}, nil
}

type conditionsIn struct {
	Query string `query:"q" required:"true" maxLength:"1000" doc:"Words and operators"`
	Zone  string `query:"time_zone" maxLength:"60"`
}

type conditionsOut struct {
	Body struct {
		Conditions Condition `json:"conditions"`
		LeftOut    []string  `json:"left_out"`
	}
}

func (h handler) conditions(ctx context.Context, in *conditionsIn) (*conditionsOut, error) {
	z, err := zone(in.Zone)
	if err != nil {
		return nil, err
	}
	c, left, err := h.s.AsView(ctx, Request{Query: in.Query, Zone: z})
	if err != nil {
		return nil, err
	}
	out := &conditionsOut{}
	out.Body.Conditions, out.Body.LeftOut = c, []string{}
	for _, text := range left {
		out.Body.LeftOut = append(out.Body.LeftOut, web.Say(ctx, text))
	}
	return out, nil
}

// zone reads the name of a time zone.
func zone(name string) (*time.Location, error) {
	if name == "" {
		return time.UTC, nil
	}
	z, err := time.LoadLocation(name)
	if err != nil || z == time.Local {
		return nil, errs.InvalidFieldf("query.time_zone", "There is no time zone %q.", name)
	}
	return z, nil
}
