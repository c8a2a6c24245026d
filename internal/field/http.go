package field

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const heading = "Custom fields"

type fieldBody struct {
	ID       int64      `json:"id"`
	Subject  Subject    `json:"subject" enum:"conversation,customer"`
	Key      string     `json:"key" doc:"Names the field in custom_fields of a conversation or in attributes of a customer"`
	Label    string     `json:"label"`
	Kind     Kind       `json:"kind" enum:"text,number,choice,date"`
	Choices  []string   `json:"choices"`
	When     *Condition `json:"shown_when,omitempty" doc:"Shown only while another field has one of these choices"`
	Required bool       `json:"required_on_close"`
	Position int64      `json:"position"`
	Archived bool       `json:"archived"`
}

func bodyOf(f Field) fieldBody {
	return fieldBody{f.ID, f.Subject, f.Key, f.Label, f.Kind, append([]string{}, f.Choices...), f.When, f.Required, f.Position, f.Archived}
}

type (
	listIn struct {
		Subject string `query:"subject" enum:"conversation,customer" default:"conversation"`
	}
	listOut  struct{ Body web.Page[fieldBody] }
	fieldOut struct{ Body fieldBody }
	createIn struct {
		Body struct {
			Subject  string     `json:"subject" enum:"conversation,customer"`
			Key      string     `json:"key,omitempty" maxLength:"40" doc:"Made of the label when it is absent"`
			Label    string     `json:"label"`
			Kind     string     `json:"kind" enum:"text,number,choice,date"`
			Choices  []string   `json:"choices,omitempty" maxItems:"100"`
			When     *Condition `json:"shown_when,omitempty"`
			Required bool       `json:"required_on_close,omitempty"`
		}
	}
	updateIn struct {
		ID   int64 `path:"id"`
		Body struct {
			Label    *string    `json:"label,omitempty"`
			Choices  []string   `json:"choices,omitempty" maxItems:"100"`
			When     *Condition `json:"shown_when,omitempty" doc:"An empty key = always shown"`
			Required *bool      `json:"required_on_close,omitempty"`
			Position *int64     `json:"position,omitempty" minimum:"0" maximum:"1000000"`
			Archived *bool      `json:"archived,omitempty" doc:"Values of an archived field are kept and not shown"`
		}
	}
)

type handler struct{ svc *Service }

// Register adds the operations.
func Register(api *web.API, svc *Service) {
	h := handler{svc}
	web.Register(api, web.Op{Method: "GET", Path: "/custom-fields", Permission: "conversations:read", Tag: heading,
		Summary: "List the fields of conversations or customers", Text: "In their order, archived ones last."}, h.list)
	web.Register(api, web.Op{Method: "POST", Path: "/custom-fields", Permission: "settings:manage", Tag: heading, Summary: "Define a field",
		Status: 201, Idempotent: true, Errors: []int{409}}, h.create)
	web.Register(api, web.Op{Method: "PATCH", Path: "/custom-fields/{id}", Permission: "settings:manage", Tag: heading,
		Summary: "Change or archive a field", Text: "Key and kind never change.", Errors: []int{409}}, h.update)
}

func (h handler) list(ctx context.Context, in *listIn) (*listOut, error) {
	all, err := h.svc.List(ctx, Subject(in.Subject))
	if err != nil {
		return nil, err
	}
	var items []fieldBody
	for _, f := range all {
		items = append(items, bodyOf(f))
	}
	return &listOut{web.PageOf(items, "")}, nil
}

func (h handler) create(ctx context.Context, in *createIn) (*fieldOut, error) {
	b, out := in.Body, &fieldOut{}
	_, err := h.svc.Create(ctx, Field{Subject: Subject(b.Subject), Key: b.Key, Label: b.Label, Kind: Kind(b.Kind), Choices: b.Choices,
		When: b.When, Required: b.Required}, func(tx *db.Tx, f Field) error {
		out.Body = bodyOf(f)
		return web.Keep(ctx, tx, out)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func (h handler) update(ctx context.Context, in *updateIn) (*fieldOut, error) {
	b := in.Body
	f, err := h.svc.Update(ctx, in.ID, Change{b.Label, b.Choices, b.When, b.Required, b.Position, b.Archived})
	if err != nil {
		return nil, err
	}
	return &fieldOut{bodyOf(f)}, nil
}
