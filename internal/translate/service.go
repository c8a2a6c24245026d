package translate

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// Service translates. It is to be made with [New].
type Service struct {
	Config
	server *server
	kept   *kept
}

// Config is what the service needs.
type Config struct {
	DB            *db.DB
	Now           func() time.Time
	Secrets       access.Sealer
	Conversations *conversation.Service
	Customers     *customer.Service
	// Patience with the server; 0 = half a minute.
	Patience time.Duration
}

// New makes a service.
func New(cfg Config) *Service {
	if cfg.Patience == 0 {
		cfg.Patience = 30 * time.Second
	}
	return &Service{Config: cfg, server: newServer(cfg.Patience, cfg.Now), kept: &kept{now: cfg.Now}}
}

// Get reads the settings.
func (s *Service) Get(ctx context.Context) (_ Settings, err error) {
	defer errs.Wrap(&err, "read the settings of translation")
	now, err := load(ctx, s.DB)
	return now.settings(), err
}

// Save replaces the settings. A nil key leaves the one that is set, an empty one
// takes it away; a key goes to no other server than the one it was entered for.
func (s *Service) Save(ctx context.Context, enabled bool, address string, key *string) (out Settings, err error) {
	defer errs.Wrap(&err, "save the settings of translation")
	next := stored{Enabled: enabled}
	if address != "" || enabled {
		if next.Address, err = parseAddress(address); err != nil {
			return out, err
		}
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := lock(ctx, tx); err != nil {
			return err
		}
		before, err := load(ctx, tx)
		if err != nil {
			return err
		}
		if next.Sealed, err = s.seal(before, next.Address, key); err != nil {
			return err
		}
		if err := save(ctx, tx, next); err != nil {
			return err
		}
		out = next.settings()
		entered := key != nil && *key != ""
		return audit.RecordTx(ctx, tx, s.Now(), audit.Entry{Action: "settings.translation", Subject: "settings", Name: next.Address,
			Before: auditedOf(before, false), After: auditedOf(next, entered)})
	})
	return out, err
}

// audited is what the audit log keeps of the settings.
type audited struct {
	Enabled bool   `json:"enabled"`
	Address string `json:"address"`
	KeySet  bool   `json:"key_set"`
	Entered bool   `json:"key_entered"`
}

func auditedOf(s stored, entered bool) audited {
	return audited{s.Enabled, s.Address, s.Sealed != nil, entered}
}

func (s *Service) seal(before stored, address string, key *string) ([]byte, error) {
	if err := mayKeep(before, address, key); err != nil {
		return nil, err
	}
	switch {
	case key == nil && address == "", key != nil && *key == "":
		return nil, nil
	case key == nil:
		return before.Sealed, nil
	}
	return s.Secrets.Seal("setting", settingName, 1, []byte(*key)), nil
}

// mayKeep never lets a stored key go to another server than the one it was entered for.
func mayKeep(before stored, address string, key *string) error {
	if before.Sealed == nil || key != nil || address == "" || sameServer(before.Address, address) {
		return nil
	}
	return errs.InvalidField("body.api_key", "Enter the key again, because it was entered for another server.")
}

// at is a server and the key for it.
type at struct{ address, key string }

func (s *Service) open(now stored) (at, error) {
	if now.Sealed == nil {
		return at{now.Address, ""}, nil
	}
	plain, err := s.Secrets.Open("setting", settingName, 1, now.Sealed)
	if err != nil {
		e := errs.New(errs.Unavailable, "The stored key of the translation server cannot be read. An admin enters it again under Settings, Translation.").Because(err)
		e.Type = serverAway
		return at{}, e
	}
	return at{now.Address, string(plain)}, nil
}

// Tested is what a test of a server found.
type Tested struct {
	Trouble   errs.Text // what is wrong; the zero Text = nothing
	Languages []Language
	Took      time.Duration
}

// Test asks a server for its languages and has a word translated. Nothing is saved.
func (s *Service) Test(ctx context.Context, address string, key *string) (out Tested, err error) {
	defer errs.Wrap(&err, "test the translation server")
	if address, err = parseAddress(address); err != nil {
		return out, err
	}
	now, err := load(ctx, s.DB)
	if err != nil {
		return out, err
	}
	if err := mayKeep(now, address, key); err != nil {
		return out, err
	}
	to := at{address: address}
	if key != nil {
		to.key = *key
	} else if to, err = s.open(stored{Address: address, Sealed: now.Sealed}); err != nil {
		return out, err
	}
	start := s.Now()
	out.Languages, err = s.server.try(ctx, to)
	out.Took = s.Now().Sub(start)
	if trouble, told := errs.Told(err); told {
		out.Trouble = trouble
		return out, nil
	}
	return out, err
}

// Offer is what can be translated in a conversation.
type Offer struct {
	Enabled  bool
	Customer string // the customer's language, "" = not known
}

// Offer tells whether texts of a conversation that the actor may see can be
// translated, and into what for its customer.
func (s *Service) Offer(ctx context.Context, id int64) (out Offer, err error) {
	defer errs.Wrap(&err, "look for a translation in conversation %d", id)
	c, err := s.Conversations.Get(ctx, id)
	if err != nil {
		return out, err
	}
	now, err := load(ctx, s.DB)
	if err != nil || !now.Enabled {
		return out, err
	}
	out.Enabled = true
	who, err := s.Customers.Get(ctx, c.Customer)
	if err != nil || who.Locale != "" {
		out.Customer = who.Locale
		return out, err
	}
	if c.LastInbound == 0 {
		return out, nil
	}
	m, err := s.Conversations.Message(ctx, c.LastInbound)
	if err != nil {
		return out, err
	}
	if language, sure := text.Detect(m.Text); sure >= 0.5 {
		out.Customer = language
	}
	return out, nil
}

// Message translates a message of a conversation that the actor may see.
func (s *Service) Message(ctx context.Context, id, message int64, to string) (out Translation, err error) {
	defer errs.Wrap(&err, "translate message %d of conversation %d", message, id)
	if _, err := s.Conversations.Get(ctx, id); err != nil {
		return out, err
	}
	m, err := s.Conversations.Message(ctx, message)
	if err != nil {
		return out, err
	}
	if m.Conversation != id {
		return out, errs.New(errs.NotFound, "There is no such message in this conversation.")
	}
	what := Text{m.Text, m.HTML}.fitting()
	server, err := s.ready(ctx, what, to)
	if err != nil {
		return out, err
	}
	key := keyOf(server, message, to, what)
	if out, found := s.kept.find(key); found {
		return out, nil
	}
	if out, err = s.server.translate(ctx, server, what, to); err == nil {
		s.kept.keep(key, out)
	}
	return out, err
}

// Written translates what is being written in a conversation that the actor may see.
func (s *Service) Written(ctx context.Context, id int64, what Text, to string) (out Translation, err error) {
	defer errs.Wrap(&err, "translate a text of conversation %d", id)
	if _, err := s.Conversations.Get(ctx, id); err != nil {
		return out, err
	}
	server, err := s.ready(ctx, what, to)
	if err != nil {
		return out, err
	}
	return s.server.translate(ctx, server, what, to)
}

// ready is the server, when there is one and something for it to do.
func (s *Service) ready(ctx context.Context, what Text, to string) (at, error) {
	now, err := load(ctx, s.DB)
	if err != nil {
		return at{}, err
	}
	if !now.Enabled {
		return at{}, errs.New(errs.Conflict, "Translation is not set up here. An admin names a translation server under Settings, Translation.")
	}
	if !languageTag.MatchString(to) {
		return at{}, errs.InvalidField("body.to", "Name the language by its code, such as en or pt-BR.")
	}
	if err := what.check(); err != nil {
		return at{}, err
	}
	return s.open(now)
}
