package conversation

import (
	"context"
	"net/http"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerTags(api *web.API, s *Service) {
	const tag = "Tags"
	manage := string(access.TagsManage)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/tags", Permission: string(access.ConversationsRead), Tag: tag, Summary: "All tags"}, s.httpTags)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/tags", Permission: manage, Tag: tag, Summary: "Make a tag", Status: http.StatusCreated, Idempotent: true}, s.httpCreateTag)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: "/tags/{id}", Permission: manage, Tag: tag, Summary: "Rename or recolour a tag"}, s.httpChangeTag)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/tags/{id}", Permission: manage, Tag: tag, Summary: "Delete a tag"},
		func(ctx context.Context, in *idInput) (*struct{}, error) { return nil, s.DeleteTag(ctx, in.ID) })
}

type tagOutput struct{ Body Tag }

type tagBody struct {
	Name  string `json:"name" minLength:"1" maxLength:"60"`
	Color string `json:"color,omitempty" enum:"red,amber,green,blue,violet,pink,teal,grey"`
}

func (s *Service) httpTags(ctx context.Context, _ *struct{}) (*struct{ Body web.Page[Tag] }, error) {
	list, err := s.Tags(ctx)
	return &struct{ Body web.Page[Tag] }{web.PageOf(list, "")}, err
}

func (s *Service) httpCreateTag(ctx context.Context, in *struct{ Body tagBody }) (*tagOutput, error) {
	t, err := s.CreateTag(ctx, in.Body.Name, in.Body.Color)
	return &tagOutput{t}, err
}

type changeTagInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body tagBody
}

func (s *Service) httpChangeTag(ctx context.Context, in *changeTagInput) (*tagOutput, error) {
	t := Tag{ID: in.ID, Name: in.Body.Name, Color: in.Body.Color}
	if t.Color == "" {
		t.Color = colorOf(t.Name)
	}
	return &tagOutput{t}, s.ChangeTag(ctx, t)
}
