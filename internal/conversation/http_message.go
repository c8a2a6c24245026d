package conversation

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerMessages(api *web.API, s *Service) {
	read, reply := string(access.ConversationsRead), string(access.ConversationsReply)
	const tag = "Messages"
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/conversations/{id}/messages", Permission: read, Tag: tag,
		Summary: "Messages of a conversation"}, s.httpMessages)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/replies", Permission: reply, Tag: tag,
		Summary: "Reply", Status: http.StatusAccepted, Idempotent: true, Errors: []int{http.StatusConflict},
		Text: "The reply is on disk when this answers 202; it is sent when its undo time is over. With `last_seen_message_id` it is stopped (409, type `" + web.StaleReply + "`, with the newer messages) when somebody else wrote something later; repeat it with `force: true` to send it all the same. Until then it is your `draft`, held."}, s.httpReply)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/notes", Permission: string(access.ConversationsNote), Tag: tag,
		Summary: "Add an internal note", Status: http.StatusCreated, Idempotent: true}, s.httpNote)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/messages/{id}/undo", Permission: reply, Tag: tag,
		Summary: "Take a queued reply back", Text: "Answers with the draft that it became.", Errors: []int{http.StatusConflict}}, s.httpUndo)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/messages/{id}/retry", Permission: reply, Tag: tag,
		Summary: "Send a failed message again", Status: http.StatusAccepted, Errors: []int{http.StatusConflict}}, s.httpRetry)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/messages/{id}/edit", Permission: reply, Tag: tag,
		Summary: "Make a draft of a failed message", Text: "The draft goes to whom the message did not reach. Send it with `replaces_message_id`.", Status: http.StatusOK,
		Errors: []int{http.StatusConflict}}, s.httpEdit)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/messages/{id}", Permission: read, Tag: tag, Summary: "One message"}, s.httpMessage)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/messages/{id}/original", Permission: read, Tag: tag,
		Summary: "The whole text of a message, with its quotes"}, s.httpOriginal)
}

// AttachmentBody is a file as answers show it.
type AttachmentBody struct {
	ID            int64      `json:"id"`
	Name          string     `json:"name"`
	ContentType   string     `json:"content_type"`
	Size          int64      `json:"size"`
	Inline        bool       `json:"inline"`
	ContentID     string     `json:"content_id,omitempty"`
	URL           string     `json:"url"`
	Preview       bool       `json:"preview" doc:"An image that may be shown in place"`
	Blocked       string     `json:"blocked" enum:",program,program_inside,card,card_deleted,malware,unchecked" doc:"Why it is not handed out: it is a program, a zip file that holds one, holds a card number, or the virus scanner found something or has not seen it yet; or it was deleted as it held a card number. Empty = it is handed out"`
	Malware       string     `json:"malware" doc:"What the virus scanner found, as it calls it"`
	WithheldUntil *time.Time `json:"withheld_until" doc:"Of one with a card number: until when those who manage inboxes may open it"`
	Mail          bool       `json:"mail" doc:"A mail that can be read at /attachments/{id}/mail"`
}

func attachmentURL(id int64) string { return fmt.Sprintf("%s/attachments/%d", web.Prefix, id) }

func fileOf(a Attachment) AttachmentBody {
	return AttachmentBody{ID: a.ID, Name: a.Name, ContentType: a.ContentType, Size: a.Size, Inline: a.Inline, ContentID: a.ContentID,
		URL: attachmentURL(a.ID), Preview: showable(a.ContentType) && a.heldBack() == "", Blocked: a.heldBack(), Malware: a.Malware, WithheldUntil: web.MaybeTime(a.WithheldUntil), Mail: isMail(a) && a.heldBack() == ""}
}

// FileBodies shows files as answers do.
func FileBodies(list []Attachment) []AttachmentBody { return filesOf(list) }

func filesOf(list []Attachment) []AttachmentBody {
	out := make([]AttachmentBody, len(list))
	for i, a := range list {
		out[i] = fileOf(a)
	}
	return out
}

type authorBody struct {
	Type    string `json:"type" enum:"customer,agent,partner,system"`
	ID      int64  `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address,omitempty"`
}

type eventBody struct {
	Name string          `json:"name"`
	Data json.RawMessage `json:"data"`
}

type messageBody struct {
	ID              int64            `json:"id"`
	Kind            Kind             `json:"kind" enum:"inbound,outbound,note,event,side_inbound,side_outbound"`
	ConversationID  int64            `json:"conversation_id"`
	OriginID        int64            `json:"origin_conversation_id" doc:"Where it came to; another conversation after a merge"`
	Author          authorBody       `json:"author"`
	To              []person         `json:"to"`
	Cc              []person         `json:"cc"`
	Bcc             []person         `json:"bcc"`
	Subject         string           `json:"subject"`
	RFCID           string           `json:"rfc_id" doc:"Message-ID of the mail, without angle brackets"`
	Text            string           `json:"text" doc:"What was newly written"`
	HTML            string           `json:"html" doc:"The same, sanitised; empty for plain text. Images elsewhere wait in data-remote-src"`
	Full            bool             `json:"full" doc:"More exists at /messages/{id}/original"`
	Attachments     []AttachmentBody `json:"attachments"`
	CreatedAt       time.Time        `json:"created_at"`
	Delivery        *Delivery        `json:"delivery"`
	UndoUntil       *time.Time       `json:"undo_until"`
	Automatic       bool             `json:"automatic"`
	Bounce          bool             `json:"bounce"`
	Unverified      bool             `json:"unverified_sender"`
	HasRemoteImages bool             `json:"has_remote_images"`
	From            string           `json:"from" doc:"Our address that the author chose; empty = the one that the customer wrote to"`
	Elsewhere       bool             `json:"elsewhere" doc:"Written in a mail program, not here"`
	Facts           *Facts           `json:"facts,omitempty" doc:"What was found out about the mail beyond its words"`
	Event           *eventBody       `json:"event,omitempty"`
	SideID          int64            `json:"side_conversation_id,omitempty" doc:"The side conversation that it belongs to"`
}

// messageOf shapes a message for the reader of ctx.
func messageOf(ctx context.Context, m Message) messageBody {
	b := messageBody{
		ID: m.ID, Kind: m.Kind, ConversationID: m.Conversation, OriginID: m.Origin, Author: authorBody{m.AuthorType, m.AuthorID, m.AuthorName, m.AuthorAddress},
		To: people(m.Recipients.To), Cc: people(m.Recipients.Cc), Bcc: people(m.Recipients.Bcc), Subject: m.Subject, RFCID: m.RFCID,
		Text: m.Text, HTML: withImages(m.HTML, m.Attachments, false), Full: m.Flags.Has(FlagFull), Attachments: filesOf(m.Attachments),
		CreatedAt: web.Time(m.CreatedAt), UndoUntil: web.MaybeTime(m.UndoUntil), Automatic: m.Flags.Has(FlagAutomatic),
		Bounce: m.Flags.Has(FlagBounce), Unverified: m.Flags.Has(FlagUnverified), HasRemoteImages: m.Flags.Has(FlagRemoteImages), Facts: m.Facts,
		From: m.Recipients.From, Elsewhere: m.Flags.Has(FlagElsewhere), SideID: m.Side,
	}
	switch m.Kind {
	case KindOutbound, KindSideOutbound:
		b.Delivery = deliveryOf(ctx, m.Delivery)
	case KindEvent:
		b.Event = &eventBody{m.EventName, eventDataOf(ctx, m)}
	}
	return b
}

// deliveryOf says what is stored in English in the reader's language.
func deliveryOf(ctx context.Context, d Delivery) *Delivery {
	d.Error = web.SayStored(ctx, d.Error)
	d.Recipients = append([]RecipientDelivery{}, d.Recipients...)
	for i := range d.Recipients {
		d.Recipients[i].Error = web.SayStored(ctx, d.Recipients[i].Error)
	}
	return &d
}

func eventDataOf(ctx context.Context, m Message) json.RawMessage {
	var data map[string]any
	if m.EventName != EventDeliveryFailed || web.Locale(ctx) == "en" || json.Unmarshal(m.EventData, &data) != nil {
		return m.EventData
	}
	reason, _ := data["reason"].(string)
	data["reason"] = web.SayStored(ctx, reason)
	said, err := json.Marshal(data)
	if err != nil {
		return m.EventData
	}
	return said
}

func messagesOf(ctx context.Context, list []Message) []messageBody {
	out := make([]messageBody, len(list))
	for i, m := range list {
		out[i] = messageOf(ctx, m)
	}
	return out
}

type messagesInput struct {
	ID int64 `path:"id" minimum:"1"`
	web.List
	Order string   `query:"order" enum:"asc,desc" default:"asc"`
	Kinds []string `query:"kinds" doc:"Only these kinds: inbound, outbound, note, event"`
}

type messagesOutput struct{ Body web.Page[messageBody] }

func (s *Service) httpMessages(ctx context.Context, in *messagesInput) (*messagesOutput, error) {
	_, after, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := s.Messages(ctx, in.ID, after, in.Order == "desc", in.Limit+1)
	if err != nil {
		return nil, err
	}
	return messagePage(ctx, list, in.Limit, in.Kinds), nil
}

// messagePage is a page of messages that were read one further than it goes.
func messagePage(ctx context.Context, list []Message, limit int, kinds []string) *messagesOutput {
	next := ""
	if len(list) > limit {
		list = list[:limit]
		next = web.Cursor(0, list[limit-1].ID)
	}
	return &messagesOutput{web.PageOf(messagesOf(ctx, ofKinds(list, kinds)), next)}
}

func ofKinds(list []Message, kinds []string) []Message {
	if len(kinds) == 0 {
		return list
	}
	out := list[:0]
	for _, m := range list {
		for _, k := range kinds {
			if string(m.Kind) == k {
				out = append(out, m)
			}
		}
	}
	return out
}

type replyInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Written
		LastSeen *int64      `json:"last_seen_message_id,omitempty" doc:"Absent = no check"`
		Force    bool        `json:"force,omitempty"`
		SendAt   time.Time   `json:"send_at,omitzero" doc:"Later; a message of the customer before that makes it a draft again"`
		Anyway   bool        `json:"send_anyway,omitempty" doc:"At send_at also when the customer has written meanwhile"`
		Then     *ChangeBody `json:"then,omitempty" doc:"Applied with the reply"`
		Replaces int64       `json:"replaces_message_id,omitempty" doc:"A failed message in whose place this one is sent"`
		NoQuote  bool        `json:"without_quote,omitempty" doc:"What the customer wrote last is not quoted below"`
	}
}

type replyOutput struct {
	Body struct {
		Message   messageBody `json:"message"`
		UndoUntil *time.Time  `json:"undo_until"`
	}
}

func (s *Service) httpReply(ctx context.Context, in *replyInput) (*replyOutput, error) {
	n := in.Body.Written.reply(ctx)
	n.LastSeen, n.Force, n.SendAt = in.Body.LastSeen, in.Body.Force, in.Body.SendAt
	n.Replaces, n.Unquoted = in.Body.Replaces, in.Body.NoQuote
	n.SendAnyway, n.ThenBody = in.Body.Anyway, in.Body.Then
	if in.Body.Then != nil {
		ch := in.Body.Then.change()
		n.Then = &ch
	}
	out := &replyOutput{}
	_, err := s.Reply(ctx, in.ID, n, func(ctx context.Context, tx *db.Tx, m Message) error {
		out.Body.Message, out.Body.UndoUntil = messageOf(ctx, m), web.MaybeTime(m.UndoUntil)
		return web.Keep(ctx, tx, out)
	})
	return out, withNewer(ctx, err)
}

// withNewer shapes the newer messages of a stopped reply as the API does.
func withNewer(ctx context.Context, err error) error {
	var e *errs.Error
	if asError(err, &e) && e.Type == web.StaleReply {
		if list, ok := e.Extra["newer"].([]Message); ok {
			e.Extra["newer"] = messagesOf(ctx, list)
		}
		if d, ok := e.Extra["draft"].(Draft); ok {
			e.Extra["draft"] = draftBodyOf(d)
		}
	}
	return err
}

type noteInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Text          string  `json:"text,omitempty"`
		HTML          string  `json:"html,omitempty"`
		MentionIDs    []int64 `json:"mention_agent_ids,omitempty" maxItems:"50"`
		TeamIDs       []int64 `json:"mention_team_ids,omitempty" maxItems:"10" doc:"Everybody in them is mentioned"`
		AttachmentIDs []int64 `json:"attachment_ids,omitempty" maxItems:"50"`
	}
}

type messageOutput struct{ Body messageBody }

func (s *Service) httpNote(ctx context.Context, in *noteInput) (*messageOutput, error) {
	text, html := Written{Text: in.Body.Text, HTML: in.Body.HTML}.clean()
	out := &messageOutput{}
	_, err := s.Note(ctx, in.ID, NewNote{Text: text, HTML: html, Attachments: in.Body.AttachmentIDs, Mentions: in.Body.MentionIDs, Teams: in.Body.TeamIDs},
		func(ctx context.Context, tx *db.Tx, m Message) error {
			out.Body = messageOf(ctx, m)
			return web.Keep(ctx, tx, out)
		})
	return out, err
}

func (s *Service) httpUndo(ctx context.Context, in *idInput) (*draftOutput, error) {
	d, err := s.Undo(ctx, in.ID)
	return &draftOutput{draftBodyOf(d)}, err
}

func (s *Service) httpRetry(ctx context.Context, in *idInput) (*messageOutput, error) {
	m, err := s.Retry(ctx, in.ID)
	return &messageOutput{messageOf(ctx, m)}, err
}

func (s *Service) httpEdit(ctx context.Context, in *idInput) (*draftOutput, error) {
	d, err := s.Edit(ctx, in.ID)
	return &draftOutput{draftBodyOf(d)}, err
}

func (s *Service) httpMessage(ctx context.Context, in *idInput) (*messageOutput, error) {
	m, err := s.Message(ctx, in.ID)
	return &messageOutput{messageOf(ctx, m)}, err
}

type originalOutput struct {
	Body struct {
		Text string `json:"text"`
		HTML string `json:"html"`
	}
}

func (s *Service) httpOriginal(ctx context.Context, in *idInput) (*originalOutput, error) {
	m, err := s.Message(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &originalOutput{}
	text, html, err := s.Original(ctx, in.ID)
	out.Body.Text, out.Body.HTML = text, withImages(html, m.Attachments, false)
	return out, err
}
