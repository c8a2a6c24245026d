package conversation

import (
	"context"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Tag is a word that conversations are marked with.
type Tag struct {
	ID    int64  `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Colors that a tag may have; their tones are the console's.
var Colors = []string{"red", "amber", "green", "blue", "violet", "pink", "teal", "grey"}

func checkTagName(name, location string) error {
	if name == "" || len(name) > 60 || strings.ContainsAny(name, "\n\r\t,\x00") {
		return errs.InvalidField(location, "A tag has between 1 and 60 characters and no comma.")
	}
	return nil
}

// colorOf gives a tag that was made by use a colour that stays the same.
func colorOf(name string) string {
	h := fnv.New32a()
	h.Write([]byte(strings.ToLower(name)))
	return Colors[int(h.Sum32()%uint32(len(Colors)))]
}

// Tags lists all tags by name.
func (s *Service) Tags(ctx context.Context) ([]Tag, error) { return allTags(ctx, s.DB) }

// TagNames are the tags of a conversation that the actor may see.
func (s *Service) TagNames(ctx context.Context, id int64) (names []string, err error) {
	defer errs.Wrap(&err, "read the tags of conversation %d", id)
	if _, err := s.Get(ctx, id); err != nil {
		return nil, err
	}
	tags, err := tagsOf(ctx, s.DB, id)
	for _, t := range tags {
		names = append(names, t.Name)
	}
	return names, err
}

// CreateTag makes a tag; the colour may be empty.
func (s *Service) CreateTag(ctx context.Context, name, color string) (t Tag, err error) {
	defer errs.Wrap(&err, "create a tag")
	t = Tag{Name: strings.TrimSpace(name), Color: color}
	if t.Color == "" {
		t.Color = colorOf(t.Name)
	}
	if err := t.check(); err != nil {
		return t, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := insertTag(ctx, tx, &t); err != nil {
			return err
		}
		return s.auditTag(ctx, tx, "tag.created", nil, &t)
	})
	if db.IsUnique(err) {
		err = errs.New(errs.Conflict, "There is a tag of this name already.")
	}
	return t, err
}

// ChangeTag renames or recolours a tag.
func (s *Service) ChangeTag(ctx context.Context, t Tag) (err error) {
	defer errs.Wrap(&err, "change tag %d", t.ID)
	if err := t.check(); err != nil {
		return err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := readTag(ctx, tx, t.ID)
		if err != nil {
			return err
		}
		if err := updateTag(ctx, tx, t); err != nil {
			return err
		}
		return s.auditTag(ctx, tx, "tag.changed", &before, &t)
	})
	if db.IsUnique(err) {
		err = errs.New(errs.Conflict, "There is a tag of this name already.")
	}
	return err
}

// DeleteTag takes a tag off all conversations and deletes it.
func (s *Service) DeleteTag(ctx context.Context, id int64) (err error) {
	defer errs.Wrap(&err, "delete tag %d", id)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := readTag(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := deleteTag(ctx, tx, id); err != nil {
			return err
		}
		return s.auditTag(ctx, tx, "tag.deleted", &before, nil)
	})
}

func (s *Service) auditTag(ctx context.Context, tx *db.Tx, action string, before, after *Tag) error {
	e := audit.Entry{Action: action, Subject: "tag"}
	if before != nil {
		e.ID, e.Name, e.Before = before.ID, before.Name, before
	}
	if after != nil {
		e.ID, e.Name, e.After = after.ID, after.Name, after
	}
	return audit.RecordTx(ctx, tx, s.Now(), e)
}

func (t Tag) check() error {
	if err := checkTagName(t.Name, "body.name"); err != nil {
		return err
	}
	if !slices.Contains(Colors, t.Color) {
		return errs.InvalidFieldf("body.color", "The colour must be one of %s.", strings.Join(Colors, ", "))
	}
	return nil
}
