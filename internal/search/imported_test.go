package search_test

import (
	"context"
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestImportedConversationsAreFoundAtTheirTime(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.conversations.Imported = k.Service.Imported
		recent := k.receive(1, "A mug", "The handle is loose.").Conversation
		old := noon.AddDate(0, -3, 0)
		var id int64
		k.write(func(tx *db.Tx) (err error) {
			id, err = k.conversations.ImportTx(context.Background(), tx, conversation.History{
				Inbox: 2, Customer: conversation.Person{Name: "Grace", Address: "grace@mail.example"}, Subject: "Ceramics",
				Messages: []conversation.HistoryMessage{
					{Kind: conversation.KindInbound, At: old, Text: "Two mugs broke.",
						Attachments: []conversation.NewAttachment{{Name: "shards.png", ContentType: "image/png", BlobKey: "k"}}},
					{Kind: conversation.KindEvent, At: old, EventName: conversation.EventAssigned, EventData: map[string]int{}},
					{Kind: conversation.KindNote, At: old, Agent: ann, Text: "Refund approved"},
				},
			})
			return err
		})
		for query, want := range map[string][]int64{"mug": {recent, id}, "ceramics": {id}, "shards": {id}, "refund": {id}, "grace": {id}} {
			if got := k.ids(admin, query); len(got) < len(want) || got[0] != want[0] || got[len(want)-1] != want[len(want)-1] {
				t.Errorf("%s finds %v, not %v", query, got, want)
			}
		}
		fenced := as(bob, access.Scope{Inboxes: map[int64]access.Level{1: access.Any}})
		if got := k.ids(fenced, "ceramics"); len(got) != 0 {
			t.Errorf("bob finds %v in an inbox that he does not see", got)
		}
	})
}
