package conversation

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerSides(api *web.API, s *Service) {
	read, reply := string(access.ConversationsRead), string(access.ConversationsReply)
	const tag = "Side conversations"
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/conversations/{id}/side-conversations", Permission: read, Tag: tag,
		Summary: "Side conversations of a conversation", Text: "What is asked of couriers, suppliers and others. Whoever sees the conversation sees them; the customer never does."}, s.httpSides)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/side-conversations", Permission: reply, Tag: tag,
		Summary: "Start a side conversation", Status: http.StatusAccepted, Idempotent: true,
		Text: "Sends a mail with a subject and people of its own; answers to it come back here. The customer is refused as a recipient. `carry_attachment_ids` are files of the conversation that go along as copies."}, s.httpStartSide)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/side-conversations/{id}", Permission: read, Tag: tag, Summary: "One side conversation"}, s.httpSide)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: "/side-conversations/{id}", Permission: reply, Tag: tag,
		Summary: "Say that a side conversation is done, or open again", Text: "An answer opens it again by itself."}, s.httpSideState)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/side-conversations/{id}/messages", Permission: read, Tag: tag,
		Summary: "Messages of a side conversation"}, s.httpSideMessages)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/side-conversations/{id}/messages", Permission: reply, Tag: tag,
		Summary: "Write in a side conversation", Status: http.StatusAccepted, Idempotent: true,
		Text: "Without `to` it goes to the people of the last message. Until its undo time is over it can be taken back at `POST /messages/{id}/undo`, which answers with what was written."}, s.httpWriteSide)
}

type sideBody struct {
	ID             int64     `json:"id"`
	ConversationID int64     `json:"conversation_id"`
	Subject        string    `json:"subject"`
	State          SideState `json:"state" enum:"open,done"`
	To             []person  `json:"to" doc:"To whom the next message goes"`
	Cc             []person  `json:"cc"`
	From           string    `json:"from" doc:"Our address that was chosen; empty = the conversation's"`
	Awaited        bool      `json:"awaited" doc:"An answer is waited for: the last word was ours"`
	Agent          agentBody `json:"agent" doc:"Who wrote in it last"`
	MessageCount   int64     `json:"message_count"`
	Preview        string    `json:"preview" doc:"The beginning of the last message"`
	LastActivityAt time.Time `json:"last_activity_at"`
	CreatedAt      time.Time `json:"created_at"`
}

type agentBody struct {
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

func sideOf(s Side) sideBody {
	return sideBody{ID: s.ID, ConversationID: s.Conversation, Subject: s.Subject, State: s.State, To: people(s.Recipients.To), Cc: people(s.Recipients.Cc),
		From: s.Recipients.From, Awaited: s.Awaited, Agent: agentBody{s.Agent, s.AgentName}, MessageCount: s.Messages, Preview: s.Preview,
		LastActivityAt: web.Time(s.LastActivity), CreatedAt: web.Time(s.CreatedAt)}
}

type sidesOutput struct{ Body web.Page[sideBody] }

func (s *Service) httpSides(ctx context.Context, in *idInput) (*sidesOutput, error) {
	list, err := s.Sides(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := make([]sideBody, len(list))
	for i, one := range list {
		out[i] = sideOf(one)
	}
	return &sidesOutput{web.PageOf(out, "")}, nil
}

type sideOutput struct{ Body sideBody }

func (s *Service) httpSide(ctx context.Context, in *idInput) (*sideOutput, error) {
	side, err := s.SideConversation(ctx, in.ID)
	return &sideOutput{sideOf(side)}, err
}

type sideStateInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		State string `json:"state" enum:"open,done"`
	}
}

func (s *Service) httpSideState(ctx context.Context, in *sideStateInput) (*sideOutput, error) {
	side, err := s.SetSideState(ctx, in.ID, SideState(in.Body.State))
	return &sideOutput{sideOf(side)}, err
}

// WrittenAside is what an agent writes to somebody else than the customer.
type WrittenAside struct {
	Written
	Carry []int64 `json:"carry_attachment_ids,omitempty" maxItems:"50" doc:"Files of the conversation that go along as copies"`
}

func (w WrittenAside) side(ctx context.Context, subject string) NewSide {
	return NewSide{NewReply: w.Written.reply(ctx), Subject: subject, Carry: w.Carry}
}

type startSideInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Subject string `json:"subject" minLength:"1" maxLength:"998"`
		WrittenAside
	}
}

type sentSideOutput struct {
	Body struct {
		Side      sideBody    `json:"side_conversation"`
		Message   messageBody `json:"message"`
		UndoUntil *time.Time  `json:"undo_until"`
	}
}

// keep fills the answer and keeps it for a repeat of the request.
func (out *sentSideOutput) keep(ctx context.Context, tx *db.Tx, side Side, m Message) error {
	side.Preview, side.AgentName = "", m.AuthorName
	out.Body.Side, out.Body.Message, out.Body.UndoUntil = sideOf(side), messageOf(ctx, m), web.MaybeTime(m.UndoUntil)
	return web.Keep(ctx, tx, out)
}

func (s *Service) httpStartSide(ctx context.Context, in *startSideInput) (*sentSideOutput, error) {
	out := &sentSideOutput{}
	_, _, err := s.StartSide(ctx, in.ID, in.Body.side(ctx, in.Body.Subject), out.keep)
	return out, err
}

type writeSideInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body WrittenAside
}

func (s *Service) httpWriteSide(ctx context.Context, in *writeSideInput) (*sentSideOutput, error) {
	out := &sentSideOutput{}
	_, _, err := s.WriteSide(ctx, in.ID, in.Body.side(ctx, ""), out.keep)
	return out, err
}

type sideMessagesInput struct {
	ID int64 `path:"id" minimum:"1"`
	web.List
	Order string `query:"order" enum:"asc,desc" default:"asc"`
}

func (s *Service) httpSideMessages(ctx context.Context, in *sideMessagesInput) (*messagesOutput, error) {
	_, after, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	list, err := s.SideMessages(ctx, in.ID, after, in.Order == "desc", in.Limit+1)
	if err != nil {
		return nil, err
	}
	return messagePage(ctx, list, in.Limit, nil), nil
}
