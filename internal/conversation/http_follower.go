package conversation

import (
	"context"

	"github.com/deskbell/deskbell/internal/platform/web"
)

type followerBody struct {
	ID        int64  `json:"id"`
	Name      string `json:"name"`
	Follows   bool   `json:"follows"`
	Mentioned bool   `json:"mentioned" doc:"Was named in a note"`
}

type followersOutput struct{ Body web.Page[followerBody] }

func (s *Service) httpFollowers(ctx context.Context, in *idInput) (*followersOutput, error) {
	list, err := s.Followers(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	var items []followerBody
	for _, f := range list {
		items = append(items, followerBody(f))
	}
	return &followersOutput{web.PageOf(items, "")}, nil
}
