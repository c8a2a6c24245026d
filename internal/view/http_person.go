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

func (h handler) registerPerson(api *web.API) {
	read := string(access.ConversationsRead)
	web.Register(api, web.Op{Method: "GET", Path: "/customers/{id}/timeline", Permission: read, Tag: "Customers",
		Summary: "Messages and notes of all conversations with a customer", Text: "As far as you may see them: conversation after conversation, the one with the newest " +
			"activity first, each from its end. Spam and trash are among them, with their status."}, h.timeline)
	web.Register(api, web.Op{Method: "GET", Path: "/customers/{id}/files", Permission: read, Tag: "Customers",
		Summary: "Files of all conversations with a customer", Text: "As far as you may see them, in the order of the timeline. A page may hold fewer items than `limit`, even none, while `next` is not empty."}, h.files)
}

type personIn struct {
	ID int64 `path:"id" minimum:"1"`
	web.List
}

type aboutBody struct {
	ID      int64  `json:"id"`
	Number  int64  `json:"number"`
	Subject string `json:"subject"`
	Status  string `json:"status" enum:"open,pending,snoozed,closed,spam,trash"`
	Channel string `json:"channel"`
	InboxID int64  `json:"inbox_id"`
}

func aboutOf(a About) aboutBody {
	return aboutBody{a.ID, a.ID, a.Subject, string(a.Status), a.Channel, a.Inbox}
}

type saidBody struct {
	MessageID    int64     `json:"message_id"`
	Kind         string    `json:"kind" enum:"inbound,outbound,note"`
	Author       named     `json:"author" doc:"The agent where by_agent is true"`
	ByAgent      bool      `json:"by_agent"`
	Preview      string    `json:"preview" doc:"The beginning, on one line"`
	CreatedAt    time.Time `json:"created_at"`
	Automatic    bool      `json:"automatic"`
	Files        int       `json:"files" doc:"How many files it has, pictures in its text left out"`
	Conversation aboutBody `json:"conversation"`
}

func (h handler) timeline(ctx context.Context, in *personIn) (*struct{ Body web.Page[saidBody] }, error) {
	from, err := readSpot(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, next, err := h.s.Timeline(ctx, in.ID, from, in.Limit)
	if err != nil {
		return nil, err
	}
	list := make([]saidBody, len(found))
	for i, one := range found {
		list[i] = saidBody{one.Message, string(one.Kind), named{one.Author.ID, orElseText(one.Author.Name, one.Author.Email)}, one.ByAgent, one.Preview,
			web.Time(one.At), one.Flags.Has(conversation.FlagAutomatic), one.Files, aboutOf(one.About)}
	}
	return &struct{ Body web.Page[saidBody] }{web.PageOf(list, writeSpot(next))}, nil
}

func orElseText(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// FileBody is a file of a customer; exported because the schema embeds what a file is elsewhere.
type FileBody struct {
	conversation.AttachmentBody
	MessageID    int64     `json:"message_id"`
	CreatedAt    time.Time `json:"created_at"`
	Conversation aboutBody `json:"conversation"`
}

func (h handler) files(ctx context.Context, in *personIn) (*struct{ Body web.Page[FileBody] }, error) {
	from, err := readSpot(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, next, err := h.s.Files(ctx, in.ID, from, in.Limit)
	if err != nil {
		return nil, err
	}
	list := make([]FileBody, len(found))
	for i, f := range found {
		body := conversation.FileBodies([]conversation.Attachment{f.Attachment})[0]
		list[i] = FileBody{body, f.Attachment.Message, web.Time(f.CreatedAt), aboutOf(f.About)}
	}
	return &struct{ Body web.Page[FileBody] }{web.PageOf(list, writeSpot(next))}, nil
}

func writeSpot(s *Spot) string {
	if s == nil {
		return ""
	}
	return web.TextCursor("person "+strconv.FormatInt(s.Activity, 10)+" "+strconv.FormatInt(s.Conversation, 10), s.Message)
}

func readSpot(cursor string) (*Spot, error) {
	key, message, some, err := web.ReadTextCursor(cursor)
	if err != nil || !some {
		return nil, err
	}
	parts := strings.Split(key, " ")
	if len(parts) == 3 && parts[0] == "person" {
		activity, err1 := strconv.ParseInt(parts[1], 10, 64)
		id, err2 := strconv.ParseInt(parts[2], 10, 64)
		if err1 == nil && err2 == nil {
			return &Spot{activity, id, message}, nil
		}
	}
	return nil, errs.InvalidField("query.cursor", "This cursor does not come from this list.")
}
