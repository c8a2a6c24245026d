package conversation_test

import (
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func TestFollowersAreListedOnceWithWhyTheyHear(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		r := k.receive(mail("c@x.example", "a@x", "Where is my parcel?"))
		if list, err := k.Followers(as(anna), r.Conversation); err != nil || len(list) != 0 {
			t.Fatal(list, err)
		}
		if err := k.Follow(as(anna), r.Conversation, true); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Note(as(anna), r.Conversation, conversation.NewNote{Text: "Look", Mentions: []int64{anna, ben}}, nil); err != nil {
			t.Fatal(err)
		}
		list, err := k.Followers(as(anna), r.Conversation)
		if err != nil || len(list) != 2 || !list[0].Follows || !list[0].Mentioned || list[1].Follows || !list[1].Mentioned {
			t.Fatalf("%+v, %v", list, err)
		}
		if err := k.Follow(as(anna), r.Conversation, false); err != nil {
			t.Fatal(err)
		}
		if list, _ = k.Followers(as(anna), r.Conversation); len(list) != 2 || list[0].Follows {
			t.Errorf("%+v", list)
		}
	})
}
