package access

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/team"
)

type (
	tokenIn struct {
		Body struct {
			Token string `json:"token" maxLength:"200"`
		}
	}
	invitationCheck struct {
		Body struct {
			Email     string    `json:"email"`
			Name      string    `json:"name"`
			RoleName  string    `json:"role_name"`
			ExpiresAt time.Time `json:"expires_at"`
		}
	}
	acceptIn struct {
		Browser
		Body struct {
			Token    string `json:"token" maxLength:"200"`
			Name     string `json:"name"`
			Password string `json:"password"`
			Locale   string `json:"locale,omitempty"`
		}
	}
	resetIn struct {
		Browser
		Body struct {
			Token    string `json:"token" maxLength:"200"`
			Password string `json:"password"`
			Code     string `json:"code,omitempty" maxLength:"100" doc:"Of the second step, when the answer before asked for it"`
		}
	}
	inviteIn struct {
		Body struct {
			Email   string             `json:"email" maxLength:"300"`
			Name    string             `json:"name,omitempty"`
			RoleID  int64              `json:"role_id"`
			TeamIDs []int64            `json:"team_ids,omitempty" maxItems:"200"`
			Inboxes []team.InboxAccess `json:"inboxes,omitempty" maxItems:"500"`
		}
	}
	invitationOut  struct{ Body InvitationLink }
	invitationsOut struct{ Body web.Page[InvitationBody] }
	invitationID   struct {
		ID int64 `path:"id"`
	}
)

// InvitationLink is the answer to an invitation; the link is shown only here.
type InvitationLink struct {
	ID        int64     `json:"id"`
	Email     string    `json:"email"`
	Link      string    `json:"link"`
	ExpiresAt time.Time `json:"expires_at"`
	Mailed    bool      `json:"mailed" doc:"A mail with the link is on its way"`
}

// InvitationMail is how far the mail of an invitation got.
type InvitationMail struct {
	State string    `json:"state" enum:"queued,sent,failed"`
	Error string    `json:"error"`
	At    time.Time `json:"at"`
}

// InvitationBody is an open invitation in lists.
type InvitationBody struct {
	ID        int64              `json:"id"`
	Email     string             `json:"email"`
	Name      string             `json:"name"`
	RoleID    int64              `json:"role_id"`
	RoleName  string             `json:"role_name"`
	TeamIDs   []int64            `json:"team_ids"`
	Inboxes   []team.InboxAccess `json:"inboxes"`
	CreatedAt time.Time          `json:"created_at"`
	ExpiresAt time.Time          `json:"expires_at"`
	Mail      *InvitationMail    `json:"mail" doc:"null = the link was only shown"`
}

func (h handler) registerLinks(api *web.API) {
	manage := string(AgentsManage)
	web.Register(api, web.Op{Method: "POST", Path: "/invitations/check", Public: true, Tag: signIn, Summary: "Look at an invitation",
		Errors: []int{404}}, h.checkInvitation)
	web.Register(api, web.Op{Method: "POST", Path: "/invitations/accept", Public: true, Tag: signIn, Summary: "Accept an invitation and sign in",
		Errors: []int{404}}, h.accept)
	web.Register(api, web.Op{Method: "POST", Path: "/password-resets/use", Public: true, Tag: signIn, Summary: "Choose a new password and sign in",
		Text: "Ends all sessions of the agent. Who has a second step is asked for it, as at sign-in.", Errors: []int{401, 404}}, h.useReset)
	web.Register(api, web.Op{Method: "GET", Path: "/invitations", Permission: manage, Tag: people, Summary: "List the open invitations"}, h.invitations)
	web.Register(api, web.Op{Method: "POST", Path: "/invitations", Permission: manage, Tag: people, Summary: "Invite an agent", Status: 201,
		Text: "The link stands only in this answer. It lives 72 hours, works once and dies with a newer one to the same address."}, h.invite)
	web.Register(api, web.Op{Method: "POST", Path: "/invitations/{id}/resend", Permission: manage, Tag: people, Summary: "Make a new link for an invitation", Status: 201,
		Text: "The link before dies. It is mailed when there is a system mail sender."}, h.resend)
	web.Register(api, web.Op{Method: "DELETE", Path: "/invitations/{id}", Permission: manage, Tag: people, Summary: "Withdraw an invitation"}, h.withdraw)
}

func (h handler) checkInvitation(ctx context.Context, in *tokenIn) (*invitationCheck, error) {
	i, err := h.s.CheckInvitation(ctx, in.Body.Token)
	if err != nil {
		return nil, err
	}
	out := &invitationCheck{}
	out.Body.Email, out.Body.Name, out.Body.RoleName, out.Body.ExpiresAt = i.Email, i.Name, i.RoleName, web.Time(i.ExpiresAt)
	return out, nil
}

func (h handler) accept(ctx context.Context, in *acceptIn) (*signedIn, error) {
	token, id, err := h.s.Accept(ctx, in.Body.Token,
		FirstOwner{Name: in.Body.Name, Password: in.Body.Password, Locale: in.Body.Locale}, in.client(ctx))
	return h.welcome(ctx, token, id, err)
}

func (h handler) useReset(ctx context.Context, in *resetIn) (*signedIn, error) {
	c := in.client(ctx)
	c.Code = in.Body.Code
	token, id, err := h.s.UseReset(ctx, in.Body.Token, in.Body.Password, c)
	return h.welcome(ctx, token, id, err)
}

func (h handler) invitations(ctx context.Context, _ *struct{}) (*invitationsOut, error) {
	list, err := h.s.Invitations(ctx)
	if err != nil {
		return nil, err
	}
	var items []InvitationBody
	for _, i := range list {
		items = append(items, InvitationBody{ID: i.ID, Email: i.Email, Name: i.Name, RoleID: i.Role, RoleName: i.RoleName,
			TeamIDs: append([]int64{}, i.Teams...), Inboxes: append([]team.InboxAccess{}, i.Inboxes...),
			CreatedAt: web.Time(i.CreatedAt), ExpiresAt: web.Time(i.ExpiresAt), Mail: mailOf(ctx, i.Mail)})
	}
	return &invitationsOut{web.PageOf(items, "")}, nil
}

func (h handler) invite(ctx context.Context, in *inviteIn) (*invitationOut, error) {
	b := in.Body
	out := &invitationOut{}
	_, err := h.s.Invite(ctx, From(ctx), Invitation{Email: b.Email, Name: b.Name, Role: b.RoleID, Teams: b.TeamIDs, Inboxes: b.Inboxes},
		func(_ *db.Tx, i Invitation, l Link) error {
			out.Body = invitationLink(i, l)
			return nil
		})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func invitationLink(i Invitation, l Link) InvitationLink {
	return InvitationLink{ID: i.ID, Email: i.Email, Link: l.URL, ExpiresAt: web.Time(l.ExpiresAt), Mailed: i.Mailed}
}

func mailOf(ctx context.Context, m *MailState) *InvitationMail {
	if m == nil {
		return nil
	}
	return &InvitationMail{m.State, web.SayStored(ctx, m.Error), web.Time(m.At)}
}

func (h handler) resend(ctx context.Context, in *invitationID) (*invitationOut, error) {
	l, i, err := h.s.Resend(ctx, From(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return &invitationOut{invitationLink(i, l)}, nil
}

func (h handler) withdraw(ctx context.Context, in *invitationID) (*struct{}, error) {
	return nil, h.s.Withdraw(ctx, in.ID)
}
