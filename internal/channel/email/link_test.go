package email

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/secret"
)

func testKeys(t *testing.T) *secret.Keys {
	t.Helper()
	var b [32]byte
	rand.Read(b[:])
	k, err := secret.Parse(hex.EncodeToString(b[:]))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// file puts bytes into the blob store as a file of a message.
func (k *desk) file(t *testing.T, id int64, name, content string, size int64) conversation.Attachment {
	t.Helper()
	w, err := k.blobs.Create(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, content); err != nil {
		t.Fatal(err)
	}
	if err := w.Commit(); err != nil {
		t.Fatal(err)
	}
	return conversation.Attachment{ID: id, Name: name, ContentType: "text/html", Size: size, BlobKey: w.Key()}
}

func TestALargeFileGoesAsALinkInTheCustomersLanguage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p := newDesk(t, d), newProvider(t)
		s := k.sendThrough(t, p, "")
		s.Links = &Links{Keys: testKeys(t), URL: "https://desk.example", Conversations: k.talks, Blobs: k.blobs, Now: k.clock.Now, Log: slog.New(slog.DiscardHandler)}
		k.queueMessage(t, 1, "carl@example.test")
		o := k.talks.out[1]
		o.Quote.Text = "Доброго дня, скажіть, будь ласка, коли приїде моє замовлення і чи можна змінити адресу?"
		o.Attachments = []conversation.Attachment{k.file(t, 11, "small.txt", "small", 5), k.file(t, 12, "фільм <1>.html", "<script>large</script>", 16<<20)}
		k.talks.out[1] = o
		k.deliver(t, s)
		raw := p.taken()[0].raw
		plain := decoded(raw)
		if strings.Contains(plain, "<script>large") || !strings.Contains(plain, "small.txt") || !strings.Contains(plain, "завеликі для листа") {
			t.Fatalf("the mail is\n%s", plain)
		}
		found := regexp.MustCompile(`https://desk\.example(/files/[\w.-]+)`).FindStringSubmatch(plain)
		if found == nil {
			t.Fatalf("there is no link in\n%s", plain)
		}
		mux := http.NewServeMux()
		mux.HandleFunc("GET /files/{token}", s.Links.page)
		mux.HandleFunc("GET /files/{token}/download", s.Links.download)
		get := func(path, lang string) *httptest.ResponseRecorder {
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("Accept-Language", lang)
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			return w
		}
		for lang, want := range map[string]string{"": "Завантажити", "tr-TR,tr;q=0.9": "İndir", "ja": "ダウンロード", "de, en;q=0.5": "Download"} {
			if w := get(found[1], lang); w.Code != 200 || !strings.Contains(w.Body.String(), want) || strings.Contains(w.Body.String(), "<1>") {
				t.Errorf("in %q: %d\n%s", lang, w.Code, w.Body)
			}
		}
		w := get(found[1]+"/download", "")
		if w.Code != 200 || w.Body.String() != "<script>large</script>" || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") ||
			w.Header().Get("Content-Type") != "application/octet-stream" || !strings.Contains(w.Header().Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("download: %d %v", w.Code, w.Header())
		}
		other := s.Links.address(2, 12, "en", k.clock.Now().Add(time.Hour)) // a file of another message
		for _, path := range []string{strings.TrimPrefix(other, "https://desk.example"), "/files/nonsense", found[1] + "x"} {
			if w := get(path+"/download", ""); w.Code != 404 {
				t.Errorf("%s: %d", path, w.Code)
			}
		}
		k.clock.Add(LinkLife + time.Minute)
		if w := get(found[1], "en"); w.Code != 404 || !strings.Contains(w.Body.String(), "30 days") {
			t.Errorf("after thirty days: %d\n%s", w.Code, w.Body)
		}
		limited := false
		for range 40 {
			limited = limited || get(found[1], "en").Code == 429
		}
		if !limited {
			t.Error("one address asked forty times at once and was not slowed down")
		}
	})
}

// decoded is the mail with its parts readable.
func decoded(raw string) string {
	m, err := parseText(raw)
	if err != nil {
		return raw
	}
	return m
}

func TestOnlyFilesAboveTheLimitLeaveTheMail(t *testing.T) {
	t.Parallel()
	l := &Links{Keys: testKeys(t), URL: "https://desk.example/"}
	file := func(id, mb int64) conversation.Attachment {
		return conversation.Attachment{ID: id, Size: mb << 20, ContentID: fmt.Sprintf("file%d@x", id)}
	}
	for name, c := range map[string]struct {
		limit int
		html  string
		files []conversation.Attachment
		want  []int64
	}{
		"small files stay":       {0, "", []conversation.Attachment{file(1, 5), file(2, 5)}, nil},
		"a large one goes":       {0, "", []conversation.Attachment{file(1, 5), file(2, 20)}, []int64{2}},
		"together too large":     {0, "", []conversation.Attachment{file(1, 8), file(2, 9)}, []int64{2}},
		"never":                  {-1, "", []conversation.Attachment{file(1, 40)}, nil},
		"a limit of their own":   {2, "", []conversation.Attachment{file(1, 3)}, []int64{1}},
		"a picture stays inside": {1, `<img data-cid="file1@x">`, []conversation.Attachment{file(1, 3), file(12, 3)}, []int64{12}},
	} {
		out := l.split(&inbox.Inbox{Sending: inbox.Sending{LinkOverMB: c.limit}}, &conversation.Outgoing{Message: 1, HTML: c.html, Attachments: c.files}, time.Now())
		var got []int64
		for _, f := range out.list {
			got = append(got, f.ID)
		}
		if len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
