package translate

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const heading = "Translation"

// serverAway is the problem type that tells "the translation server does not do
// its work" from "Deskbell does not".
const serverAway = "urn:deskbell:problem:translation-away"

type handler struct {
	s     *Service
	texts *web.Few
	tests *web.Few
}

// Register adds the operations of the package.
func Register(api *web.API, s *Service) {
	h := handler{s, web.NewFew(60, time.Minute), web.NewFew(10, time.Minute)}
	read, manage := string(access.ConversationsRead), string(access.SettingsManage)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/translation-settings", Permission: manage, Tag: heading, Summary: "Read the settings of translation"}, h.get)
	web.Register(api, web.Op{Method: http.MethodPut, Path: "/translation-settings", Permission: manage, Tag: heading, Summary: "Set the translation server",
		Text: "A server that speaks the contract of LibreTranslate. Its address may be one of this machine or of a private network."}, h.save)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/translation-settings/test", Permission: manage, Tag: heading, Summary: "Try a translation server", Status: http.StatusOK,
		Text: "Asks for its languages and has two words translated. Saves nothing. Ten a minute."}, h.test)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/conversations/{id}/translation", Permission: read, Tag: heading, Summary: "Whether texts can be translated here, and into what"}, h.offer)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/translate", Permission: read, Tag: heading, Summary: "Translate a message, or what is being written", Status: http.StatusOK,
		Text:   "Give `message_id`, or `html` or `text`: at most 50,000 characters. Nothing is stored. 60 a minute. 409 when no translation server is set up, 503 with the type `" + serverAway + "` when it does not do its work.",
		Errors: []int{http.StatusConflict, http.StatusServiceUnavailable, http.StatusRequestEntityTooLarge}}, h.translate)
}

// View are the settings in an answer.
type View struct {
	Enabled bool   `json:"enabled"`
	Address string `json:"address" doc:"Of the server, such as http://127.0.0.1:5000"`
	KeySet  bool   `json:"api_key_set"`
}

type settingsOutput struct{ Body View }

type settingsInput struct {
	Body struct {
		Enabled bool    `json:"enabled"`
		Address string  `json:"address,omitempty" maxLength:"500"`
		Key     *string `json:"api_key,omitempty" maxLength:"500" doc:"Left out: the one that is set stays"`
	}
}

func (h handler) get(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
	s, err := h.s.Get(ctx)
	return &settingsOutput{View(s)}, err
}

func (h handler) save(ctx context.Context, in *settingsInput) (*settingsOutput, error) {
	s, err := h.s.Save(ctx, in.Body.Enabled, in.Body.Address, in.Body.Key)
	return &settingsOutput{View(s)}, err
}

type testInput struct {
	Body struct {
		Address string  `json:"address" maxLength:"500"`
		Key     *string `json:"api_key,omitempty" maxLength:"500" doc:"Left out: the one that is set"`
	}
}

type testOutput struct {
	Body struct {
		OK        bool       `json:"ok"`
		Trouble   string     `json:"trouble" doc:"What is wrong, in plain words"`
		Languages []Language `json:"languages" doc:"What the server knows"`
		Millis    int64      `json:"ms"`
	}
}

func (h handler) test(ctx context.Context, in *testInput) (*testOutput, error) {
	if err := h.tests.Take(ctx, h.s.Now(), errs.Say("Ten tests a minute are enough. Wait a moment.")); err != nil {
		return nil, err
	}
	found, err := h.s.Test(ctx, in.Body.Address, in.Body.Key)
	if err != nil {
		return nil, err
	}
	out := &testOutput{}
	out.Body.OK, out.Body.Languages, out.Body.Millis = found.Trouble.Format == "", append([]Language{}, found.Languages...), found.Took.Milliseconds()
	if !out.Body.OK {
		out.Body.Trouble = web.Say(ctx, found.Trouble)
	}
	return out, nil
}

type offerInput struct {
	ID int64 `path:"id" minimum:"1"`
}

type offerOutput struct {
	Body struct {
		Enabled  bool   `json:"enabled"`
		Customer string `json:"customer_language" doc:"Code; empty = not known"`
	}
}

func (h handler) offer(ctx context.Context, in *offerInput) (*offerOutput, error) {
	o, err := h.s.Offer(ctx, in.ID)
	out := &offerOutput{}
	out.Body.Enabled, out.Body.Customer = o.Enabled, o.Customer
	return out, err
}

type translateInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Message int64  `json:"message_id,omitempty" minimum:"1"`
		Text    string `json:"text,omitempty" maxLength:"262144"`
		HTML    string `json:"html,omitempty" maxLength:"262144"`
		To      string `json:"to" minLength:"2" maxLength:"35" doc:"Code of the language, such as en or pt-BR"`
	}
}

type translateOutput struct {
	Body struct {
		Text string `json:"text"`
		HTML string `json:"html" doc:"The same, sanitised; empty when what was translated is plain text"`
		From string `json:"from" doc:"Code of the language that the server found; empty = it did not say"`
		To   string `json:"to"`
	}
}

func (h handler) translate(ctx context.Context, in *translateInput) (*translateOutput, error) {
	b := in.Body
	if (b.Message != 0) == (b.Text != "" || b.HTML != "") {
		return nil, errs.InvalidField("body.message_id", "Name a message or give a text, not both.")
	}
	if err := h.texts.Take(ctx, h.s.Now(), errs.Say("Sixty translations a minute are enough. Wait a moment.")); err != nil {
		return nil, err
	}
	var t Translation
	var err error
	if b.Message != 0 {
		t, err = h.s.Message(ctx, in.ID, b.Message, b.To)
	} else {
		html, _ := mail.SanitizeHTML(b.HTML)
		t, err = h.s.Written(ctx, in.ID, Text{b.Text, html}, b.To)
	}
	out := &translateOutput{}
	out.Body.Text, out.Body.HTML, out.Body.From, out.Body.To = t.Text, t.HTML, t.From, t.To
	return out, err
}
