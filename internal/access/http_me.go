package access

import (
	"context"
	"encoding/json"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/team"
)

// Me is the signed-in agent as the console needs it.
type Me struct {
	ID                 int64          `json:"id"`
	Name               string         `json:"name"`
	Email              string         `json:"email"`
	Role               MyRole         `json:"role"`
	Permissions        []Permission   `json:"permissions"`
	Locale             string         `json:"locale" enum:"en,ja,tr,uk"`
	Theme              string         `json:"theme" enum:"auto,light,dark"`
	Density            string         `json:"density" enum:"comfortable,compact"`
	UndoSeconds        int            `json:"undo_seconds"`
	Signature          string         `json:"signature"`
	SingleKeyShortcuts bool           `json:"single_key_shortcuts"`
	SwipeToEnd         string         `json:"swipe_to_end" enum:"close,snooze,assign_me,unread,none" doc:"What drawing a row of a list towards its end does"`
	SwipeToStart       string         `json:"swipe_to_start" enum:"close,snooze,assign_me,unread,none" doc:"What drawing it towards its start does"`
	PlainReplies       bool           `json:"plain_replies" doc:"New replies begin as plain text in the console"`
	Away               bool           `json:"away" doc:"Colleagues see that I take nothing on now"`
	TeamIDs            []int64        `json:"team_ids"`
	Inboxes            []MyInbox      `json:"inboxes" doc:"The inboxes that I see, and how much of each"`
	Onboarding         map[string]any `json:"onboarding"`
	MustSetUp          bool           `json:"must_set_up_second_step" doc:"Everybody needs a second step and I have none: nothing else is possible until I do"`
}

// MyRole names the role of an agent.
type MyRole struct {
	ID   int64  `json:"id"`
	Key  string `json:"key"`
	Name string `json:"name"`
}

// MyInbox is how much an agent sees of an inbox.
type MyInbox struct {
	InboxID int64 `json:"inbox_id"`
	Access  Level `json:"access" enum:"own,team,all"`
}

type (
	meOut  struct{ Body Me }
	meEdit struct {
		Body struct {
			Name               *string         `json:"name,omitempty"`
			Locale             *string         `json:"locale,omitempty" enum:"en,ja,tr,uk"`
			Theme              *string         `json:"theme,omitempty" enum:"auto,light,dark"`
			Density            *string         `json:"density,omitempty" enum:"comfortable,compact"`
			UndoSeconds        *int            `json:"undo_seconds,omitempty" minimum:"0" maximum:"30"`
			Signature          *string         `json:"signature,omitempty"`
			SingleKeyShortcuts *bool           `json:"single_key_shortcuts,omitempty"`
			SwipeToEnd         *string         `json:"swipe_to_end,omitempty" enum:"close,snooze,assign_me,unread,none"`
			SwipeToStart       *string         `json:"swipe_to_start,omitempty" enum:"close,snooze,assign_me,unread,none"`
			PlainReplies       *bool           `json:"plain_replies,omitempty"`
			Away               *bool           `json:"away,omitempty"`
			Onboarding         *map[string]any `json:"onboarding,omitempty" doc:"Replaces what the console remembers of the first steps"`
		}
	}
	passwordIn struct {
		Browser
		Body struct {
			CurrentPassword string `json:"current_password"`
			NewPassword     string `json:"new_password"`
		}
	}
	sessionID struct {
		ID int64 `path:"id"`
	}
	sessionsOut struct{ Body web.Page[SessionBody] }
)

// SessionBody is one signed-in browser in answers.
type SessionBody struct {
	ID         int64     `json:"id"`
	Current    bool      `json:"current"`
	UserAgent  string    `json:"user_agent"`
	IP         string    `json:"ip"`
	CreatedAt  time.Time `json:"created_at"`
	LastSeenAt time.Time `json:"last_seen_at"`
}

func (h handler) registerMe(api *web.API) {
	web.Register(api, web.Op{Method: "GET", Path: "/me", Early: true, Tag: signIn, Summary: "Who I am"}, h.me)
	web.Register(api, web.Op{Method: "PATCH", Path: "/me", Tag: signIn, Summary: "Change my profile", Errors: []int{403}}, h.editMe)
	web.Register(api, web.Op{Method: "POST", Path: "/me/password", Tag: signIn, Summary: "Change my password",
		Text: "Ends my other sessions. Not for API keys."}, h.password)
	web.Register(api, web.Op{Method: "GET", Path: "/me/sessions", Tag: signIn, Summary: "Where I am signed in", Errors: []int{403}}, h.sessions)
	web.Register(api, web.Op{Method: "DELETE", Path: "/me/sessions/{id}", Tag: signIn, Summary: "End one of my sessions"}, h.endSession)
}

func (s *Service) me(ctx context.Context, agent int64) (m Me, err error) {
	defer errs.Wrap(&err, "show agent %d to themselves", agent)
	a, err := s.cfg.Team.Agent(ctx, agent)
	if err != nil {
		return Me{}, err
	}
	who, err := s.agent(ctx, agent)
	if err != nil {
		return Me{}, err
	}
	m = Me{ID: a.ID, Name: a.Name, Email: a.Email, Role: MyRole{a.Role.ID, a.Role.Key, a.Role.Name}, Permissions: []Permission{},
		Locale: a.Locale, Theme: a.Theme, Density: a.Density, UndoSeconds: a.UndoSeconds, Signature: a.Signature,
		SingleKeyShortcuts: a.SingleKeyShortcuts, SwipeToEnd: a.SwipeToEnd, SwipeToStart: a.SwipeToStart, PlainReplies: a.PlainReplies, Away: a.Away, TeamIDs: a.Teams, Inboxes: []MyInbox{}, Onboarding: map[string]any{}, MustSetUp: who.MustSetUp}
	if c := From(ctx); c != nil && c.KeyID != 0 {
		who = c // a key shows what the key may do
		m.MustSetUp = false
	}
	for _, p := range All {
		if who.May(p) {
			m.Permissions = append(m.Permissions, p)
		}
	}
	if err := json.Unmarshal(a.Onboarding, &m.Onboarding); err != nil {
		return Me{}, err
	}
	ids, err := liveInboxes(ctx, s.cfg.DB)
	for _, id := range ids {
		if l := who.Scope.Level(id); l != None {
			m.Inboxes = append(m.Inboxes, MyInbox{id, l})
		}
	}
	return m, err
}

func (h handler) me(ctx context.Context, _ *struct{}) (*meOut, error) {
	m, err := h.s.me(ctx, From(ctx).AgentID)
	if err != nil {
		return nil, err
	}
	return &meOut{m}, nil
}

func (h handler) editMe(ctx context.Context, in *meEdit) (*meOut, error) {
	a, err := inBrowser(ctx)
	if err != nil {
		return nil, err
	}
	var boarding json.RawMessage
	if in.Body.Onboarding != nil {
		if boarding, err = json.Marshal(*in.Body.Onboarding); err != nil {
			return nil, err
		}
	}
	_, err = h.s.cfg.Team.UpdateProfile(ctx, a.AgentID, func(name *string, p *team.Profile) {
		b := in.Body
		set(name, b.Name)
		set(&p.Locale, b.Locale)
		set(&p.Theme, b.Theme)
		set(&p.Density, b.Density)
		set(&p.UndoSeconds, b.UndoSeconds)
		set(&p.Signature, b.Signature)
		set(&p.SingleKeyShortcuts, b.SingleKeyShortcuts)
		set(&p.SwipeToEnd, b.SwipeToEnd)
		set(&p.SwipeToStart, b.SwipeToStart)
		set(&p.PlainReplies, b.PlainReplies)
		set(&p.Away, b.Away)
		if boarding != nil && string(boarding) != "null" {
			p.Onboarding = boarding
		}
	})
	if err != nil {
		return nil, err
	}
	return h.me(ctx, nil)
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

func (h handler) password(ctx context.Context, in *passwordIn) (*struct{}, error) {
	a, err := inBrowser(ctx)
	if err != nil {
		return nil, err
	}
	return nil, h.s.ChangePassword(ctx, a, in.Body.CurrentPassword, in.Body.NewPassword, in.client(ctx))
}

func (h handler) sessions(ctx context.Context, _ *struct{}) (*sessionsOut, error) {
	a, err := inBrowser(ctx)
	if err != nil {
		return nil, err
	}
	list, err := h.s.Sessions(ctx, a.AgentID)
	if err != nil {
		return nil, err
	}
	return &sessionsOut{sessionPage(list, a)}, nil
}

func sessionPage(list []Session, a *Actor) web.Page[SessionBody] {
	var items []SessionBody
	for _, s := range list {
		items = append(items, SessionBody{ID: s.ID, Current: s.ID == a.SessionID, UserAgent: s.UserAgent, IP: s.Address,
			CreatedAt: web.Time(s.CreatedAt), LastSeenAt: web.Time(s.LastSeenAt)})
	}
	return web.PageOf(items, "")
}

func (h handler) endSession(ctx context.Context, in *sessionID) (*struct{}, error) {
	a, err := inBrowser(ctx)
	if err != nil {
		return nil, err
	}
	return nil, h.s.SignOut(ctx, a.AgentID, in.ID)
}
