package conversation

import (
	"context"
	"encoding/json"
	"strconv"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/job"
)

// leaveKind is the job that takes the conversations that are not done from an
// agent who was deactivated.
const leaveKind = "agent.leave"

// leaveBatch is how many conversations change hands in one transaction.
const leaveBatch = 50

type leaving struct {
	Agent int64 `json:"agent_id"`
}

// LeaveTx makes the job, in the transaction that deactivates the agent.
func (s *Service) LeaveTx(ctx context.Context, tx *db.Tx, agent int64) error {
	return s.Jobs.Enqueue(ctx, tx, job.New{Kind: leaveKind, UniqueKey: strconv.FormatInt(agent, 10), Payload: leaving{agent},
		Summary: "Give the open conversations of an agent who left back to the team"})
}

// LeaveKind runs the job.
func (s *Service) LeaveKind() job.Kind {
	return job.Kind{Name: leaveKind, Do: func(ctx context.Context, j job.Job) error {
		var p leaving
		if err := json.Unmarshal(j.Payload, &p); err != nil {
			return job.Final{Err: err}
		}
		return s.HandBack(access.With(ctx, access.System), p.Agent)
	}}
}

// HandBack leaves what is open, pending or snoozed with the agent to the team it
// is in, or to nobody, and says so in each conversation. It stops when the agent
// is active again.
func (s *Service) HandBack(ctx context.Context, agent int64) (err error) {
	defer errs.Wrap(&err, "hand back the conversations of agent %d", agent)
	for {
		list, err := assignedTo(ctx, s.DB, agent, leaveBatch)
		if err != nil || len(list) == 0 {
			return err
		}
		back := false
		err = s.DB.Write(ctx, func(tx *db.Tx) error {
			active, err := activeAgent(ctx, tx, agent)
			if err != nil || active != 0 {
				back = active != 0
				return err
			}
			for _, id := range list {
				if err := s.handBackTx(ctx, tx, id, agent); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil || back {
			return err
		}
	}
}

func (s *Service) handBackTx(ctx context.Context, tx *db.Tx, id, agent int64) error {
	c, err := find(ctx, tx, id, tx.Dialect.ForUpdate())
	if err != nil || c.Assignee != agent {
		return err
	}
	before := c
	if err := s.leftTx(ctx, tx, &c); err != nil {
		return err
	}
	if err := save(ctx, tx, &before, &c); err != nil {
		return err
	}
	return s.publish(ctx, tx, Updated, &c, "system", 0, c.factOf(&before))
}

// reopenedTx leaves a conversation that a message opened again to its team when
// its assignee does not work here any more.
func (s *Service) reopenedTx(ctx context.Context, tx *db.Tx, before, c *Conversation) error {
	if before == nil || before.Status != Closed || c.Status == Closed || c.Assignee == 0 {
		return nil
	}
	active, err := activeAgent(ctx, tx, c.Assignee)
	if err != nil || active != 0 {
		return err
	}
	return s.leftTx(ctx, tx, c)
}

// leftTx takes the assignee away and writes the line that says why.
func (s *Service) leftTx(ctx context.Context, tx *db.Tx, c *Conversation) error {
	agent, nobody := c.Assignee, int64(0)
	if err := c.Apply(Change{Assignee: &nobody}, s.Now()); err != nil {
		return err
	}
	name, err := agentName(ctx, tx, agent)
	if err != nil {
		return err
	}
	team, err := teamName(ctx, tx, c.Team)
	if err != nil {
		return err
	}
	data := map[string]any{"from": agent, "to": 0, "from_name": name, "to_name": "", "reason": "left", "team_name": team}
	return s.addEventTx(ctx, tx, c, EventAssigned, data, 0)
}
