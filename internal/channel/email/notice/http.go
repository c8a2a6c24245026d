package notice

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// View is the sender in an answer.
type View struct {
	Ready         bool        `json:"ready" doc:"There is something to send with"`
	InboxID       int64       `json:"inbox_id" doc:"Sends as this inbox; 0 = with the server below"`
	Address       string      `json:"address"`
	Name          string      `json:"name"`
	SMTP          *ServerView `json:"smtp"`
	LastSuccessAt *time.Time  `json:"last_success_at"`
	LastError     string      `json:"last_error"`
	LastErrorAt   *time.Time  `json:"last_error_at"`
}

// ServerView is a server without its password.
type ServerView struct {
	Host        string    `json:"host"`
	Port        int       `json:"port"`
	Username    string    `json:"username"`
	TLS         inbox.TLS `json:"tls"`
	PasswordSet bool      `json:"password_set"`
}

// Input are the settings in a request.
type Input struct {
	InboxID int64        `json:"inbox_id,omitempty" doc:"Send as this inbox; then address and smtp are not needed"`
	Address string       `json:"address,omitempty" maxLength:"300"`
	Name    string       `json:"name,omitempty" maxLength:"400"`
	SMTP    *ServerInput `json:"smtp,omitempty"`
}

// ServerInput is a server in a request; without a password the stored one stays.
type ServerInput struct {
	Host     string    `json:"host" maxLength:"300"`
	Port     int       `json:"port,omitempty"`
	Username string    `json:"username,omitempty" maxLength:"300"`
	TLS      inbox.TLS `json:"tls,omitempty" enum:"none,starttls,tls"`
	Password *string   `json:"password,omitempty"`
}

type (
	input      struct{ Body Input }
	output     struct{ Body View }
	testOutput struct{ Body email.TestResult }
)

type handler struct {
	s     *Service
	tests *web.Few
}

// Register adds the operations of the system mail sender.
func Register(api *web.API, s *Service) {
	h := &handler{s: s, tests: web.NewFew(10, time.Minute)}
	manage, tag := string(access.SettingsManage), "Settings"
	web.Register(api, web.Op{Method: "GET", Path: "/settings/mail-sender", Permission: manage, Tag: tag, Summary: "Read the system mail sender"}, h.get)
	web.Register(api, web.Op{Method: "PUT", Path: "/settings/mail-sender", Permission: manage, Tag: tag, Summary: "Set the system mail sender",
		Text: "What invitations, forgotten passwords and notices leave from."}, h.save)
	web.Register(api, web.Op{Method: "DELETE", Path: "/settings/mail-sender", Permission: manage, Tag: tag, Summary: "Remove the system mail sender"}, h.remove)
	web.Register(api, web.Op{Method: "POST", Path: "/settings/mail-sender/test", Permission: manage, Tag: tag, Summary: "Send yourself a test mail with these settings", Status: 200,
		Text: "Saves nothing. Ten a minute."}, h.test)
}

func (in *Input) settings() (Settings, *string) {
	s := Settings{Inbox: in.InboxID, Address: in.Address, Name: in.Name}
	if in.SMTP == nil {
		return s, nil
	}
	s.SMTP = inbox.Server{Host: in.SMTP.Host, Port: in.SMTP.Port, Username: in.SMTP.Username, TLS: in.SMTP.TLS}
	return s, in.SMTP.Password
}

func view(ctx context.Context, s Settings, ready bool) *output {
	v := View{Ready: ready, InboxID: s.Inbox, Address: s.Address, Name: s.Name, LastSuccessAt: web.MaybeTime(s.LastSuccessAt),
		LastError: web.SayStored(ctx, s.LastError), LastErrorAt: web.MaybeTime(s.LastErrorAt)}
	if s.SMTP.Set() {
		v.SMTP = &ServerView{Host: s.SMTP.Host, Port: s.SMTP.Port, Username: s.SMTP.Username, TLS: s.SMTP.TLS, PasswordSet: s.PasswordSet}
	}
	return &output{v}
}

func (h *handler) get(ctx context.Context, _ *struct{}) (*output, error) {
	s, err := h.s.Get(ctx)
	if err != nil {
		return nil, err
	}
	ready, err := h.s.Ready(ctx, h.s.DB)
	return view(ctx, s, ready), err
}

func (h *handler) save(ctx context.Context, in *input) (*output, error) {
	s, password := in.Body.settings()
	if _, err := h.s.Save(ctx, s, password); err != nil {
		return nil, err
	}
	return h.get(ctx, nil)
}

func (h *handler) remove(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, h.s.Remove(ctx)
}

func (h *handler) test(ctx context.Context, in *input) (*testOutput, error) {
	if err := h.tests.Take(ctx, h.s.Now(), errs.Say("Ten test mails a minute are enough. Wait a moment.")); err != nil {
		return nil, err
	}
	me := access.From(ctx)
	s, password := in.Body.settings()
	ok, steps, err := h.s.Test(ctx, s, password, me.Email, me.Locale)
	if err != nil {
		return nil, err
	}
	email.InWords(ctx, steps)
	return &testOutput{email.TestResult{OK: ok, Steps: steps}}, nil
}
