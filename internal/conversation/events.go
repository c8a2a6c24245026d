package conversation

import (
	"context"
	"encoding/json"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/event"
)

// What the package publishes.
const (
	Created         event.Type = "conversation.created"
	Updated         event.Type = "conversation.updated"
	Deleted         event.Type = "conversation.deleted"
	WasMerged       event.Type = "conversation.merged"   // of the one that has the messages now
	WasUnmerged     event.Type = "conversation.unmerged" // of the one that has its messages again
	WasSplit        event.Type = "conversation.split"    // of the one that was split off
	Read            event.Type = "conversation.read"
	MessageReceived event.Type = "message.received"
	MessageQueued   event.Type = "message.queued"
	SentElsewhere   event.Type = "message.sent_elsewhere"
	MessageUndone   event.Type = "message.undone"
	DeliveryChanged event.Type = "message.delivery_changed"
	NoteAdded       event.Type = "note.added"
	DraftChanged    event.Type = "draft.changed"
	DraftShared     event.Type = "draft.shared" // with colleagues, or not any more; by somebody else than the agent: they took it over
	SideReceived    event.Type = "side_conversation.message_received"
	SideQueued      event.Type = "side_conversation.message_queued"
	SideUndone      event.Type = "side_conversation.message_undone"
	SideChanged     event.Type = "side_conversation.changed"
)

// Fact is the data of the package's events; empty parts are left out.
type Fact struct {
	Message   int64         `json:"message_id,omitempty"`
	Ledger    int64         `json:"ledger_id,omitempty"`
	New       bool          `json:"new,omitempty"`       // message.received began the conversation
	Automatic bool          `json:"automatic,omitempty"` // no person wrote it
	History   bool          `json:"history,omitempty"`   // older than the connection of the mailbox
	Imported  bool          `json:"imported,omitempty"`  // conversation.created brought it in whole from elsewhere
	Shown     []int64       `json:"shown,omitempty"`     // inbound messages opened by an agent for the first time
	Answers   []int64       `json:"answers,omitempty"`   // inbound messages that this one answers
	Delivery  DeliveryState `json:"delivery,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	From      int64         `json:"from_conversation_id,omitempty"` // where the messages of a merge, an un-merge or a split come from
	Agent     int64         `json:"agent_id,omitempty"`             // whose draft or read mark changed
	Changed   []string      `json:"changed,omitempty"`              // names of attributes
	Version   int64         `json:"version,omitempty"`
	Mentions  []int64       `json:"mentions,omitempty"` // agents whom a note speaks to
	Side      int64         `json:"side_conversation_id,omitempty"`
	// Who lost sight of the conversation by this change still has to hear of it.
	WasTeam     int64 `json:"was_team_id,omitempty"`
	WasAssignee int64 `json:"was_assignee_id,omitempty"`
	WasInbox    int64 `json:"was_inbox_id,omitempty"`
}

func (s *Service) publish(ctx context.Context, tx *db.Tx, t event.Type, c *Conversation, actorType string, actor int64, f Fact) error {
	data, err := json.Marshal(f)
	if err != nil {
		return err
	}
	return s.Feed.Publish(ctx, tx, event.Event{
		Type: t, ActorType: actorType, ActorID: actor, Conversation: c.ID,
		Inbox: c.Inbox, Team: c.Team, Assignee: c.Assignee, Data: data,
	})
}
