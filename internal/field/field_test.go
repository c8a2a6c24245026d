package field_test

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

var shop = field.Set{
	{Key: "reason", Label: "Reason", Kind: field.Choice, Choices: []string{"Damaged", "Late"}, Required: true},
	{Key: "photo", Label: "Photo", Kind: field.Text, Required: true, When: &field.Condition{Key: "reason", Choices: []string{"Damaged"}}},
	{Key: "amount", Label: "Amount", Kind: field.Number},
	{Key: "day", Label: "Day", Kind: field.Date},
}

func TestAValueMustFitItsField(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		key   string
		value any
		kept  string // "" = refused
	}{
		{"reason", "Late", "Late"}, {"reason", " Late ", "Late"}, {"reason", "late", ""}, {"reason", 1.0, ""}, {"reason", true, ""},
		{"amount", 12.50, "12.5"}, {"amount", 1e21, "1000000000000000000000"}, {"amount", -0.1, "-0.1"}, {"amount", "12", ""},
		{"amount", math.Inf(1), ""}, {"amount", math.NaN(), ""}, {"amount", []any{}, ""},
		{"day", "2028-02-29", "2028-02-29"}, {"day", "2027-02-29", ""}, {"day", "29.02.2028", ""}, {"day", "", ""},
		{"photo", strings.Repeat("ü", 1000), strings.Repeat("ü", 1000)}, {"photo", strings.Repeat("ü", 1001), ""}, {"photo", "  ", ""},
	} {
		f, _ := shop.Find(c.key)
		kept, err := f.Parse(c.value, "body.custom_fields."+c.key)
		if kept != c.kept || (err == nil) == (c.kept == "") {
			t.Errorf("%s = %v is kept as %q, %v", c.key, c.value, kept, err)
		}
		if err != nil && !errs.Is(err, errs.Invalid) {
			t.Errorf("%s = %v: %v is no fault of the input", c.key, c.value, err)
		}
	}
}

func TestAChangeListsWhatBecameDifferentAndLeavesTheRest(t *testing.T) {
	t.Parallel()
	have := map[string]string{"reason": "Late", "amount": "5", "gone": "kept"}
	next, different, err := shop.Change(have, map[string]any{"reason": "Damaged", "amount": nil, "day": nil})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(map[string]string{"reason": "Damaged", "gone": "kept"}, next); diff != "" {
		t.Error(diff)
	}
	if len(different) != 2 || different[0].From != "Late" || different[1].To != "" || have["amount"] != "5" {
		t.Errorf("different: %+v, before: %v", different, have)
	}
	if diff := cmp.Diff(map[string]any{"reason": "Late", "amount": 5.0}, shop.Values(have)); diff != "" {
		t.Error(diff)
	}
	if _, _, err := shop.Change(have, map[string]any{"colour": "red"}); !errs.Is(err, errs.Invalid) {
		t.Errorf("an unknown field: %v", err)
	}
}

func TestOnlyAFieldThatIsShownCanBeMissing(t *testing.T) {
	t.Parallel()
	keys := func(values map[string]string) (out []string) {
		for _, f := range shop.Missing(values) {
			out = append(out, f.Key)
		}
		return out
	}
	for _, c := range []struct {
		values map[string]string
		want   []string
	}{
		{nil, []string{"reason"}},
		{map[string]string{"reason": "Late"}, nil},
		{map[string]string{"reason": "Damaged"}, []string{"photo"}},
		{map[string]string{"reason": "Damaged", "photo": "see mail"}, nil},
	} {
		if diff := cmp.Diff(c.want, keys(c.values)); diff != "" {
			t.Errorf("%v: %s", c.values, diff)
		}
	}
}

func admin() context.Context { return context.Background() }

func TestADefinitionIsCheckedAgainstTheOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := &field.Service{DB: d, Now: time.Now}
		create := func(f field.Field) (field.Field, error) { return s.Create(admin(), f, nil) }
		reason, err := create(field.Field{Subject: field.Conversation, Label: " Rücksendegrund ", Kind: field.Choice, Choices: []string{"Damaged", "Late"}, Required: true})
		if err != nil || reason.Key != "rucksendegrund" || reason.Label != "Rücksendegrund" {
			t.Fatalf("%+v, %v", reason, err)
		}
		when := &field.Condition{Key: reason.Key, Choices: []string{"Damaged"}}
		photo, err := create(field.Field{Subject: field.Conversation, Label: "写真", Kind: field.Text, When: when})
		if err != nil || photo.Key != "field" || photo.Position <= reason.Position {
			t.Fatalf("%+v, %v", photo, err)
		}
		for what, f := range map[string]field.Field{
			"body.label":             {Label: "", Kind: field.Text},
			"body.key":               {Label: "A", Key: "Großer Name", Kind: field.Text},
			"body.choices":           {Label: "A", Kind: field.Choice},
			"body.choices[1]":        {Label: "A", Kind: field.Choice, Choices: []string{"x", "x"}},
			"body.shown_when.key":    {Label: "A", Kind: field.Text, When: &field.Condition{Key: "field", Choices: []string{"x"}}},
			"body.required_on_close": {Subject: field.Customer, Label: "A", Kind: field.Text, Required: true},
		} {
			if f.Subject == "" {
				f.Subject = field.Conversation
			}
			_, err := create(f)
			var e *errs.Error
			if !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Location != what {
				t.Errorf("%s: %+v", what, err)
			}
		}
		if _, err := s.Update(admin(), reason.ID, field.Change{Choices: []string{"Late"}}); !errs.Is(err, errs.Invalid) {
			t.Errorf("a choice that another field needs was taken away: %v", err)
		}
		gone := true
		if _, err := s.Update(admin(), reason.ID, field.Change{Archived: &gone}); !errs.Is(err, errs.Conflict) {
			t.Errorf("a field that another one needs was archived: %v", err)
		}
		if _, err := s.Update(admin(), photo.ID, field.Change{Archived: &gone}); err != nil {
			t.Fatal(err)
		}
		if now, err := s.Of(admin(), d, field.Conversation); err != nil || len(now) != 1 {
			t.Errorf("%+v, %v", now, err)
		}
		if _, err := s.Update(admin(), 99, field.Change{}); !errs.Is(err, errs.NotFound) {
			t.Errorf("a field that is not there: %v", err)
		}
	})
}
