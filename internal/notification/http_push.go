package notification

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/push"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerPush(api *web.API, s *Service) {
	const tag = "Notifications"
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/me/push", Tag: tag, Summary: "The key for push services, and whether this browser is told"}, s.httpPush)
	web.Register(api, web.Op{Method: http.MethodPut, Path: "/me/push", Tag: tag, Summary: "Tell this browser by push",
		Text: "What the browser's `PushSubscription` says. It ends with the session. Not for API keys."}, s.httpSubscribe)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/me/push", Tag: tag, Summary: "Tell this browser no more"}, s.httpUnsubscribe)
}

type (
	pushOut struct {
		Body struct {
			PublicKey  string `json:"public_key" doc:"applicationServerKey, base64url"`
			Subscribed bool   `json:"subscribed" doc:"This session is told"`
		}
	}
	subscribeIn struct {
		Body struct {
			Endpoint string `json:"endpoint" maxLength:"2000"`
			P256DH   string `json:"p256dh" maxLength:"200" doc:"base64url"`
			Auth     string `json:"auth" maxLength:"100" doc:"base64url"`
		}
	}
)

func (s *Service) httpPush(ctx context.Context, _ *struct{}) (*pushOut, error) {
	a, err := reader(ctx)
	if err != nil {
		return nil, err
	}
	key, err := s.PushKey(ctx)
	if err != nil {
		return nil, err
	}
	public, err := key.PublicKey.Bytes()
	if err != nil {
		return nil, err
	}
	out := &pushOut{}
	out.Body.PublicKey = base64.RawURLEncoding.EncodeToString(public)
	out.Body.Subscribed, err = hasBrowser(ctx, s.DB, a.SessionID)
	return out, err
}

func (s *Service) httpSubscribe(ctx context.Context, in *subscribeIn) (*struct{}, error) {
	b := push.Subscription{Endpoint: in.Body.Endpoint}
	var err error
	if b.Public, err = decode(in.Body.P256DH); err == nil {
		b.Secret, err = decode(in.Body.Auth)
	}
	if err == nil {
		err = b.Check()
	}
	if err != nil {
		return nil, errs.InvalidField("body.endpoint", "This is no push subscription of a browser.").Because(err)
	}
	return nil, s.Subscribe(ctx, b)
}

func decode(text string) ([]byte, error) {
	return base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
}

func (s *Service) httpUnsubscribe(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, s.Unsubscribe(ctx)
}

// Subscribe tells the actor's browser from now on, as long as their session lasts.
func (s *Service) Subscribe(ctx context.Context, b push.Subscription) (err error) {
	defer errs.Wrap(&err, "subscribe a browser")
	session := sessionOf(ctx)
	return s.choose(ctx, func(tx *db.Tx, a *access.Actor) error { return saveBrowser(ctx, tx, a.AgentID, session, b, s.Now()) })
}

// Unsubscribe tells the actor's browser no more.
func (s *Service) Unsubscribe(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "unsubscribe a browser")
	session := sessionOf(ctx)
	return s.choose(ctx, func(tx *db.Tx, _ *access.Actor) error { return deleteBrowsers(ctx, tx, session) })
}
