package email

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func (c *Channel) registerMbox(api *web.API) {
	web.Handle(api, web.Op{Method: "GET", Path: "/conversations/{id}/mbox", Permission: string(access.ConversationsRead), Summary: "Download the mails of a conversation",
		Tag: "Conversations", Response: &web.Content{Type: "application/mbox", Text: "Every mail as it arrived or was sent, the oldest first (RFC 4155, lines that begin with From quoted by >)"},
		Text: "With those of its side conversations. Notes are no mails. Mails that held a card number, and those that were deleted, are left out."}, c.mbox)
}

// mbox writes mail after mail, so that the length of a conversation does not matter.
func (c *Channel) mbox(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return errs.New(errs.NotFound, "There is no such conversation.")
	}
	list, err := c.cfg.Conversations.Mails(ctx, id, 0, 100)
	if err != nil {
		return err
	}
	header := w.Header()
	header.Set("Content-Type", "application/mbox")
	header.Set("Content-Disposition", `attachment; filename="conversation-`+strconv.FormatInt(id, 10)+`.mbox"`)
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	header.Set("Cache-Control", "no-store")
	for len(list) > 0 {
		for _, m := range list {
			if err := c.writeMail(ctx, w, m); err != nil {
				return err
			}
		}
		if list, err = c.cfg.Conversations.Mails(ctx, id, list[len(list)-1].ID, 100); err != nil {
			return err
		}
	}
	return nil
}

func (c *Channel) writeMail(ctx context.Context, w io.Writer, m conversation.Message) error {
	raw, err := c.OpenUnsealed(ctx, m)
	if err != nil || raw == nil {
		return err
	}
	defer raw.Close()
	from := strings.Join(strings.Fields(m.AuthorAddress), "")
	if from == "" {
		from = "MAILER-DAEMON"
	}
	if _, err := fmt.Fprintf(w, "From %s %s\n", from, m.CreatedAt.UTC().Format(time.ANSIC)); err != nil {
		return err
	}
	return quoteMbox(w, raw)
}

// quoteMbox copies a mail with line feeds alone and puts a > before each line
// that could be taken for the beginning of the next mail, quoted ones included,
// so that it can be taken away again.
func quoteMbox(w io.Writer, mail io.Reader) error {
	in, out := bufio.NewReaderSize(mail, 64<<10), bufio.NewWriter(w)
	begins, last := true, byte('\n')
	for {
		line, err := in.ReadSlice('\n')
		if begins && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
			_ = out.WriteByte('>') // Flush reports it
		}
		whole := err == nil
		if whole {
			line = append(bytes.TrimRight(line, "\r\n"), '\n')
		}
		if len(line) > 0 {
			last = line[len(line)-1]
		}
		_, _ = out.Write(line)
		begins = whole
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
	if last != '\n' {
		_ = out.WriteByte('\n')
	}
	_ = out.WriteByte('\n')
	return out.Flush()
}
