package consent

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// ProviderView is a sign-in service in an answer, without its secret.
type ProviderView struct {
	Key          string   `json:"key" enum:"google,microsoft,other"`
	ClientID     string   `json:"client_id"`
	SecretSet    bool     `json:"secret_set"`
	AuthorizeURL string   `json:"authorize_url"`
	TokenURL     string   `json:"token_url"`
	Scopes       []string `json:"scopes"`
	RedirectURL  string   `json:"redirect_url" doc:"To be entered at the provider"`
	Ready        bool     `json:"ready" doc:"Mailboxes can be connected with it"`
}

// View is the consent of an inbox in an answer.
type View struct {
	Provider  string     `json:"provider" enum:"google,microsoft,other"`
	State     State      `json:"state" enum:"missing,given,revoked"`
	GivenAt   *time.Time `json:"given_at"`
	RevokedAt *time.Time `json:"revoked_at"`
	LastError string     `json:"last_error"`
}

type providersOutput struct{ Body web.Page[ProviderView] }

type providerInput struct {
	Key  string `path:"key" enum:"google,microsoft,other"`
	Body struct {
		ClientID     string   `json:"client_id" doc:"Empty: not used any more"`
		ClientSecret *string  `json:"client_secret,omitempty" doc:"Write-only; left out: stays; empty: removed"`
		AuthorizeURL string   `json:"authorize_url,omitempty" doc:"Empty: the usual one"`
		TokenURL     string   `json:"token_url,omitempty" doc:"Empty: the usual one"`
		Scopes       []string `json:"scopes,omitempty" nullable:"false" doc:"Empty: the usual ones"`
	}
}

type providerOutput struct{ Body ProviderView }

type beginInput struct {
	ID   inbox.ID `path:"id"`
	Body struct {
		Provider string `json:"provider,omitempty" enum:"google,microsoft,other" doc:"Left out: the one of the mail server"`
	}
}

type beginOutput struct {
	Body struct {
		URL string `json:"url" doc:"Where the owner of the mailbox allows its use"`
	}
}

type finishInput struct {
	Body struct {
		State string `json:"state" maxLength:"200"`
		Code  string `json:"code,omitempty" maxLength:"8000"`
		Error string `json:"error,omitempty" maxLength:"200"`
	}
}

type finishOutput struct {
	Body struct {
		InboxID inbox.ID `json:"inbox_id"`
	}
}

type handler struct{ s *Service }

// Register adds the operations on sign-in services and consents.
func Register(api *web.API, s *Service) {
	h := &handler{s}
	op := func(method, path string, permission access.Permission, summary string) web.Op {
		return web.Op{Method: method, Path: path, Permission: string(permission), Summary: summary, Tag: "Inboxes"}
	}
	web.Register(api, op("GET", "/mail-providers", access.InboxesManage, "List the sign-in services for mailboxes"), h.providers)
	web.Register(api, op("PUT", "/mail-providers/{key}", access.SettingsManage, "Set up a sign-in service with a client of your own"), h.setProvider)
	begin := op("POST", "/inboxes/{id}/consent", access.InboxesManage, "Ask the owner of a mailbox for their consent")
	begin.Errors, begin.Status = []int{409}, 200
	web.Register(api, begin, h.begin)
	finish := op("POST", "/consents", access.InboxesManage, "Take the consent with which the provider sent the browser back")
	finish.Errors, finish.Status = []int{409}, 200
	web.Register(api, finish, h.finish)
}

func (h *handler) view(p Provider) ProviderView {
	f := p.filled()
	return ProviderView{Key: p.Key, ClientID: p.ClientID, SecretSet: p.SecretSet, AuthorizeURL: f.AuthorizeURL, TokenURL: f.TokenURL,
		Scopes: append([]string{}, f.Scopes...), RedirectURL: h.s.Redirect, Ready: p.Ready()}
}

func (h *handler) providers(ctx context.Context, _ *struct{}) (*providersOutput, error) {
	all, err := h.s.Providers(ctx)
	if err != nil {
		return nil, err
	}
	views := []ProviderView{}
	for _, p := range all {
		views = append(views, h.view(p))
	}
	return &providersOutput{web.PageOf(views, "")}, nil
}

func (h *handler) setProvider(ctx context.Context, in *providerInput) (*providerOutput, error) {
	b := in.Body
	p, err := h.s.SetProvider(ctx, Provider{Key: in.Key, ClientID: b.ClientID, AuthorizeURL: b.AuthorizeURL, TokenURL: b.TokenURL, Scopes: b.Scopes}, b.ClientSecret)
	if err != nil {
		return nil, err
	}
	return &providerOutput{h.view(p)}, nil
}

func (h *handler) begin(ctx context.Context, in *beginInput) (*beginOutput, error) {
	address, err := h.s.Begin(ctx, actor(ctx), in.ID, in.Body.Provider)
	if err != nil {
		return nil, err
	}
	out := &beginOutput{}
	out.Body.URL = address
	return out, nil
}

func (h *handler) finish(ctx context.Context, in *finishInput) (*finishOutput, error) {
	id, err := h.s.Finish(ctx, actor(ctx), in.Body.State, in.Body.Code, in.Body.Error)
	if err != nil {
		return nil, err
	}
	out := &finishOutput{}
	out.Body.InboxID = id
	return out, nil
}

func actor(ctx context.Context) int64 {
	if a := access.From(ctx); a != nil {
		return a.AgentID
	}
	return 0
}

// ViewOf is the consent for an answer, nil for an inbox that needs none.
func ViewOf(ctx context.Context, i *inbox.Inbox, c Consent) *View {
	if !i.IMAP.ByMailboxConsent() && !i.SMTP.ByMailboxConsent() {
		return nil
	}
	if c.Provider == "" {
		if c.Provider = Of(i.IMAP.Host); !i.IMAP.Set() {
			c.Provider = Of(i.SMTP.Host)
		}
	}
	return &View{Provider: c.Provider, State: c.State, GivenAt: web.MaybeTime(c.GivenAt), RevokedAt: web.MaybeTime(c.RevokedAt), LastError: web.SayStored(ctx, c.LastError)}
}
