package access

import (
	"context"
	"encoding/json"
	"net/url"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// The purposes of links that work once.
const (
	forSetup      = "setup"
	forInvitation = "invitation"
	forReset      = "reset"
)

const (
	setupLives      = 30 * 24 * time.Hour // a new one is printed at each start
	invitationLives = 72 * time.Hour
	resetLives      = 30 * time.Minute
)

// Link is an address that works once. The token in it is stored nowhere.
type Link struct {
	ID        int64
	URL       string
	ExpiresAt time.Time
}

var errLink = errs.New(errs.NotFound, "This link was used already or is too old. Ask for a new one.")

// linkTx makes a link; older ones of the same purpose and subject die.
func (s *Service) linkTx(ctx context.Context, tx *db.Tx, purpose, subject string, data any, by int64, lives time.Duration) (l Link, err error) {
	text, err := json.Marshal(data)
	if err != nil {
		return Link{}, err
	}
	if err := deleteLinks(ctx, tx, purpose, subject); err != nil {
		return Link{}, err
	}
	token, now := newToken(), s.cfg.Now()
	l = Link{URL: s.cfg.PublicURL + pages[purpose] + "?token=" + url.QueryEscape(token), ExpiresAt: now.Add(lives)}
	l.ID, err = insertLink(ctx, tx, purpose, subject, hashOf(token), string(text), by, now, l.ExpiresAt)
	return l, err
}

// pages of the console that take the token.
var pages = map[string]string{forSetup: "/setup", forInvitation: "/invitation", forReset: "/reset-password"}

// useTx takes a link away and returns what it was made with. Of two that use it
// at once one gets it.
func (s *Service) useTx(ctx context.Context, tx *db.Tx, purpose, token string, data any) (subject string, err error) {
	subject, text, err := takeLink(ctx, tx, purpose, hashOf(token), s.cfg.Now())
	if err != nil {
		return "", err
	}
	return subject, json.Unmarshal([]byte(text), data)
}
