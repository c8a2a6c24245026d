package access

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Authenticate is the web.Config.Authenticate of the program: an API key in the
// Authorization header, or else the session cookie. The actor goes into the context.
func (s *Service) Authenticate(r *http.Request) (context.Context, web.Who, error) {
	ctx := r.Context()
	if header := r.Header.Get("Authorization"); header != "" {
		kind, key, _ := strings.Cut(header, " ")
		if !strings.EqualFold(kind, "Bearer") {
			return ctx, web.Who{}, errs.New(errs.Unauthorized, "The Authorization header is: Bearer KEY.")
		}
		a, err := s.ByKey(ctx, strings.TrimSpace(key))
		if err != nil {
			return ctx, web.Who{}, err
		}
		return With(ctx, a), web.Who{ID: "key:" + strconv.FormatInt(a.KeyID, 10), Key: true}, nil
	}
	c, err := r.Cookie(s.cookieName())
	if err != nil || c.Value == "" {
		return ctx, web.Who{}, nil //nolint:nilerr // no cookie: a stranger
	}
	a, err := s.BySession(ctx, c.Value)
	if err != nil {
		return ctx, web.Who{}, err
	}
	return With(ctx, a), web.Who{ID: "agent:" + strconv.FormatInt(a.AgentID, 10), Locale: a.Locale}, nil
}

func (s *Service) secure() bool { return strings.HasPrefix(s.cfg.PublicURL, "https://") }

// cookieName has the prefix that keeps subdomains from setting it, where browsers allow it.
func (s *Service) cookieName() string {
	if s.secure() {
		return "__Host-deskbell"
	}
	return "deskbell"
}

// cookie carries a session; an empty token takes it away.
func (s *Service) cookie(token string) string {
	c := http.Cookie{Name: s.cookieName(), Value: token, Path: "/", HttpOnly: true, Secure: s.secure(),
		SameSite: http.SameSiteLaxMode, MaxAge: int(sessionLife / time.Second)}
	if token == "" {
		c.MaxAge = -1
	}
	return c.String()
}

// Browser is the part of an input that describes who signs in.
type Browser struct {
	UserAgent string `header:"User-Agent" hidden:"true"`
}

func (b Browser) client(ctx context.Context) Client {
	return Client{Address: web.ClientNetwork(ctx), UserAgent: b.UserAgent}
}

type handler struct{ s *Service }

const (
	signIn = "Sign-in"
	people = "People"
)

// Register adds all operations of sign-in, people and API keys.
func Register(api *web.API, s *Service) {
	h := handler{s}
	h.registerSession(api)
	h.registerMe(api)
	h.registerLinks(api)
	h.registerAgents(api)
	h.registerKeys(api)
	h.registerSessions(api)
	h.registerSecondStep(api)
	h.registerRoles(api)
	h.registerSecurity(api)
}

// inBrowser refuses API keys where only a person at a browser may act.
func inBrowser(ctx context.Context) (*Actor, error) {
	a := From(ctx)
	if a == nil || a.SessionID == 0 {
		return nil, errs.New(errs.Forbidden, "An API key cannot do this. Sign in with a browser.")
	}
	return a, nil
}
