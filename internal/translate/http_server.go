package translate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/httpc"
)

const (
	// maxAnswer holds a long text of which every letter became several and is escaped.
	maxAnswer = 2 << 20
	// atOnce bounds what one node asks of a server, and holds in memory for it.
	atOnce = 8
	// languagesFor is how long a server's languages are taken as known.
	languagesFor = 10 * time.Minute
)

// server speaks the contract of LibreTranslate
// (https://docs.libretranslate.com/guides/api_usage/).
type server struct {
	client *http.Client
	now    func() time.Time
	turns  chan struct{}

	mu    sync.Mutex
	known map[string]knownLanguages // by address
}

type knownLanguages struct {
	list  []Language
	until time.Time
}

func newServer(patience time.Duration, now func() time.Time) *server {
	return &server{client: httpc.Near(patience), now: now, turns: make(chan struct{}, atOnce), known: map[string]knownLanguages{}}
}

// asked is a request for a translation.
type asked struct {
	Q      string `json:"q"`
	Source string `json:"source"`
	Target string `json:"target"`
	Format string `json:"format"`
	Key    string `json:"api_key,omitempty"`
}

// said is the answer to it; Text is nil where the field is missing.
type said struct {
	Text     *string `json:"translatedText"`
	Detected struct {
		Language string `json:"language"`
	} `json:"detectedLanguage"`
}

func (s *server) translate(ctx context.Context, to at, what Text, language string) (out Translation, err error) {
	defer func() {
		var e *errs.Error
		if errors.As(err, &e) && e.Kind == errs.Unavailable {
			e.Type = serverAway
		}
	}()
	list, err := s.languages(ctx, to)
	if err != nil {
		return out, err
	}
	code := codeFor(list, language)
	if code == "" {
		return out, errs.InvalidFieldf("body.to", "The translation server does not know the language %s.", language)
	}
	q := asked{Q: what.body(), Source: "auto", Target: code, Format: "text", Key: to.key}
	if what.HTML != "" {
		q.Format = "html"
	}
	a, err := s.ask(ctx, to, q)
	if err != nil {
		return out, err
	}
	out = Translation{To: language}
	if languageTag.MatchString(a.Detected.Language) {
		out.From = a.Detected.Language
	}
	if out.Text, out.HTML = what.taken(*a.Text); strings.TrimSpace(out.Text) == "" {
		return out, errAnswer(nil)
	}
	return out, nil
}

// try does what a translation needs, and does not rely on what is known already.
func (s *server) try(ctx context.Context, to at) ([]Language, error) {
	s.forget(to)
	list, err := s.languages(ctx, to)
	if err != nil {
		return nil, err
	}
	q := asked{Q: "Good morning", Source: "auto", Target: list[0].Code, Format: "text", Key: to.key}
	for _, l := range list {
		if l.Code != "en" {
			q.Target = l.Code
			break
		}
	}
	_, err = s.ask(ctx, to, q)
	return list, err
}

func (s *server) forget(to at) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.known)
}

func (s *server) languages(ctx context.Context, to at) ([]Language, error) {
	s.mu.Lock()
	known, found := s.known[to.address]
	s.mu.Unlock()
	if found && s.now().Before(known.until) {
		return known.list, nil
	}
	var list []Language
	if err := s.call(ctx, http.MethodGet, to.address+"/languages", nil, &list); err != nil {
		return nil, err
	}
	if list = usable(list); len(list) == 0 {
		return nil, errAnswer(errors.New("no languages"))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.known)
	s.known[to.address] = knownLanguages{list, s.now().Add(languagesFor)}
	return list, nil
}

// usable leaves out what is no language.
func usable(list []Language) []Language {
	var out []Language
	for _, l := range list {
		if languageTag.MatchString(l.Code) && len(out) < 500 {
			if r := []rune(l.Name); len(r) > 100 {
				l.Name = string(r[:100])
			}
			out = append(out, l)
		}
	}
	return out
}

func (s *server) ask(ctx context.Context, to at, q asked) (a said, err error) {
	body, err := json.Marshal(q)
	if err != nil {
		return a, err
	}
	if err := s.call(ctx, http.MethodPost, to.address+"/translate", body, &a); err != nil {
		return a, err
	}
	if a.Text == nil {
		return a, errAnswer(errors.New("no translatedText"))
	}
	return a, nil
}

// call takes a turn and reads one answer.
func (s *server) call(ctx context.Context, method, address string, body []byte, into any) error {
	select {
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	r, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return errAway(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	answer, err := s.client.Do(r)
	if err != nil {
		return errAway(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer+1))
	switch {
	case err != nil:
		return errAway(err)
	case len(text) > maxAnswer:
		return errAnswer(errors.New("the answer is too long"))
	case answer.StatusCode != http.StatusOK:
		return refusal(answer.StatusCode, text)
	}
	// What the JSON error would quote is a customer's.
	if json.Unmarshal(text, into) != nil {
		return errAnswer(errors.New("the answer is no JSON of a translation"))
	}
	return nil
}

// timeout is what errors of nets tell.
type timeout interface{ Timeout() bool }

func errAway(cause error) error {
	var late timeout
	switch {
	case errors.Is(cause, context.Canceled):
		return cause
	case errors.Is(cause, httpc.ErrPrivate):
		return errs.New(errs.Unavailable, "The address of the translation server leads to a place where no service of yours can be.").Because(cause)
	case errors.As(cause, &late) && late.Timeout():
		return errs.New(errs.Unavailable, "The translation server took too long to answer. Try again in a moment, or with a shorter text.").Because(cause)
	}
	return errs.New(errs.Unavailable, "The translation server does not answer. It may be switched off, or its address is wrong.").Because(cause)
}

func errAnswer(cause error) error {
	return errs.New(errs.Unavailable, "What the translation server answered is no translation. Is its address right?").Because(cause)
}

// refusal puts a refusal into words. What the server said may quote the text: it
// is looked at and never passed on.
func refusal(status int, text []byte) error {
	var why struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(text, &why) // some servers answer a page
	why.Error = strings.ToLower(why.Error)
	cause := fmt.Errorf("the translation server answered %d", status)
	switch {
	case status == http.StatusTooManyRequests, strings.Contains(why.Error, "too many request"), strings.Contains(why.Error, "slowdown"):
		return errs.New(errs.Unavailable, "The translation server has had too many requests. Try again in a minute.").Because(cause)
	case status == http.StatusUnauthorized || status == http.StatusForbidden, status == http.StatusBadRequest && strings.Contains(why.Error, "api key"):
		return errs.New(errs.Unavailable, "The translation server wants another key. An admin enters it under Settings, Translation.").Because(cause)
	case status == http.StatusRequestEntityTooLarge, status == http.StatusBadRequest && strings.Contains(why.Error, "text limit"):
		return errs.New(errs.TooLarge, "The translation server does not take a text as long as this one.").Because(cause)
	case status == http.StatusBadRequest && strings.Contains(why.Error, "not supported"):
		return errs.New(errs.Invalid, "The translation server cannot translate between these languages.").Because(cause)
	case status/100 == 3:
		return errs.New(errs.Unavailable, "The translation server sends us on to another address. Enter that one under Settings, Translation.").Because(cause)
	case status == http.StatusNotFound || status == http.StatusMethodNotAllowed:
		return errAnswer(cause)
	}
	return errs.Newf(errs.Unavailable, "The translation server failed (%d). Try again later, and look into its own log.", status).Because(cause)
}
