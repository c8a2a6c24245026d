package reply

import (
	"net/http"
	"strconv"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func (r resource) registerFiles(api *web.API) {
	web.Handle(api, web.Op{Method: http.MethodGet, Path: r.path + "/{id}/files/{file_id}", Permission: string(access.ConversationsRead), Tag: r.heading,
		Summary: "The bytes of a file of a " + r.one, Response: &web.Content{Type: "application/octet-stream", Text: "Images that browsers show safely come inline, everything else as a download."}}, r.file)
}

func (r resource) file(w http.ResponseWriter, req *http.Request) error {
	id, err := strconv.ParseInt(req.PathValue("id"), 10, 64)
	if err != nil {
		return errNotFound(r.kind)
	}
	file, err := strconv.ParseInt(req.PathValue("file_id"), 10, 64)
	if err != nil {
		return errNotFound(r.kind)
	}
	f, body, err := r.s.OpenFile(req.Context(), r.kind, id, file)
	if err != nil {
		return err
	}
	defer body.Close()
	conversation.ServeFile(w, req, conversation.Attachment{Name: f.Name, ContentType: f.ContentType}, body)
	return nil
}
