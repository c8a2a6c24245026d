package conversation

import (
	"context"
	"net/http"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerMerge(api *web.API, s *Service) {
	merge := string(access.ConversationsMerge)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/merge", Permission: merge, Tag: heading,
		Summary: "Merge other conversations into this one", Idempotent: true, Errors: []int{http.StatusConflict},
		Text: "Messages, drafts, files, tags, followers and people of the others are this one's from now on, and what is answered to them " +
			"arrives here. They show `merged_into_id`. 409 when one of them was merged meanwhile."}, s.httpMerge)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/unmerge", Permission: merge, Tag: heading,
		Summary: "Take the merge of this conversation back", Errors: []int{http.StatusConflict},
		Text: "Within 30 days. What came to it before and after the merge is in it again; drafts stay where they are."}, s.httpUnmerge)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/conversations/{id}/split", Permission: merge, Tag: heading,
		Summary: "Make a conversation of its own out of a message", Status: http.StatusCreated, Idempotent: true,
		Text: "With `later` everything written after the message goes along. Answers to what was moved arrive in the new conversation; both are linked."}, s.httpSplit)
}

type mergeInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		ConversationIDs []int64 `json:"conversation_ids" minItems:"1" maxItems:"50" doc:"Those that are put into this one"`
	}
}

func (s *Service) httpMerge(ctx context.Context, in *mergeInput) (*conversationOutput, error) {
	out := &conversationOutput{}
	_, err := s.Merge(ctx, in.ID, in.Body.ConversationIDs, out.keep)
	return out, err
}

// keep fills the answer inside the transaction, for a repeat of the request.
func (out *conversationOutput) keep(ctx context.Context, tx *db.Tx, c Conversation) error {
	tags, err := tagsOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	out.Body = bodyOf(c, tags)
	return web.Keep(ctx, tx, out)
}

func (s *Service) httpUnmerge(ctx context.Context, in *idInput) (*conversationOutput, error) {
	c, err := s.Unmerge(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	tags, err := tagsOf(ctx, s.DB, c.ID)
	return &conversationOutput{bodyOf(c, tags)}, err
}

type splitInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body struct {
		MessageID int64  `json:"message_id" minimum:"1"`
		Later     bool   `json:"later,omitempty" doc:"Everything that was written after it goes along"`
		Subject   string `json:"subject,omitempty" maxLength:"998" doc:"Empty = the same subject"`
	}
}

func (s *Service) httpSplit(ctx context.Context, in *splitInput) (*conversationOutput, error) {
	out := &conversationOutput{}
	_, err := s.Split(ctx, in.ID, Split{Message: in.Body.MessageID, Later: in.Body.Later, Subject: in.Body.Subject}, out.keep)
	return out, err
}
