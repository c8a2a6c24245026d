package team

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// CreateRoleTx adds a role of the shop's own. Which permissions exist and who
// may give them is for the caller to check.
func (s *Service) CreateRoleTx(ctx context.Context, tx *db.Tx, name string, permissions []string) (r Role, err error) {
	defer errs.Wrap(&err, "create a role")
	if name, err = CheckName(name); err != nil {
		return Role{}, err
	}
	if err := s.roleNameIsFree(ctx, tx, name, 0); err != nil {
		return Role{}, err
	}
	key := "own_" + strings.ToLower(rand.Text()[:10])
	if err := insertRole(ctx, tx, Role{Key: key, Name: name, Permissions: orderedOnce(permissions)}); err != nil {
		return Role{}, err
	}
	if r, err = s.RoleByKeyTx(ctx, tx, key); err != nil {
		return Role{}, err
	}
	return r, s.auditRole(ctx, tx, "role.created", nil, &r)
}

// UpdateRoleTx changes name and permissions; nil = as it is. The owner's role is fixed.
func (s *Service) UpdateRoleTx(ctx context.Context, tx *db.Tx, id int64, name *string, permissions *[]string) (r Role, err error) {
	defer errs.Wrap(&err, "change role %d", id)
	if r, err = s.roleForChange(ctx, tx, id); err != nil {
		return Role{}, err
	}
	before := r
	if name != nil {
		if r.Name, err = CheckName(*name); err != nil {
			return Role{}, err
		}
		if err := s.roleNameIsFree(ctx, tx, r.Name, id); err != nil {
			return Role{}, err
		}
	}
	if permissions != nil {
		r.Permissions = orderedOnce(*permissions)
	}
	if err := saveRole(ctx, tx, r); err != nil {
		return Role{}, err
	}
	if err := s.tellTx(ctx, tx, 0); err != nil {
		return Role{}, err
	}
	return r, s.auditRole(ctx, tx, "role.changed", &before, &r)
}

// DeleteRoleTx removes a role of the shop's own that nobody has.
func (s *Service) DeleteRoleTx(ctx context.Context, tx *db.Tx, id int64) (err error) {
	defer errs.Wrap(&err, "delete role %d", id)
	r, err := s.roleForChange(ctx, tx, id)
	if err != nil {
		return err
	}
	if !strings.HasPrefix(r.Key, "own_") {
		return errs.New(errs.Conflict, "This role comes with Deskbell and stays. Take permissions from it instead.")
	}
	if n, err := agentsOfRole(ctx, tx, id); err != nil {
		return err
	} else if n > 0 {
		return errs.New(errs.Conflict, "Somebody still has this role. Give them another one first.")
	}
	if err := deleteRole(ctx, tx, id); err != nil {
		return err
	}
	return s.auditRole(ctx, tx, "role.deleted", &r, nil)
}

func (s *Service) roleForChange(ctx context.Context, tx *db.Tx, id int64) (Role, error) {
	if err := lockRole(ctx, tx, id); err != nil {
		return Role{}, err
	}
	r, err := s.RoleTx(ctx, tx, id)
	if err == nil && r.Key == Owner {
		err = errs.New(errs.Conflict, "The owner's role is fixed: an owner may do everything.")
	}
	return r, err
}

func (s *Service) roleNameIsFree(ctx context.Context, q db.Queryer, name string, but int64) error {
	all, err := readRoles(ctx, q)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.ID != but && strings.EqualFold(r.Name, name) {
			return errs.InvalidField("body.name", "There is a role with this name already.")
		}
	}
	return nil
}

func orderedOnce(permissions []string) []string {
	out := slices.Clone(permissions)
	if out == nil {
		out = []string{}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
