package view

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Query names a list by the parameters of `GET /conversations`.
type Query struct {
	View     string   `json:"view,omitempty" maxLength:"50"`
	Saved    int64    `json:"view_id,omitempty" minimum:"0"`
	Status   []string `json:"status,omitempty" maxItems:"6"`
	Inbox    int64    `json:"inbox_id,omitempty" minimum:"0"`
	Team     int64    `json:"team_id,omitempty" minimum:"0"`
	Assignee string   `json:"assignee_id,omitempty" maxLength:"20"`
	Tag      string   `json:"tag,omitempty" maxLength:"200"`
	Priority string   `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	Words    string   `json:"q,omitempty" maxLength:"1000"`
	Without  []string `json:"without,omitempty" maxItems:"2"`
	Field    string   `json:"field,omitempty" maxLength:"200"`
}

// Chosen are the ids of a whole list as the actor sees it, at most most; more
// tells that there are others.
func (s *Service) Chosen(ctx context.Context, q Query, most int) (ids []int64, more bool, err error) {
	defer errs.Wrap(&err, "read the ids of a list")
	a, err := caller(ctx)
	if err != nil {
		return nil, false, err
	}
	in := Asked{View: q.View, Saved: q.Saved, Status: q.Status, Inbox: q.Inbox, Team: q.Team, Assignee: q.Assignee, Tag: q.Tag,
		Priority: q.Priority, Query: q.Words, Without: q.Without, Field: q.Field}
	f, err := in.filter(ctx)
	if err != nil {
		return nil, false, err
	}
	var from *Place
	for {
		places, next, err := s.places(ctx, a, f, from, 500)
		if err != nil {
			return nil, false, err
		}
		for _, at := range places {
			if len(ids) == most {
				return ids, true, nil
			}
			ids = append(ids, at.ID)
		}
		if next == nil {
			return ids, false, nil
		}
		from = next
	}
}
