package tone

import (
	"context"
	"net/http"
	"slices"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
	texttone "github.com/deskbell/deskbell/internal/text/tone"
)

const heading = "Tone guide"

// Register adds the operations of the package.
func Register(api *web.API, s *Service) {
	h := handler{s}
	read, reply, manage := string(access.ConversationsRead), string(access.ConversationsReply), string(access.RepliesManage)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/tone-rules", Permission: read, Tag: heading, Summary: "The rules of the tone guide"}, h.rules)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/tone-rules", Permission: manage, Tag: heading, Summary: "Make a rule", Status: http.StatusCreated, Idempotent: true,
		Text: "Of the parameters only those of its kind are kept: `terms` of avoid and glossary, `form` of address, `max_words` and `max_characters` of length, `phrases`, `when` and `examples` of phrase."}, h.create)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: "/tone-rules/{id}", Permission: manage, Tag: heading, Summary: "Change a rule", Text: "The kind never changes.", Errors: []int{http.StatusConflict}}, h.change)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/tone-rules/{id}", Permission: manage, Tag: heading, Summary: "Delete a rule"}, h.remove)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/tone-rules/{id}/restore", Permission: manage, Tag: heading, Summary: "Take the deletion of a rule back", Text: "For a day.", Status: http.StatusOK,
		Errors: []int{http.StatusConflict}}, h.restore)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/tone-rules/starter", Permission: manage, Tag: heading, Summary: "Add the starter set",
		Text: "Rules for English, Japanese, Turkish and Ukrainian; those that are there already stay as they are."}, h.starter)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/tone-rules/starter", Permission: manage, Tag: heading, Summary: "What is missing of the starter set"}, h.missing)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/tone-rules/try", Permission: read, Tag: heading, Summary: "Try the rules on a text", Status: http.StatusOK,
		Text: "Nothing is stored. `rule`, if given, is checked alone, as if it were saved."}, h.try)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/tone-check", Permission: reply, Tag: heading, Summary: "Check what is being written", Status: http.StatusOK,
		Text: "Lines that begin with > and what stands below a line -- are not checked. Nothing is stored."}, h.check)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/tone-ignored", Permission: reply, Tag: heading, Summary: "Count a reply that was sent against rules",
		Text: "By rule and day, not by person."}, h.ignored)
}

type handler struct{ s *Service }

type ruleBody struct {
	ID         int64         `json:"id"`
	Name       string        `json:"name"`
	Kind       texttone.Kind `json:"kind" enum:"avoid,glossary,address,length,phrase"`
	Strictness Strictness    `json:"strictness" enum:"hint,must" doc:"A must is asked about before sending"`
	Enabled    bool          `json:"enabled"`
	Languages  []string      `json:"languages" doc:"ISO 639-1; none = all"`
	Inboxes    []int64       `json:"inbox_ids" doc:"None = all"`
	Reason     string        `json:"reason" doc:"Why, in the words of the shop"`
	ParamsBody
	Ignored int64 `json:"ignored" doc:"Replies that were sent against it in the last 30 days"`
	Version int64 `json:"version"`
}

// ParamsBody is what a rule looks for; what its kind does not have is empty.
type ParamsBody struct {
	Terms         []texttone.Term `json:"terms" doc:"Words that are one thing, and what to write instead. In quotation marks: as they are, without their other forms; with a star at the end: whatever the ending"`
	Form          texttone.Form   `json:"form" enum:",formal,informal"`
	MaxWords      int             `json:"max_words" doc:"Of a sentence; 0 = any"`
	MaxCharacters int             `json:"max_characters" doc:"The same where words are written without spaces"`
	Phrases       []string        `json:"phrases" doc:"One of them must be there"`
	When          texttone.When   `json:"when" enum:",always,angry"`
	Examples      []string        `json:"examples" doc:"What could be written; the one in the language of the reply is offered"`
}

func ruleOf(r Rule) ruleBody {
	return ruleBody{r.ID, r.Name, r.Kind, r.Strictness, r.Enabled, some(r.Languages), some(r.Inboxes), r.Reason,
		ParamsBody{some(r.Terms), r.Form, r.MaxWords, r.MaxCharacters, some(r.Phrases), r.When, some(r.Examples)}, r.Ignored, r.Version}
}

// auditedOf is what the audit log keeps of a rule.
func auditedOf(r *Rule) any {
	b := ruleOf(*r)
	b.Version, b.Ignored = 0, 0
	return b
}

func some[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

func (h handler) rules(ctx context.Context, _ *struct{}) (*struct{ Body web.Page[ruleBody] }, error) {
	found, err := h.s.Rules(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]ruleBody, len(found))
	for i, r := range found {
		out[i] = ruleOf(r)
	}
	return &struct{ Body web.Page[ruleBody] }{web.PageOf(out, "")}, nil
}

// RuleInput is a rule in a request; what is left out stays or takes its default.
type RuleInput struct {
	Name          *string          `json:"name,omitempty"`
	Strictness    *Strictness      `json:"strictness,omitempty" enum:"hint,must"`
	Enabled       *bool            `json:"enabled,omitempty"`
	Languages     *[]string        `json:"languages,omitempty" nullable:"false"`
	Inboxes       *[]int64         `json:"inbox_ids,omitempty" nullable:"false" maxItems:"200"`
	Reason        *string          `json:"reason,omitempty"`
	Terms         *[]texttone.Term `json:"terms,omitempty" nullable:"false"`
	Form          *texttone.Form   `json:"form,omitempty" enum:",formal,informal"`
	MaxWords      *int             `json:"max_words,omitempty"`
	MaxCharacters *int             `json:"max_characters,omitempty"`
	Phrases       *[]string        `json:"phrases,omitempty" nullable:"false"`
	When          *texttone.When   `json:"when,omitempty" enum:",always,angry"`
	Examples      *[]string        `json:"examples,omitempty" nullable:"false"`
}

// KindInput is a whole rule in a request.
type KindInput struct {
	Kind texttone.Kind `json:"kind" enum:"avoid,glossary,address,length,phrase"`
	RuleInput
}

func (in KindInput) rule() Rule {
	r := Rule{Rule: texttone.Rule{Kind: in.Kind, When: texttone.Always}, Strictness: Hint, Enabled: true}
	in.apply(&r)
	return r
}

func (in RuleInput) apply(r *Rule) {
	set(&r.Name, in.Name)
	set(&r.Strictness, in.Strictness)
	set(&r.Enabled, in.Enabled)
	set(&r.Languages, in.Languages)
	set(&r.Inboxes, in.Inboxes)
	set(&r.Reason, in.Reason)
	set(&r.Terms, in.Terms)
	set(&r.Form, in.Form)
	set(&r.MaxWords, in.MaxWords)
	set(&r.MaxCharacters, in.MaxCharacters)
	set(&r.Phrases, in.Phrases)
	set(&r.When, in.When)
	set(&r.Examples, in.Examples)
	r.Inboxes, r.Terms = slices.Clone(r.Inboxes), slices.Clone(r.Terms)
}

func set[T any](into *T, given *T) {
	if given != nil {
		*into = *given
	}
}

type ruleOut struct{ Body ruleBody }

func (h handler) create(ctx context.Context, in *struct{ Body KindInput }) (*ruleOut, error) {
	out := &ruleOut{}
	_, err := h.s.Create(ctx, in.Body.rule(), func(tx *db.Tx, r Rule) error {
		out.Body = ruleOf(r)
		return web.Keep(ctx, tx, out)
	})
	return out, err
}

type changeIn struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		RuleInput
		Version int64 `json:"version,omitempty" doc:"Refuse with 409 when the rule has another"`
	}
}

func (h handler) change(ctx context.Context, in *changeIn) (*ruleOut, error) {
	r, err := h.s.Change(ctx, in.ID, in.Body.Version, in.Body.apply)
	return &ruleOut{ruleOf(r)}, err
}

type idIn struct {
	ID int64 `path:"id" minimum:"1"`
}

func (h handler) remove(ctx context.Context, in *idIn) (*struct{}, error) {
	return nil, h.s.Delete(ctx, in.ID)
}

func (h handler) restore(ctx context.Context, in *idIn) (*ruleOut, error) {
	r, err := h.s.Restore(ctx, in.ID)
	return &ruleOut{ruleOf(r)}, err
}

type starterOut struct {
	Body struct {
		Added int `json:"added"`
	}
}

type missingOut struct {
	Body struct {
		Missing int `json:"missing" doc:"How many would be added"`
	}
}

func (h handler) missing(ctx context.Context, _ *struct{}) (*missingOut, error) {
	n, err := h.s.MissingStarters(ctx)
	out := &missingOut{}
	out.Body.Missing = n
	return out, err
}

func (h handler) starter(ctx context.Context, _ *struct{}) (*starterOut, error) {
	n, err := h.s.AddStarters(ctx)
	out := &starterOut{}
	out.Body.Added = n
	return out, err
}
