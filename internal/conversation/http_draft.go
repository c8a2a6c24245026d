package conversation

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func asError(err error, into **errs.Error) bool { return errors.As(err, into) }

func registerDrafts(api *web.API, s *Service) {
	read := string(access.ConversationsRead)
	const tag = "Drafts"
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/conversations/{id}/draft", Permission: read, Tag: tag, Summary: "My draft"}, s.httpDraft)
	web.Register(api, web.Op{Method: http.MethodPut, Path: "/conversations/{id}/draft", Permission: read, Tag: tag, Summary: "Save my draft",
		Text:   "`version` is that of the draft it was written on, 0 for the first. When another device saved since, the answer is 409 (type `" + web.StaleVersion + "`) with that `draft`.",
		Errors: []int{http.StatusConflict}}, s.httpSaveDraft)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/draft/take", Permission: string(access.ConversationsReply), Tag: tag,
		Summary: "Take over a colleague's shared draft", Text: "It is yours from then on, with its files, and the colleague's no more. What you had written stands below it.",
		Errors: []int{http.StatusConflict}}, s.httpTakeDraft)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/conversations/{id}/draft", Permission: read, Tag: tag, Summary: "Discard my draft"},
		func(ctx context.Context, in *idInput) (*struct{}, error) { return nil, s.DiscardDraft(ctx, in.ID) })
}

type draftBody struct {
	Kind          string           `json:"kind" enum:"reply,note"`
	Text          string           `json:"text"`
	HTML          string           `json:"html"`
	To            []person         `json:"to"`
	Cc            []person         `json:"cc"`
	Bcc           []person         `json:"bcc"`
	From          string           `json:"from" doc:"Our address; empty = the one that the customer wrote to"`
	Replaces      int64            `json:"replaces_message_id" doc:"A failed message in whose place the draft is sent, 0 = none"`
	AttachmentIDs []int64          `json:"attachment_ids"`
	Attachments   []AttachmentBody `json:"attachments"`
	Then          *ChangeBody      `json:"then" doc:"Applied when it is sent"`
	Plain         bool             `json:"plain" doc:"Is sent as text alone"`
	WithoutQuote  bool             `json:"without_quote" doc:"What the customer wrote last is not quoted below"`
	Shared        bool             `json:"shared" doc:"Colleagues may read it and take it over"`
	Held          bool             `json:"held" doc:"It was stopped because something newer was there"`
	Version       int64            `json:"version"`
	UpdatedAt     time.Time        `json:"updated_at"`
}

type draftOutput struct{ Body draftBody }

func draftBodyOf(d Draft) draftBody {
	b := draftBody{Kind: d.Kind, Text: d.Text, HTML: withImages(d.HTML, d.Files, true), To: people(d.To), Cc: people(d.Cc), Bcc: people(d.Bcc), From: d.From, Replaces: d.Replaces,
		AttachmentIDs: d.Attachments, Attachments: filesOf(d.Files), Then: d.Then, Plain: d.Plain, WithoutQuote: d.Unquoted, Shared: d.Shared, Held: d.Held, Version: d.Version, UpdatedAt: web.Time(d.UpdatedAt)}
	if b.AttachmentIDs == nil {
		b.AttachmentIDs = []int64{}
	}
	return b
}

func (s *Service) httpDraft(ctx context.Context, in *idInput) (*draftOutput, error) {
	d, err := s.Draft(ctx, in.ID)
	return &draftOutput{draftBodyOf(d)}, err
}

type draftInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Kind          string      `json:"kind,omitempty" enum:"reply,note" default:"reply"`
		Text          string      `json:"text,omitempty"`
		HTML          string      `json:"html,omitempty"`
		To            []Recipient `json:"to,omitempty" maxItems:"100"`
		Cc            []Recipient `json:"cc,omitempty" maxItems:"100"`
		Bcc           []Recipient `json:"bcc,omitempty" maxItems:"100"`
		From          string      `json:"from,omitempty" maxLength:"254"`
		Replaces      int64       `json:"replaces_message_id,omitempty"`
		AttachmentIDs []int64     `json:"attachment_ids,omitempty" maxItems:"50"`
		Then          *ChangeBody `json:"then,omitempty"`
		Plain         bool        `json:"plain,omitempty"`
		WithoutQuote  bool        `json:"without_quote,omitempty"`
		Shared        bool        `json:"shared,omitempty"`
		Version       int64       `json:"version,omitempty"`
	}
}

func (s *Service) httpSaveDraft(ctx context.Context, in *draftInput) (*draftOutput, error) {
	b := in.Body
	html, _ := mail.SanitizeHTML(b.HTML)
	d := Draft{Kind: b.Kind, Text: b.Text, HTML: html, To: persons(b.To), Cc: persons(b.Cc), Bcc: persons(b.Bcc), From: b.From, Replaces: b.Replaces, Attachments: b.AttachmentIDs, Then: b.Then, Shared: b.Shared,
		Manner: Manner{Plain: b.Plain, Unquoted: b.WithoutQuote}}
	d, err := s.SaveDraft(ctx, in.ID, d, b.Version)
	var e *errs.Error
	if asError(err, &e) && e.Type == web.StaleVersion {
		if other, ok := e.Extra["draft"].(Draft); ok {
			e.Extra["draft"] = draftBodyOf(other)
		}
	}
	return &draftOutput{draftBodyOf(d)}, err
}

type takeInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		AgentID int64 `json:"agent_id" minimum:"1"`
	}
}

func (s *Service) httpTakeDraft(ctx context.Context, in *takeInput) (*draftOutput, error) {
	d, err := s.TakeDraft(ctx, in.ID, in.Body.AgentID)
	return &draftOutput{draftBodyOf(d)}, err
}
