package customer

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Purpose is what a customer allows us to write to them for.
type Purpose string

// The purposes.
const (
	Marketing     Purpose = "marketing"     // news and offers
	Transactional Purpose = "transactional" // about an order or a matter of theirs
)

// Ways on which a customer allows it.
var Ways = []string{"email", "sms", "phone", "whatsapp", "post"}

// Consent is what a customer said about one purpose and one way.
type Consent struct {
	ID       int64
	Purpose  Purpose
	Way      string
	Given    bool // false = withdrawn
	At       time.Time
	Source   string // where they said so
	Agent    int64  // who recorded it, 0 = a program
	Recorded time.Time
}

const maxSource = 500

// Consents lists everything that a customer and those merged into them said,
// newest first, at most 500. The first of a purpose and way is what counts.
func (s *Service) Consents(ctx context.Context, id int64) (_ []Consent, err error) {
	defer errs.Wrap(&err, "list the consents of customer %d", id)
	if _, err := s.find(ctx, s.DB, id, ""); err != nil {
		return nil, err
	}
	return consents(ctx, s.DB, id)
}

// RecordConsent keeps that a customer gave or withdrew their consent. What was
// recorded before is never changed.
func (s *Service) RecordConsent(ctx context.Context, id int64, c Consent, finish func(context.Context, *db.Tx, Consent) error) (_ Consent, err error) {
	defer errs.Wrap(&err, "record a consent of customer %d", id)
	c.Recorded = s.Now()
	if c.At.IsZero() {
		c.At = c.Recorded
	}
	c.Source = strings.TrimSpace(c.Source)
	if err := c.check(); err != nil {
		return c, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := s.livingTx(ctx, tx, id); err != nil {
			return err
		}
		if c.ID, err = insertConsent(ctx, tx, id, c); err != nil {
			return err
		}
		if err := s.updatedTx(ctx, tx, id, c.Agent); err != nil {
			return err
		}
		return finish(ctx, tx, c)
	})
	return c, err
}

func (c Consent) check() error {
	switch {
	case c.Purpose != Marketing && c.Purpose != Transactional:
		return errs.InvalidField("body.purpose", "The purpose must be marketing or transactional.")
	case !slices.Contains(Ways, c.Way):
		return errs.InvalidField("body.channel", "The channel must be email, sms, phone, whatsapp or post.")
	case c.Source == "":
		return errs.InvalidField("body.source", "Say where the customer said so.")
	case len(c.Source) > maxSource:
		return errs.InvalidField("body.source", "The source is longer than 500 characters.")
	case c.At.After(c.Recorded.Add(time.Minute)):
		return errs.InvalidField("body.at", "This moment has not come yet.")
	case c.At.Year() < 1970:
		return errs.InvalidField("body.at", "This moment is before 1970.")
	}
	return nil
}
