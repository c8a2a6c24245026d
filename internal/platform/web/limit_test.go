package web

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

func TestACostlyButtonWorksAFewTimesForEachCaller(t *testing.T) {
	t.Parallel()
	few, at := NewFew(10, time.Minute), time.UnixMilli(1_700_000_000_000)
	as := func(id string) context.Context { return context.WithValue(t.Context(), whoKey{}, Who{ID: id}) }
	for n := range 12 {
		err := few.Take(as("anna"), at, errs.Say("Wait a moment."))
		var e *errs.Error
		if n < 10 && err != nil || n >= 10 && (!errors.As(err, &e) || e.Kind != errs.TooMany || e.RetryAfter != 6 || errs.Sentence(err) != "Wait a moment.") {
			t.Fatalf("try %d: %v", n, err)
		}
	}
	if err := few.Take(as("ben"), at, errs.Say("Wait a moment.")); err != nil {
		t.Errorf("somebody else: %v", err)
	}
	if err := few.Take(as("anna"), at.Add(6*time.Second), errs.Say("Wait a moment.")); err != nil {
		t.Errorf("later: %v", err)
	}
}
