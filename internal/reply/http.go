package reply

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Register adds the operations of the package: the same for saved replies and macros.
func Register(api *web.API, s *Service) {
	for _, r := range []resource{{s, Text, "/saved-replies", "Saved replies", "saved reply", "saved replies"}, {s, Macro, "/macros", "Macros", "macro", "macros"}} {
		r.register(api)
	}
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/saved-replies/preview", Permission: string(access.ConversationsRead), Tag: "Saved replies",
		Summary: "Fill in a text that is being written", Text: "Without `conversation_id` the values are invented."}, s.httpPreview)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/saved-replies/starter", Permission: string(access.RepliesManage), Tag: "Saved replies",
		Summary: "Add the starter pack", Text: "Saved replies in English, Japanese, Turkish and Ukrainian; those that are there already stay as they are."}, s.httpStarter)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/saved-replies/starter", Permission: string(access.RepliesManage), Tag: "Saved replies",
		Summary: "What is missing of the starter pack"}, s.httpMissing)
}

type resource struct {
	s                        *Service
	kind                     Kind
	path, heading, one, many string
}

func (r resource) register(api *web.API) {
	read, write := string(access.ConversationsRead), string(access.ConversationsNote)
	web.Register(api, web.Op{Method: http.MethodGet, Path: r.path, Permission: read, Tag: r.heading, Summary: "List " + r.many,
		Text: "Those of everybody and your own; what you used last first."}, r.list)
	web.Register(api, web.Op{Method: http.MethodPost, Path: r.path, Permission: write, Tag: r.heading, Summary: "Create a " + r.one, Status: http.StatusCreated,
		Text: "Shared ones need `replies:manage`."}, r.create)
	web.Register(api, web.Op{Method: http.MethodGet, Path: r.path + "/{id}", Permission: read, Tag: r.heading, Summary: "Read a " + r.one}, r.get)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: r.path + "/{id}", Permission: write, Tag: r.heading, Summary: "Change a " + r.one,
		Text: "Absent parts stay; `texts` and `attachment_ids` replace all.", Errors: []int{http.StatusConflict}}, r.update)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: r.path + "/{id}", Permission: write, Tag: r.heading, Summary: "Delete a " + r.one}, r.remove)
	web.Register(api, web.Op{Method: http.MethodPost, Path: r.path + "/{id}/render", Permission: read, Tag: r.heading, Summary: "Fill a " + r.one + " in for a conversation",
		Text: "`missing` names the variables that have no value there; they stay in the text as they are written, and a reply that still holds one is refused. " +
			"With `use` it is counted as used and its files become uploads of yours; one that has expired is refused. What the actions say is for the caller to do."}, r.render)
	r.registerFiles(api)
}

type fileBody struct {
	ID          int64  `json:"id" doc:"Negative; stands for the file in attachment_ids"`
	Name        string `json:"name"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	Inline      bool   `json:"inline" doc:"A picture that stands in a text"`
	ContentID   string `json:"content_id,omitempty"`
	URL         string `json:"url"`
}

type body struct {
	ID            int64             `json:"id"`
	Name          string            `json:"name"`
	Folder        string            `json:"folder" doc:"Levels are parted by a slash"`
	Shared        bool              `json:"shared" doc:"Everybody's, otherwise your own"`
	OwnerID       int64             `json:"owner_id"`
	OwnerName     string            `json:"owner_name"`
	OwnerLeft     bool              `json:"owner_left" doc:"Does not work here any more"`
	DefaultLocale string            `json:"default_locale" enum:"en,ja,tr,uk"`
	Texts         map[string]string `json:"texts" doc:"HTML with variables, by language"`
	Actions       Actions           `json:"actions"`
	Attachments   []fileBody        `json:"attachments"`
	Uses          int64             `json:"uses"`
	MyUses        int64             `json:"my_uses"`
	LastUsedAt    *time.Time        `json:"last_used_at" doc:"By you"`
	ReviewedAt    *time.Time        `json:"reviewed_at"`
	ReviewDue     bool              `json:"review_due" doc:"Nobody has looked at it for 180 days"`
	ExpiresAt     *time.Time        `json:"expires_at" doc:"From then on it is not used any more; null = it stays"`
	Expired       bool              `json:"expired"`
	UpdatedAt     time.Time         `json:"updated_at"`
	MayEdit       bool              `json:"may_edit"`
	Version       int64             `json:"version"`
}

func (r resource) bodyOf(ctx context.Context, one Reply) body {
	now := r.s.Now()
	b := body{ID: one.ID, Name: one.Name, Folder: one.Folder, Shared: one.Shared, OwnerID: one.Owner, OwnerName: one.OwnerName, OwnerLeft: one.OwnerLeft,
		DefaultLocale: one.DefaultLocale, Texts: map[string]string{}, Actions: one.Actions, Attachments: []fileBody{}, Uses: one.Uses, MyUses: one.MyUses,
		LastUsedAt: web.MaybeTime(one.LastUsedAt), ReviewedAt: web.MaybeTime(one.ReviewedAt), ReviewDue: one.ReviewDue(now), ExpiresAt: web.MaybeTime(one.ExpiresAt),
		Expired: one.Expired(now), UpdatedAt: web.Time(one.UpdatedAt), MayEdit: MayEdit(access.From(ctx), &one), Version: one.Version}
	for locale, html := range one.Texts {
		b.Texts[locale] = one.withPictures(html)
	}
	for _, f := range one.Files {
		b.Attachments = append(b.Attachments, fileBody{-f.ID, f.Name, f.ContentType, f.Size, f.ContentID != "", f.ContentID, one.urlOf(f)})
	}
	return b
}

type listIn struct {
	web.List
	Query  string `query:"q" maxLength:"200" doc:"Words of name, folder or text"`
	Folder string `query:"folder" maxLength:"200"`
}

type listOut struct{ Body web.Page[body] }

func (r resource) list(ctx context.Context, in *listIn) (*listOut, error) {
	from, _, _, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	all, err := r.s.List(ctx, r.kind, in.Query, in.Folder)
	if err != nil {
		return nil, err
	}
	start := min(max(int(from), 0), len(all))
	end := min(start+in.Limit, len(all))
	items := []body{}
	for _, one := range all[start:end] {
		items = append(items, r.bodyOf(ctx, one))
	}
	next := ""
	if end < len(all) {
		next = web.Cursor(int64(end), 0)
	}
	return &listOut{web.PageOf(items, next)}, nil
}

type createIn struct {
	Body struct {
		Name          string            `json:"name" minLength:"1" maxLength:"120"`
		Folder        string            `json:"folder,omitempty" maxLength:"120"`
		Shared        *bool             `json:"shared,omitempty" doc:"Default: true for who may share"`
		DefaultLocale string            `json:"default_locale,omitempty" enum:"en,ja,tr,uk" default:"en"`
		Texts         map[string]string `json:"texts,omitempty"`
		Actions       Actions           `json:"actions,omitzero"`
		ExpiresAt     time.Time         `json:"expires_at,omitzero" doc:"From then on it is not used any more"`
		AttachmentIDs []int64           `json:"attachment_ids,omitempty" maxItems:"50" doc:"Uploads: at most 10 files and 20 pictures that the texts show, 25 MB together"`
	}
}

type oneOut struct{ Body body }

func (r resource) create(ctx context.Context, in *createIn) (*oneOut, error) {
	b := in.Body
	n := Reply{Kind: r.kind, Name: b.Name, Folder: b.Folder, DefaultLocale: b.DefaultLocale, Texts: b.Texts, Actions: b.Actions, ExpiresAt: b.ExpiresAt,
		Shared: access.From(ctx).May(access.RepliesManage)}
	if b.Shared != nil {
		n.Shared = *b.Shared
	}
	made, err := r.s.Create(ctx, n, b.AttachmentIDs)
	return &oneOut{r.bodyOf(ctx, made)}, err
}

type idIn struct {
	ID int64 `path:"id" minimum:"1"`
}

func (r resource) get(ctx context.Context, in *idIn) (*oneOut, error) {
	one, err := r.s.Get(ctx, r.kind, in.ID)
	return &oneOut{r.bodyOf(ctx, one)}, err
}

func (r resource) remove(ctx context.Context, in *idIn) (*struct{}, error) {
	return nil, r.s.Delete(ctx, r.kind, in.ID)
}

type updateIn struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		Name          *string           `json:"name,omitempty" minLength:"1" maxLength:"120"`
		Folder        *string           `json:"folder,omitempty" maxLength:"120"`
		Shared        *bool             `json:"shared,omitempty"`
		DefaultLocale *string           `json:"default_locale,omitempty" enum:"en,ja,tr,uk"`
		Texts         map[string]string `json:"texts,omitempty"`
		Actions       *Actions          `json:"actions,omitempty"`
		OwnerID       *int64            `json:"owner_id,omitempty" minimum:"1" doc:"Who looks after it"`
		ExpiresAt     *time.Time        `json:"expires_at,omitempty" doc:"From then on it is not used any more"`
		NoExpiry      bool              `json:"no_expires_at,omitempty" doc:"It stays"`
		Reviewed      bool              `json:"reviewed,omitempty" doc:"It was looked at and is right"`
		AttachmentIDs *[]int64          `json:"attachment_ids,omitempty" maxItems:"50"`
		Version       *int64            `json:"version,omitempty"`
	}
}

func (r resource) update(ctx context.Context, in *updateIn) (*oneOut, error) {
	b := in.Body
	if b.NoExpiry {
		b.ExpiresAt = &time.Time{}
	}
	one, err := r.s.Update(ctx, r.kind, in.ID, Change{Name: b.Name, Folder: b.Folder, DefaultLocale: b.DefaultLocale, Shared: b.Shared, Owner: b.OwnerID,
		ExpiresAt: b.ExpiresAt, Texts: b.Texts, Actions: b.Actions, Reviewed: b.Reviewed, Files: b.AttachmentIDs, Version: b.Version})
	return &oneOut{r.bodyOf(ctx, one)}, err
}

type renderIn struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		ConversationID int64  `json:"conversation_id" minimum:"1"`
		Locale         string `json:"locale,omitempty" maxLength:"35" doc:"Empty = the customer's"`
		Use            bool   `json:"use,omitempty"`
	}
}

// FilledBody is a text as it stands in one conversation.
type FilledBody struct {
	HTML         string                        `json:"html"`
	Text         string                        `json:"text"`
	Locale       string                        `json:"locale" doc:"The language that was there"`
	Missing      []string                      `json:"missing" doc:"Variables without a value"`
	Actions      Actions                       `json:"actions"`
	SnoozedUntil *time.Time                    `json:"snoozed_until"`
	Attachments  []conversation.AttachmentBody `json:"attachments" doc:"Uploads of yours, for attachment_ids of a reply"`
}

type filledOut struct{ Body FilledBody }

func shown(f Filled) *filledOut {
	b := FilledBody{HTML: f.HTML, Text: f.Text, Locale: f.Locale, Missing: f.Missing, Actions: f.Actions, SnoozedUntil: web.MaybeTime(f.Until),
		Attachments: conversation.FileBodies(f.Files)}
	if b.Missing == nil {
		b.Missing = []string{}
	}
	return &filledOut{b}
}

func (r resource) render(ctx context.Context, in *renderIn) (*filledOut, error) {
	f, err := r.s.Fill(ctx, r.kind, in.ID, in.Body.ConversationID, in.Body.Locale, in.Body.Use)
	return shown(f), err
}

type previewIn struct {
	Body struct {
		HTML           string `json:"html" maxLength:"65536"`
		ConversationID int64  `json:"conversation_id,omitempty" minimum:"0"`
		Locale         string `json:"locale,omitempty" maxLength:"35" doc:"The language of the text; empty = the customer's"`
	}
}

func (s *Service) httpPreview(ctx context.Context, in *previewIn) (*filledOut, error) {
	f, err := s.Preview(ctx, in.Body.HTML, in.Body.ConversationID, in.Body.Locale)
	return shown(f), err
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

func (s *Service) httpMissing(ctx context.Context, _ *struct{}) (*missingOut, error) {
	n, err := s.MissingStarters(ctx)
	out := &missingOut{}
	out.Body.Missing = n
	return out, err
}

func (s *Service) httpStarter(ctx context.Context, _ *struct{}) (*starterOut, error) {
	n, err := s.AddStarters(ctx)
	out := &starterOut{}
	out.Body.Added = n
	return out, err
}
