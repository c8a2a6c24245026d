package brand

import (
	"context"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Brand is one shop as customers know it.
type Brand struct {
	ID        int64
	Name      string
	CreatedAt time.Time
}

// Config connects the service.
type Config struct {
	DB  *db.DB
	Now func() time.Time
}

// Service is what can be done with brands.
type Service struct{ cfg Config }

// New makes the service.
func New(cfg Config) *Service {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Service{cfg}
}

// DefaultName is the name of the brand of a fresh installation.
const DefaultName = "My shop"

// EnsureTx makes the first brand when there is none and returns the first one's
// id; of several programs that start at once all get the same.
func (s *Service) EnsureTx(ctx context.Context, tx *db.Tx) (id int64, err error) {
	defer errs.Wrap(&err, "make the first brand")
	return ensure(ctx, tx, DefaultName, s.cfg.Now())
}

// Ensure is [Service.EnsureTx] in a transaction of its own.
func (s *Service) Ensure(ctx context.Context) (id int64, err error) {
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		id, err = s.EnsureTx(ctx, tx)
		return err
	})
	return id, err
}

// List reads all brands.
func (s *Service) List(ctx context.Context) (_ []Brand, err error) {
	defer errs.Wrap(&err, "list brands")
	return list(ctx, s.cfg.DB)
}

// Get reads one brand.
func (s *Service) Get(ctx context.Context, id int64) (_ Brand, err error) {
	defer errs.Wrap(&err, "read brand %d", id)
	return get(ctx, s.cfg.DB, id)
}

// Rename gives a brand another name.
func (s *Service) Rename(ctx context.Context, id int64, name string) (b Brand, err error) {
	defer errs.Wrap(&err, "rename brand %d", id)
	name = strings.TrimSpace(name)
	if name == "" || len([]rune(name)) > 100 || strings.ContainsAny(name, "\r\n") {
		return Brand{}, errs.InvalidField("body.name", "A name of 1 to 100 characters in one line is needed.")
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := get(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := rename(ctx, tx, id, name); err != nil {
			return err
		}
		if b, err = get(ctx, tx, id); err != nil {
			return err
		}
		return audit.RecordTx(ctx, tx, s.cfg.Now(), audit.Entry{Action: "brand.changed", Subject: "brand", ID: id, Name: b.Name,
			Before: audited{before.Name}, After: audited{b.Name}})
	})
	return b, err
}

// audited is what the audit log keeps of a brand.
type audited struct {
	Name string `json:"name"`
}
