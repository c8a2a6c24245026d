package access

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/web"
)

type (
	stateOut struct {
		Body struct {
			SetupNeeded      bool   `json:"setup_needed" doc:"Nobody owns this installation yet: use the set-up link"`
			SignedIn         bool   `json:"signed_in"`
			PublicURL        string `json:"public_url"`
			PublicURLMatches bool   `json:"public_url_matches" doc:"The page was opened under the public URL"`
			Mail             bool   `json:"mail" doc:"A forgotten password can be replaced by mail"`
			Demo             bool   `json:"demo"`
			Version          string `json:"version"`
		}
	}
	setupIn struct {
		Browser
		Body struct {
			Token    string `json:"token" maxLength:"200"`
			Name     string `json:"name"`
			Email    string `json:"email" maxLength:"300"`
			Password string `json:"password"`
			Locale   string `json:"locale,omitempty"`
		}
	}
	signInIn struct {
		Browser
		Body struct {
			Email    string `json:"email" maxLength:"300"`
			Password string `json:"password"`
			Code     string `json:"code,omitempty" maxLength:"100" doc:"Of the second step, when the answer before asked for it: six digits or a recovery code"`
		}
	}
	forgottenIn struct {
		Browser
		Body struct {
			Email string `json:"email" maxLength:"300"`
		}
	}
	signedIn struct {
		SetCookie string `header:"Set-Cookie"`
		Body      Me
	}
	signedOut struct {
		SetCookie string `header:"Set-Cookie"`
	}
)

func (h handler) registerSession(api *web.API) {
	web.Register(api, web.Op{Method: "GET", Path: "/session/state", Public: true, Tag: signIn, Summary: "What a browser must know before sign-in"}, h.state)
	web.Register(api, web.Op{Method: "POST", Path: "/setup", Public: true, Tag: signIn, Summary: "Make the first owner and sign in",
		Text: "403 when the token of the set-up link is wrong or was used."}, h.setUp)
	web.Register(api, web.Op{Method: "POST", Path: "/session", Public: true, Tag: signIn, Summary: "Sign in",
		Text: "429 with Retry-After after too many failed tries. Who has a second step and gave no code gets 401 with the type `urn:deskbell:problem:code-needed`, and repeats with it; a code that does not count is 401 with `urn:deskbell:problem:code-wrong`.", Errors: []int{401}}, h.signIn)
	web.Register(api, web.Op{Method: "POST", Path: "/password-resets", Public: true, Tag: signIn, Summary: "Ask for a mail with which to choose a new password", Status: 202,
		Text: "The answer is the same for every address. 409 while there is no system mail sender.", Errors: []int{409}}, h.forgotten)
	web.Register(api, web.Op{Method: "DELETE", Path: "/session", Public: true, Tag: signIn, Summary: "Sign out"}, h.signOut)
}

func (h handler) state(ctx context.Context, _ *struct{}) (*stateOut, error) {
	needed, err := h.s.SetupNeeded(ctx)
	if err != nil {
		return nil, err
	}
	out := &stateOut{}
	b := &out.Body
	b.SetupNeeded, b.SignedIn = needed, From(ctx) != nil
	b.PublicURL, b.PublicURLMatches = h.s.cfg.PublicURL, web.HostMatches(ctx, h.s.cfg.PublicURL)
	b.Demo, b.Version = h.s.cfg.Demo, h.s.cfg.Version
	b.Mail, err = h.s.MailReady(ctx, h.s.cfg.DB)
	return out, err
}

func (h handler) forgotten(ctx context.Context, in *forgottenIn) (*struct{}, error) {
	return nil, h.s.Forgotten(ctx, in.Body.Email, in.client(ctx))
}

func (h handler) setUp(ctx context.Context, in *setupIn) (*signedIn, error) {
	token, id, err := h.s.SetUpByLink(ctx, in.Body.Token,
		FirstOwner{Name: in.Body.Name, Email: in.Body.Email, Password: in.Body.Password, Locale: in.Body.Locale}, in.client(ctx))
	return h.welcome(ctx, token, id, err)
}

func (h handler) signIn(ctx context.Context, in *signInIn) (*signedIn, error) {
	c := in.client(ctx)
	c.Code = in.Body.Code
	token, id, err := h.s.SignIn(ctx, in.Body.Email, in.Body.Password, c)
	if err == nil {
		h.s.replace(ctx)
	}
	return h.welcome(ctx, token, id, err)
}

// replace ends the session that the browser had before; that it could not is no
// reason to refuse the new one.
func (s *Service) replace(ctx context.Context) {
	a := From(ctx)
	if a == nil || a.SessionID == 0 {
		return
	}
	if err := s.SignOut(ctx, a.AgentID, a.SessionID); err != nil {
		s.cfg.Log.Warn("the session before was not ended", "error", err)
	}
}

func (h handler) welcome(ctx context.Context, token string, agent int64, err error) (*signedIn, error) {
	if err != nil {
		return nil, err
	}
	me, err := h.s.me(ctx, agent)
	if err != nil {
		return nil, err
	}
	return &signedIn{SetCookie: h.s.cookie(token), Body: me}, nil
}

func (h handler) signOut(ctx context.Context, _ *struct{}) (*signedOut, error) {
	h.s.replace(ctx)
	return &signedOut{SetCookie: h.s.cookie("")}, nil
}
