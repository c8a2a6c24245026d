package customer

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const permMerge = "customers:merge"

func (h handlers) registerMerge(api *web.API) {
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/customers/{id}/merge", Permission: permMerge, Tag: heading,
		Summary: "Merge other customers into this one", Idempotent: true, Errors: []int{http.StatusConflict},
		Text: "Addresses and conversations of the others are this one's from now on, and mail from those addresses arrives here. Where both know " +
			"something, what this one has stays; the rest is in `merged`. The others' ids answer with this customer. 409 when one of them was merged meanwhile."}, h.merge)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/customers/{id}/merge/preview", Permission: permMerge, Tag: heading,
		Summary: "What merging other customers into this one would do", Errors: []int{http.StatusConflict},
		Text: "Changes nothing."}, h.preview)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/customers/{id}/unmerge", Permission: permMerge, Tag: heading,
		Summary: "Take the merge of this customer back", Errors: []int{http.StatusConflict},
		Text: "Within 30 days. `id` is the one who was merged. Their addresses are theirs again, with the conversations that came from those before and " +
			"after; what somebody changed since at the other one stays there."}, h.unmerge)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/customers/{id}/duplicates", Permission: permRead, Tag: heading,
		Summary: "Customers who may be the same person", Text: "At most five, the likeliest first."}, h.duplicates)
}

type valueBody struct {
	Field      string `json:"field" doc:"name, locale or attributes.KEY"`
	CustomerID int64  `json:"customer_id" doc:"Whose it is"`
	Value      any    `json:"value"`
	Kept       any    `json:"kept,omitempty" doc:"What stays in its place"`
}

func valuesOf(list []Value) []valueBody {
	out := make([]valueBody, len(list))
	for i, v := range list {
		out[i] = valueBody{v.Field, v.Of, v.Value, v.Kept}
	}
	return out
}

type mergedBody struct {
	ID            int64       `json:"id"`
	Name          string      `json:"name" doc:"Or an address"`
	At            time.Time   `json:"at"`
	AgentID       int64       `json:"agent_id" doc:"Who merged them, 0 = a program"`
	UndoUntil     time.Time   `json:"undo_until"`
	Conversations int         `json:"conversations" doc:"That came along"`
	Left          []valueBody `json:"left" doc:"What was known of them and is not among the values of this customer"`
}

func mergedOf(list []Merged) []mergedBody {
	out := make([]mergedBody, len(list))
	for i, m := range list {
		out[i] = mergedBody{m.ID, m.Name, web.Time(m.At), m.By, web.Time(m.Until), m.Conversations, valuesOf(m.Left)}
	}
	return out
}

type mergeInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		CustomerIDs []int64 `json:"customer_ids" minItems:"1" maxItems:"10" doc:"Those who are put into this one"`
	}
}

func (h handlers) merge(ctx context.Context, in *mergeInput) (*customerOutput, error) {
	out := &customerOutput{}
	_, err := h.s.Merge(ctx, in.ID, in.Body.CustomerIDs, h.actor(ctx), func(ctx context.Context, tx *db.Tx, c Customer) error {
		out.Body = bodyOf(c)
		return web.Keep(ctx, tx, out)
	})
	return out, err
}

type moveBody struct {
	Customer      customerBody `json:"customer"`
	Conversations int64        `json:"conversations" doc:"That come along, also those that you cannot see"`
}

type previewBody struct {
	Customer customerBody `json:"customer" doc:"As it would become"`
	Moves    []moveBody   `json:"moves" doc:"What each of the others brings"`
	Taken    []valueBody  `json:"taken" doc:"What was not known of this customer"`
	Left     []valueBody  `json:"left" doc:"What differs; it stays readable in merged"`
}

type previewOutput struct{ Body previewBody }

func (h handlers) preview(ctx context.Context, in *mergeInput) (*previewOutput, error) {
	p, err := h.s.Preview(ctx, in.ID, in.Body.CustomerIDs)
	if err != nil {
		return nil, err
	}
	b := previewBody{Customer: bodyOf(p.Customer), Moves: []moveBody{}, Taken: valuesOf(p.Taken), Left: valuesOf(p.Left)}
	for _, m := range p.Moves {
		b.Moves = append(b.Moves, moveBody{bodyOf(m.Customer), m.Conversations})
	}
	return &previewOutput{b}, nil
}

func (h handlers) unmerge(ctx context.Context, in *getInput) (*customerOutput, error) {
	c, err := h.s.Unmerge(ctx, in.ID, h.actor(ctx))
	return &customerOutput{bodyOf(c)}, err
}

type duplicateBody struct {
	Customer customerBody `json:"customer"`
	Reasons  []string     `json:"reasons" enum:"name,phone,address" doc:"name: the same, and a similar address. phone: the same number, written in another way. address: the same up to the @"`
}

type duplicatesBody struct {
	Items []duplicateBody `json:"items"`
}

type duplicatesOutput struct{ Body duplicatesBody }

func (h handlers) duplicates(ctx context.Context, in *getInput) (*duplicatesOutput, error) {
	list, err := h.s.Duplicates(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &duplicatesOutput{duplicatesBody{[]duplicateBody{}}}
	for _, d := range list {
		out.Body.Items = append(out.Body.Items, duplicateBody{bodyOf(d.Customer), d.Reasons})
	}
	return out, nil
}
