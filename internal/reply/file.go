package reply

import (
	"context"
	"slices"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// copyUploads makes files of the agent's uploads, each with bytes of its own.
func (s *Service) copyUploads(ctx context.Context, uploads []int64) ([]File, error) {
	if len(uploads) > MaxFiles {
		return nil, errs.InvalidField("body.attachment_ids", "A saved reply carries at most 10 files.")
	}
	var out []File
	for _, id := range uploads {
		f, err := s.copyUpload(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

func (s *Service) copyUpload(ctx context.Context, id int64) (f File, err error) {
	a, err := s.Conversations.File(ctx, id)
	if errs.Is(err, errs.NotFound) {
		return f, errs.InvalidField("body.attachment_ids", "This file is not among your uploads.")
	}
	if err != nil {
		return f, err
	}
	if a.Blocked != "" || a.Unchecked {
		return f, errs.InvalidField("body.attachment_ids", "This file is held back and cannot be part of a saved reply.")
	}
	f = File{Name: a.Name, ContentType: a.ContentType, Size: a.Size}
	f.BlobKey, err = s.Copy(ctx, a.BlobKey)
	return f, err
}

// keepFiles are the files that stay, by their own ids, and copies of uploads.
// The ids of both never meet: those of files are negative outside.
func (s *Service) keepFiles(ctx context.Context, r Reply, wanted []int64) (out []File, err error) {
	if len(wanted) > MaxFiles {
		return nil, errs.InvalidField("body.attachment_ids", "A saved reply carries at most 10 files.")
	}
	for _, id := range wanted {
		if i := slices.IndexFunc(r.Files, func(f File) bool { return f.ID == -id }); i >= 0 {
			out = append(out, r.Files[i])
			continue
		}
		f, err := s.copyUpload(ctx, id)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// handOut makes uploads of the agent's own out of the files, for their reply to take.
func (s *Service) handOut(ctx context.Context, files []File) (out []conversation.Attachment, err error) {
	for _, f := range files {
		key, err := s.Copy(ctx, f.BlobKey)
		if err != nil {
			return nil, err
		}
		a, err := s.Conversations.Upload(ctx, conversation.NewAttachment{Name: f.Name, ContentType: f.ContentType, Size: f.Size, BlobKey: key})
		if err != nil {
			return nil, err
		}
		out = append(out, a)
	}
	return out, nil
}
