package privacy

import (
	"archive/zip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
)

// export writes everything that the actor may see of a customer into one zip
// file, conversation after conversation, so that its size does not matter.
func (s *Service) export(ctx context.Context, r *Request) error {
	if err := access.From(ctx).Need(access.CustomersExport); err != nil {
		return err
	}
	c, err := s.customer(ctx, r.Customer)
	if err != nil {
		return err
	}
	w, err := s.Blobs.Create(ctx)
	if err != nil {
		return err
	}
	defer w.Abort()
	x := exporter{s: s, zip: zip.NewWriter(w)}
	if err := x.all(ctx, c); err != nil {
		return err
	}
	if err := x.zip.Close(); err != nil {
		return err
	}
	if err := w.Commit(); err != nil {
		return err
	}
	now := s.Now()
	r.State, r.BlobKey, r.Size, r.FinishedAt, r.ExpiresAt = Done, w.Key(), w.Size(), now, now.Add(KeptFor)
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		// An erasure that was faster took what this file holds.
		if err := s.Customers.LockTx(ctx, tx, r.Customer); err != nil {
			return err
		}
		return save(ctx, tx, *r)
	})
}

type exporter struct {
	s   *Service
	zip *zip.Writer
}

func (x exporter) all(ctx context.Context, c customer.Customer) error {
	if err := x.person(ctx, c); err != nil {
		return err
	}
	hidden := 0
	after := int64(0)
	for {
		list, err := x.s.Conversations.OfCustomer(ctx, c.ID, after, 100)
		if err != nil {
			return err
		}
		for _, one := range list {
			after = one.ID
			if !one.Visible {
				hidden++
				continue
			}
			if err := x.conversation(ctx, one.Conversation); err != nil {
				return err
			}
		}
		if len(list) == 0 {
			break
		}
	}
	if hidden == 0 {
		return nil
	}
	return x.json("left-out.json", map[string]int{"conversations_that_the_agent_may_not_see": hidden})
}

func (x exporter) json(name string, v any) error {
	w, err := x.zip.Create(name)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func (x exporter) person(ctx context.Context, c customer.Customer) error {
	notes := []map[string]any{}
	for before := int64(0); ; {
		list, err := x.s.Customers.Notes(ctx, c.ID, before, 100)
		if err != nil {
			return err
		}
		for _, n := range list {
			before = n.ID
			notes = append(notes, map[string]any{"text": n.Text, "agent_id": n.Agent, "created_at": n.At})
		}
		if len(list) < 100 {
			break
		}
	}
	consents := []map[string]any{}
	list, err := x.s.Customers.Consents(ctx, c.ID)
	if err != nil {
		return err
	}
	for _, one := range list {
		consents = append(consents, map[string]any{"purpose": one.Purpose, "channel": one.Way, "given": one.Given, "at": one.At, "source": one.Source, "recorded_at": one.Recorded})
	}
	addresses := []map[string]any{}
	for _, i := range c.Identities {
		addresses = append(addresses, map[string]any{"kind": i.Kind, "value": i.Shown, "verified": i.Verified})
	}
	return x.json("customer.json", map[string]any{"id": c.ID, "name": c.Name, "locale": c.Locale, "notes": c.Notes, "attributes": c.Attributes, "created_at": c.CreatedAt,
		"identities": addresses, "customer_notes": notes, "consents": consents})
}

// said is one message as the file has it.
type said struct {
	ID          int64                      `json:"id"`
	Kind        conversation.Kind          `json:"kind"`
	At          time.Time                  `json:"created_at"`
	From        string                     `json:"from"`
	FromAddress string                     `json:"from_address,omitempty"`
	To          []conversation.Person      `json:"to,omitempty"`
	Cc          []conversation.Person      `json:"cc,omitempty"`
	Subject     string                     `json:"subject,omitempty"`
	Text        string                     `json:"text"`
	HTML        string                     `json:"html,omitempty"`
	Files       []string                   `json:"files,omitempty"`
	Sealed      []string                   `json:"files_left_out_for_a_card_number,omitempty"`
	Malware     []string                   `json:"files_left_out_for_malware,omitempty"`
	Mail        string                     `json:"mail,omitempty"`
	Event       string                     `json:"event,omitempty"`
	Delivery    conversation.DeliveryState `json:"delivery,omitempty"`
}

// aside is a side conversation as the file has it.
type aside struct {
	ID       int64                  `json:"id"`
	Subject  string                 `json:"subject"`
	State    conversation.SideState `json:"state"`
	At       time.Time              `json:"created_at"`
	Messages []said                 `json:"messages"`
}

func (x exporter) conversation(ctx context.Context, c conversation.Conversation) error {
	out, err := x.messages(ctx, func(after int64) ([]conversation.Message, error) {
		return x.s.Conversations.Messages(ctx, c.ID, after, false, pageSize)
	})
	if err != nil {
		return err
	}
	sides, err := x.sides(ctx, c.ID)
	if err != nil {
		return err
	}
	var tasks any = []struct{}{}
	if x.s.Tasks != nil {
		if tasks, err = x.s.Tasks(ctx, c.ID); err != nil {
			return err
		}
	}
	fields, err := x.s.Conversations.FieldValues(ctx, x.s.DB, c.ID)
	if err != nil {
		return err
	}
	return x.json(fmt.Sprintf("conversations/%d.json", c.ID), map[string]any{"number": c.ID, "subject": c.Subject, "status": c.Shown(), "channel": c.Channel,
		"created_at": c.CreatedAt, "custom_fields": fields, "messages": out, "side_conversations": sides, "tasks": tasks})
}

const pageSize = 100

// messages writes page after page.
func (x exporter) messages(ctx context.Context, next func(after int64) ([]conversation.Message, error)) ([]said, error) {
	out := []said{}
	for after := int64(0); ; {
		list, err := next(after)
		if err != nil {
			return nil, err
		}
		for _, m := range list {
			after = m.ID
			one, err := x.message(ctx, m)
			if err != nil {
				return nil, err
			}
			out = append(out, one)
		}
		if len(list) < pageSize {
			return out, nil
		}
	}
}

func (x exporter) sides(ctx context.Context, of int64) ([]aside, error) {
	out := []aside{}
	list, err := x.s.Conversations.Sides(ctx, of)
	if err != nil {
		return nil, err
	}
	for _, side := range list {
		said, err := x.messages(ctx, func(after int64) ([]conversation.Message, error) {
			return x.s.Conversations.SideMessages(ctx, side.ID, after, false, pageSize)
		})
		if err != nil {
			return nil, err
		}
		out = append(out, aside{side.ID, side.Subject, side.State, side.CreatedAt, said})
	}
	return out, nil
}

func (x exporter) message(ctx context.Context, m conversation.Message) (said, error) {
	one := said{ID: m.ID, Kind: m.Kind, At: m.CreatedAt, From: m.AuthorName, FromAddress: m.AuthorAddress, To: m.Recipients.To, Cc: m.Recipients.Cc, Subject: m.Subject,
		Text: m.Text, HTML: m.HTML, Event: m.EventName, Delivery: m.Delivery.State}
	if m.Flags.Has(conversation.FlagFull) {
		var err error
		if one.Text, one.HTML, err = x.s.Conversations.Original(ctx, m.ID); err != nil {
			return one, err
		}
	}
	for _, a := range m.Attachments {
		if a.Sealed() {
			one.Sealed = append(one.Sealed, a.Name)
			continue
		}
		if a.Blocked == conversation.BlockedMalware {
			one.Malware = append(one.Malware, a.Name)
			continue
		}
		name := fmt.Sprintf("files/%d-%s", a.ID, a.Name)
		file, _, err := x.s.Blobs.Open(ctx, a.BlobKey)
		if err == nil {
			err = x.copy(name, a.CreatedAt, file)
		}
		if err != nil {
			return one, err
		}
		one.Files = append(one.Files, name)
	}
	raw, err := x.s.Raw(ctx, m)
	if err != nil || raw == nil {
		return one, err
	}
	one.Mail = fmt.Sprintf("mails/%d.eml", m.ID)
	return one, x.copy(one.Mail, m.CreatedAt, raw)
}

func (x exporter) copy(name string, at time.Time, from io.ReadCloser) error {
	defer from.Close()
	w, err := x.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: at})
	if err == nil {
		_, err = io.Copy(w, from)
	}
	return err
}
