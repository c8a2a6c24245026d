package app_test

import (
	"context"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/reply"
)

func TestTheOwnerOfTheDemoFindsTheDeskFurnished(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	shop, err := a.FillDemo(context.Background(), 150)
	if err != nil {
		t.Fatal(err)
	}
	owner, err := a.Access.Agent(context.Background(), shop.Agents[shop.Owner.Email])
	if err != nil {
		t.Fatal(err)
	}
	ctx := access.With(context.Background(), owner)
	replies, err := a.Replies.List(ctx, reply.Text, "", "")
	if err != nil || len(replies) < 8 {
		t.Errorf("%d saved replies, %v", len(replies), err)
	}
	if rules, err := a.Tone.Rules(ctx); err != nil || len(rules) == 0 {
		t.Errorf("%d rules of tone, %v", len(rules), err)
	}
	if n, err := a.Tasks.Count(ctx); err != nil || n.Open != 3 {
		t.Errorf("tasks: %+v, %v", n, err)
	}
	views, err := a.Views.Saved(ctx)
	if err != nil || len(views) != 2 {
		t.Fatalf("%d views, %v", len(views), err)
	}
	waiting := views[1]
	if n, err := a.Views.CountSaved(ctx, waiting.ID); err != nil || n.Count == 0 {
		t.Errorf("%s holds %+v, %v", waiting.Name, n, err)
	}
}
