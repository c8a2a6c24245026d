package app

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/bulk"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/reply"
	"github.com/deskbell/deskbell/internal/task"
)

// fillReply fills a reply to many in for one of them. A saved reply counts as
// used, and its files and what it changes go along, where nothing is missing.
func (a *App) fillReply(ctx context.Context, r bulk.Reply, conversationID int64) (out bulk.Filled, err error) {
	var f reply.Filled
	if r.SavedReply == 0 {
		f, err = a.Replies.Preview(ctx, r.HTML, conversationID, "")
	} else if f, err = a.Replies.Fill(ctx, reply.Text, r.SavedReply, conversationID, "", false); err == nil && len(f.Missing) == 0 {
		f, err = a.Replies.Fill(ctx, reply.Text, r.SavedReply, conversationID, "", true)
	}
	if err != nil {
		return out, err
	}
	html, _ := mail.SanitizeHTML(f.HTML) // a message names its pictures; where the console shows them from is not its business
	out = bulk.Filled{HTML: html, Text: f.Text, Missing: f.Missing, Change: changeOf(f), Note: f.Actions.Note}
	for _, file := range f.Files {
		out.Files = append(out.Files, file.ID)
	}
	if len(f.Actions.Tasks) > 0 && len(f.Missing) == 0 {
		out.Give, err = a.giveTasks(ctx, f.Actions.Tasks)
	}
	return out, err
}

// changeOf is what a saved reply changes, as a conversation takes it; nil = nothing.
func changeOf(f reply.Filled) *conversation.ChangeBody {
	ac := f.Actions
	if ac.Note, ac.Tasks = "", nil; ac.Empty() {
		return nil
	}
	ch := &conversation.ChangeBody{Status: ac.Status, Priority: ac.Priority, AssigneeID: ac.AssigneeID, TeamID: ac.TeamID, AddTags: ac.AddTags, RemoveTags: ac.RemoveTags}
	if !f.Until.IsZero() {
		snoozed := string(conversation.Snoozed)
		ch.Status, ch.SnoozedUntil = &snoozed, f.Until
	}
	return ch
}

// giveTasks prepares to give a conversation tasks. A day ends where the agent is,
// as far as they have said where.
func (a *App) giveTasks(ctx context.Context, list []reply.GivenTask) (func(context.Context, *db.Tx, int64) ([]int64, error), error) {
	rhythm, err := a.Notifications.Rhythm(ctx)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(rhythm.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	today := a.Now().In(zone)
	wanted := make([]task.New, len(list))
	for i, t := range list {
		wanted[i] = task.New{Text: t.Text, Assignee: t.AssigneeID}
		if t.DueDays != nil {
			wanted[i].DueAt = time.Date(today.Year(), today.Month(), today.Day()+*t.DueDays, 23, 59, 0, 0, zone).UTC()
		}
	}
	return func(ctx context.Context, tx *db.Tx, conversation int64) (ids []int64, err error) {
		made, err := a.Tasks.GiveTx(ctx, tx, conversation, wanted)
		for _, t := range made {
			ids = append(ids, t.ID)
		}
		return ids, err
	}, nil
}
