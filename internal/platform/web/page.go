package web

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// List is the input of every list; embed it.
type List struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"How many items at most"`
	Cursor string `query:"cursor" maxLength:"500" doc:"The next of the page before; empty is the first page"`
}

// Page is the body of every list.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next" doc:"Cursor of the next page, empty on the last"`
}

// PageOf makes a page; items may be nil.
func PageOf[T any](items []T, next string) Page[T] {
	if items == nil {
		items = []T{}
	}
	return Page[T]{Items: items, Next: next}
}

// Cut makes a page of up to limit items out of a list that was read with
// limit+1: the one too many only says that there is a next page.
func Cut[T any](items []T, limit int, cursor func(last T) string) Page[T] {
	if len(items) <= limit {
		return PageOf(items, "")
	}
	items = items[:limit]
	return PageOf(items, cursor(items[limit-1]))
}

// Cursor is the place behind an item with this sort key and id.
func Cursor(key, id int64) string { return TextCursor(strconv.FormatInt(key, 10), id) }

// TextCursor is [Cursor] for lists sorted by text.
func TextCursor(key string, id int64) string {
	return base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(id, 10) + " " + key))
}

// ReadCursor reads what [Cursor] made; some tells whether there was one.
func ReadCursor(s string) (key, id int64, some bool, err error) {
	text, id, some, err := ReadTextCursor(s)
	if err != nil || !some {
		return 0, 0, false, err
	}
	key, err = strconv.ParseInt(text, 10, 64)
	if err != nil {
		return 0, 0, false, errCursor()
	}
	return key, id, true, nil
}

// ReadTextCursor reads what [TextCursor] made.
func ReadTextCursor(s string) (key string, id int64, some bool, err error) {
	if s == "" {
		return "", 0, false, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return "", 0, false, errCursor()
	}
	number, key, ok := strings.Cut(string(b), " ")
	id, err = strconv.ParseInt(number, 10, 64)
	if err != nil || !ok {
		return "", 0, false, errCursor()
	}
	return key, id, true, nil
}

func errCursor() error {
	return errs.InvalidField("query.cursor", "This cursor does not come from this list.")
}

// Time is an instant as answers carry it: UTC, to the millisecond.
func Time(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// MaybeTime is [Time], nil (null) for the zero time.
func MaybeTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = Time(t)
	return &t
}

// Millis is an instant stored as milliseconds, the zero time for 0.
func Millis(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
