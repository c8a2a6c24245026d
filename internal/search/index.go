package search

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/text"
)

// Reactions keep the index up to date inside the transactions of conversation.
func (s *Service) Reactions() []event.Reaction {
	on := []event.Type{conversation.MessageReceived, conversation.MessageQueued, conversation.SentElsewhere, conversation.MessageUndone,
		conversation.NoteAdded, conversation.Updated, conversation.WasMerged, conversation.WasUnmerged, conversation.WasSplit,
		conversation.SideReceived, conversation.SideQueued, conversation.SideUndone}
	return []event.Reaction{{Name: "search.index", On: on, Do: s.react}}
}

func (s *Service) react(ctx context.Context, tx *db.Tx, e event.Event) error {
	var f conversation.Fact
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return fmt.Errorf("read %s: %w", e.Type, err)
	}
	switch e.Type {
	case conversation.MessageUndone, conversation.SideUndone:
		return s.ForgetTx(ctx, tx, f.Message)
	case conversation.WasMerged, conversation.WasUnmerged:
		return s.conversationTx(ctx, tx, e.Conversation)
	case conversation.WasSplit:
		if err := s.conversationTx(ctx, tx, e.Conversation); err != nil {
			return err
		}
		return s.firstTx(ctx, tx, f.From)
	case conversation.Updated:
		if slices.Contains(f.Changed, "inbox_id") {
			return s.conversationTx(ctx, tx, e.Conversation)
		}
		if !slices.Contains(f.Changed, "subject") {
			return nil
		}
		return s.firstTx(ctx, tx, e.Conversation)
	}
	return s.IndexTx(ctx, tx, f.Message)
}

// conversationTx indexes all messages of a conversation anew: they came from
// another one, or are in another inbox.
func (s *Service) conversationTx(ctx context.Context, tx *db.Tx, id int64) error {
	list, err := messagesOf(ctx, tx, id)
	if err != nil {
		return err
	}
	for _, m := range list {
		if err := s.IndexTx(ctx, tx, m); err != nil {
			return err
		}
	}
	return nil
}

// firstTx indexes the message that carries the conversation's subject.
func (s *Service) firstTx(ctx context.Context, tx *db.Tx, conversation int64) error {
	first, err := firstMessage(ctx, tx, conversation)
	if err != nil || first == 0 {
		return err
	}
	return s.IndexTx(ctx, tx, first)
}

// IndexTx makes the message findable as it is now; one that does not exist, or
// is only a line of what happened, is passed over. It may be repeated.
func (s *Service) IndexTx(ctx context.Context, tx *db.Tx, message int64) (err error) {
	defer errs.Wrap(&err, "index message %d", message)
	d, ok, err := source(ctx, tx, message)
	if err != nil || !ok {
		return err
	}
	if d.doc != 0 {
		if err := remove(ctx, tx, d.doc); err != nil {
			return err
		}
	}
	texts := []string{d.subject, d.text, d.name, d.address}
	if d.first {
		texts = append(texts, strconv.FormatInt(d.origin, 10))
	}
	for _, f := range d.files {
		texts = append(texts, f.name)
	}
	for _, f := range d.files {
		texts = append(texts, f.text)
	}
	terms := s.analyzer(d.languages).Index(texts...).With(inInbox(d.inbox), inConversation(d.conversation))
	if err := s.readLater(ctx, tx, message, d.files); err != nil {
		return err
	}
	return insert(ctx, tx, message, d, terms)
}

// ForgetTx takes messages out of the index.
func (s *Service) ForgetTx(ctx context.Context, tx *db.Tx, messages ...int64) (err error) {
	defer errs.Wrap(&err, "take messages out of the index")
	for _, id := range messages {
		doc, err := documentOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if doc == 0 {
			continue
		}
		if err := remove(ctx, tx, doc); err != nil {
			return err
		}
	}
	return nil
}

// progress is the setting that says how far documents are known to be made by
// this version of the analyzer: "VERSION DOC", or "VERSION done".
const progress = "search.reindex"

// Reindex looks at up to limit documents and makes those again that an older
// version of the analyzer made. It reports how many it looked at; 0 means that
// there is nothing left to do. It is called in the background, by one node.
func (s *Service) Reindex(ctx context.Context, limit int) (n int, err error) {
	defer errs.Wrap(&err, "index messages again")
	state, err := db.Setting(ctx, s.DB, progress)
	if err != nil {
		return 0, err
	}
	version := strconv.Itoa(text.AnalyzerVersion)
	if state == version+" done" {
		return 0, nil
	}
	have, at, _ := strings.Cut(state, " ")
	after, err := strconv.ParseInt(at, 10, 64)
	if err != nil || have != version {
		after = 0
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := documents(ctx, tx, after, limit)
		if err != nil {
			return err
		}
		if n = len(list); n == 0 {
			return db.SetSetting(ctx, tx, progress, version+" done")
		}
		for _, d := range list {
			if d.analyzer != text.AnalyzerVersion {
				if err := s.again(ctx, tx, d); err != nil {
					return err
				}
			}
		}
		return db.SetSetting(ctx, tx, progress, version+" "+strconv.FormatInt(list[n-1].doc, 10))
	})
	return n, err
}

// again indexes the document's message; a document without one goes.
func (s *Service) again(ctx context.Context, tx *db.Tx, d document) error {
	if err := s.IndexTx(ctx, tx, d.message); err != nil {
		return err
	}
	now, err := documentOf(ctx, tx, d.message)
	if err != nil || now != d.doc {
		return err
	}
	still, err := isVersion(ctx, tx, d.doc, d.analyzer)
	if err != nil || !still {
		return err
	}
	return remove(ctx, tx, d.doc)
}
