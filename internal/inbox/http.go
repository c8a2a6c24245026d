package inbox

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// ServerInput is a mail server in a request. What is left out stays as it is;
// an empty host removes the server.
type ServerInput struct {
	Host     *string `json:"host,omitempty" maxLength:"253"`
	Port     *int    `json:"port,omitempty" minimum:"0" maximum:"65535" doc:"Left out or 0: the usual port"`
	Username *string `json:"username,omitempty" maxLength:"255" doc:"Empty: no sign-in"`
	Password *string `json:"password,omitempty" maxLength:"4096" doc:"Write-only; left out: stays; empty: removed"`
	TLS      *TLS    `json:"tls,omitempty" enum:"none,starttls,tls"`
	Auth     *Auth   `json:"auth,omitempty" enum:"password,consent" doc:"consent: the mailbox's owner allows it at their provider"`
}

// IMAPInput is the incoming mail server in a request.
type IMAPInput struct {
	ServerInput
	Folder      *string  `json:"folder,omitempty" maxLength:"255" doc:"One folder; the short form of folders"`
	Folders     []string `json:"folders,omitempty" maxItems:"20"`
	HistoryDays *int     `json:"history_days,omitempty" doc:"0, 7, 30 or 90 days brought in at the first connection, after which they cannot change"`
	SentFolder  *string  `json:"sent_folder,omitempty" maxLength:"255" doc:"Empty: the folder that the server marks"`
	ReadSent    *bool    `json:"read_sent,omitempty" doc:"Show answers that people write in their mail program"`
	Rescue      *bool    `json:"rescue,omitempty" doc:"Fetch known customers' mail from the provider's spam folder; on unless switched off"`

	AfterFetch *AfterFetch `json:"after_fetch,omitempty" enum:"leave,seen,move" doc:"What happens in the mailbox to mail that is safely here"`
	MoveTo     *string     `json:"move_to,omitempty" maxLength:"255" doc:"The folder for move"`
}

// Input is an inbox in a request; what is left out stays or takes its default.
type Input struct {
	Name          *string       `json:"name,omitempty"`
	Channel       *string       `json:"channel,omitempty" doc:"email"`
	BrandID       *int64        `json:"brand_id,omitempty"`
	Address       *string       `json:"address,omitempty"`
	Aliases       *[]string     `json:"aliases,omitempty" nullable:"false"`
	Sending       *SendingInput `json:"sending,omitempty"`
	CatchAll      *bool         `json:"catch_all,omitempty" doc:"Every address of the domain is this inbox's"`
	MaskCards     *bool         `json:"mask_cards,omitempty" doc:"Card numbers in messages are masked before anything is stored; on unless switched off"`
	FromName      *string       `json:"from_name,omitempty"`
	FromStyle     *string       `json:"from_style,omitempty" doc:"agent_and_shop: Anna from Shop; shop: Shop"`
	Signature     *string       `json:"signature,omitempty"`
	Footer        *string       `json:"footer,omitempty"`
	AfterReply    *string       `json:"after_reply,omitempty" doc:"pending, closed or open"`
	ReopenDays    *int          `json:"reopen_days,omitempty"`
	Languages     *[]string     `json:"languages,omitempty" nullable:"false"`
	DefaultAccess *access.Level `json:"default_access,omitempty" doc:"all, team, own or none"`
	Members       *[]Member     `json:"members,omitempty" nullable:"false"`
	IMAP          *IMAPInput    `json:"imap,omitempty"`
	SMTP          *ServerInput  `json:"smtp,omitempty"`

	TrustedAuthservIDs *[]string `json:"trusted_authserv_ids,omitempty" nullable:"false" doc:"Hosts whose Authentication-Results are believed beside those of the mailbox's known provider; *.example.com for all below"`
}

// SendingInput is how mail leaves an inbox, in a request.
type SendingInput struct {
	LinkOverMB  *int  `json:"link_over_mb,omitempty" doc:"Larger files go as links; 0: the usual 15, -1: never"`
	HourlyLimit *int  `json:"hourly_limit,omitempty" doc:"Recipients an hour; 0: no limit"`
	DailyLimit  *int  `json:"daily_limit,omitempty" doc:"Recipients a day; 0: no limit"`
	WarmUp      *bool `json:"warm_up,omitempty" doc:"Begin with few mails a day, from now on; false ends it"`
}

// SendingView is how mail leaves an inbox, in an answer.
type SendingView struct {
	LinkOverMB  int        `json:"link_over_mb"`
	HourlyLimit int        `json:"hourly_limit"`
	DailyLimit  int        `json:"daily_limit"`
	WarmUpSince *time.Time `json:"warm_up_since"`
}

// ServerView is a mail server in an answer.
type ServerView struct {
	Host        string `json:"host"`
	Port        int    `json:"port"`
	Username    string `json:"username"`
	TLS         TLS    `json:"tls"`
	PasswordSet bool   `json:"password_set"`
	Auth        Auth   `json:"auth" enum:"password,consent"`
}

// IMAPView is the incoming mail server in an answer.
type IMAPView struct {
	ServerView
	Folders     []string `json:"folders"`
	HistoryDays int      `json:"history_days"`
	SentFolder  string   `json:"sent_folder"`
	ReadSent    bool     `json:"read_sent"`
	Rescue      bool     `json:"rescue"`

	AfterFetch AfterFetch `json:"after_fetch" enum:"leave,seen,move"`
	MoveTo     string     `json:"move_to"`
}

// View is an inbox in an answer. Servers and members are shown to those who may manage inboxes.
type View struct {
	ID            ID           `json:"id"`
	Name          string       `json:"name"`
	Channel       string       `json:"channel"`
	BrandID       int64        `json:"brand_id"`
	Address       string       `json:"address"`
	Aliases       []string     `json:"aliases"`
	Sending       SendingView  `json:"sending"`
	CatchAll      bool         `json:"catch_all"`
	MaskCards     bool         `json:"mask_cards"`
	FromName      string       `json:"from_name"`
	FromStyle     string       `json:"from_style"`
	Signature     string       `json:"signature"`
	Footer        string       `json:"footer"`
	AfterReply    string       `json:"after_reply"`
	ReopenDays    int          `json:"reopen_days"`
	Languages     []string     `json:"languages"`
	DefaultAccess access.Level `json:"default_access"`
	Members       []Member     `json:"members"`
	IMAP          *IMAPView    `json:"imap"`
	SMTP          *ServerView  `json:"smtp"`

	TrustedAuthservIDs []string `json:"trusted_authserv_ids" doc:"Empty for those who may not manage inboxes"`

	ArchivedAt *time.Time `json:"archived_at"`
	CreatedAt  time.Time  `json:"created_at"`
	Version    int64      `json:"version"`
}

type handler struct{ s *Service }

type idInput struct {
	ID ID `path:"id"`
}

type listInput struct {
	Archived bool `query:"archived" doc:"With the archived ones"`
}

type createInput struct {
	Body Input
}

type updateInput struct {
	ID   ID `path:"id"`
	Body struct {
		Input
		Version int64 `json:"version,omitempty" doc:"Refuse with 409 when the inbox has another"`
	}
}

type output struct{ Body View }

type listOutput struct{ Body web.Page[View] }

// Register adds the operations on inboxes.
func Register(api *web.API, s *Service) {
	h := &handler{s}
	manage := string(access.InboxesManage)
	op := func(method, path, permission, summary string) web.Op {
		return web.Op{Method: method, Path: path, Permission: permission, Summary: summary, Tag: "Inboxes"}
	}
	web.Register(api, op("GET", "/inboxes", "", "List inboxes"), h.list)
	create := op("POST", "/inboxes", manage, "Connect an inbox")
	create.Status, create.Idempotent = 201, true
	web.Register(api, create, h.create)
	web.Register(api, op("GET", "/inboxes/{id}", "", "Read an inbox"), h.get)
	change := op("PATCH", "/inboxes/{id}", manage, "Change an inbox")
	change.Errors = []int{409}
	web.Register(api, change, h.update)
	web.Register(api, op("DELETE", "/inboxes/{id}", manage, "Archive an inbox"), h.archive)
}

// see refuses what the actor does not see.
func see(ctx context.Context, id ID) (*access.Actor, error) {
	a := access.From(ctx)
	if a == nil || a.Scope.Level(int64(id)) == access.None && !a.May(access.InboxesManage) {
		return nil, errNotFound
	}
	return a, nil
}

func (h *handler) list(ctx context.Context, in *listInput) (*listOutput, error) {
	all, err := h.s.List(ctx, in.Archived)
	if err != nil {
		return nil, err
	}
	views := []View{}
	for _, i := range all {
		if a, err := see(ctx, i.ID); err == nil {
			views = append(views, view(i, a))
		}
	}
	return &listOutput{web.PageOf(views, "")}, nil
}

func (h *handler) get(ctx context.Context, in *idInput) (*output, error) {
	a, err := see(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	i, err := h.s.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &output{view(i, a)}, nil
}

func (h *handler) create(ctx context.Context, in *createInput) (*output, error) {
	i, p := FromInput(&in.Body)
	var out *output
	_, err := h.s.Create(ctx, actorID(ctx), i, p, func(ctx context.Context, tx *db.Tx, made *Inbox) error {
		out = &output{view(made, access.From(ctx))}
		return web.Keep(ctx, tx, out)
	})
	return out, err
}

func (h *handler) update(ctx context.Context, in *updateInput) (*output, error) {
	p := passwords(&in.Body.Input)
	i, err := h.s.Update(ctx, actorID(ctx), in.ID, in.Body.Version, p, func(i *Inbox) error {
		if in.Body.Channel != nil && *in.Body.Channel != i.Channel {
			return errs.InvalidField("body.channel", "The channel of an inbox cannot change.")
		}
		if in.Body.BrandID != nil && *in.Body.BrandID != i.Brand {
			return errs.InvalidField("body.brand_id", "The brand of an inbox cannot change.")
		}
		in.Body.apply(i)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return &output{view(i, access.From(ctx))}, nil
}

func (h *handler) archive(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, h.s.Archive(ctx, actorID(ctx), in.ID)
}

func actorID(ctx context.Context) int64 {
	if a := access.From(ctx); a != nil {
		return a.AgentID
	}
	return 0
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// FromInput makes a new inbox out of a request, as it would be created.
func FromInput(in *Input) (Inbox, Passwords) {
	i := Inbox{Channel: Email, ReopenDays: -1}
	set(&i.Channel, in.Channel)
	set(&i.Brand, in.BrandID)
	in.apply(&i)
	return i, passwords(in)
}

func (in *Input) apply(i *Inbox) {
	set(&i.Name, in.Name)
	set(&i.Address, in.Address)
	set(&i.Aliases, in.Aliases)
	set(&i.CatchAll, in.CatchAll)
	if in.MaskCards != nil {
		i.KeepCards = !*in.MaskCards
	}
	if in.Sending != nil {
		set(&i.Sending.LinkOverMB, in.Sending.LinkOverMB)
		set(&i.Sending.HourlyLimit, in.Sending.HourlyLimit)
		set(&i.Sending.DailyLimit, in.Sending.DailyLimit)
		i.warmUp = in.Sending.WarmUp
	}
	set(&i.FromName, in.FromName)
	set(&i.FromStyle, in.FromStyle)
	set(&i.Signature, in.Signature)
	set(&i.Footer, in.Footer)
	set(&i.AfterReply, in.AfterReply)
	set(&i.ReopenDays, in.ReopenDays)
	set(&i.Languages, in.Languages)
	set(&i.DefaultAccess, in.DefaultAccess)
	set(&i.Members, in.Members)
	set(&i.TrustedAuthservIDs, in.TrustedAuthservIDs)
	if in.IMAP != nil {
		in.IMAP.ServerInput.apply(&i.IMAP.Server)
		if in.IMAP.Folder != nil {
			i.IMAP.Folders = []string{*in.IMAP.Folder}
		}
		if in.IMAP.Folders != nil {
			i.IMAP.Folders = in.IMAP.Folders
		}
		set(&i.IMAP.HistoryDays, in.IMAP.HistoryDays)
		set(&i.IMAP.SentFolder, in.IMAP.SentFolder)
		set(&i.IMAP.ReadSent, in.IMAP.ReadSent)
		if in.IMAP.Rescue != nil {
			i.IMAP.NoRescue = !*in.IMAP.Rescue
		}
		set(&i.IMAP.AfterFetch, in.IMAP.AfterFetch)
		set(&i.IMAP.MoveTo, in.IMAP.MoveTo)
	}
	if in.SMTP != nil {
		in.SMTP.apply(&i.SMTP)
	}
}

func (in *ServerInput) apply(s *Server) {
	set(&s.Host, in.Host)
	set(&s.Username, in.Username)
	if in.TLS != nil && in.Port == nil && *in.TLS != s.TLS {
		s.Port = 0 // the usual one for the other protection
	}
	set(&s.TLS, in.TLS)
	set(&s.Port, in.Port)
	set(&s.Auth, in.Auth)
}

func passwords(in *Input) (p Passwords) {
	if in.IMAP != nil {
		p.IMAP = in.IMAP.Password
	}
	if in.SMTP != nil {
		p.SMTP = in.SMTP.Password
	}
	return p
}

func view(i *Inbox, a *access.Actor) View {
	v := View{
		ID: i.ID, Name: i.Name, Channel: i.Channel, BrandID: i.Brand, Address: i.Address, Aliases: i.Aliases,
		Sending: SendingView{LinkOverMB: i.Sending.LinkOverMB, HourlyLimit: i.Sending.HourlyLimit, DailyLimit: i.Sending.DailyLimit,
			WarmUpSince: web.MaybeTime(i.Sending.WarmUpSince)},
		CatchAll: i.CatchAll, MaskCards: !i.KeepCards, FromName: i.FromName, FromStyle: i.FromStyle, Signature: i.Signature, Footer: i.Footer, AfterReply: i.AfterReply,
		ReopenDays: i.ReopenDays, Languages: i.Languages, DefaultAccess: i.DefaultAccess,
		Members: []Member{}, TrustedAuthservIDs: []string{}, ArchivedAt: web.MaybeTime(i.ArchivedAt), CreatedAt: web.Time(i.CreatedAt), Version: i.Version,
	}
	if !a.May(access.InboxesManage) {
		return v
	}
	v.Members, v.TrustedAuthservIDs = i.Members, append(v.TrustedAuthservIDs, i.TrustedAuthservIDs...)
	if i.IMAP.Set() {
		v.IMAP = &IMAPView{ServerView: serverView(i.IMAP.Server, i.IMAPPasswordSet), Folders: i.IMAP.Folders,
			HistoryDays: i.IMAP.HistoryDays, SentFolder: i.IMAP.SentFolder, ReadSent: i.IMAP.ReadSent, Rescue: !i.IMAP.NoRescue,
			AfterFetch: i.IMAP.AfterFetch, MoveTo: i.IMAP.MoveTo}
		if i.IMAP.AfterFetch == Leave {
			v.IMAP.AfterFetch = "leave"
		}
	}
	if i.SMTP.Set() {
		s := serverView(i.SMTP, i.SMTPPasswordSet)
		v.SMTP = &s
	}
	return v
}

func serverView(s Server, set bool) ServerView {
	auth := s.Auth
	if auth == Password {
		auth = "password"
	}
	return ServerView{Host: s.Host, Port: s.Port, Username: s.Username, TLS: s.TLS, PasswordSet: set, Auth: auth}
}
