package conversation

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerHolds(api *web.API, s *Service) {
	h := holds{s}
	for _, one := range []struct {
		path, tag string
		read      access.Permission
		on        HoldOn
	}{{"/conversations/{id}/legal-hold", heading, access.ConversationsRead, HoldConversation}, {"/customers/{id}/legal-hold", "Customers", access.CustomersRead, HoldCustomer}} {
		web.Register(api, web.Op{Method: http.MethodGet, Path: one.path, Permission: string(one.read), Tag: one.tag,
			Summary: "The legal hold in force", Text: "`hold` is null where there is none. A hold on a customer covers all their conversations."}, h.read(one.on))
		web.Register(api, web.Op{Method: http.MethodPut, Path: one.path, Permission: string(access.HoldsManage), Tag: one.tag,
			Summary: "Place a legal hold", Text: "Nothing of it is deleted by anybody or any rule until the hold is released. Replaces the reason of a hold that is there."}, h.place(one.on))
		web.Register(api, web.Op{Method: http.MethodDelete, Path: one.path, Permission: string(access.HoldsManage), Tag: one.tag,
			Summary: "Release a legal hold", Text: "409 when what keeps a conversation is a hold on its customer, which is released there.", Errors: []int{http.StatusConflict}}, h.release(one.on))
	}
}

type holds struct{ s *Service }

type holdBody struct {
	Subject   HoldOn    `json:"subject" enum:"customer,conversation"`
	SubjectID int64     `json:"subject_id" doc:"Another one than asked for where the hold is on the customer of a conversation"`
	Reason    string    `json:"reason"`
	AgentID   int64     `json:"agent_id" doc:"Who placed it"`
	At        time.Time `json:"placed_at"`
}

type holdOutput struct {
	Body struct {
		Hold *holdBody `json:"hold" doc:"null = there is none"`
	}
}

func holdOf(h *Hold) *holdOutput {
	out := &holdOutput{}
	if h != nil {
		out.Body.Hold = &holdBody{h.On, h.Subject, h.Reason, h.Agent, web.Time(h.At)}
	}
	return out
}

func (h holds) read(on HoldOn) func(context.Context, *idInput) (*holdOutput, error) {
	return func(ctx context.Context, in *idInput) (*holdOutput, error) {
		one, err := h.s.HoldOf(ctx, on, in.ID)
		return holdOf(one), err
	}
}

type holdInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"1000"`
	}
}

func (h holds) place(on HoldOn) func(context.Context, *holdInput) (*holdOutput, error) {
	return func(ctx context.Context, in *holdInput) (*holdOutput, error) {
		one, err := h.s.PlaceHold(ctx, on, in.ID, in.Body.Reason)
		return holdOf(&one), err
	}
}

func (h holds) release(on HoldOn) func(context.Context, *idInput) (*struct{}, error) {
	return func(ctx context.Context, in *idInput) (*struct{}, error) { return nil, h.s.ReleaseHold(ctx, on, in.ID) }
}
