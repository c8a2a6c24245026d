package notification

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// Reactions make notifications of events, in their transaction.
func (s *Service) Reactions() []event.Reaction {
	on := []event.Type{conversation.MessageReceived, conversation.NoteAdded, conversation.Updated, conversation.MessageQueued,
		conversation.DeliveryChanged, conversation.MessageUndone, conversation.Read, conversation.WasMerged, conversation.SideReceived,
		conversation.DraftShared, taskChanged}
	return []event.Reaction{{Name: "notification.make", On: on, Do: s.react}}
}

func (s *Service) react(ctx context.Context, tx *db.Tx, e event.Event) error {
	var f conversation.Fact
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return fmt.Errorf("read %s: %w", e.Type, err)
	}
	switch e.Type {
	case taskChanged:
		return s.taskGiven(ctx, tx, e)
	case conversation.MessageReceived:
		return s.received(ctx, tx, e, f)
	case conversation.SideReceived:
		return s.answeredAside(ctx, tx, e, f)
	case conversation.NoteAdded:
		return s.noted(ctx, tx, e, f)
	case conversation.Updated:
		return s.updated(ctx, tx, e, f)
	case conversation.MessageQueued:
		if err := s.seen(ctx, tx, e, e.ActorID, f.Message); err != nil {
			return err
		}
		return s.assigned(ctx, tx, e, f)
	case conversation.DeliveryChanged:
		return s.delivery(ctx, tx, e, f)
	case conversation.MessageUndone:
		if e.ActorType != "system" || f.Agent == 0 {
			return nil
		}
		return s.tell(ctx, tx, e, news{Kind: ReplyHeld, ActorType: "system"}, theseAgents(f.Agent))
	case conversation.DraftShared:
		return s.draftTaken(ctx, tx, e, f)
	case conversation.Read:
		return s.seen(ctx, tx, e, f.Agent, f.Message)
	case conversation.WasMerged:
		agents, err := moveUnread(ctx, tx, f.From, e.Conversation)
		if err != nil {
			return err
		}
		s.changed(tx, agents...)
	}
	return nil
}

func (s *Service) received(ctx context.Context, tx *db.Tx, e event.Event, f conversation.Fact) error {
	if !answers(e, f) {
		return nil
	}
	return s.tell(ctx, tx, e, news{Kind: CustomerReply, Message: f.Message, ActorType: e.ActorType, ActorID: e.ActorID}, whoLooksAfter(e.Assignee))
}

// taskChanged is the event of package task, which stands beside this one.
const taskChanged event.Type = "task.changed"

// taskGiven tells those whom somebody else gave a task.
func (s *Service) taskGiven(ctx context.Context, tx *db.Tx, e event.Event) error {
	var f struct {
		Given []int64 `json:"given_agent_ids"`
	}
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return fmt.Errorf("read %s: %w", e.Type, err)
	}
	agents := slices.DeleteFunc(f.Given, func(id int64) bool { return !byOthers(e, id) })
	if len(agents) == 0 {
		return nil
	}
	return s.tell(ctx, tx, e, news{Kind: TaskAssigned, ActorType: e.ActorType, ActorID: e.ActorID}, theseAgents(agents...))
}

// draftTaken tells the author of a shared draft whom it belongs to now. Sharing it
// and sharing it no more are their own doings.
func (s *Service) draftTaken(ctx context.Context, tx *db.Tx, e event.Event, f conversation.Fact) error {
	if !byOthers(e, f.Agent) {
		return nil
	}
	return s.tell(ctx, tx, e, news{Kind: DraftTaken, ActorType: e.ActorType, ActorID: e.ActorID}, theseAgents(f.Agent))
}

// answeredAside tells who looks after the conversation, and who had asked.
func (s *Service) answeredAside(ctx context.Context, tx *db.Tx, e event.Event, f conversation.Fact) error {
	if f.Automatic || f.History {
		return nil
	}
	return s.tell(ctx, tx, e, news{Kind: SideReply, Message: f.Message, ActorType: e.ActorType}, whoLooksAfter(e.Assignee).or(f.Agent))
}

func (s *Service) noted(ctx context.Context, tx *db.Tx, e event.Event, f conversation.Fact) error {
	if err := s.seen(ctx, tx, e, e.ActorID, f.Message); err != nil {
		return err
	}
	agents := slices.DeleteFunc(slices.Clone(f.Mentions), func(id int64) bool { return !byOthers(e, id) })
	if len(agents) == 0 {
		return nil
	}
	return s.tell(ctx, tx, e, news{Kind: Mention, Message: f.Message, ActorType: e.ActorType, ActorID: e.ActorID}, theseAgents(agents...))
}

func (s *Service) updated(ctx context.Context, tx *db.Tx, e event.Event, f conversation.Fact) error {
	if held(f) && e.ActorType == "agent" {
		return s.tell(ctx, tx, e, news{Kind: ReplyHeld, ActorType: "system"}, theseAgents(e.ActorID))
	}
	return s.assigned(ctx, tx, e, f)
}

// assigned tells the new assignee. Who has lost it again before they looked need not hear of it.
func (s *Service) assigned(ctx context.Context, tx *db.Tx, e event.Event, f conversation.Fact) error {
	if !handedOver(f) {
		return nil
	}
	if f.WasAssignee != 0 {
		if err := s.forget(ctx, tx, e.Conversation, Assigned, f.WasAssignee, 0); err != nil {
			return err
		}
	}
	if !byOthers(e, e.Assignee) {
		return nil
	}
	return s.tell(ctx, tx, e, news{Kind: Assigned, ActorType: e.ActorType, ActorID: e.ActorID}, theseAgents(e.Assignee))
}

// delivery tells the author of a reply that failed, until somebody sends it again.
func (s *Service) delivery(ctx context.Context, tx *db.Tx, e event.Event, f conversation.Fact) error {
	switch f.Delivery {
	case conversation.Failed:
		return s.tell(ctx, tx, e, news{Kind: ReplyFailed, Message: f.Message, ActorType: "system"}, authorOf(f.Message))
	case conversation.Queued:
		return s.forget(ctx, tx, e.Conversation, ReplyFailed, 0, f.Message)
	}
	return nil
}

// tell writes the notification and wakes the consoles of those who got it.
func (s *Service) tell(ctx context.Context, tx *db.Tx, e event.Event, n news, who audience) error {
	n.Conversation, n.At = e.Conversation, s.Now()
	n.MailAt = n.At.Add(s.MailDelay)
	agents, err := add(ctx, tx, n, who)
	if err != nil {
		return err
	}
	s.changed(tx, agents...)
	return s.pushTx(ctx, tx, n, agents)
}

// seen says that an agent has read the conversation up to a message.
func (s *Service) seen(ctx context.Context, tx *db.Tx, e event.Event, agent, message int64) error {
	if agent == 0 || e.ActorType != "agent" {
		return nil
	}
	return markSeen(ctx, tx, agent, e.Conversation, message, s.Now(), func() { s.changed(tx, agent) })
}

func (s *Service) forget(ctx context.Context, tx *db.Tx, conversation int64, k Kind, agent, message int64) error {
	agents, err := forgetUnread(ctx, tx, conversation, k, agent, message)
	if err != nil {
		return err
	}
	s.changed(tx, agents...)
	return nil
}
