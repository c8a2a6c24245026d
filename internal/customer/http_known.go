package customer

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// registerKnown adds the operations of what is known of a customer beside the
// customer: notes and consents.
func (h handlers) registerKnown(api *web.API) {
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/customers/{id}/notes", Permission: permRead, Tag: heading,
		Summary: "Notes about a customer, newest first"}, h.notes)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/customers/{id}/notes", Permission: permWrite, Tag: heading,
		Summary: "Note something about a customer", Status: http.StatusCreated, Idempotent: true, Errors: []int{http.StatusConflict}}, h.addNote)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: "/customers/{id}/notes/{note_id}", Permission: permWrite, Tag: heading,
		Summary: "Change a note of yours"}, h.editNote)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/customers/{id}/notes/{note_id}", Permission: permWrite, Tag: heading,
		Summary: "Delete a note of yours"}, h.deleteNote)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/customers/{id}/consents", Permission: permRead, Tag: heading,
		Summary: "What a customer allowed and forbade", Text: "Newest first: the first of a purpose and channel is what counts, the rest is its history."}, h.consents)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/customers/{id}/consents", Permission: permWrite, Tag: heading,
		Summary: "Record that a customer gave or withdrew their consent", Status: http.StatusCreated, Idempotent: true,
		Errors: []int{http.StatusConflict}, Text: "Nothing that was recorded before is changed."}, h.recordConsent)
}

type noteBody struct {
	ID       int64      `json:"id"`
	AgentID  int64      `json:"agent_id" doc:"Who wrote it, 0 = a program"`
	Text     string     `json:"text"`
	At       time.Time  `json:"created_at"`
	EditedAt *time.Time `json:"edited_at"`
}

func noteOf(n Note) noteBody {
	return noteBody{n.ID, n.Agent, n.Text, web.Time(n.At), web.MaybeTime(n.EditedAt)}
}

type notesInput struct {
	ID int64 `path:"id" minimum:"1"`
	web.List
}

func (h handlers) notes(ctx context.Context, in *notesInput) (*struct{ Body web.Page[noteBody] }, error) {
	_, before, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.Notes(ctx, in.ID, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	list := make([]noteBody, len(found))
	for i, n := range found {
		list[i] = noteOf(n)
	}
	return &struct{ Body web.Page[noteBody] }{web.Cut(list, in.Limit, func(last noteBody) string { return web.Cursor(0, last.ID) })}, nil
}

type writtenNote struct {
	Text string `json:"text" minLength:"1" maxLength:"10000"`
}

type addNoteInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body writtenNote
}

type noteOutput struct{ Body noteBody }

func (h handlers) addNote(ctx context.Context, in *addNoteInput) (*noteOutput, error) {
	out := &noteOutput{}
	_, err := h.s.AddNote(ctx, in.ID, in.Body.Text, h.actor(ctx), func(ctx context.Context, tx *db.Tx, n Note) error {
		out.Body = noteOf(n)
		return web.Keep(ctx, tx, out)
	})
	return out, err
}

type editNoteInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Note int64 `path:"note_id" minimum:"1"`
	Body writtenNote
}

func (h handlers) editNote(ctx context.Context, in *editNoteInput) (*noteOutput, error) {
	n, err := h.s.EditNote(ctx, in.ID, in.Note, &in.Body.Text, h.actor(ctx))
	return &noteOutput{noteOf(n)}, err
}

type deleteNoteInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Note int64 `path:"note_id" minimum:"1"`
}

func (h handlers) deleteNote(ctx context.Context, in *deleteNoteInput) (*struct{}, error) {
	_, err := h.s.EditNote(ctx, in.ID, in.Note, nil, h.actor(ctx))
	return nil, err
}

type consentBody struct {
	ID       int64     `json:"id"`
	Purpose  Purpose   `json:"purpose" enum:"marketing,transactional"`
	Channel  string    `json:"channel" enum:"email,sms,phone,whatsapp,post"`
	Given    bool      `json:"given" doc:"false = withdrawn"`
	At       time.Time `json:"at" doc:"When the customer said so"`
	Source   string    `json:"source" doc:"Where they said so"`
	AgentID  int64     `json:"agent_id" doc:"Who recorded it, 0 = a program"`
	Recorded time.Time `json:"recorded_at"`
}

func consentOf(c Consent) consentBody {
	return consentBody{c.ID, c.Purpose, c.Way, c.Given, web.Time(c.At), c.Source, c.Agent, web.Time(c.Recorded)}
}

type consentsBody struct {
	Items []consentBody `json:"items"`
}

func (h handlers) consents(ctx context.Context, in *getInput) (*struct{ Body consentsBody }, error) {
	found, err := h.s.Consents(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &struct{ Body consentsBody }{consentsBody{make([]consentBody, len(found))}}
	for i, c := range found {
		out.Body.Items[i] = consentOf(c)
	}
	return out, nil
}

type consentInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Purpose string    `json:"purpose" enum:"marketing,transactional"`
		Channel string    `json:"channel" enum:"email,sms,phone,whatsapp,post"`
		Given   bool      `json:"given"`
		At      time.Time `json:"at,omitzero" doc:"Default: now"`
		Source  string    `json:"source" minLength:"1" maxLength:"500"`
	}
}

type consentOutput struct{ Body consentBody }

func (h handlers) recordConsent(ctx context.Context, in *consentInput) (*consentOutput, error) {
	b, out := in.Body, &consentOutput{}
	_, err := h.s.RecordConsent(ctx, in.ID, Consent{Purpose: Purpose(b.Purpose), Way: b.Channel, Given: b.Given, At: b.At.UTC(), Source: b.Source, Agent: h.actor(ctx)},
		func(ctx context.Context, tx *db.Tx, c Consent) error {
			out.Body = consentOf(c)
			return web.Keep(ctx, tx, out)
		})
	return out, err
}
