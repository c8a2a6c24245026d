package translate_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/event"
	"github.com/deskbell/deskbell/internal/translate"
	"github.com/deskbell/deskbell/internal/translate/translatetest"
)

// box seals by putting the place in front, so that a test sees where it was.
type box struct{}

func (box) Seal(table, column string, _ int64, plain []byte) []byte {
	return append([]byte(table+"."+column+" "), plain...)
}

func (box) Open(table, column string, _ int64, sealed []byte) ([]byte, error) {
	if plain, found := strings.CutPrefix(string(sealed), table+"."+column+" "); found {
		return []byte(plain), nil
	}
	return nil, errors.New("sealed for another place")
}

type desk struct {
	*translate.Service
	t      *testing.T
	server *translatetest.Fake
	now    time.Time
}

func onBoth(t *testing.T, fn func(t *testing.T, k *desk)) {
	t.Helper()
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, newDesk(t, d, time.Minute)) })
}

func newDesk(t *testing.T, d *db.DB, patience time.Duration) *desk {
	t.Helper()
	k := &desk{t: t, server: translatetest.Start(), now: time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)}
	t.Cleanup(k.server.Close)
	now := func() time.Time { return k.now }
	feed := &event.Feed{Now: now}
	people := &customer.Service{DB: d, Feed: feed, Now: now}
	talks := &conversation.Service{DB: d, Feed: feed, Now: now, Customers: people,
		Inbox: func(context.Context, db.Queryer, int64) (conversation.InboxSettings, error) {
			return conversation.InboxSettings{Channel: "email", Address: "help@shop.example"}, nil
		}}
	k.Service = translate.New(translate.Config{DB: d, Now: now, Secrets: box{}, Conversations: talks, Customers: people, Patience: patience})
	err := d.Write(context.Background(), func(tx *db.Tx) error {
		for _, text := range []string{
			"INSERT INTO brand (id, name, created_at) VALUES (1, 'Shop', 0)",
			"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (1, 1, 'email', 'A', 'help@shop.example', 0)",
			"INSERT INTO inbox (id, brand_id, channel, name, address, created_at) VALUES (2, 1, 'email', 'B', 'sales@shop.example', 0)",
		} {
			if _, err := tx.Exec(context.Background(), text); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// anna sees inbox 1 alone.
func anna() context.Context {
	return access.With(context.Background(), &access.Actor{AgentID: 1, Name: "Anna", Locale: "en",
		Permissions: map[access.Permission]bool{access.ConversationsRead: true},
		Scope:       access.Scope{Agent: 1, Inboxes: map[int64]access.Level{1: access.Any}}})
}

// on names the fake as the server.
func (k *desk) on() {
	k.t.Helper()
	if _, err := k.Save(context.Background(), true, k.server.URL+"/", nil); err != nil {
		k.t.Fatal(err)
	}
}

// mail comes into an inbox; what comes back are its conversation and message.
func (k *desk) mail(inbox int64, text, html string) (conversationID, message int64) {
	k.t.Helper()
	var r conversation.Received
	err := k.DB.Write(context.Background(), func(tx *db.Tx) (err error) {
		r, err = k.Conversations.ReceiveTx(context.Background(), tx, conversation.Inbound{Inbox: inbox, Channel: "email", At: k.now,
			From: conversation.Person{Name: "Elif", Address: "elif@x.example"}, Subject: text, Text: text, HTML: html})
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return r.Conversation, r.Message
}

func kind(t *testing.T, err error, want errs.Kind, says string) {
	t.Helper()
	if !errs.Is(err, want) || !strings.Contains(errs.Sentence(err), says) {
		t.Errorf("got %v (%s), want %s %q", err, errs.KindOf(err), want, says)
	}
}

func TestAMessageIsTranslatedOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.on()
		id, message := k.mail(1, "Kargom nerede?", "")
		for range 2 {
			got, err := k.Message(anna(), id, message, "en")
			if err != nil || got.Text != "Where is my parcel?" || got.HTML != "" || got.From != "tr" || got.To != "en" {
				t.Fatalf("%+v, %v", got, err)
			}
		}
		if got, err := k.Message(anna(), id, message, "ja"); err != nil || got.Text != "荷物はどこですか。" {
			t.Errorf("%+v, %v", got, err)
		}
		if n := len(k.server.Asked()); n != 2 {
			t.Errorf("the server was asked %d times", n)
		}
		k.now = k.now.Add(11 * time.Minute)
		if _, err := k.Message(anna(), id, message, "en"); err != nil || len(k.server.Asked()) != 3 {
			t.Errorf("after eleven minutes: %v, %d", err, len(k.server.Asked()))
		}
	})
}

func TestOnlyWhatTheAgentSeesIsTranslated(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.on()
		mine, own := k.mail(1, "Kargom nerede?", "")
		hidden, other := k.mail(2, "Gizli", "")
		for name, of := range map[string][2]int64{"another inbox": {hidden, other}, "its message under mine": {mine, other}, "mine under it": {hidden, own}, "none": {999, 999}} {
			if _, err := k.Message(anna(), of[0], of[1], "en"); !errs.Is(err, errs.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		again, _ := k.mail(1, "Başka", "")
		if _, err := k.Message(anna(), again, own, "en"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a message of another conversation: %v", err)
		}
		if _, err := k.Written(anna(), hidden, translate.Text{Text: "Hello"}, "tr"); !errs.Is(err, errs.NotFound) {
			t.Errorf("a text in another inbox: %v", err)
		}
		if _, err := k.Offer(anna(), hidden); !errs.Is(err, errs.NotFound) {
			t.Errorf("what is offered in another inbox: %v", err)
		}
		if len(k.server.Asked()) != 0 {
			t.Errorf("the server saw %q", k.server.Asked())
		}
	})
}

func TestAWrittenTextKeepsItsFormAndIsSanitised(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.on()
		id, _ := k.mail(1, "Kargom nerede?", "")
		got, err := k.Written(anna(), id, translate.Text{HTML: "<p>It is on its way.</p><p><b>Bye</b></p>"}, "tr")
		if err != nil || got.HTML != "<p>Yolda.</p><p><b>tr: Bye</b></p>" || !strings.HasPrefix(got.Text, "Yolda.") {
			t.Errorf("%+v, %v", got, err)
		}
		k.server.Instead(answer(`{"translatedText":"<p onclick=\"x()\">Yolda<script>steal()</script></p><img src=\"https://evil.example/x.png\"><a href=\"javascript:x()\">a</a>"}`))
		got, err = k.Written(anna(), id, translate.Text{HTML: "<p>On its way</p>"}, "tr")
		if err != nil || got.From != "" {
			t.Fatalf("%+v, %v", got, err)
		}
		for _, bad := range []string{"script", "steal", "onclick", "javascript", ` src="https`} {
			if strings.Contains(got.HTML, bad) {
				t.Errorf("%q is in %s", bad, got.HTML)
			}
		}
		got, err = k.Written(anna(), id, translate.Text{Text: "Thanks <b>a lot</b>"}, "zh-TW")
		if err != nil || got.HTML != "" {
			t.Errorf("plain text: %+v, %v", got, err)
		}
	})
}

func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }
}

func status(code int, why string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		_, _ = w.Write([]byte(`{"error":"` + why + `"}`))
	}
}

func TestWhatAServerDoesWrongIsSaidInWords(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.on()
		id, _ := k.mail(1, "Kargom nerede?", "")
		for name, c := range map[string]struct {
			answer http.HandlerFunc
			kind   errs.Kind
			says   string
		}{
			"no JSON":         {answer("<html>secret parcel</html>"), errs.Unavailable, "no translation"},
			"another JSON":    {answer(`{"text":"secret parcel"}`), errs.Unavailable, "no translation"},
			"another type":    {answer(`{"translatedText":{"a":"secret parcel"}}`), errs.Unavailable, "no translation"},
			"nothing":         {answer(`{"translatedText":""}`), errs.Unavailable, "no translation"},
			"too much":        {answer(`{"translatedText":"` + strings.Repeat("a", 3<<20) + `"}`), errs.Unavailable, "no translation"},
			"slow down":       {status(429, "Slowdown: 30 per 1 minute"), errs.Unavailable, "too many requests"},
			"banned":          {status(403, "Too many request limits violations"), errs.Unavailable, "too many requests"},
			"another key":     {status(403, "Invalid API key"), errs.Unavailable, "another key"},
			"a key":           {status(400, "Please contact the server operator to get an API key"), errs.Unavailable, "another key"},
			"shorter":         {status(400, "Invalid request: request (5000) exceeds text limit (2000)"), errs.TooLarge, "as long as this"},
			"other languages": {status(400, "uk is not supported"), errs.Invalid, "between these languages"},
			"elsewhere":       {status(301, ""), errs.Unavailable, "another address"},
			"broken":          {status(500, "Cannot translate text: secret parcel"), errs.Unavailable, "failed (500)"},
			"hangs up":        {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, errs.Unavailable, "does not answer"},
		} {
			k.server.Instead(c.answer)
			_, err := k.Written(anna(), id, translate.Text{Text: "My secret parcel"}, "tr")
			if !errs.Is(err, c.kind) || !strings.Contains(errs.Sentence(err), c.says) {
				t.Errorf("%s: %v (%s)", name, err, errs.KindOf(err))
			}
			var e *errs.Error
			if c.kind == errs.Unavailable && (!errors.As(err, &e) || e.Type != "urn:deskbell:problem:translation-away") {
				t.Errorf("%s: the console takes it for ours: %+v", name, e)
			}
			if strings.Contains(err.Error(), "secret parcel") {
				t.Errorf("%s: the customer's text is in the error %v", name, err)
			}
		}
	})
}

func TestAServerThatIsSlowIsLeft(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d, 200*time.Millisecond)
		k.on()
		id, _ := k.mail(1, "Kargom nerede?", "")
		k.server.Instead(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"translatedText":"`))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		})
		_, err := k.Written(anna(), id, translate.Text{Text: "Hello"}, "tr")
		kind(t, err, errs.Unavailable, "too long to answer")
	})
}

func TestTextsHaveALength(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.on()
		id, _ := k.mail(1, "Kargom nerede?", "")
		if _, err := k.Written(anna(), id, translate.Text{Text: strings.Repeat("ğ", translate.MaxText)}, "en"); err != nil {
			t.Errorf("the longest: %v", err)
		}
		_, err := k.Written(anna(), id, translate.Text{Text: strings.Repeat("ğ", translate.MaxText+1)}, "en")
		kind(t, err, errs.TooLarge, "50,000")
		_, err = k.Written(anna(), id, translate.Text{HTML: "<p> </p>"}, "en")
		kind(t, err, errs.Invalid, "nothing to translate")
		_, err = k.Written(anna(), id, translate.Text{Text: "Hello"}, "turkish please")
		kind(t, err, errs.Invalid, "by its code")
		_, err = k.Written(anna(), id, translate.Text{Text: "Hello"}, "qq")
		kind(t, err, errs.Invalid, "language qq")
		long, message := k.mail(1, "Kargom nerede?", "<p>Kargom nerede?</p>"+strings.Repeat("<p><br></p>", 10_000))
		if got, err := k.Message(anna(), long, message, "en"); err != nil || got.Text != "Where is my parcel?" {
			t.Errorf("a mail of much HTML and few words: %+v, %v", got, err)
		}
	})
}

func TestWithoutAServerTheOperationSaysSo(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		id, message := k.mail(1, "Kargom nerede?", "")
		if o, err := k.Offer(anna(), id); err != nil || o.Enabled {
			t.Errorf("%+v, %v", o, err)
		}
		_, err := k.Message(anna(), id, message, "en")
		kind(t, err, errs.Conflict, "not set up")
		nowhere, err := translatetest.Nowhere()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := k.Save(context.Background(), true, nowhere, nil); err != nil {
			t.Fatal(err)
		}
		_, err = k.Message(anna(), id, message, "en")
		kind(t, err, errs.Unavailable, "does not answer")
		if _, err := k.Save(context.Background(), true, "http://169.254.169.254", nil); err != nil {
			t.Fatal(err)
		}
		_, err = k.Message(anna(), id, message, "en")
		kind(t, err, errs.Unavailable, "where no service")
	})
}

func TestTheCustomersLanguageIsOffered(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.on()
		id, _ := k.mail(1, "Merhaba, siparişim hâlâ gelmedi. Kargom nerede, ne zaman gelir?", "")
		if o, err := k.Offer(anna(), id); err != nil || !o.Enabled || o.Customer != "tr" {
			t.Errorf("%+v, %v", o, err)
		}
	})
}

func TestAKeyGoesToItsServerAlone(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		ctx := audit.By(context.Background(), audit.Who{Agent: 1, Name: "Olga"})
		k.server.WantKey("veryhidden")
		id, message := k.mail(1, "Kargom nerede?", "")
		if s, err := k.Save(ctx, true, k.server.URL, new("veryhidden")); err != nil || !s.KeySet {
			t.Fatalf("%+v, %v", s, err)
		}
		if _, err := k.Message(anna(), id, message, "en"); err != nil {
			t.Errorf("with the key: %v", err)
		}
		if s, err := k.Save(ctx, true, k.server.URL+"/sub", nil); err != nil || !s.KeySet {
			t.Errorf("another path of the same server: %+v, %v", s, err)
		}
		_, err := k.Save(ctx, true, "http://other.example", nil)
		kind(t, err, errs.Invalid, "Enter the key again")
		_, err = k.Test(ctx, "http://other.example", nil)
		kind(t, err, errs.Invalid, "Enter the key again")
		for _, address := range []string{"", "translate", "ftp://x.example", "http://", "http://u:p@x.example", "http://x.example/?q=1", "http://x.example/#a", "javascript:alert(1)"} {
			if _, err := k.Save(ctx, true, address, nil); !errs.Is(err, errs.Invalid) {
				t.Errorf("the address %q: %v", address, err)
			}
		}
		rows, err := audit.List(ctx, k.DB, audit.Filter{}, 10)
		if err != nil || len(rows) != 2 || rows[0].Action != "settings.translation" {
			t.Fatalf("%+v, %v", rows, err)
		}
		if s, err := k.Save(ctx, true, k.server.URL, new("")); err != nil || s.KeySet {
			t.Errorf("taken away: %+v, %v", s, err)
		}
	})
}

func TestATestSaysWhatIsWrong(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		ctx := context.Background()
		out, err := k.Test(ctx, k.server.URL, nil)
		if err != nil || out.Trouble.Format != "" || len(out.Languages) != 6 {
			t.Errorf("%+v, %v", out, err)
		}
		k.server.WantKey("k")
		if out, err = k.Test(ctx, k.server.URL, new("wrong")); err != nil || !strings.Contains(out.Trouble.String(), "another key") {
			t.Errorf("%+v, %v", out, err)
		}
		if out, err = k.Test(ctx, k.server.URL+"/nowhere", nil); err != nil || !strings.Contains(out.Trouble.String(), "no translation") {
			t.Errorf("%+v, %v", out, err)
		}
		if s, err := k.Get(ctx); err != nil || s.Enabled || s.Address != "" {
			t.Errorf("a test saved %+v, %v", s, err)
		}
	})
}

func TestTheKeyIsSealedAgain(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		if _, err := k.Save(context.Background(), true, k.server.URL, new("k")); err != nil {
			t.Fatal(err)
		}
		n := 0
		err := k.DB.Write(context.Background(), func(tx *db.Tx) error {
			return translate.ResealTx(context.Background(), tx, func(table, column string, row int64, sealed []byte) []byte {
				n++
				plain, err := box{}.Open(table, column, row, sealed)
				if err != nil {
					return nil
				}
				return box{}.Seal(table, column, row, append(plain, '2'))
			})
		})
		k.server.WantKey("k2")
		out, tested := k.Test(context.Background(), k.server.URL, nil)
		if err != nil || n != 1 || tested != nil || out.Trouble.Format != "" {
			t.Errorf("%v, %d, %+v, %v", err, n, out, tested)
		}
	})
}

func TestPicturesElsewhereStillWait(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		k.on()
		id, _ := k.mail(1, "Kargom nerede?", "")
		got, err := k.Written(anna(), id, translate.Text{HTML: `<p>It is on its way.</p><img alt="x" data-remote-src="https://x.example/a.png">`}, "tr")
		if err != nil || !strings.Contains(got.HTML, `data-remote-src="https://x.example/a.png"`) || strings.Contains(got.HTML, ` src=`) {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
