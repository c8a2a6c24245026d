package audit

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Permission that reading the log asks for; package access knows it too.
const Permission = "audit:read"

// Actor is who acted, in an answer.
type Actor struct {
	Type    string `json:"type" enum:"agent,key,system"`
	AgentID int64  `json:"agent_id" doc:"Also behind a key; 0 = Deskbell itself or its command line"`
	KeyID   int64  `json:"key_id"`
	Name    string `json:"name" doc:"At that time"`
}

// About is what was acted on, in an answer.
type About struct {
	Type string `json:"type"`
	ID   int64  `json:"id"`
	Name string `json:"name" doc:"At that time"`
}

// RowBody is one action in an answer.
type RowBody struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"`
	Actor   Actor     `json:"actor"`
	IP      string    `json:"ip" doc:"Empty for the command line"`
	Action  string    `json:"action"`
	Subject About     `json:"subject"`
	Before  Fields    `json:"before" doc:"What differed, as it was; empty for something new"`
	After   Fields    `json:"after" doc:"What differed, as it is since; empty for something that is gone"`
}

type (
	listIn struct {
		web.List
		AgentID   int64  `query:"agent_id" doc:"Only what this agent did"`
		Subject   string `query:"subject" maxLength:"40" doc:"Only about things of this kind, such as inbox or agent"`
		SubjectID int64  `query:"subject_id" doc:"With subject: only about this one"`
		From      string `query:"from" doc:"RFC 3339 instant, from when"`
		Until     string `query:"until" doc:"RFC 3339 instant, until when"`
	}
	listOut struct{ Body web.Page[RowBody] }
)

// Register adds the operation that reads the log.
func Register(api *web.API, d *db.DB) {
	web.Register(api, web.Op{Method: "GET", Path: "/audit", Permission: Permission, Tag: "Settings", Summary: "What administrators did",
		Text: "Newest first."}, func(ctx context.Context, in *listIn) (*listOut, error) { return list(ctx, d, in) })
}

func list(ctx context.Context, d *db.DB, in *listIn) (*listOut, error) {
	_, before, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	f := Filter{Before: before, Agent: in.AgentID, Subject: in.Subject, ID: in.SubjectID}
	if f.From, err = readTime("query.from", in.From); err != nil {
		return nil, err
	}
	if f.Until, err = readTime("query.until", in.Until); err != nil {
		return nil, err
	}
	rows, err := List(ctx, d, f, in.Limit+1)
	if err != nil {
		return nil, err
	}
	var items []RowBody
	for _, r := range rows {
		items = append(items, RowBody{ID: r.Number, At: web.Time(r.At), IP: r.Address, Action: r.Action,
			Actor:   Actor{Type: r.Who.kind(), AgentID: r.Who.Agent, KeyID: r.Who.Key, Name: r.Who.Name},
			Subject: About{Type: r.Subject, ID: r.ID, Name: r.Name}, Before: r.Before, After: r.After})
	}
	return &listOut{web.Cut(items, in.Limit, func(r RowBody) string { return web.Cursor(0, r.ID) })}, nil
}

func readTime(location, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, errs.InvalidField(location, "This is no instant such as 2026-11-27T09:00:00Z.")
	}
	return at, nil
}
