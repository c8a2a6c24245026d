package access

import (
	"context"
	"strconv"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/team"
)

// SecuritySettings hold for everybody.
type SecuritySettings struct {
	SecondStepRequired bool `json:"second_step_required" doc:"Everybody signs in with a second step; who has none sets it up first"`
	AuditKeepDays      int  `json:"audit_keep_days" doc:"How long the audit log is kept"`
}

// Security reads the settings.
func (s *Service) Security(ctx context.Context, q db.Queryer) (out SecuritySettings, err error) {
	defer errs.Wrap(&err, "read the security settings")
	if out.SecondStepRequired, err = secondStepRequired(ctx, q); err != nil {
		return out, err
	}
	out.AuditKeepDays, err = audit.KeepDays(ctx, q)
	return out, err
}

// ChangeSecurity changes the settings; nil = as it is. Only an owner decides
// about the second step, and only one who has it themselves.
func (s *Service) ChangeSecurity(ctx context.Context, by *Actor, required *bool, keepDays *int) (out SecuritySettings, err error) {
	defer errs.Wrap(&err, "change the security settings")
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := s.Security(ctx, tx)
		if err != nil {
			return err
		}
		if required != nil && *required != before.SecondStepRequired {
			if err := s.requireTx(ctx, tx, by, *required); err != nil {
				return err
			}
		}
		if keepDays != nil {
			if err := audit.SetKeepDaysTx(ctx, tx, *keepDays); err != nil {
				return err
			}
		}
		if out, err = s.Security(ctx, tx); err != nil {
			return err
		}
		return audit.RecordTx(ctx, tx, s.cfg.Now(), audit.Entry{Action: "settings.security", Subject: "settings", Before: before, After: out})
	})
	return out, err
}

func (s *Service) requireTx(ctx context.Context, tx *db.Tx, by *Actor, required bool) error {
	if !by.System {
		me, err := s.cfg.Team.AgentTx(ctx, tx, by.AgentID)
		if err != nil {
			return err
		}
		if me.Role.Key != team.Owner {
			return errs.New(errs.Forbidden, "Only an owner decides whether everybody needs a second step.")
		}
		t, err := readTOTP(ctx, tx, by.AgentID, "")
		if err != nil {
			return err
		}
		if required && !t.confirmed() {
			return errs.New(errs.Conflict, "Set up your own second step first, so that you are not locked out.")
		}
	}
	if err := s.endedTx(ctx, tx, 0); err != nil {
		return err
	}
	return db.SetSetting(ctx, tx, requiredSetting, strconv.FormatBool(required))
}
