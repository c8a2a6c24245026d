package view

import (
	"context"
	"regexp"
	"slices"

	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Layout is how an agent looks at a view of the console.
type Layout struct {
	View    string // as in the address: mine, team-4, saved-7
	Table   bool   // rows and columns instead of a list
	Columns []string
	TabsBy  string // a property as [Saved.TabsBy]; a saved view has its own
}

// ColumnNames are what a table can show of a conversation, in the order in which they are offered, beside the
// shop's own fields: "field." and the key.
var ColumnNames = []string{"number", "customer", "subject", "status", "priority", "assignee", "team", "inbox", "tags", "last_activity", "waiting_since", "due", "created"}

const maxLayouts = 200 // of one agent

var viewName = regexp.MustCompile(`^[a-z_]{1,30}(-[1-9][0-9]{0,15})?$`)

func (l *Layout) check(fields field.Set) error {
	if !viewName.MatchString(l.View) {
		return errs.InvalidField("path.view", "There is no such view.")
	}
	for i, c := range l.Columns {
		_, own := fields.Find(ownKey(c))
		if !own && !slices.Contains(ColumnNames, c) || slices.Index(l.Columns, c) != i {
			return errs.InvalidFieldf("body.columns", "There is no column %q, or it is named twice.", clipWord(c))
		}
	}
	if l.Table && len(l.Columns) == 0 {
		return errs.InvalidField("body.columns", "A table has at least one column.")
	}
	if l.TabsBy != "" {
		return checkTabs(l.TabsBy, "body.tabs_by", fields)
	}
	return nil
}

// Layouts are how the actor looks at the views that they have changed.
func (s *Service) Layouts(ctx context.Context) (_ []Layout, err error) {
	defer errs.Wrap(&err, "list layouts of views")
	a, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	return layouts(ctx, s.DB, a.AgentID)
}

// KeepLayout keeps how the actor looks at a view.
func (s *Service) KeepLayout(ctx context.Context, l Layout) (err error) {
	defer errs.Wrap(&err, "keep the layout of view %s", l.View)
	a, err := caller(ctx)
	if err != nil {
		return err
	}
	if a.AgentID == 0 {
		return errs.New(errs.Forbidden, "Only people have views of their own.")
	}
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		fields, err := s.defined(ctx, tx, ownKeys(append(slices.Clone(l.Columns), l.TabsBy)...))
		if err != nil {
			return err
		}
		if err := l.check(fields); err != nil {
			return err
		}
		return writeLayout(ctx, tx, a.AgentID, l)
	})
}
