package search_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/search"
)

func TestWordsAreFoundInFourLanguages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		mails := []struct{ subject, text string }{
			{"Where is my parcel?", "I ordered two jackets, order #AB-10234, and they were delivered broken."},
			{"返品について", "東京から注文した商品が届きません。返金してください。"},
			{"İade", "Siparişim ISPARTA'dan gelmedi, iadeyi nasıl yaparım? Kargo çok geç."},
			{"Повернення товару", "Доброго дня! Де моя посилка? Я замовляла сукню, об'єм не підійшов."},
			{"Invoice", "Please send it to Anna.Larsen+shop@Example.COM or call +44 20 7946 0958."},
		}
		for _, m := range mails {
			k.receive(1, m.subject, m.text)
		}
		for query, want := range map[string][]int64{
			"jacket": {1}, "JACKETS": {1}, "deliver": {1}, "AB-10234": {1}, "ab10234": {1}, "10234": {1}, "jack": {1},
			"broken parcel": {1}, `"two jackets"`: {1}, `"jackets two"`: nil, "where": {1},
			"東京": {2}, "返金": {2}, "届き": {2}, "商品": {2}, "返品": {2}, "大阪": nil,
			"ısparta": {3}, "isparta": {3}, "ISPARTA": {3}, "İSPARTA": {3}, "iade": {3}, "siparis": {3}, "sipariş": {3}, "gec": {3},
			"посилку": {4}, "посилки": {4}, "сукня": {4}, "обʼєм": {4}, "повернення": {4}, "товари": {4},
			"anna.larsen+shop@example.com": {5}, "larsen": {5}, "+44 20 7946 0958": {5}, "442079460958": {5},
			"carla": {5, 4, 3, 2, 1}, "nothing": nil, "jacket isparta": nil, "!!!": nil, "#3": {3},
		} {
			if got := k.ids(admin, query); !slices.Equal(got, want) {
				t.Errorf("%q finds %v, want %v", query, got, want)
			}
		}
	})
}

func TestAResultShowsWhereItMatches(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.receive(1, "Broken <b>lamp</b>", "The lamp & its shade arrived <script>broken</script>.", func(in *conversation.Inbound) {
			in.Attachments = []conversation.NewAttachment{{Name: "rechnung.pdf", BlobKey: "x"}}
		})
		for query, want := range map[string]string{
			"shade":        "message 1 The lamp &amp; its <mark>shade</mark> arrived &lt;script&gt;broken&lt;/script&gt;.",
			"lamp broken":  "message 1 The <mark>lamp</mark> &amp; its shade arrived &lt;script&gt;<mark>broken</mark>&lt;/script&gt;.",
			"rechnung.pdf": "message 1 <mark>rechnung.pdf</mark>",
			"#1":           "conversation 1 #<mark>1</mark> Broken &lt;b&gt;lamp&lt;/b&gt;",
			"carla1":       "customer 1 <mark>carla1</mark>@mail.example",
			"b":            "conversation 1 Broken &lt;<mark>b</mark>&gt;lamp&lt;/<mark>b</mark>&gt;",
		} {
			items := k.find(admin, query)
			var got []string
			for _, it := range items {
				got = append(got, fmt.Sprintf("%s %d %s", it.Type, it.ID, it.Snippet))
			}
			if !slices.Contains(got, want) {
				t.Errorf("%q:\n got %q\nwant %q", query, got, want)
			}
		}
		if it := k.find(admin, "shade")[0]; it.Title != "Broken <b>lamp</b>" || !it.At.Equal(noon.Add(time.Second)) {
			t.Errorf("%+v", it)
		}
	})
}

func TestRepliesAndNotesAreFoundAndUndoneOnesForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		c := k.receive(1, "Question", "Hello").Conversation
		if _, err := k.conversations.Note(admin, c, conversation.NewNote{Text: "a wonderful zebra"}, nil); err != nil {
			t.Fatal(err)
		}
		m, err := k.conversations.Reply(admin, c, conversation.NewReply{Text: "Take a giraffe instead.", Undo: 10 * time.Second}, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(k.ids(admin, "zebra")) != 1 || len(k.ids(admin, "giraffe")) != 1 {
			t.Fatal("a note or reply is not found")
		}
		if _, err := k.conversations.Undo(admin, m.ID); err != nil {
			t.Fatal(err)
		}
		if len(k.ids(admin, "giraffe")) != 0 {
			t.Error("an undone reply is found")
		}
		subject := "Elephants"
		if _, err := k.conversations.Update(admin, c, conversation.Change{Subject: &subject}); err != nil {
			t.Fatal(err)
		}
		if len(k.ids(admin, "elephant")) != 1 || len(k.ids(admin, "question")) != 0 {
			t.Error("the subject of before is found, or the new one is not")
		}
		trash := conversation.Trash
		if _, err := k.conversations.Update(admin, c, conversation.Change{Status: &trash}); err != nil {
			t.Fatal(err)
		}
		if len(k.ids(admin, "zebra")) != 0 {
			t.Error("trash is searched")
		}
	})
}

func TestWhatStandsAsideIsFoundWithItsOwnSubjectByWhoSeesTheConversation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		c := k.receive(1, "Question", "Hello").Conversation
		side, m, err := k.conversations.StartSide(admin, c, conversation.NewSide{Subject: "Parcel 4711", NewReply: conversation.NewReply{Text: "Where is the zebra?",
			To: []conversation.Person{{Address: "courier@x.example"}}, Undo: 10 * time.Second}}, nil)
		if err != nil {
			t.Fatal(err)
		}
		k.receive(1, "Re: Parcel 4711", "It met an elephant.", func(in *conversation.Inbound) { in.ThreadIDs = []string{m.RFCID} })
		for _, words := range []string{"zebra", "elephant", "4711"} {
			found := k.find(as(bob, access.Scope{Inboxes: map[int64]access.Level{1: access.Any}}), words)
			if len(found) == 0 || found[0].Type != search.Message || found[0].Side != side.ID || found[0].Conversation != c || !strings.Contains(found[0].Title, "Parcel 4711") {
				t.Errorf("%q finds %+v", words, found)
			}
			if found := k.find(as(bob, access.Scope{Inboxes: map[int64]access.Level{2: access.Any}}), words); len(found) != 0 {
				t.Errorf("%q is found by somebody who does not see the conversation: %+v", words, found)
			}
		}
		if _, err := k.conversations.Undo(admin, m.ID); err != nil {
			t.Fatal(err)
		}
		if len(k.find(admin, "zebra")) != 0 || len(k.find(admin, "question")) != 1 {
			t.Error("a message that was taken back is found, or the conversation is not")
		}
	})
}

func TestNobodyFindsWhatTheyMayNotSee(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		type place struct{ inbox, team, assignee int64 }
		var all []place
		for inbox := int64(1); inbox <= 3; inbox++ {
			for _, p := range []place{{inbox, 0, 0}, {inbox, 1, 0}, {inbox, 0, ann}, {inbox, 0, bob}, {inbox, 0, 0}, {inbox, 0, 0}} {
				k.receive(inbox, "Parcel", "zebra")
				all = append(all, p)
				k.exec(fmt.Sprintf("UPDATE conversation SET team_id = NULLIF(%d, 0), assignee_id = NULLIF(%d, 0) WHERE id = %d", p.team, p.assignee, len(all)))
			}
		}
		// Bob follows and was mentioned in the last two of each inbox.
		k.exec(`INSERT INTO conversation_follower (conversation_id, agent_id, reason, at) SELECT id, 2, 'follow', 0 FROM conversation WHERE id % 6 = 5`,
			`INSERT INTO conversation_follower (conversation_id, agent_id, reason, at) SELECT id, 2, 'mention', 0 FROM conversation WHERE id % 6 = 0`)
		for _, scope := range []access.Scope{
			{}, {Inboxes: map[int64]access.Level{1: access.Any}},
			{Inboxes: map[int64]access.Level{1: access.Own, 2: access.Own, 3: access.Own}},
			{Inboxes: map[int64]access.Level{1: access.Team, 3: access.Any}, Teams: []int64{1}},
			{Inboxes: map[int64]access.Level{2: access.None}},
		} {
			for _, agent := range []int64{ann, bob} {
				ctx := as(agent, scope)
				a := access.From(ctx)
				var want []int64
				for i := len(all); i > 0; i-- {
					p := all[i-1]
					if a.Scope.Sees(p.inbox, p.team, p.assignee) || p.assignee == agent || agent == bob && i%6 == 5 || agent == bob && i%6 == 0 {
						want = append(want, int64(i))
					}
				}
				if got := k.ids(ctx, "zebra"); !slices.Equal(got, want) {
					t.Errorf("%+v finds %v, want %v", a.Scope, got, want)
				}
				got, _, err := k.Conversations(ctx, "zebra", 100)
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("%+v leads to %v, want %v (%v)", a.Scope, got, want, err)
				}
				customers := 0
				for _, it := range k.find(ctx, "carla") {
					if it.Type == search.Customer {
						customers++
					}
				}
				if customers != len(want) {
					t.Errorf("%+v finds %d customers, want %d", a.Scope, customers, len(want))
				}
			}
		}
		if _, _, err := k.Find(context.Background(), search.Request{Query: "zebra"}, nil, 10); !errs.Is(err, errs.Unauthorized) {
			t.Errorf("a stranger gets %v", err)
		}
	})
}

func TestPagesFollowEachOtherNewestFirst(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for i := range 40 {
			k.receive(1+int64(i%2), "Zebra", "zebra", func(in *conversation.Inbound) {
				in.At = noon.Add(-time.Duration(i/4) * time.Hour) // several in the same millisecond
			})
		}
		for _, ctx := range []context.Context{admin, as(bob, access.Scope{Inboxes: map[int64]access.Level{1: access.Any}})} {
			var all []search.Item
			var before *search.Place
			for range 100 {
				items, next, err := k.Find(ctx, search.Request{Query: "zeb"}, before, 7)
				if err != nil {
					t.Fatal(err)
				}
				all = append(all, items...)
				if before = next; next == nil {
					break
				}
			}
			seen := map[int64]bool{}
			for i, it := range all {
				if seen[it.ID] || i > 0 && it.At.After(all[i-1].At) {
					t.Fatalf("item %d repeats or is out of order: %+v", i, it)
				}
				seen[it.ID] = true
			}
			if want := map[bool]int{true: 40, false: 20}[ctx == admin]; len(all) != want {
				t.Errorf("%d items, want %d", len(all), want)
			}
		}
	})
}

func TestDocumentsOfAnOlderAnalyzerAreMadeAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for range 5 {
			k.receive(1, "Zebra", "giraffe")
		}
		k.exec("UPDATE search_document SET analyzer = 0 WHERE message_id % 2 = 1", "DELETE FROM message WHERE id = 4 AND 1 = 0")
		total := 0
		for range 10 {
			n, err := k.Reindex(context.Background(), 2)
			if err != nil {
				t.Fatal(err)
			}
			if total += n; n == 0 {
				break
			}
		}
		if total != 5 {
			t.Errorf("looked at %d documents, want 5", total)
		}
		var old int
		if err := d.QueryRow(context.Background(), "SELECT COUNT(*) FROM search_document WHERE analyzer = 0").Scan(&old); err != nil || old != 0 {
			t.Errorf("%d are old (%v)", old, err)
		}
		if got := len(k.ids(admin, "giraffe")); got != 5 {
			t.Errorf("%d are found, want 5", got)
		}
	})
}

func TestForgottenMessagesAreNotFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		one, two := k.receive(1, "A", "zebra"), k.receive(1, "B", "zebra")
		k.write(func(tx *db.Tx) error { return k.ForgetTx(context.Background(), tx, one.Message, 999) })
		if got := k.ids(admin, "zebra"); !slices.Equal(got, []int64{two.Conversation}) {
			t.Errorf("found %v", got)
		}
	})
}

func TestAStrangeQueryIsAnsweredAndALongOneRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.receive(1, "A", "it's \\ 100% \"quoted\" — AND OR NOT NEAR(x) -y :* & | !")
		for _, q := range []string{"", " ", `"`, `""`, "' OR 1=1", "a AND", "NOT", "(", "*", ":*", "\\", "it's", "&|!", "\x00", "\xff\xfe", "100%", "<->",
			strings.Repeat("a ", 499), strings.Repeat("長", 1000), "\U0001F600", "a\u0301\u0301"} {
			if _, _, err := k.Find(admin, search.Request{Query: q}, nil, 10); err != nil {
				t.Errorf("%q: %v", q, err)
			}
		}
		if _, _, err := k.Find(admin, search.Request{Query: strings.Repeat("я", 1001)}, nil, 10); !errs.Is(err, errs.Invalid) {
			t.Errorf("a long query: %v", err)
		}
	})
}

func TestMailWithoutASaneDateIsFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for _, year := range []int{1, 1900, 2026, 9999} {
			k.receive(1, "A", "zebra", func(in *conversation.Inbound) { in.At = time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) })
		}
		if got := k.ids(admin, "zebra"); !slices.Equal(got, []int64{4, 3, 2, 1}) {
			t.Errorf("found %v", got)
		}
	})
}

func TestMessagesOfOneMomentWhoseNumbersEndAlikeAreAllFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		r := k.receive(1, "Teapot", "porcelain")
		const alike = 1 << 20 // as many messages later the key of a document begins anew
		k.exec(fmt.Sprintf(`INSERT INTO message (id, conversation_id, origin_conversation_id, kind, author_type, author_id, text, created_at)
			SELECT id + %d, conversation_id, conversation_id, 'note', 'agent', 1, 'earthenware', created_at FROM message WHERE id = %d`, alike, r.Message))
		k.exec(fmt.Sprintf(`INSERT INTO message (id, conversation_id, origin_conversation_id, kind, author_type, author_id, text, created_at)
			SELECT id + %d, conversation_id, conversation_id, 'note', 'agent', 1, 'stoneware', created_at FROM message WHERE id = %d`, 2*alike, r.Message))
		k.write(func(tx *db.Tx) error {
			return errors.Join(k.IndexTx(context.Background(), tx, r.Message+alike), k.IndexTx(context.Background(), tx, r.Message+2*alike))
		})
		for _, word := range []string{"porcelain", "earthenware", "stoneware"} {
			if got := k.ids(admin, word); !slices.Equal(got, []int64{r.Conversation}) {
				t.Errorf("%s: %v", word, got)
			}
		}
	})
}
