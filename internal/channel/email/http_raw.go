package email

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func registerRaw(api *web.API, h *API) {
	web.Handle(api, web.Op{Method: "GET", Path: "/messages/{id}/raw", Permission: string(access.ConversationsRead), Summary: "Download a message as the mail it is",
		Tag: "Messages", Errors: []int{409}, Response: &web.Content{Type: "message/rfc822", Text: "The mail as it arrived, or as it is sent"}, Text: "A mail that held a card number is opened only for those with `inboxes:manage`, for 7 days, and each look is in the audit log; afterwards it is deleted."}, h.raw)
}

// raw gives the bytes of a message that the actor may see, always as a download.
func (h *API) raw(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return errs.New(errs.NotFound, "There is no such message.")
	}
	m, err := h.Messages.Message(ctx, id)
	if err != nil {
		return err
	}
	bytes, err := h.openMessage(ctx, m)
	if err != nil {
		return err
	}
	defer bytes.Close()
	header := w.Header()
	header.Set("Content-Type", "message/rfc822")
	header.Set("Content-Disposition", `attachment; filename="message-`+strconv.FormatInt(id, 10)+`.eml"`)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	_, err = io.Copy(w, bytes)
	return err
}

func (h *API) openMessage(ctx context.Context, m conversation.Message) (io.ReadCloser, error) {
	switch {
	case m.Kind == conversation.KindOutbound, m.Kind == conversation.KindSideOutbound:
		if err := h.unseal(ctx, m); err != nil {
			return nil, err
		}
		return OpenOutbound(ctx, h.DB, h.Receiver.Blobs, m.ID)
	case (m.Kind == conversation.KindInbound || m.Kind == conversation.KindSideInbound) && m.LedgerID != 0:
		if err := h.unseal(ctx, m); err != nil {
			return nil, err
		}
		bytes, _, err := OpenInbound(ctx, h.DB, h.Receiver.Blobs, m.LedgerID)
		return bytes, err
	}
	return nil, errs.New(errs.Conflict, "There is no mail behind this message.")
}
