package push

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/httpc"
)

// ErrGone says that the browser does not want messages any more (RFC 8030, section 7.3).
var ErrGone = errors.New("the subscription has ended")

// Subscription is a browser that can be told.
type Subscription struct {
	Endpoint string
	Public   []byte // P-256, uncompressed
	Secret   []byte // 16 bytes
}

// Check says what is wrong with what a browser gave.
func (s Subscription) Check() error {
	at, err := url.Parse(s.Endpoint)
	switch {
	case err != nil || at.Scheme != "https" || at.Host == "" || at.User != nil || len(s.Endpoint) > 2000:
		return errors.New("the endpoint is no https address")
	case len(s.Secret) != 16:
		return errors.New("the secret is not 16 bytes long")
	}
	_, err = Encrypt(nil, s.Public, s.Secret)
	return err
}

// Message is one word to a browser.
type Message struct {
	Payload []byte
	Topic   string        // a later message with the same one replaces it, at most 32 letters
	Keep    time.Duration // for a browser that is away
}

// Sender hands messages to push services.
type Sender struct {
	Client  *http.Client // nil = one that reaches public addresses alone
	Contact string
}

var public = httpc.Public(20 * time.Second)

// Send hands a message to the push service of a browser. [ErrGone] means: never again.
func (s Sender) Send(ctx context.Context, key *ecdsa.PrivateKey, to Subscription, m Message, now time.Time) error {
	body, err := Encrypt(m.Payload, to.Public, to.Secret)
	if err != nil {
		return err
	}
	who, err := Authorization(key, to.Endpoint, s.Contact, now)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to.Endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	for name, value := range map[string]string{"Authorization": who, "Content-Encoding": "aes128gcm", "Content-Type": "application/octet-stream",
		"TTL": strconv.Itoa(int(m.Keep.Seconds())), "Urgency": "high", "Topic": m.Topic} {
		if value != "" {
			r.Header.Set(name, value)
		}
	}
	client := s.Client
	if client == nil {
		client = public
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, 500)) // only for the log
	switch {
	case answer.StatusCode == http.StatusNotFound || answer.StatusCode == http.StatusGone:
		return ErrGone
	case answer.StatusCode/100 != 2:
		return fmt.Errorf("the push service of %s answered %d: %s", r.URL.Host, answer.StatusCode, strings.TrimSpace(string(said)))
	}
	return nil
}
