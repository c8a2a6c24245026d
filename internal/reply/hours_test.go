package reply_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/hours"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/reply"
)

// nine is open from 9 to 17 in Istanbul; the inbox asked for must be the conversation's.
func nine(t *testing.T, wanted int64) func(context.Context, int64) (hours.Set, bool, error) {
	return func(_ context.Context, inbox int64) (hours.Set, bool, error) {
		if inbox != wanted {
			t.Errorf("the hours of inbox %d were asked for", inbox)
		}
		s := hours.Set{TimeZone: "Europe/Istanbul"}
		for d := range s.Week {
			s.Week[d] = []hours.Interval{{From: 540, To: 1020}}
		}
		return s, true, nil
	}
}

const weAre = `{% if business_hours.open %}We close at {{ business_hours.closes }}.{% else %}We are back on {{ business_hours.next_opening }}.{% endif %}`

func TestBusinessHoursAreThoseOfTheConversationsInbox(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		k.Hours = nine(t, 1)
		id := k.mail("Eva", "Hello")
		r := k.make(anna, reply.Reply{Name: "Hours", Shared: true, Texts: map[string]string{"en": "<p>" + weAre + "</p>"}})
		k.now = time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
		if f, err := k.Fill(as(anna), reply.Text, r.ID, id, "", false); err != nil || f.Text != "We close at 17:00." || len(f.Missing) != 0 {
			t.Errorf("%v %q %v", err, f.Text, f.Missing)
		}
		k.now = time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
		if f, err := k.Fill(as(anna), reply.Text, r.ID, id, "", false); err != nil || f.Text != "We are back on Tuesday, 24 November at 9:00." {
			t.Errorf("%v %q", err, f.Text)
		}
	})
}

func TestBusinessHoursAreSaidInTheLanguageOfTheText(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		k.Hours = nine(t, 1)
		id := k.mail("Eva", "Hello")
		k.now = time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
		r := k.make(anna, reply.Reply{Name: "Hours", Shared: true, Texts: map[string]string{"en": "<p>{{ business_hours.week }}</p>", "tr": "<p>{{ business_hours.next_opening }}</p>"}})
		if f, err := k.Fill(as(anna), reply.Text, r.ID, id, "tr", false); err != nil || f.Text != "24 Kasım Salı 09:00" {
			t.Errorf("%v %q", err, f.Text)
		}
		// There is no text in Japanese, so the first language is taken, and its words.
		if f, err := k.Fill(as(anna), reply.Text, r.ID, id, "ja", false); err != nil || f.Text != "Every day 9:00–17:00" {
			t.Errorf("%v %q", err, f.Text)
		}
		if f, err := k.Preview(as(anna), "<p>{{ business_hours.week }}</p>", id, "ja"); err != nil || f.Text != "毎日 9:00〜17:00" {
			t.Errorf("%v %q", err, f.Text)
		}
	})
}

func TestAPreviewWithoutAConversationHasTheDefaultHours(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		k.Hours = nine(t, 0)
		if f, err := k.Preview(as(anna), "{{ business_hours.time_zone }}", 0, "en"); err != nil || f.Text != "Europe/Istanbul" {
			t.Errorf("%v %q", err, f.Text)
		}
	})
}

func TestTheWeekStandsInLines(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		k.Hours = func(context.Context, int64) (hours.Set, bool, error) {
			return hours.Set{TimeZone: "UTC", Week: hours.Week{time.Monday: {{From: 540, To: 1020}}}}, true, nil
		}
		id := k.mail("Eva", "Hello")
		r := k.make(anna, reply.Reply{Name: "Hours", Shared: true, Texts: map[string]string{"en": "<p>{{ business_hours.week }}</p>"},
			Actions: reply.Actions{Note: "{{ business_hours.week }}"}})
		f, err := k.Fill(as(anna), reply.Text, r.ID, id, "", false)
		if want := "Monday 9:00–17:00\nTuesday to Sunday closed"; err != nil || f.Text != want || f.Actions.Note != want {
			t.Errorf("%v %q %q", err, f.Text, f.Actions.Note)
		}
	})
}

func TestWithoutBusinessHoursNothingIsClaimed(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		k.Hours = func(context.Context, int64) (hours.Set, bool, error) { return hours.Set{}, false, nil }
		id := k.mail("Eva", "Hello")
		for source, want := range map[string]string{
			"<p>{{ business_hours.next_opening }}</p>":                                         "{{business_hours.next_opening}}",
			"<p>{% if business_hours.open %}We are here.{% else %}We are away.{% endif %}</p>": "{{business_hours.open}}\n\nWe are away.",
			"<p>{% unless business_hours.open %}We are away.{% endunless %}</p>":               "{{business_hours.open}}\n\nWe are away.",
		} {
			f, err := k.Preview(as(anna), source, id, "en")
			if err != nil || f.Text != want || !slices.Contains(f.Missing, want[2:strings.Index(want, "}}")]) {
				t.Errorf("%v %q %v", err, f.Text, f.Missing)
			}
		}
		if f, err := k.Preview(as(anna), "{{ business_hours.next_opening | default: 'soon' }}", id, "en"); err != nil || f.Text != "soon" || len(f.Missing) != 0 {
			t.Errorf("%v %q %v", err, f.Text, f.Missing)
		}
	})
}

func TestAClosingTimeHasNoValueWhileTheShopIsClosed(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		k.Hours = nine(t, 1)
		id := k.mail("Eva", "Hello")
		k.now = time.Date(2026, 11, 23, 18, 0, 0, 0, time.UTC)
		f, err := k.Preview(as(anna), "{{ business_hours.closes }}", id, "en")
		if err != nil || !slices.Equal(f.Missing, []string{"business_hours.closes"}) {
			t.Errorf("%v %q %v", err, f.Text, f.Missing)
		}
	})
}

func TestAReplyThatHoldsAVariableIsRefused(t *testing.T) {
	onBoth(t, func(t *testing.T, k *shelf) {
		id := k.mail("Eva", "Hello")
		for _, name := range append(reply.Variables(), "business_hours['open']") {
			_, err := k.Conversations.Reply(as(anna), id, conversation.NewReply{Text: "We are back {{ " + name + " }}."}, nil)
			if !errs.Is(err, errs.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
