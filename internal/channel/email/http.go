package email

import (
	"context"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// API serves the channel's operations.
type API struct {
	DB       *db.DB
	Receiver *Receiver
	Inboxes  *inbox.Service
	Dialer   *Dialer
	Outbox   *Outbox       // of the demo, nil = there is none
	Signing  *Signing      // nil = nothing is signed
	Resolver auth.Resolver // of the domain check, nil = there is none
	// Messages reads a message that the actor of ctx may see.
	Messages interface {
		Message(ctx context.Context, id int64) (conversation.Message, error)
	}
	Now func() time.Time

	tests tests
}

type idInput struct {
	ID inbox.ID `path:"id"`
}

// TestResult is the answer of the connection test.
type TestResult struct {
	OK    bool   `json:"ok"`
	Steps []Step `json:"steps"`
}

type testInput struct{ Body inbox.Input }

type testOutput struct{ Body TestResult }

// HealthView is the health of an inbox in an answer.
type HealthView struct {
	State         string      `json:"state" enum:"receiving,idle,quiet,error,off"`
	LastSuccessAt *time.Time  `json:"last_success_at"`
	Backlog       int64       `json:"backlog"`
	LastError     string      `json:"last_error"`
	LastErrorAt   *time.Time  `json:"last_error_at"`
	Sending       SendingView `json:"sending"`

	Folders    []FolderView  `json:"folders"`
	LastMailAt *time.Time    `json:"last_mail_at" doc:"When the newest mail was fetched"`
	UsualPause int64         `json:"usual_pause_seconds" doc:"The longest time without mail in two weeks; 0 = not known yet"`
	Consent    *consent.View `json:"consent" doc:"How the mailbox's owner allows its use; null with a password"`
}

// FolderView is the health of one folder in an answer.
type FolderView struct {
	Name          string     `json:"name"`
	Sent          bool       `json:"sent" doc:"Holds what people sent from their mail program"`
	Junk          bool       `json:"junk" doc:"Holds what the provider took for spam"`
	Idle          bool       `json:"idle" doc:"New mail is told at once"`
	LastSuccessAt *time.Time `json:"last_success_at"`
	Backlog       int64      `json:"backlog"`
	LastError     string     `json:"last_error"`
	LastErrorAt   *time.Time `json:"last_error_at"`
}

// SendingView is the health of sending in an answer.
type SendingView struct {
	LastSuccessAt *time.Time `json:"last_success_at"`
	LastError     string     `json:"last_error"`
	LastErrorAt   *time.Time `json:"last_error_at"`
	Queued        int64      `json:"queued"`
}

type healthOutput struct{ Body HealthView }

type kept202 struct {
	LedgerID int64 `json:"ledger_id"`
}

// Register adds the channel's operations.
func Register(api *web.API, h *API) {
	web.Handle(api, web.Op{Method: "POST", Path: "/inboxes/{id}/mail", Permission: string(access.MailIngest), Summary: "Hand in a raw mail",
		Text: "Answers once the mail is durable. The same bytes again give the same `ledger_id`.", Tag: "Inboxes", Status: 202,
		MaxBody: MaxMail, ReadTimeout: doorTimeout, Unlimited: true, Errors: []int{413, 422, 503},
		Request:  &web.Content{Type: "message/rfc822", Text: "The mail as it came, at most 64 MiB"},
		Response: &web.Content{Type: "application/json", Text: "Kept", Of: kept202{}},
	}, h.mail)
	manage := string(access.InboxesManage)
	web.Register(api, web.Op{Method: "POST", Path: "/inboxes/test", Permission: manage, Summary: "Try mail servers before they are saved", Tag: "Inboxes", Status: 200}, h.testNew)
	web.Register(api, web.Op{Method: "POST", Path: "/inboxes/{id}/test", Permission: manage, Summary: "Try the mail servers of an inbox", Tag: "Inboxes", Status: 200}, h.test)
	web.Register(api, web.Op{Method: "GET", Path: "/inboxes/health", Summary: "How all inboxes receive and send", Tag: "Inboxes"}, h.healthOfAll)
	web.Register(api, web.Op{Method: "GET", Path: "/inboxes/{id}/folders", Permission: manage, Summary: "List the folders of an inbox's mailbox", Tag: "Inboxes", Errors: []int{409}}, h.folders)
	web.Register(api, web.Op{Method: "GET", Path: "/inboxes/{id}/health", Summary: "How an inbox receives and sends", Tag: "Inboxes"}, h.health)
	registerDomains(api, h)
	if h.Messages != nil {
		registerRaw(api, h)
	}
	if h.Outbox != nil {
		registerOutbox(api, h.Outbox)
	}
}

var errNoInbox = errs.New(errs.NotFound, "There is no such inbox.")

// sees tells whether the inbox exists for the actor.
func sees(ctx context.Context, id inbox.ID) bool {
	a := access.From(ctx)
	return a != nil && (a.Scope.Level(int64(id)) != access.None || a.May(access.InboxesManage))
}

// open reads what handing in a mail needs, in one query.
func (h *API) open(ctx context.Context, id inbox.ID) (inbox.Settings, error) {
	if !sees(ctx, id) {
		return inbox.Settings{}, errNoInbox
	}
	return h.Inboxes.SettingsTx(ctx, h.DB, id)
}

func (h *API) mail(w http.ResponseWriter, r *http.Request) error {
	number, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return errNoInbox
	}
	settings, err := h.open(r.Context(), inbox.ID(number))
	if err != nil {
		return err
	}
	if settings.Archived {
		return errs.New(errs.Conflict, "This inbox is archived and takes no mail any more.")
	}
	if err := h.Receiver.room(); err != nil {
		return err
	}
	if r.ContentLength == 0 {
		return errs.InvalidField("body", "The mail is empty.")
	}
	if r.ContentLength > MaxMail {
		return errTooLarge
	}
	id, err := h.Receiver.Keep(r.Context(), Delivery{Inbox: inbox.ID(number), Door: DoorAPI, Raw: r.Body})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusAccepted)
	_, err = w.Write([]byte(`{"ledger_id":` + strconv.FormatInt(id, 10) + "}\n"))
	return err
}

func (h *API) testNew(ctx context.Context, in *testInput) (*testOutput, error) {
	i, p := inbox.FromInput(&in.Body)
	if err := i.CheckServers(); err != nil {
		return nil, err
	}
	c := &inbox.Connection{Inbox: i}
	if p.IMAP != nil {
		c.IMAPPassword = *p.IMAP
	}
	if p.SMTP != nil {
		c.SMTPPassword = *p.SMTP
	}
	return h.try(ctx, c)
}

func (h *API) test(ctx context.Context, in *idInput) (*testOutput, error) {
	c, err := h.Inboxes.Connection(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return h.try(ctx, c)
}

func (h *API) try(ctx context.Context, c *inbox.Connection) (*testOutput, error) {
	if !h.tests.allow(web.Caller(ctx).ID, h.Now()) {
		e := errs.New(errs.TooMany, "Connections can be tried ten times a minute. Wait a moment.")
		e.RetryAfter = 6
		return nil, e
	}
	if !c.IMAP.Set() && !c.SMTP.Set() {
		return nil, errs.InvalidField("body.imap", "There is no mail server to try.")
	}
	out := &testOutput{}
	out.Body.OK, out.Body.Steps = h.Dialer.Check(ctx, c, h.Now)
	if c.ID != 0 && c.SMTP.Set() {
		if step := h.Signing.check(ctx, c.Address); step != nil {
			out.Body.Steps = append(out.Body.Steps, *step)
		}
	}
	InWords(ctx, out.Body.Steps)
	return out, nil
}

// InWords says the steps in the language of whoever asked.
func InWords(ctx context.Context, steps []Step) {
	for i := range steps {
		steps[i].Sentence = web.Say(ctx, steps[i].text)
	}
}

// tests allows ten a minute to each caller.
type tests struct {
	mu  sync.Mutex
	who map[string]*rate.Limiter
}

func (t *tests) allow(who string, at time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.who == nil || len(t.who) > 1000 {
		t.who = map[string]*rate.Limiter{}
	}
	if t.who[who] == nil {
		t.who[who] = rate.NewLimiter(rate.Every(6*time.Second), 10)
	}
	return t.who[who].AllowN(at, 1)
}

func (h *API) health(ctx context.Context, in *idInput) (*healthOutput, error) {
	if !sees(ctx, in.ID) {
		return nil, errNoInbox
	}
	i, err := h.Inboxes.Get(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	s, err := ReadHealth(ctx, h.DB, i, h.Now())
	if err != nil {
		return nil, err
	}
	return &healthOutput{healthView(ctx, s)}, nil
}

type inboxHealthView struct {
	InboxID inbox.ID `json:"inbox_id"`
	HealthView
}

type healthsOutput struct{ Body web.Page[inboxHealthView] }

func (h *API) healthOfAll(ctx context.Context, _ *struct{}) (*healthsOutput, error) {
	all, err := h.Inboxes.List(ctx, false)
	if err != nil {
		return nil, err
	}
	views := []inboxHealthView{}
	for _, i := range all {
		if !sees(ctx, i.ID) {
			continue
		}
		s, err := ReadHealth(ctx, h.DB, i, h.Now())
		if err != nil {
			return nil, err
		}
		views = append(views, inboxHealthView{i.ID, healthView(ctx, s)})
	}
	return &healthsOutput{web.PageOf(views, "")}, nil
}

func healthView(ctx context.Context, s Health) HealthView {
	folders := []FolderView{}
	for _, f := range s.Folders {
		folders = append(folders, FolderView{Name: f.Name, Sent: f.Sent, Junk: f.Junk, Idle: f.Idle, LastSuccessAt: web.MaybeTime(f.LastSuccessAt), Backlog: f.Backlog,
			LastError: web.SayStored(ctx, f.LastError), LastErrorAt: web.MaybeTime(f.LastErrorAt)})
	}
	return HealthView{
		State: s.State, LastSuccessAt: web.MaybeTime(s.LastSuccessAt), Backlog: s.Backlog, LastError: web.SayStored(ctx, s.LastError), LastErrorAt: web.MaybeTime(s.LastErrorAt),
		Sending: SendingView{LastSuccessAt: web.MaybeTime(s.Sending.LastSuccessAt), LastError: web.SayStored(ctx, s.Sending.LastError),
			LastErrorAt: web.MaybeTime(s.Sending.LastErrorAt), Queued: s.Sending.Queued},
		Folders: folders, LastMailAt: web.MaybeTime(s.LastMailAt), UsualPause: int64(s.UsualPause / time.Second), Consent: s.Consent,
	}
}
