package team

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func insertRole(ctx context.Context, tx *db.Tx, r Role) error {
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return err
	}
	return tx.Send(ctx, `INSERT INTO role (role_key, name, permissions) VALUES (?, ?, ?)
		ON CONFLICT (role_key) DO NOTHING`, r.Key, r.Name, string(permissions))
}

// setOwnerRole gives the owner's role what the program knows by now.
func setOwnerRole(ctx context.Context, tx *db.Tx, r Role) error {
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE role SET permissions = ? WHERE role_key = ? AND permissions <> ?", string(permissions), r.Key, string(permissions))
}

func saveRole(ctx context.Context, tx *db.Tx, r Role) error {
	permissions, err := json.Marshal(r.Permissions)
	if err != nil {
		return err
	}
	return tx.Send(ctx, "UPDATE role SET name = ?, permissions = ? WHERE id = ?", r.Name, string(permissions), r.ID)
}

func deleteRole(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "DELETE FROM role WHERE id = ?", id)
}

func agentsOfRole(ctx context.Context, q db.Queryer, id int64) (n int64, err error) {
	err = q.QueryRow(ctx, "SELECT COUNT(*) FROM agent WHERE role_id = ?", id).Scan(&n)
	return n, err
}

func lockRole(ctx context.Context, tx *db.Tx, id int64) error {
	err := tx.QueryRow(ctx, "SELECT id FROM role WHERE id = ?"+tx.Dialect.ForUpdate(), id).Scan(&id)
	if db.IsNoRows(err) {
		return errNoRole
	}
	return err
}

// touchAgent notes when an agent was there last; it never goes back.
func touchAgent(ctx context.Context, tx *db.Tx, id int64, at time.Time) error {
	return tx.Send(ctx, "UPDATE agent SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?", at.UnixMilli(), id, at.UnixMilli())
}

func readRoles(ctx context.Context, q db.Queryer) ([]Role, error) {
	var out []Role
	err := db.Each(ctx, q, "SELECT id, role_key, name, permissions FROM role ORDER BY id", nil, func(rows *sql.Rows) error {
		var r Role
		var permissions string
		if err := rows.Scan(&r.ID, &r.Key, &r.Name, &permissions); err != nil {
			return err
		}
		out = append(out, r)
		return json.Unmarshal([]byte(permissions), &out[len(out)-1].Permissions)
	})
	return out, err
}

// readAgents reads agents by a condition over "a", by id, with teams and inboxes.
func readAgents(ctx context.Context, q db.Queryer, where string, args []any, limit int) ([]Agent, error) {
	var out []Agent
	at := map[int64]int{}
	var ids []any
	err := db.Each(ctx, q, `SELECT a.id, a.email, a.name, a.active, a.created_at, a.locale, a.theme, a.density, a.undo_seconds,
			a.signature, a.single_key_shortcuts, a.onboarding, a.swipe_to_end, a.swipe_to_start, a.plain_replies, a.away, a.last_seen_at, r.id, r.role_key, r.name, r.permissions
		FROM agent a JOIN role r ON r.id = a.role_id WHERE `+where+" ORDER BY a.id LIMIT ?", append(slices.Clone(args), limit),
		func(rows *sql.Rows) error {
			a, err := scanAgent(rows)
			if err != nil {
				return err
			}
			at[a.ID] = len(out)
			ids = append(ids, a.ID)
			out = append(out, a)
			return nil
		})
	if err != nil || len(out) == 0 {
		return nil, err
	}
	in := " WHERE agent_id IN (" + db.Marks(len(ids)) + ")"
	err = db.Each(ctx, q, "SELECT agent_id, team_id FROM team_member"+in+" ORDER BY team_id", ids, func(rows *sql.Rows) error {
		var agent, team int64
		err := rows.Scan(&agent, &team)
		a := &out[at[agent]]
		a.Teams = append(a.Teams, team)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, db.Each(ctx, q, "SELECT agent_id, inbox_id, access FROM inbox_member"+in+" ORDER BY inbox_id", ids, func(rows *sql.Rows) error {
		var agent int64
		var i InboxAccess
		err := rows.Scan(&agent, &i.InboxID, &i.Access)
		a := &out[at[agent]]
		a.Inboxes = append(a.Inboxes, i)
		return err
	})
}

func scanAgent(rows *sql.Rows) (Agent, error) {
	a := Agent{Teams: []int64{}, Inboxes: []InboxAccess{}}
	var created, seen int64
	var onboarding, permissions string
	err := rows.Scan(&a.ID, &a.Email, &a.Name, &a.Active, &created, &a.Locale, &a.Theme, &a.Density, &a.UndoSeconds,
		&a.Signature, &a.SingleKeyShortcuts, &onboarding, &a.SwipeToEnd, &a.SwipeToStart, &a.PlainReplies, &a.Away, &seen, &a.Role.ID, &a.Role.Key, &a.Role.Name, &permissions)
	if err != nil {
		return Agent{}, err
	}
	a.CreatedAt, a.Onboarding = time.UnixMilli(created).UTC(), json.RawMessage(onboarding)
	if seen > 0 {
		a.LastSeenAt = time.UnixMilli(seen).UTC()
	}
	return a, json.Unmarshal([]byte(permissions), &a.Role.Permissions)
}

// insertAgent returns 0 when the address is taken.
func insertAgent(ctx context.Context, tx *db.Tx, n NewAgent, at time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, `INSERT INTO agent (email, name, role_id, password_hash, locale, created_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (email) DO NOTHING RETURNING id`, n.Email, n.Name, n.Role, n.PasswordHash, n.Locale, at.UnixMilli()).Scan(&id)
	if db.IsNoRows(err) {
		return 0, nil
	}
	return id, err
}

// updateAgent sets one column, whose name never comes from outside.
func updateAgent(ctx context.Context, tx *db.Tx, id int64, column string, value any) error {
	n, err := tx.Exec(ctx, "UPDATE agent SET "+column+" = ? WHERE id = ?", value, id)
	if err == nil && n == 0 {
		err = errNoAgent
	}
	return err
}

func saveProfile(ctx context.Context, tx *db.Tx, a Agent) error {
	return tx.Send(ctx, `UPDATE agent SET name = ?, locale = ?, theme = ?, density = ?, undo_seconds = ?, signature = ?,
		single_key_shortcuts = ?, onboarding = ?, swipe_to_end = ?, swipe_to_start = ?, plain_replies = ?, away = ? WHERE id = ?`,
		a.Name, a.Locale, a.Theme, a.Density, a.UndoSeconds, a.Signature, a.SingleKeyShortcuts, string(a.Onboarding), a.SwipeToEnd, a.SwipeToStart, a.PlainReplies, a.Away, a.ID)
}

func readSecret(ctx context.Context, q db.Queryer, where string, arg any) (s Secret, found bool, err error) {
	err = q.QueryRow(ctx, "SELECT id, password_hash, active FROM agent WHERE "+where, arg).Scan(&s.Agent, &s.PasswordHash, &s.Active)
	if db.IsNoRows(err) {
		return Secret{}, false, nil
	}
	return s, err == nil, err
}

// lockOwners lets one transaction at a time make or unmake owners: the row of
// their role stands for all of them.
func lockOwners(ctx context.Context, tx *db.Tx) error {
	var id int64
	err := tx.QueryRow(ctx, "SELECT id FROM role WHERE role_key = ?"+tx.Dialect.ForUpdate(), Owner).Scan(&id)
	if db.IsNoRows(err) {
		return nil
	}
	return err
}

func lockAgent(ctx context.Context, tx *db.Tx, id int64) error {
	err := tx.QueryRow(ctx, "SELECT id FROM agent WHERE id = ?"+tx.Dialect.ForUpdate(), id).Scan(&id)
	if db.IsNoRows(err) {
		return errNoAgent
	}
	return err
}

func ownerExists(ctx context.Context, q db.Queryer) (bool, error) {
	var n int
	err := q.QueryRow(ctx, `SELECT COUNT(*) FROM agent a JOIN role r ON r.id = a.role_id
		WHERE r.role_key = ? AND a.active = TRUE`, Owner).Scan(&n)
	return n > 0, err
}

// saveTeamsOf replaces the teams of an agent; it names one that does not exist.
func saveTeamsOf(ctx context.Context, tx *db.Tx, agent int64, teams []int64) (unknown int64, err error) {
	if err := tx.Send(ctx, "DELETE FROM team_member WHERE agent_id = ?", agent); err != nil {
		return 0, err
	}
	for _, id := range unique(teams) {
		n, err := tx.Exec(ctx, "INSERT INTO team_member (team_id, agent_id) SELECT id, ? FROM team WHERE id = ?", agent, id)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return id, nil
		}
	}
	return 0, nil
}

// saveMembers replaces the agents of a team; it names one that does not exist.
func saveMembers(ctx context.Context, tx *db.Tx, team int64, agents []int64) (unknown int64, err error) {
	if err := tx.Send(ctx, "DELETE FROM team_member WHERE team_id = ?", team); err != nil {
		return 0, err
	}
	for _, id := range unique(agents) {
		n, err := tx.Exec(ctx, "INSERT INTO team_member (team_id, agent_id) SELECT ?, id FROM agent WHERE id = ?", team, id)
		if err != nil {
			return 0, err
		}
		if n == 0 {
			return id, nil
		}
	}
	return 0, nil
}

func unique(ids []int64) []int64 {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return slices.Compact(ids)
}

func readTeams(ctx context.Context, q db.Queryer) ([]Team, error) {
	var out []Team
	at := map[int64]int{}
	err := db.Each(ctx, q, `SELECT t.id, t.name, COALESCE(m.agent_id, 0) FROM team t LEFT JOIN team_member m ON m.team_id = t.id
		ORDER BY t.name, t.id, m.agent_id`, nil, func(rows *sql.Rows) error {
		var t Team
		var agent int64
		if err := rows.Scan(&t.ID, &t.Name, &agent); err != nil {
			return err
		}
		i, seen := at[t.ID]
		if !seen {
			i = len(out)
			at[t.ID] = i
			t.Agents = []int64{}
			out = append(out, t)
		}
		if agent != 0 {
			out[i].Agents = append(out[i].Agents, agent)
		}
		return nil
	})
	return out, err
}

// insertTeam returns 0 when the name is taken.
func insertTeam(ctx context.Context, tx *db.Tx, name string, at time.Time) (id int64, err error) {
	err = tx.QueryRow(ctx, "INSERT INTO team (name, created_at) VALUES (?, ?) ON CONFLICT (name) DO NOTHING RETURNING id",
		name, at.UnixMilli()).Scan(&id)
	if db.IsNoRows(err) {
		return 0, nil
	}
	return id, err
}

func renameTeam(ctx context.Context, tx *db.Tx, id int64, name string) error {
	_, err := tx.Exec(ctx, "UPDATE team SET name = ? WHERE id = ?", name, id)
	return err
}

func teamHasConversations(ctx context.Context, q db.Queryer, id int64) (bool, error) {
	var n int
	err := q.QueryRow(ctx, "SELECT COUNT(*) FROM (SELECT 1 FROM conversation WHERE team_id = ? LIMIT 1) AS one", id).Scan(&n)
	return n > 0, err
}

func deleteTeam(ctx context.Context, tx *db.Tx, id int64) error {
	return tx.Send(ctx, "DELETE FROM team WHERE id = ?", id)
}
