package app

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/hours"
	"github.com/deskbell/deskbell/internal/task"
	"github.com/deskbell/deskbell/internal/view"
)

// furnishDemo puts on the owner's desk what a shop has after a while: saved
// replies, a tone guide, business hours, a field of its own, views and something to do.
func (a *App) furnishDemo(ctx context.Context, owner int64) error {
	actor, err := a.Access.Agent(ctx, owner)
	if err != nil {
		return err
	}
	ctx = access.With(ctx, actor)
	if _, err := a.Replies.AddStarters(ctx); err != nil {
		return err
	}
	if _, err := a.Tone.AddStarters(ctx); err != nil {
		return err
	}
	if _, err := a.Hours.Create(ctx, demoHours(), nil); err != nil {
		return err
	}
	reason := field.Field{Subject: field.Conversation, Label: "Reason for return", Kind: field.Choice,
		Choices: []string{"Damaged", "Wrong item", "Does not fit", "Changed mind"}}
	if _, err := a.Fields.Create(ctx, reason, nil); err != nil {
		return err
	}
	for _, v := range demoViews() {
		if _, err := a.Views.Save(ctx, v, 0); err != nil {
			return err
		}
	}
	return a.demoTasks(ctx, owner)
}

// demoHours are open on weekdays and on Saturday mornings.
func demoHours() hours.Set {
	s := hours.Set{Name: "Support", TimeZone: "Europe/London", Country: "GB"}
	for day := time.Monday; day <= time.Friday; day++ {
		s.Week[day] = []hours.Interval{{From: 9 * 60, To: 17*60 + 30}}
	}
	s.Week[time.Saturday] = []hours.Interval{{From: 10 * 60, To: 14 * 60}}
	return s
}

func demoViews() []view.Saved {
	test := func(field, op string, values ...string) view.Condition {
		return view.Condition{Field: field, Op: op, Values: values}
	}
	open := test("status", "is", "open")
	return []view.Saved{
		{Name: "Waiting over a day", Icon: "clock", Audience: view.All, Sort: view.Waiting, Counted: true,
			Conditions: view.Condition{All: []view.Condition{open, test("waiting_since", "longer_than", "1d")}}},
		{Name: "High or urgent", Icon: "flag", Audience: view.All, Sort: view.Urgency, Counted: true,
			Conditions: view.Condition{All: []view.Condition{open, test("priority", "is", "high", "urgent")}}},
	}
}

func (a *App) demoTasks(ctx context.Context, owner int64) error {
	list, _, err := a.Views.List(ctx, view.Filter{Statuses: []conversation.Status{conversation.Open}, Assignee: owner, Sort: view.Waiting}, nil, 3)
	if err != nil {
		return err
	}
	day := a.Now().UTC().Truncate(24 * time.Hour).Add(24*time.Hour - time.Minute)
	tasks := [][]task.New{
		{{Text: "Ask the courier where the parcel is", Assignee: owner, DueAt: day}, {Text: "Offer a replacement if it is lost", Assignee: owner, DueAt: day.AddDate(0, 0, 2)}},
		{{Text: "Write again if nothing has arrived", Assignee: owner, DueAt: day.AddDate(0, 0, 1)}},
	}
	for i, c := range list {
		if i == len(tasks) {
			break
		}
		if _, err := a.Tasks.Add(ctx, c.ID, tasks[i], nil); err != nil {
			return err
		}
	}
	return nil
}
