package notification_test

import (
	"context"
	"crypto/ecdh"
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/notification"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/push"
)

// service is a push service with one browser behind it, which reads what it is sent.
type service struct {
	*httptest.Server
	t      *testing.T
	key    *ecdh.PrivateKey
	secret []byte

	mu     sync.Mutex
	status int
	tries  int
	got    []string
}

func newService(t *testing.T) *service {
	t.Helper()
	s := &service{t: t, secret: make([]byte, 16), status: http.StatusCreated}
	s.key, _ = ecdh.P256().GenerateKey(rand.Reader)
	s.Server = httptest.NewTLSServer(s)
	t.Cleanup(s.Close)
	return s
}

func (s *service) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tries++
	body, _ := io.ReadAll(r.Body)
	plain, err := push.Decrypt(body, s.key, s.secret)
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Content-Encoding") != "aes128gcm" || r.Header.Get("TTL") == "" ||
		!strings.HasPrefix(r.Header.Get("Authorization"), "vapid t=") || len(r.Header.Get("Topic")) > 32 {
		s.t.Errorf("%v: %v %v", err, r.Method, r.Header)
	}
	if s.status == http.StatusCreated {
		s.got = append(s.got, string(plain))
	}
	w.WriteHeader(s.status)
}

func (s *service) take() (got []string, tries int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	got, tries = s.got, s.tries
	s.got, s.tries = nil, 0
	return got, tries
}

func (s *service) answer(status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.status = status
}

func (k *desk) pushes(t *testing.T) *service {
	t.Helper()
	s := newService(t)
	k.Push = push.Sender{Client: s.Client(), Contact: k.PublicURL}
	k.write("INSERT INTO session (id, token_hash, agent_id, created_at, last_seen_at, expires_at) VALUES (2, 'x', 2, 0, 0, 0)")
	k.must(k.Subscribe(as(ben), push.Subscription{Endpoint: s.URL + "/ben", Public: s.key.PublicKey().Bytes(), Secret: s.secret}))
	on := true
	_, err := k.SetSettings(as(ben), []notification.SettingChange{{Kind: notification.Mention, Push: &on}})
	k.must(err)
	return s
}

// push runs the pushes that are due once.
func (k *desk) push() int {
	k.t.Helper()
	n, err := k.Jobs.RunOnce(context.Background(), k.Kinds()[1])
	k.must(err)
	return n
}

func TestABrowserIsToldWithoutWordsUntilItsAgentAllowsThem(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		s := k.pushes(t)
		id, again := k.thread()
		k.note(anna, id, "@Ben the secret lamp", ben)
		again("not asked for")
		for k.push() > 0 {
		}
		got, _ := s.take()
		if len(got) != 1 || strings.Contains(got[0], "lamp") || strings.Contains(got[0], "Anna") || strings.Contains(got[0], "Parcel") ||
			!strings.Contains(got[0], `"url":"/conversations/1"`) || !strings.Contains(got[0], "You were mentioned.") {
			t.Errorf("%q", got)
		}
		k.must(k.SetRhythm(as(ben), notification.Rhythm{Mails: notification.Soon, PushWords: true}))
		k.note(anna, id, "@Ben the secret lamp", ben)
		k.push()
		if got, _ := s.take(); len(got) != 1 || !strings.Contains(got[0], "secret lamp") || !strings.Contains(got[0], "Anna mentioned you.") {
			t.Errorf("%q", got)
		}
	})
}

func TestNothingIsPushedInQuietHoursOrThatWasRead(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		s := k.pushes(t)
		id, _ := k.thread()
		k.note(anna, id, "@Ben", ben)
		k.must(k.talks.MarkRead(as(ben), id, 0))
		k.push()
		k.must(k.SetRhythm(as(ben), notification.Rhythm{Mails: notification.Soon, Quiet: true, QuietFrom: 0, QuietUntil: 1439}))
		k.note(anna, id, "@Ben", ben)
		k.push()
		if _, tries := s.take(); tries != 0 {
			t.Errorf("%d pushes", tries)
		}
	})
}

func TestASubscriptionEndsWithItsSessionAndWhenTheBrowserIsGone(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		s := k.pushes(t)
		count := func() (n int) {
			k.must(k.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM push_subscription").Scan(&n))
			return n
		}
		id, _ := k.thread()
		s.answer(http.StatusServiceUnavailable)
		k.note(anna, id, "@Ben", ben)
		for range 10 {
			k.push()
			k.now = k.now.Add(time.Minute)
		}
		if _, tries := s.take(); tries != 3 || count() != 1 {
			t.Errorf("%d tries, %d browsers", tries, count())
		}
		var dead int
		k.must(k.DB.QueryRow(context.Background(), "SELECT COUNT(*) FROM job WHERE kind = 'notification.push'").Scan(&dead))
		if dead != 0 {
			t.Error("a push that failed lies about")
		}
		s.answer(http.StatusGone)
		k.note(anna, id, "@Ben", ben)
		k.push()
		if _, tries := s.take(); tries != 1 || count() != 0 {
			t.Errorf("%d tries, %d browsers: it said that it is gone", tries, count())
		}
		k.must(k.Subscribe(as(ben), push.Subscription{Endpoint: s.URL + "/ben", Public: s.key.PublicKey().Bytes(), Secret: s.secret}))
		k.must(k.Subscribe(as(ben), push.Subscription{Endpoint: s.URL + "/ben2", Public: s.key.PublicKey().Bytes(), Secret: s.secret}))
		if count() != 1 {
			t.Errorf("%d browsers of one session", count())
		}
		k.write("DELETE FROM session WHERE id = 2")
		if count() != 0 {
			t.Error("the session has ended")
		}
		k.must(k.Unsubscribe(as(ben)))
		key := actor(ben)
		key.SessionID = 0
		if err := k.Subscribe(access.With(context.Background(), key), push.Subscription{}); !errs.Is(err, errs.Forbidden) {
			t.Errorf("a key: %v", err)
		}
	})
}

func TestTheKeyForPushServicesIsMadeOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, k *desk) {
		first, err := k.PushKey(context.Background())
		k.must(err)
		second, err := k.PushKey(context.Background())
		k.must(err)
		if !first.Equal(second) {
			t.Error("there are two")
		}
		var stored []byte
		k.must(k.DB.QueryRow(context.Background(), "SELECT secret FROM push_key").Scan(&stored))
		plain, _ := first.Bytes()
		if strings.Contains(string(stored), string(plain)) {
			t.Error("it is not sealed")
		}
	})
}
