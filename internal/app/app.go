package app

import (
	"context"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/brand"
	"github.com/deskbell/deskbell/internal/bulk"
	"github.com/deskbell/deskbell/internal/channel/email"
	"github.com/deskbell/deskbell/internal/channel/email/consent"
	"github.com/deskbell/deskbell/internal/channel/email/notice"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/field"
	"github.com/deskbell/deskbell/internal/hours"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/ledger"
	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/clamd"
	"github.com/deskbell/deskbell/internal/platform/clock"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/platform/filetext"
	"github.com/deskbell/deskbell/internal/platform/job"
	"github.com/deskbell/deskbell/internal/platform/lease"
	"github.com/deskbell/deskbell/internal/platform/realtime"
	"github.com/deskbell/deskbell/internal/platform/secret"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/privacy"
	"github.com/deskbell/deskbell/internal/reply"
	"github.com/deskbell/deskbell/internal/search"
	"github.com/deskbell/deskbell/internal/sender"
	"github.com/deskbell/deskbell/internal/storage"
	"github.com/deskbell/deskbell/internal/task"
	"github.com/deskbell/deskbell/internal/team"
	"github.com/deskbell/deskbell/internal/tone"
	"github.com/deskbell/deskbell/internal/translate"
	"github.com/deskbell/deskbell/internal/view"
)

// App is the whole program.
type App struct {
	Config
	Log *slog.Logger
	Now func() time.Time

	DB     *db.DB
	Keys   *secret.Keys
	Blobs  *blob.Store
	Feed   *event.Feed
	Jobs   *job.Queue
	Leases *lease.Holder
	Bus    realtime.Bus
	Hub    *realtime.Hub

	Team          *team.Service
	Access        *access.Service
	Brands        *brand.Service
	Inboxes       *inbox.Service
	Hours         *hours.Service
	Customers     *customer.Service
	Conversations *conversation.Service
	Senders       *sender.Service
	Fields        *field.Service
	Ledger        *ledger.Service
	Replies       *reply.Service
	Tone          *tone.Service
	Translation   *translate.Service
	Search        *search.Service
	Views         *view.Service
	Bulk          *bulk.Service
	Notifications *notification.Service
	Tasks         *task.Service
	Privacy       *privacy.Service
	Storage       *storage.Service
	Email         *email.Channel
	Consents      *consent.Service
	Notices       *notice.Service
	Outbox        *email.Outbox // of the demo, nil otherwise

	API *web.API

	listener net.Listener
	outbox   net.Listener // of the demo
	unlock   func()
	stopping stopping
	clock    *clock.Watch
	meters   *meters

	certificate *certificate // nil = plain http
	resolver    auth.Resolver
	scanner     *clamd.Client // nil = files are not scanned
	KeyMade     bool          // the key file was made by this start
}

// New opens the data and connects everything; nothing runs yet. Close it when
// it is not run.
func New(ctx context.Context, cfg Config, log *slog.Logger) (_ *App, err error) {
	defer errs.Wrap(&err, "start")
	return open(cfg, log, func(a *App) error {
		if err := a.openData(ctx, true); err != nil {
			return err
		}
		if err := a.listen(); err != nil {
			return err
		}
		if err := a.connect(ctx); err != nil {
			return err
		}
		return a.routes()
	})
}

// Open opens the data for a command beside the server: no port, no workers, and
// it works while a server runs on the same data.
func Open(ctx context.Context, cfg Config, log *slog.Logger) (_ *App, err error) {
	defer errs.Wrap(&err, "open the data")
	return open(cfg, log, func(a *App) error {
		if err := a.openData(ctx, false); err != nil {
			return err
		}
		return a.connect(ctx)
	})
}

// open lets go of everything again when a step fails.
func open(cfg Config, log *slog.Logger, steps func(a *App) error) (*App, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	a := &App{Config: cfg, Log: log, Now: time.Now, resolver: net.DefaultResolver}
	a.clock = clock.NewWatch(func() time.Time { return a.Now() })
	if err := steps(a); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// openData opens database, key and blobs. A server is alone on a data folder.
func (a *App) openData(ctx context.Context, server bool) (err error) {
	if err := a.makeData(); err != nil {
		return err
	}
	if server && a.DatabaseURL == "" {
		if a.unlock, err = db.LockDir(a.Data, "serve.lock", false); err != nil {
			return errs.Newf(errs.Conflict, "Another Deskbell serves the data in %s already.", a.Data).Because(err)
		}
	}
	if a.DB, err = openDB(ctx, a.Config); err != nil {
		return err
	}
	if a.Keys, a.KeyMade, err = secret.Open(ctx, a.DB, secret.Config{Key: a.Key, File: a.KeyFile}); err != nil {
		return err
	}
	if a.Blobs, err = blob.Open(ctx, a.BlobURL, a.Now); err != nil {
		return err
	}
	return a.Blobs.Check(ctx, a.DB)
}

// openDB opens and migrates the database. Several programs may do so at once.
func openDB(ctx context.Context, cfg Config) (*db.DB, error) {
	if cfg.DatabaseURL == "" {
		unlock, err := db.LockDir(cfg.Data, "migrate.lock", true)
		if err != nil {
			return nil, errs.Newf(errs.Unavailable, "The data folder %s cannot be written. Is the disk read-only, or does it belong to somebody else?", cfg.Data).Because(err)
		}
		defer unlock()
	}
	d, err := db.Open(ctx, db.Config{Dir: cfg.Data, URL: cfg.DatabaseURL, NoSync: cfg.NoSync})
	if err != nil {
		return nil, errs.New(errs.Unavailable, dbSentence(cfg)).Because(err)
	}
	err = d.Migrate(ctx)
	if err == nil {
		_, err = event.Adopt(ctx, d)
	}
	if err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

func dbSentence(cfg Config) string {
	if cfg.DatabaseURL != "" {
		return "PostgreSQL does not answer. Check that it runs and that --database-url is right."
	}
	return "The database in " + cfg.Data + " cannot be opened."
}

func (a *App) listen() (err error) {
	if a.listener, err = net.Listen("tcp", a.Addr); err != nil {
		return errs.Newf(errs.Unavailable, "Nothing can listen at %s: another program may use that port. Choose another with --addr.", a.Addr).Because(err)
	}
	return nil
}

// URL is where people reach this program.
func (a *App) URL() string {
	if a.listener == nil {
		if a.PublicURL != "" {
			return a.PublicURL
		}
		return "http://" + a.Addr
	}
	return a.publicURL(a.listener.Addr())
}

// connect makes the services and ties them together.
func (a *App) connect(ctx context.Context) error {
	a.Jobs = &job.Queue{DB: a.DB, Now: a.Now, Log: a.Log, Single: a.DatabaseURL == "", SharedClock: a.DatabaseURL != ""}
	a.Feed = &event.Feed{Now: a.Now}
	a.Leases = &lease.Holder{DB: a.DB, Node: nodeName(), Log: a.Log}
	if err := a.bus(ctx); err != nil {
		return err
	}
	a.Hub = realtime.New(realtime.Config{DB: a.DB, Bus: a.Bus, Now: a.Now, Log: a.Log, PublicURL: a.URL(), Rights: a.rights})
	a.Feed.Moved = a.Hub.Moved

	a.Brands = brand.New(brand.Config{DB: a.DB, Now: a.Now})
	if _, err := a.Brands.Ensure(ctx); err != nil {
		return err
	}
	a.people()
	if err := a.Access.Seed(ctx); err != nil {
		return err
	}
	a.Fields = &field.Service{DB: a.DB, Now: a.Now}
	a.Hours = &hours.Service{DB: a.DB, Now: a.Now}
	a.Customers = &customer.Service{DB: a.DB, Feed: a.Feed, Now: a.Now, Fields: a.fieldsOf(field.Customer)}
	a.Conversations = &conversation.Service{DB: a.DB, Feed: a.Feed, Jobs: a.Jobs, Customers: a.Customers, Now: a.Now, Inbox: a.inboxSettings,
		OwnAddresses: a.ownAddresses, Fields: a.fieldsOf(field.Conversation), CopyBlob: a.Blobs.Copy}
	if err := a.scanning(); err != nil {
		return err
	}
	a.Customers.Conversations = a.Conversations
	a.Senders = &sender.Service{DB: a.DB, Now: a.Now}
	if err := a.Senders.Seed(ctx); err != nil {
		return err
	}
	a.Ledger = &ledger.Service{DB: a.DB, Now: a.Now}
	a.Replies = &reply.Service{DB: a.DB, Now: a.Now, Conversations: a.Conversations, Customers: a.Customers, Inbox: a.inboxFacts, Hours: a.Hours.Of, Copy: a.Blobs.Copy, Open: a.Blobs.Open}
	a.Tone = &tone.Service{DB: a.DB, Now: a.Now, Conversations: a.Conversations}
	a.Translation = translate.New(translate.Config{DB: a.DB, Now: a.Now, Secrets: a.Keys, Conversations: a.Conversations, Customers: a.Customers})
	a.Search = &search.Service{DB: a.DB, Now: a.Now, List: a.listConversations, Jobs: a.Jobs, Files: filetext.Reader{Command: a.FileReader}, OpenFile: a.openFile, CardsFound: a.cardsFound}
	a.Storage = &storage.Service{DB: a.DB, Now: a.Now, Data: a.Data, Files: a.Blobs.Dir()}
	a.Views = &view.Service{DB: a.DB, Now: a.Now, Match: a.Search.Conversations, Fields: a.Conversations.FieldValues,
		Defined: func(ctx context.Context, q db.Queryer) (field.Set, error) {
			return a.Fields.Defined(ctx, q, field.Conversation)
		}}
	a.Tasks = &task.Service{DB: a.DB, Feed: a.Feed, Conversations: a.Conversations, Now: a.Now}
	a.Bulk = &bulk.Service{DB: a.DB, Now: a.Now, Jobs: a.Jobs, Conversations: a.Conversations, Agent: a.Access.Agent, Fill: a.fillReply, TakeBack: a.Tasks.TakeBack}
	a.Notifications = &notification.Service{DB: a.DB, Now: a.Now, Changed: func(agent int64) { a.Hub.Tell(agent, "notifications.changed", nil) }}
	if err := a.mail(); err != nil {
		return err
	}
	a.Privacy = &privacy.Service{DB: a.DB, Now: a.Now, Jobs: a.Jobs, Blobs: a.Blobs, Keys: a.Keys, Customers: a.Customers, Conversations: a.Conversations,
		Agent: a.Access.Agent, Raw: a.Email.OpenUnsealed, Erased: a.Search.WantScrubTx, Tasks: a.exportedTasks}
	a.notices()
	a.subscribe()
	return nil
}

func (a *App) fieldsOf(s field.Subject) func(context.Context, db.Queryer) (field.Set, error) {
	return func(ctx context.Context, q db.Queryer) (field.Set, error) { return a.Fields.Of(ctx, q, s) }
}

func (a *App) people() {
	a.Inboxes = &inbox.Service{DB: a.DB, Feed: a.Feed, Secrets: a.Keys, Now: a.Now}
	a.Team = team.New(team.Config{DB: a.DB, Now: a.Now, SetInboxesTx: a.setInboxesTx})
	a.Access = access.New(access.Config{DB: a.DB, Team: a.Team, Now: a.Now, Log: a.Log, PublicURL: a.URL(), Version: a.Version, Demo: a.Demo,
		Secrets: a.Keys, Jobs: a.Jobs, Feed: a.Feed, Ended: a.tellEnded})
	a.Bus.Subscribe(subjectEnded, func(agent []byte) {
		if id, err := strconv.ParseInt(string(agent), 10, 64); err == nil {
			a.Access.Forget(id)
		}
	})
	a.Team.OnLeave(a.handBack)
}

// subjectEnded carries the agent whose sessions, keys or rights have changed.
const subjectEnded = "ended"

// tellEnded makes all nodes read an agent anew, and their open connections ask
// whether they may stay. On another node the hint may come late or be lost; then
// the event of the same change says so when the feed is polled, within a second.
func (a *App) tellEnded(agent int64) {
	a.Bus.Publish(subjectEnded, []byte(strconv.FormatInt(agent, 10)))
	a.Hub.Recheck(agent)
}

// rights hears of the same from the feed. Who are the members of an inbox is in
// what is said of the inbox.
func (a *App) rights(e event.Event) (agent int64, changed bool) {
	switch e.Type {
	case access.Changed:
		agent = access.ChangedAgent(e)
	case inbox.Updated:
	default:
		return 0, false
	}
	a.Access.Forget(agent)
	return agent, true
}

// inboxSettings is what conversation asks of inbox.
func (a *App) inboxSettings(ctx context.Context, q db.Queryer, id int64) (conversation.InboxSettings, error) {
	i, err := a.Inboxes.SettingsTx(ctx, q, inbox.ID(id))
	return conversation.InboxSettings{Channel: i.Channel, Address: i.Address, AfterReply: conversation.Status(i.AfterReply),
		ReopenDays: i.ReopenDays, Archived: i.Archived, Name: i.Name, ReplyToken: i.ReplyToken, KeepCards: i.KeepCards}, err
}

// inboxFacts is what saved replies ask of inbox.
func (a *App) inboxFacts(ctx context.Context, id int64) (reply.InboxFacts, error) {
	i, err := a.Inboxes.Get(ctx, inbox.ID(id))
	if err != nil {
		return reply.InboxFacts{}, err
	}
	return reply.InboxFacts{Name: i.Name, Address: i.Address, FromName: i.FromName}, nil
}

// ownAddresses is what conversation asks of inbox.
func (a *App) ownAddresses(ctx context.Context, q db.Queryer, id int64) (conversation.Addresses, error) {
	list, catchAll, err := a.Inboxes.AddressesTx(ctx, q, inbox.ID(id))
	return conversation.Addresses{List: list, CatchAll: catchAll}, err
}

// setInboxesTx is what team asks of inbox.
func (a *App) setInboxesTx(ctx context.Context, tx *db.Tx, agent int64, list []team.InboxAccess) error {
	levels := map[int64]access.Level{}
	for _, i := range list {
		levels[i.InboxID] = access.Level(i.Access)
	}
	return a.Inboxes.SetAgentTx(ctx, tx, agent, levels)
}

// Close lets go of everything that New opened.
func (a *App) Close() {
	if a.listener != nil {
		_ = a.listener.Close()
	}
	if a.outbox != nil {
		_ = a.outbox.Close()
	}
	if a.Blobs != nil {
		_ = a.Blobs.Close()
	}
	if a.DB != nil {
		_ = a.DB.Close()
	}
	if a.unlock != nil {
		a.unlock()
	}
}

func nodeName() string {
	name, err := os.Hostname()
	if err != nil {
		name = "node"
	}
	return name + "-" + secretSuffix()
}
