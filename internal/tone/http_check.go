package tone

import (
	"context"
	"unicode/utf8"

	"github.com/deskbell/deskbell/internal/platform/web"
	texttone "github.com/deskbell/deskbell/internal/text/tone"
)

type findingBody struct {
	RuleID     int64         `json:"rule_id"`
	Name       string        `json:"name"`
	Kind       texttone.Kind `json:"kind" enum:"avoid,glossary,address,length,phrase"`
	Strictness Strictness    `json:"strictness" enum:"hint,must"`
	Start      int           `json:"start" doc:"Where the words stand in the text, in UTF-16 units as JavaScript counts them"`
	End        int           `json:"end"`
	Missing    bool          `json:"missing" doc:"Something is not there that should be; it stands nowhere"`
	Words      string        `json:"words" doc:"The words themselves"`
	Why        string        `json:"why" doc:"A sentence in the reader's language"`
	Reason     string        `json:"reason" doc:"The same in the words of the shop, if the rule has any"`
	Instead    string        `json:"instead" doc:"What can take their place as it is, or be added; empty = that is for a person to say"`
}

type checkedBody struct {
	Language string        `json:"language" doc:"In which the text was read"`
	Angry    bool          `json:"angry" doc:"The customer's last message sounds so"`
	Cut      bool          `json:"cut" doc:"There is more than is looked at"`
	Findings []findingBody `json:"findings"`
}

type checkOut struct{ Body checkedBody }

func checkedOf(ctx context.Context, c Checked, text string) *checkOut {
	out := checkedBody{Language: c.Language, Angry: c.Angry, Cut: c.Cut, Findings: []findingBody{}}
	at := units{text: text}
	for _, f := range c.Findings {
		b := findingBody{RuleID: f.Rule.ID, Name: f.Rule.Name, Kind: f.Rule.Kind, Strictness: f.Rule.Strictness, Missing: f.Missing,
			Why: web.Say(ctx, f.Why), Reason: f.Rule.Reason, Instead: f.Instead}
		if !f.Missing {
			b.Start = at.of(f.Start)
			end := at
			b.End, b.Words = end.of(f.End), clip(text[f.Start:f.End], 200)
		}
		out.Findings = append(out.Findings, b)
	}
	return &checkOut{out}
}

// units counts UTF-16 units up to places that only go forward.
type units struct {
	text  string
	bytes int
	n     int
}

func (u *units) of(place int) int {
	for u.bytes < place {
		r, size := utf8.DecodeRuneInString(u.text[u.bytes:])
		u.bytes += size
		if u.n++; r > 0xFFFF {
			u.n++
		}
	}
	return u.n
}

func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

type checkIn struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Text     string  `json:"text" maxLength:"262144"`
		Language string  `json:"language,omitempty" maxLength:"35" doc:"Empty = as it is written"`
		Also     []int64 `json:"also_conversation_ids,omitempty" maxItems:"100" doc:"Others whose customers get the same text: what counts for one of them counts"`
	}
}

func (h handler) check(ctx context.Context, in *checkIn) (*checkOut, error) {
	found, err := h.s.Check(ctx, in.ID, in.Body.Also, in.Body.Text, in.Body.Language)
	if err != nil {
		return nil, err
	}
	return checkedOf(ctx, found, in.Body.Text), nil
}

type tryIn struct {
	Body struct {
		Text     string     `json:"text" maxLength:"262144"`
		Language string     `json:"language,omitempty" maxLength:"35"`
		Customer string     `json:"customer_text,omitempty" maxLength:"65536" doc:"What the customer wrote last"`
		Inbox    int64      `json:"inbox_id,omitempty" minimum:"0"`
		Rule     *KindInput `json:"rule,omitempty"`
	}
}

func (h handler) try(ctx context.Context, in *tryIn) (*checkOut, error) {
	sample := Sample{Text: in.Body.Text, Language: in.Body.Language, Customer: in.Body.Customer, Inbox: in.Body.Inbox}
	if in.Body.Rule != nil {
		r := in.Body.Rule.rule()
		sample.Rule = &r
	}
	found, err := h.s.Try(ctx, sample)
	if err != nil {
		return nil, err
	}
	return checkedOf(ctx, found, in.Body.Text), nil
}

type ignoredIn struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Rules []int64 `json:"rule_ids" minItems:"1" maxItems:"100"`
	}
}

func (h handler) ignored(ctx context.Context, in *ignoredIn) (*struct{}, error) {
	return nil, h.s.Ignored(ctx, in.ID, in.Body.Rules)
}
