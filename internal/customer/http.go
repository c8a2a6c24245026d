package customer

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/platform/web"
)

const (
	heading    = "Customers"
	permRead   = "customers:read"
	permWrite  = "customers:write"
	maxAddress = 254
)

// Register adds the operations of customers. hidden counts the conversations of
// a customer that the caller may not see.
func Register(api *web.API, s *Service, actor func(ctx context.Context) int64, hidden func(ctx context.Context, customer int64) (int64, error)) {
	h := handlers{s, actor, hidden}
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/customers", Permission: permRead, Tag: heading, Summary: "Customers, newest first"}, h.list)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/customers", Permission: permWrite, Tag: heading, Summary: "Make a customer",
		Status: http.StatusCreated, Idempotent: true, Errors: []int{http.StatusConflict}}, h.create)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/customers/{id}", Permission: permRead, Tag: heading, Summary: "One customer",
		Text: "Conversations are at `/conversations?customer_id=`; `hidden_conversations` is the number of those that the caller may not see. " +
			"In place of a merged customer, the one into whom they were merged."}, h.get)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: "/customers/{id}", Permission: permWrite, Tag: heading, Summary: "Change a customer",
		Errors: []int{http.StatusConflict}}, h.update)
	h.registerMerge(api)
	h.registerKnown(api)
}

type handlers struct {
	s      *Service
	actor  func(ctx context.Context) int64
	hidden func(ctx context.Context, customer int64) (int64, error)
}

type identityBody struct {
	ID       int64  `json:"id"`
	Kind     Kind   `json:"kind" enum:"email,phone,handle"`
	Value    string `json:"value"`
	Verified bool   `json:"verified" doc:"The address was proved, not only claimed"`

	BouncedAt    *time.Time `json:"bounced_at" doc:"When a server said for good that the address takes no mail"`
	BounceReason string     `json:"bounce_reason"`
	ComplainedAt *time.Time `json:"complained_at" doc:"When mail of ours was reported as spam from here"`
}

type customerBody struct {
	ID         int64          `json:"id"`
	Name       string         `json:"name"`
	Locale     string         `json:"locale"`
	Notes      string         `json:"notes"`
	Attributes map[string]any `json:"attributes"`
	Identities []identityBody `json:"identities"`
	CreatedAt  time.Time      `json:"created_at"`
	Version    int64          `json:"version"`
	Hidden     *int64         `json:"hidden_conversations,omitempty"`
	MergedInto int64          `json:"merged_into_id,omitempty" doc:"Set where another customer was asked for, who is a part of this one now; the same as id"`
	ErasedAt   *time.Time     `json:"erased_at,omitempty" doc:"When everything known of the customer was deleted"`
	Merged     []mergedBody   `json:"merged,omitempty" doc:"Who was put into this customer, the last first"`
}

func bodyOf(c Customer) customerBody {
	b := customerBody{ID: c.ID, Name: c.Name, Locale: c.Locale, Notes: c.Notes, Attributes: c.Attributes,
		Identities: []identityBody{}, CreatedAt: web.Time(c.CreatedAt), Version: c.Version, ErasedAt: web.MaybeTime(c.ErasedAt), Merged: mergedOf(c.Merged)}
	if c.Asked != 0 {
		b.MergedInto = c.ID
	}
	for _, i := range c.Identities {
		b.Identities = append(b.Identities, identityBody{i.ID, i.Kind, i.Shown, i.Verified,
			web.MaybeTime(i.BouncedAt), i.BounceReason, web.MaybeTime(i.ComplainedAt)})
	}
	return b
}

type customerOutput struct{ Body customerBody }

type listInput struct {
	web.List
	Query string `query:"q" maxLength:"254" doc:"The beginning of an address or a name"`
}

func (h handlers) list(ctx context.Context, in *listInput) (*struct{ Body web.Page[customerBody] }, error) {
	_, before, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.List(ctx, in.Query, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	list := make([]customerBody, len(found))
	for i, c := range found {
		list[i] = bodyOf(c)
	}
	page := web.Cut(list, in.Limit, func(last customerBody) string { return web.Cursor(0, last.ID) })
	return &struct{ Body web.Page[customerBody] }{page}, nil
}

type getInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (h handlers) get(ctx context.Context, in *getInput) (*customerOutput, error) {
	c, err := h.s.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := bodyOf(c)
	n, err := h.hidden(ctx, c.ID)
	b.Hidden = &n
	return &customerOutput{b}, err
}

type newIdentity struct {
	Kind  string `json:"kind" enum:"email,phone,handle"`
	Value string `json:"value" minLength:"1" maxLength:"254"`
}

func identitiesOf(list []newIdentity) []Identity {
	out := make([]Identity, len(list))
	for i, n := range list {
		out[i] = Identity{Kind: Kind(n.Kind), Value: n.Value}
	}
	return out
}

type createInput struct {
	Body struct {
		Name       string         `json:"name,omitempty" maxLength:"200"`
		Locale     string         `json:"locale,omitempty" maxLength:"35"`
		Notes      string         `json:"notes,omitempty" maxLength:"20000"`
		Attributes map[string]any `json:"attributes,omitempty"`
		Identities []newIdentity  `json:"identities,omitempty" maxItems:"50"`
	}
}

func (h handlers) create(ctx context.Context, in *createInput) (*customerOutput, error) {
	b := in.Body
	c, err := h.s.Create(ctx, Customer{Name: b.Name, Locale: b.Locale, Notes: b.Notes, Attributes: b.Attributes, Identities: identitiesOf(b.Identities)})
	return &customerOutput{bodyOf(c)}, err
}

type updateInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Name       *string        `json:"name,omitempty" maxLength:"200"`
		Locale     *string        `json:"locale,omitempty" maxLength:"35"`
		Notes      *string        `json:"notes,omitempty" maxLength:"20000"`
		Attributes map[string]any `json:"attributes,omitempty" doc:"Merged; null deletes"`
		Add        []newIdentity  `json:"add_identities,omitempty" maxItems:"50"`
		Remove     []int64        `json:"remove_identity_ids,omitempty" maxItems:"50"`
		Version    *int64         `json:"version,omitempty"`
	}
}

func (h handlers) update(ctx context.Context, in *updateInput) (*customerOutput, error) {
	b := in.Body
	c, err := h.s.Update(ctx, in.ID, Change{Name: b.Name, Locale: b.Locale, Notes: b.Notes, Attributes: b.Attributes,
		AddIdentities: identitiesOf(b.Add), RemoveIdentities: b.Remove, Version: b.Version, Actor: h.actor(ctx)})
	return &customerOutput{bodyOf(c)}, err
}
