package sender

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const (
	spamHeading = "Spam"
	ruleHeading = "Customer rules"
)

// Register adds the operations of the package.
func Register(api *web.API, s *Service) {
	h := handler{s}
	update, manage := string(access.ConversationsUpdate), string(access.SettingsManage)
	web.Register(api, web.Op{Method: "GET", Path: "/senders", Permission: update, Tag: spamHeading, Summary: "Blocked and allowed senders",
		Text: "With `address` the entries that are about it, of both lists."}, h.list)
	web.Register(api, web.Op{Method: "POST", Path: "/senders", Permission: update, Tag: spamHeading, Summary: "Block or allow a sender", Status: 201, Idempotent: true,
		Text: "A whole domain needs settings:manage. The allow list wins."}, h.add)
	web.Register(api, web.Op{Method: "DELETE", Path: "/senders/{id}", Permission: update, Tag: spamHeading, Summary: "Take a sender off its list",
		Text: "Agents take off the addresses that they put there; everything else needs settings:manage."}, h.remove)
	web.Register(api, web.Op{Method: "GET", Path: "/spam-settings", Permission: manage, Tag: spamHeading, Summary: "How long spam is kept"}, h.settings)
	web.Register(api, web.Op{Method: "PATCH", Path: "/spam-settings", Permission: manage, Tag: spamHeading, Summary: "Set how long spam is kept"}, h.setSettings)
	registerRules(api, h)
}

type handler struct{ s *Service }

type listedBody struct {
	ID           int64     `json:"id"`
	Kind         Kind      `json:"kind" enum:"block,allow"`
	Pattern      string    `json:"pattern" doc:"An address, or @ and a domain"`
	Agent        *int64    `json:"agent_id"`
	Conversation *int64    `json:"conversation_id" doc:"Where an agent listed it"`
	CreatedAt    time.Time `json:"created_at"`
}

func maybe(id int64) *int64 {
	if id == 0 {
		return nil
	}
	return &id
}

func listedOf(l Listed) listedBody {
	return listedBody{l.ID, l.Kind, l.Pattern, maybe(l.Agent), maybe(l.Conversation), web.Time(l.CreatedAt)}
}

type listInput struct {
	web.List
	Kind    Kind   `query:"kind" enum:"block,allow" default:"block"`
	Address string `query:"address" maxLength:"254"`
}

func (h handler) list(ctx context.Context, in *listInput) (*struct{ Body web.Page[listedBody] }, error) {
	_, before, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	found, err := h.s.Listed(ctx, in.Kind, in.Address, before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := make([]listedBody, len(found))
	for i, l := range found {
		out[i] = listedOf(l)
	}
	page := web.Cut(out, in.Limit, func(last listedBody) string { return web.Cursor(0, last.ID) })
	return &struct{ Body web.Page[listedBody] }{page}, nil
}

type addInput struct {
	Body struct {
		Kind         Kind   `json:"kind" enum:"block,allow"`
		Pattern      string `json:"pattern" minLength:"3" maxLength:"254" doc:"eva@example.com or example.com"`
		Conversation int64  `json:"conversation_id,omitempty" minimum:"0"`
	}
}

type listedOutput struct{ Body listedBody }

func (h handler) add(ctx context.Context, in *addInput) (*listedOutput, error) {
	l, err := h.s.List(ctx, in.Body.Kind, in.Body.Pattern, in.Body.Conversation)
	return &listedOutput{listedOf(l)}, err
}

type idInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (h handler) remove(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, h.s.Unlist(ctx, in.ID)
}

type settingsBody struct {
	KeepDays      int `json:"keep_days" doc:"Spam is deleted after so many days without anything new; 0 = never"`
	TrashKeepDays int `json:"trash_keep_days" doc:"The same for trash"`
}

type settingsOutput struct{ Body settingsBody }

func (h handler) settings(ctx context.Context, _ *struct{}) (*settingsOutput, error) {
	spam, trash, err := h.s.KeepDays(ctx)
	return &settingsOutput{settingsBody{spam, trash}}, err
}

type changeSettings struct {
	KeepDays      *int `json:"keep_days,omitempty" minimum:"0" maximum:"3650"`
	TrashKeepDays *int `json:"trash_keep_days,omitempty" minimum:"0" maximum:"3650"`
}

func (h handler) setSettings(ctx context.Context, in *struct{ Body changeSettings }) (*settingsOutput, error) {
	if err := h.s.SetKeepDays(ctx, in.Body.KeepDays, in.Body.TrashKeepDays); err != nil {
		return nil, err
	}
	return h.settings(ctx, nil)
}
