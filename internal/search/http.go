package search

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Register adds the operation of the package.
func Register(api *web.API, s *Service) {
	web.Register(api, web.Op{Method: "GET", Path: "/search", Permission: string(access.SearchRead), Tag: "Search",
		Summary: "Search messages, conversations and customers", Text: searchText}, handler{s}.find)
}

const searchText = "Newest first; only what you may see; spam and trash are left out. Every word must occur, as typed or in another form of its " +
	"stem in the languages of the inboxes; the last word may be the beginning of a longer one; words in double quotes must follow each other. " +
	"Found are the text of a message, its author, the names of its files, the subject and number of its conversation; a customer by the " +
	"beginning of an e-mail address.\n\n" +
	"`type` is `conversation` where only subject or number match, and `id` is then the conversation's. `title` is plain text. " +
	"`snippet` is HTML that may be shown as it is: everything is escaped but `<mark>` around what matches.\n\n" +
	"A page may hold fewer items than `limit` while `next` is not empty."

type handler struct{ s *Service }

type findIn struct {
	web.List
	Query string `query:"q" required:"true" maxLength:"1000" doc:"Words"`
}

type findOut struct{ Body web.Page[result] }

type result struct {
	Type           string    `json:"type" enum:"message,conversation,customer"`
	ID             int64     `json:"id"`
	ConversationID *int64    `json:"conversation_id" doc:"null for a customer"`
	Title          string    `json:"title" doc:"Subject, or the customer's name"`
	Snippet        string    `json:"snippet" doc:"Escaped HTML with <mark>"`
	At             time.Time `json:"at"`
}

func (h handler) find(ctx context.Context, in *findIn) (*findOut, error) {
	before, _, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, next, err := h.s.Find(ctx, in.Query, before, in.Limit)
	if err != nil {
		return nil, err
	}
	list := make([]result, len(found))
	for i, it := range found {
		list[i] = result{Type: string(it.Type), ID: it.ID, Title: it.Title, Snippet: it.Snippet, At: web.Time(it.At)}
		if it.Type != Customer {
			list[i].ConversationID = &found[i].Conversation
		}
	}
	cursor := ""
	if next != 0 {
		cursor = web.Cursor(next, 0)
	}
	return &findOut{web.PageOf(list, cursor)}, nil
}
