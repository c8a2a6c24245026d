package conversation

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const heading = "Conversations"

// Register adds the operations of conversations.
func Register(api *web.API, s *Service) {
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations", Permission: string(access.ConversationsReply), Tag: heading,
		Summary: "Start a conversation", Status: http.StatusCreated, Idempotent: true,
		Text: "`direction` is `outbound` (the message is sent to the customer) or `inbound` (handed in for the customer, as by a program)."}, s.httpStart)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: "/conversations/{id}", Permission: string(access.ConversationsUpdate), Tag: heading,
		Summary: "Change a conversation", Text: "Absent parts stay. With `version` the change is refused when somebody else was faster."}, s.httpUpdate)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/read", Permission: string(access.ConversationsRead), Tag: heading,
		Summary: "Mark as read"}, s.httpRead)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/unread", Permission: string(access.ConversationsRead), Tag: heading,
		Summary: "Mark as unread"}, s.httpUnread)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/followers/me", Permission: string(access.ConversationsRead), Tag: heading,
		Summary: "Follow a conversation"}, func(ctx context.Context, in *idInput) (*struct{}, error) { return nil, s.Follow(ctx, in.ID, true) })
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/conversations/{id}/followers/me", Permission: string(access.ConversationsRead), Tag: heading,
		Summary: "Follow a conversation no longer"}, func(ctx context.Context, in *idInput) (*struct{}, error) { return nil, s.Follow(ctx, in.ID, false) })
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/conversations/{id}/followers", Permission: string(access.ConversationsRead), Tag: heading,
		Summary: "Who follows a conversation"}, s.httpFollowers)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/conversations/{id}/participants", Permission: string(access.ConversationsRead), Tag: heading,
		Summary: "Whom a reply would go to"}, s.httpParticipants)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/customer", Permission: string(access.ConversationsUpdate), Tag: heading,
		Summary: "Choose the customer", Text: "For forwarded mail and mail with another Reply-To: the agent says whose conversation it is. Whoever was the customer until now gets no answer unless chosen."}, s.httpChooseCustomer)
	registerMessages(api, s)
	registerDrafts(api, s)
	registerTags(api, s)
	registerMerge(api, s)
	registerSides(api, s)
	registerLinks(api, s)
	registerHolds(api, s)
}

type idInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type person struct {
	Name    string `json:"name"`
	Address string `json:"address" maxLength:"254"`
}

func people(list []Person) []person {
	out := make([]person, len(list))
	for i, p := range list {
		out[i] = person(p)
	}
	return out
}

// conversationBody is a conversation without what only readers join to it.
type conversationBody struct {
	ID             int64      `json:"id"`
	Number         int64      `json:"number"`
	InboxID        int64      `json:"inbox_id"`
	Channel        string     `json:"channel"`
	CustomerID     int64      `json:"customer_id"`
	Subject        string     `json:"subject"`
	Preview        string     `json:"preview"`
	Status         Status     `json:"status"`
	Priority       Priority   `json:"priority"`
	AssigneeID     *int64     `json:"assignee_id"`
	TeamID         *int64     `json:"team_id"`
	Tags           []Tag      `json:"tags"`
	SnoozedUntil   *time.Time `json:"snoozed_until"`
	LastMessageID  int64      `json:"last_message_id"`
	LastActivityAt time.Time  `json:"last_activity_at"`
	WaitingSince   *time.Time `json:"waiting_since"`
	DueAt          *time.Time `json:"due_at"`
	CreatedAt      time.Time  `json:"created_at"`
	Version        int64      `json:"version"`
	MergedIntoID   *int64     `json:"merged_into_id" doc:"The conversation that this one was merged into"`

	CustomFields map[string]any `json:"custom_fields,omitempty" doc:"Where they were changed: all values by the keys of fields"`
}

func bodyOf(c Conversation, tags []Tag) conversationBody {
	return conversationBody{
		ID: c.ID, Number: c.ID, InboxID: c.Inbox, Channel: c.Channel, CustomerID: c.Customer, Subject: c.Subject, Preview: c.Preview,
		Status: c.Shown(), Priority: c.Priority, AssigneeID: maybe(c.Assignee), TeamID: maybe(c.Team), Tags: tags,
		SnoozedUntil: web.MaybeTime(c.SnoozedUntil), LastMessageID: c.LastMessage, LastActivityAt: web.Time(c.LastActivityAt),
		WaitingSince: web.MaybeTime(c.WaitingSince), DueAt: web.MaybeTime(c.DueAt()), CreatedAt: web.Time(c.CreatedAt), Version: c.Version,
		MergedIntoID: maybe(c.MergedInto),
	}
}

func maybe(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

// ChangeBody is what a conversation is changed with.
type ChangeBody struct {
	Status       *string   `json:"status,omitempty" enum:"open,pending,snoozed,closed,spam,trash"`
	Priority     *string   `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	AssigneeID   *int64    `json:"assignee_id,omitempty" nullable:"true" doc:"0 or null = nobody"`
	TeamID       *int64    `json:"team_id,omitempty" nullable:"true" doc:"0 or null = none"`
	InboxID      *int64    `json:"inbox_id,omitempty" minimum:"1" doc:"Moves it to another inbox of the same channel"`
	Subject      *string   `json:"subject,omitempty" minLength:"1" maxLength:"998"`
	AddTags      []string  `json:"add_tags,omitempty" maxItems:"50"`
	RemoveTags   []string  `json:"remove_tags,omitempty" maxItems:"50"`
	SnoozedUntil time.Time `json:"snoozed_until,omitzero" doc:"With the status snoozed until when; with pending it comes back then if nobody has answered"`
	Version      *int64    `json:"version,omitempty"`

	CustomFields map[string]any `json:"custom_fields,omitempty" doc:"Values by the keys of fields; null takes one away"`
}

// Change is the body as the service takes it.
func (b ChangeBody) Change() Change { return b.change() }

func (b ChangeBody) change() Change {
	ch := Change{Assignee: b.AssigneeID, Team: b.TeamID, Inbox: b.InboxID, Subject: b.Subject, AddTags: b.AddTags, RemoveTags: b.RemoveTags, Fields: b.CustomFields, Version: b.Version}
	if b.Status != nil {
		s := Status(*b.Status)
		ch.Status = &s
	}
	if b.Priority != nil {
		p := Priority(*b.Priority)
		ch.Priority = &p
	}
	if !b.SnoozedUntil.IsZero() {
		at := b.SnoozedUntil.UTC()
		ch.SnoozedUntil = &at
	}
	return ch
}

type updateInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body PatchBody
}

type conversationOutput struct{ Body conversationBody }

func (s *Service) httpUpdate(ctx context.Context, in *updateInput) (*conversationOutput, error) {
	c, err := s.Update(ctx, in.ID, in.Body.change())
	if err != nil {
		return nil, err
	}
	tags, err := tagsOf(ctx, s.DB, c.ID)
	out := &conversationOutput{bodyOf(c, tags)}
	if err == nil && len(in.Body.CustomFields) > 0 {
		out.Body.CustomFields, err = s.FieldValues(ctx, s.DB, c.ID)
	}
	return out, err
}

type chooseInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Name    string `json:"name,omitempty" maxLength:"200"`
		Address string `json:"address" maxLength:"254"`
	}
}

func (s *Service) httpChooseCustomer(ctx context.Context, in *chooseInput) (*conversationOutput, error) {
	c, err := s.ChooseCustomer(ctx, in.ID, Person{in.Body.Name, in.Body.Address})
	if err != nil {
		return nil, err
	}
	tags, err := tagsOf(ctx, s.DB, c.ID)
	return &conversationOutput{bodyOf(c, tags)}, err
}

type markInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body *struct {
		MessageID int64 `json:"message_id,omitempty" minimum:"0" doc:"0 = the last one"`
	} `required:"false"`
}

func (in *markInput) message() int64 {
	if in.Body == nil {
		return 0
	}
	return in.Body.MessageID
}

func (s *Service) httpRead(ctx context.Context, in *markInput) (*struct{}, error) {
	return nil, s.MarkRead(ctx, in.ID, in.message())
}

func (s *Service) httpUnread(ctx context.Context, in *markInput) (*struct{}, error) {
	return nil, s.MarkUnread(ctx, in.ID, in.message())
}

type trouble struct {
	Address      string     `json:"address"`
	BouncedAt    *time.Time `json:"bounced_at"`
	BounceReason string     `json:"bounce_reason"`
	ComplainedAt *time.Time `json:"complained_at"`
}

type participantsOutput struct {
	Body struct {
		To         []person          `json:"to"`
		Cc         []person          `json:"cc"`
		Unverified []person          `json:"unverified" doc:"New people who are not verified; they are in no recipient line until an agent chooses them"`
		From       string            `json:"reply_from" doc:"Our address that the customer wrote to"`
		Troubled   []trouble         `json:"troubled" doc:"Those of these people whose address bounced for good, or who reported mail of ours as spam"`
		Senders    []string          `json:"senders" doc:"Our addresses from which a reply may leave, the usual one first"`
		CatchAll   string            `json:"catch_all" doc:"A domain from any of whose addresses a reply may leave, empty = there is none"`
		Drafts     []sharedDraftBody `json:"shared_drafts" doc:"What colleagues have begun and share"`
		Language   string            `json:"language" doc:"In which the customer wrote last, such as tr; empty = not certain"`
	}
}

func (s *Service) httpParticipants(ctx context.Context, in *idInput) (*participantsOutput, error) {
	r, err := s.Recipients(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &participantsOutput{}
	out.Body.To, out.Body.Cc, out.Body.Unverified, out.Body.From = people(r.To), people(r.Cc), people(r.Unverified), r.From
	out.Body.Troubled = make([]trouble, len(r.Troubled))
	for i, t := range r.Troubled {
		out.Body.Troubled[i] = trouble{t.Shown, web.MaybeTime(t.BouncedAt), t.BounceReason, web.MaybeTime(t.ComplainedAt)}
	}
	from, err := s.FromChoices(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out.Body.Senders, out.Body.CatchAll = from.List, from.CatchAll
	drafts, err := s.SharedDrafts(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out.Body.Drafts = make([]sharedDraftBody, len(drafts))
	for i, d := range drafts {
		out.Body.Drafts[i] = sharedDraftBody{sharedBy{d.Agent, d.Name}, d.Preview, web.Time(d.UpdatedAt)}
	}
	out.Body.Language, err = s.Spoken(ctx, in.ID)
	return out, err
}

type sharedBy struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type sharedDraftBody struct {
	Agent     sharedBy  `json:"agent"`
	Preview   string    `json:"preview"`
	UpdatedAt time.Time `json:"updated_at"`
}

type startInput struct {
	Body struct {
		InboxID   int64  `json:"inbox_id" minimum:"1"`
		Direction string `json:"direction,omitempty" enum:"inbound,outbound" default:"outbound"`
		Customer  struct {
			Name  string `json:"name,omitempty" maxLength:"200"`
			Email string `json:"email" maxLength:"254"`
		} `json:"customer"`
		Subject string `json:"subject,omitempty" maxLength:"998"`
		Written
	}
}

type startOutput struct {
	Body struct {
		Conversation conversationBody `json:"conversation"`
		Message      messageBody      `json:"message"`
	}
}

func (s *Service) httpStart(ctx context.Context, in *startInput) (*startOutput, error) {
	out := &startOutput{}
	n := NewConversation{Inbox: in.Body.InboxID, Customer: Person{in.Body.Customer.Name, in.Body.Customer.Email}, Subject: in.Body.Subject,
		Inbound: in.Body.Direction == "inbound", Message: in.Body.Written.reply(ctx)}
	_, _, err := s.Start(ctx, n, func(ctx context.Context, tx *db.Tx, m Message) error {
		c, err := find(ctx, tx, m.Conversation, "")
		if err != nil {
			return err
		}
		out.Body.Conversation, out.Body.Message = bodyOf(c, []Tag{}), messageOf(ctx, m)
		return web.Keep(ctx, tx, out)
	})
	return out, err
}

// Written is what an agent has written, as the API takes it.
type Written struct {
	Text          string      `json:"text,omitempty" doc:"Plain text; made from html where that is given"`
	HTML          string      `json:"html,omitempty" doc:"Is sanitised"`
	To            []Recipient `json:"to,omitempty" maxItems:"100" doc:"Empty = whom the conversation suggests"`
	Cc            []Recipient `json:"cc,omitempty" maxItems:"100"`
	Bcc           []Recipient `json:"bcc,omitempty" maxItems:"100"`
	From          string      `json:"from,omitempty" maxLength:"254" doc:"An address of the inbox; empty = the one that the customer wrote to"`
	AttachmentIDs []int64     `json:"attachment_ids,omitempty" maxItems:"50"`
	Plain         bool        `json:"plain,omitempty" doc:"Is sent as text alone, without formatting"`
	UndoSeconds   *int        `json:"undo_seconds,omitempty" minimum:"0" maximum:"30" doc:"Default: the agent's setting; 0 for API keys"`
}

// reply cleans what was written and fills in the author's undo time.
func (w Written) reply(ctx context.Context) NewReply {
	text, html := w.clean()
	if w.Plain {
		html = ""
	}
	n := NewReply{Text: text, HTML: html, To: persons(w.To), Cc: persons(w.Cc), Bcc: persons(w.Bcc), From: w.From, Attachments: w.AttachmentIDs, Manner: Manner{Plain: w.Plain}}
	a := access.From(ctx)
	switch {
	case w.UndoSeconds != nil:
		n.Undo = time.Duration(*w.UndoSeconds) * time.Second
	case a.KeyID == 0:
		n.Undo = time.Duration(a.UndoSeconds) * time.Second
	}
	return n
}

func (w Written) clean() (text, html string) {
	if w.HTML == "" {
		return w.Text, ""
	}
	html, _ = mail.SanitizeHTML(w.HTML)
	if w.Text != "" {
		return w.Text, html
	}
	return mail.HTMLToText(html), html
}
