package conversation

import (
	"context"
	"net/http"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerLinks(api *web.API, s *Service) {
	update := string(access.ConversationsUpdate)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/links", Permission: update, Tag: heading,
		Summary: "Link a conversation with another one", Text: "`kind` says what the other one is: `related`, a `duplicate`, or the whole of which this is a part (`part_of`), such as an incident; `has_part` is the other way round. Both show it. Linking again changes the kind."}, s.httpLink)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/conversations/{id}/links/{other_id}", Permission: update, Tag: heading,
		Summary: "Take a link away", Text: "One that a merge made stays until the merge is taken back."}, s.httpUnlink)
}

type linkInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		ConversationID int64  `json:"conversation_id" minimum:"1"`
		Kind           string `json:"kind,omitempty" enum:"related,duplicate,part_of,has_part" default:"related"`
	}
}

func (s *Service) httpLink(ctx context.Context, in *linkInput) (*struct{}, error) {
	return nil, s.Link(ctx, in.ID, in.Body.ConversationID, LinkKind(in.Body.Kind))
}

type unlinkInput struct {
	ID    int64 `path:"id" minimum:"1"`
	Other int64 `path:"other_id" minimum:"1"`
}

func (s *Service) httpUnlink(ctx context.Context, in *unlinkInput) (*struct{}, error) {
	return nil, s.Unlink(ctx, in.ID, in.Other)
}
