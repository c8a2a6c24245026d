package reply

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/hours"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Filled is a saved reply as it stands in one conversation.
type Filled struct {
	HTML, Text string
	Locale     string
	Missing    []string
	Actions    Actions // AssignMe is resolved
	Until      time.Time
	Files      []conversation.Attachment
}

// Fill fills one in for a conversation that the actor sees. locale chooses the
// language; "" is the customer's. With use it is counted, and its files become
// uploads of the actor.
func (s *Service) Fill(ctx context.Context, k Kind, id, conversationID int64, locale string, use bool) (out Filled, err error) {
	defer errs.Wrap(&err, "fill saved reply %d in", id)
	r, err := s.get(ctx, s.DB, k, id)
	if err != nil {
		return out, err
	}
	vars, about, err := s.variables(ctx, conversationID)
	if err != nil {
		return out, err
	}
	if locale == "" {
		locale = about.language
	}
	source, taken := r.In(locale)
	if err := s.addHours(ctx, vars, about.inbox, taken); err != nil {
		return out, err
	}
	out = Filled{Locale: taken, Actions: r.Actions}
	if err := s.fillTexts(source, vars, &out); err != nil {
		return out, err
	}
	out.resolve(access.From(ctx), s.Now())
	if !use {
		out.HTML = r.withPictures(out.HTML)
		return out, nil
	}
	if r.Expired(s.Now()) {
		return out, errs.Newf(errs.Conflict, "“%s” has expired and is not used any more. %s looks after it.", r.Name, r.OwnerName)
	}
	if err := s.handOut(ctx, &r, &out); err != nil {
		return out, err
	}
	return out, s.used(ctx, r)
}

// Preview fills in a text in a language that is being written; "" is the
// customer's. Without a conversation the values are invented, but for the
// business hours, which are the default.
func (s *Service) Preview(ctx context.Context, source string, conversationID int64, locale string) (out Filled, err error) {
	defer errs.Wrap(&err, "preview a saved reply")
	vars, about := sample(s.Now()), about{}
	if conversationID != 0 {
		if vars, about, err = s.variables(ctx, conversationID); err != nil {
			return out, err
		}
	}
	if locale == "" {
		locale = about.language
	}
	if err := s.addHours(ctx, vars, about.inbox, locale); err != nil {
		return out, err
	}
	safe, _ := mail.SanitizeHTML(source)
	return out, s.fillTexts(safe, vars, &out)
}

func (s *Service) fillTexts(source string, vars map[string]any, out *Filled) error {
	t, err := Parse(source)
	if err != nil {
		return err
	}
	body, err := t.Render(vars, false, time.Now)
	if err != nil {
		return err
	}
	out.HTML, _ = mail.SanitizeHTML(body.HTML)
	out.Text = mail.HTMLToText(out.HTML)
	out.Missing = body.Missing
	if out.Actions.Note, err = out.plain(out.Actions.Note, vars); err != nil {
		return err
	}
	out.Actions.Tasks = slices.Clone(out.Actions.Tasks)
	for i := range out.Actions.Tasks {
		task := &out.Actions.Tasks[i]
		if task.Text, err = out.plain(task.Text, vars); err != nil {
			return err
		}
	}
	return nil
}

// plain fills in what is no HTML.
func (f *Filled) plain(source string, vars map[string]any) (string, error) {
	if source == "" {
		return "", nil
	}
	t, err := Parse(source)
	if err != nil {
		return "", err
	}
	made, err := t.Render(vars, true, time.Now)
	f.Missing = append(f.Missing, made.Missing...)
	return made.HTML, err
}

// resolve turns what depends on who and when into plain values.
func (f *Filled) resolve(a *access.Actor, now time.Time) {
	if f.Actions.AssignMe {
		me := a.AgentID
		f.Actions.AssigneeID, f.Actions.AssignMe = &me, false
	}
	for i := range f.Actions.Tasks {
		if t := &f.Actions.Tasks[i]; t.AssignMe {
			t.AssigneeID, t.AssignMe = a.AgentID, false
		}
	}
	if f.Actions.SnoozeHours > 0 {
		f.Until = now.Add(time.Duration(f.Actions.SnoozeHours) * time.Hour)
	}
}

func (s *Service) used(ctx context.Context, r Reply) error {
	agent := access.From(ctx).AgentID
	return s.DB.Write(ctx, func(tx *db.Tx) error { return countUse(ctx, tx, r.ID, agent, s.Now()) })
}

// about is what decides how a conversation is answered.
type about struct {
	language string // the customer's
	inbox    int64
}

// variables are what a text can speak of, but for the business hours.
func (s *Service) variables(ctx context.Context, id int64) (vars map[string]any, of about, err error) {
	c, err := s.Conversations.Get(ctx, id)
	if err != nil {
		return nil, of, err
	}
	who, err := s.Customers.Get(ctx, c.Customer)
	if err != nil {
		return nil, of, err
	}
	box, err := s.Inbox(ctx, c.Inbox)
	if err != nil {
		return nil, of, err
	}
	tags, err := s.Conversations.TagNames(ctx, id)
	if err != nil {
		return nil, of, err
	}
	of = about{who.Locale, c.Inbox}
	if of.language == "" {
		if of.language, err = s.Conversations.Spoken(ctx, id); err != nil {
			return nil, of, err
		}
	}
	a := access.From(ctx)
	email, phone := "", ""
	for _, i := range who.Identities {
		switch {
		case i.Kind == "email" && email == "":
			email = i.Shown
		case i.Kind == "phone" && phone == "":
			phone = i.Shown
		}
	}
	first, last := names(who.Name)
	mine, _ := names(a.Name)
	attributes := map[string]any{}
	maps.Copy(attributes, who.Attributes)
	return map[string]any{
		"customer": map[string]any{"name": who.Name, "first_name": first, "last_name": last, "email": email, "phone": phone,
			"locale": who.Locale, "attributes": attributes},
		"conversation": map[string]any{"number": c.ID, "subject": c.Subject, "status": string(c.Shown()), "priority": string(c.Priority),
			"tags": tags, "created_at": c.CreatedAt},
		"agent": map[string]any{"name": a.Name, "first_name": mine, "email": a.Email},
		"inbox": map[string]any{"name": box.Name, "address": box.Address, "from_name": box.FromName},
	}, of, nil
}

// Lines is a value of several lines.
type Lines string

// addHours adds what a text can say of the business hours. Where there are none
// nothing has a value, so that nothing is claimed.
func (s *Service) addHours(ctx context.Context, vars map[string]any, inbox int64, locale string) error {
	delete(vars, hoursVariable)
	if s.Hours == nil {
		return nil
	}
	set, ok, err := s.Hours(ctx, inbox)
	if err == nil && ok {
		vars[hoursVariable] = said(set.Say(s.Now(), locale))
	}
	return err
}

const hoursVariable = "business_hours"

func said(h hours.Said) map[string]any {
	return map[string]any{"open": h.Open, "closes": h.Closes, "next_opening": h.NextOpening, "week": Lines(h.Week), "time_zone": h.TimeZone}
}

// names parts a name. In Chinese and Japanese the family name comes first.
func names(full string) (first, last string) {
	parts := strings.Fields(full)
	if len(parts) == 0 {
		return "", ""
	}
	first, last = parts[0], strings.Join(parts[1:], " ")
	if len(parts) > 1 && strings.ContainsFunc(full, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) }) {
		first, last = parts[len(parts)-1], strings.Join(parts[:len(parts)-1], " ")
	}
	return first, last
}

// sample is an invented conversation.
func sample(now time.Time) map[string]any {
	return map[string]any{
		"customer": map[string]any{"name": "Jane Doe", "first_name": "Jane", "last_name": "Doe", "email": "jane@customer.example",
			"phone": "+44 20 7946 0000", "locale": "en", "attributes": map[string]any{}},
		"conversation": map[string]any{"number": int64(1234), "subject": "Where is my parcel?", "status": "open", "priority": "normal",
			"tags": []string{"shipping"}, "created_at": now},
		"agent":       map[string]any{"name": "Anna Linden", "first_name": "Anna", "email": "anna@shop.example"},
		"inbox":       map[string]any{"name": "Support", "address": "support@shop.example", "from_name": "Shop"},
		hoursVariable: said(hours.Said{}),
	}
}

// Variables are the names that a text can use, for lists beside an editor.
func Variables() []string {
	var out []string
	for group, fields := range sample(time.Time{}) {
		for name := range fields.(map[string]any) {
			if name != "attributes" {
				out = append(out, group+"."+name)
			}
		}
	}
	slices.Sort(out)
	return out
}
