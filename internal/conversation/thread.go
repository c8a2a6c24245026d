package conversation

import (
	"context"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/customer"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// leads is where the ids and tokens of a message lead to.
func (in Inbound) leads(ctx context.Context, q db.Queryer) ([]found, error) {
	keys, own := in.keys()
	if own != nil {
		keys = append(slices.Clone(keys), own)
	}
	return lookupKeys(ctx, q, keys)
}

// target chooses the conversation of a message, in this order: ids of the mail,
// reply token, number in the subject, a new one. before is the locked state of
// an existing conversation, nil where c is new; linked are others to tie to it.
// lead is the one that the keys, which lead to leads, led to: another one than c
// after a merge.
func (s *Service) target(ctx context.Context, tx *db.Tx, in Inbound, leads []found) (c Conversation, before *Conversation, lead int64, linked []int64, err error) {
	_, own := in.keys()
	id, linked := chooseLead(in.Inbox, leads)
	if id == 0 {
		if id, err = s.bySubject(ctx, tx, in); err != nil {
			return c, nil, 0, nil, err
		}
	}
	claim := in.claims(own)
	if id == 0 {
		if id, err = s.claimNew(ctx, tx, in.Inbox, claim); err != nil || id < 0 {
			c, before, linked, err = s.begin(ctx, tx, in, -id, linked, err)
			return c, before, 0, linked, err
		}
	} else if err = claimKeys(ctx, tx, in.Inbox, id, claim); err != nil {
		return c, nil, 0, nil, err
	}
	c, before, linked, err = s.join(ctx, tx, in, id, linked)
	return c, before, id, linked, err
}

// keys are what leads to a conversation, in order: ids, then tokens. own is the
// key of the mail's own id.
func (in Inbound) keys() (keys []threadKey, own threadKey) {
	for _, id := range append(slices.Clone(in.ThreadIDs), in.Tokens...) {
		if id != "" {
			keys = append(keys, keyOf(id))
		}
	}
	if in.Bounce != nil && in.Bounce.OriginalRFCID != "" {
		keys = append(keys, keyOf(in.Bounce.OriginalRFCID))
	}
	if in.RFCID != "" {
		own = keyOf(in.RFCID)
	}
	return keys, own
}

// claims are the keys that will lead to the message's conversation: its own id
// and the ids it names, but not tokens, which only we make.
func (in Inbound) claims(own threadKey) []threadKey {
	var out []threadKey
	if own != nil {
		out = append(out, own)
	}
	for _, id := range in.ThreadIDs {
		if id != "" {
			out = append(out, keyOf(id))
		}
	}
	return out
}

// chooseLead takes the newest conversation that the keys lead to inside the
// inbox or by our own ids. The others, and conversations of other inboxes that
// hold the same mail, are linked.
func chooseLead(inbox int64, leads []found) (id int64, linked []int64) {
	for _, f := range leads {
		if (f.inbox == inbox || f.inbox == ownKeys) && f.conversation > id {
			id = f.conversation
		}
	}
	for _, f := range leads {
		if f.conversation != id && !slices.Contains(linked, f.conversation) {
			linked = append(linked, f.conversation)
		}
	}
	return id, linked[:min(len(linked), 5)]
}

// bySubject trusts a number in the subject only from somebody who takes part:
// numbers can be guessed.
func (s *Service) bySubject(ctx context.Context, tx *db.Tx, in Inbound) (int64, error) {
	if in.SubjectNumber <= 0 {
		return 0, nil
	}
	c, err := find(ctx, tx, in.SubjectNumber, "")
	if errs.Is(err, errs.NotFound) || err == nil && c.Inbox != in.Inbox {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	address := customer.Fold(customer.Email, in.From.Address)
	known, err := wroteIn(ctx, tx, c.ID, address)
	if err != nil || known {
		return c.ID, err
	}
	people, err := participants(ctx, tx, c.ID)
	for _, p := range people {
		if p.Kind != "unverified" && p.Address == address {
			return c.ID, nil
		}
	}
	return 0, err
}

// claimNew reserves an id and claims the keys for it. When another transaction
// was faster the winner's conversation is returned; otherwise the reserved id
// as a negative number.
func (s *Service) claimNew(ctx context.Context, tx *db.Tx, inbox int64, keys []threadKey) (int64, error) {
	reserved, err := reserve(ctx, tx)
	if err != nil || len(keys) == 0 {
		return -reserved, err
	}
	n, err := claimFree(ctx, tx, inbox, reserved, keys)
	if err != nil || n == distinct(keys) {
		return -reserved, err
	}
	leads, err := lookupKeys(ctx, tx, keys)
	if err != nil {
		return 0, err
	}
	winner := int64(0)
	for _, f := range leads {
		if f.inbox == inbox && f.conversation != reserved {
			winner = max(winner, f.conversation)
		}
	}
	if winner == 0 {
		return -reserved, nil
	}
	return winner, repointKeys(ctx, tx, inbox, reserved, winner, keys)
}

func distinct(keys []threadKey) int {
	seen := map[string]bool{}
	for _, k := range keys {
		seen[string(k)] = true
	}
	return len(seen)
}

// join locks the conversation, follows a merge, and begins a new one, linked,
// where the old one was closed too long ago.
func (s *Service) join(ctx context.Context, tx *db.Tx, in Inbound, id int64, linked []int64) (c Conversation, before *Conversation, _ []int64, err error) {
	c, err = s.survivor(ctx, tx, id)
	if errs.Is(err, errs.NotFound) {
		return s.replace(ctx, tx, in, id, linked)
	}
	if err != nil {
		return c, nil, nil, err
	}
	settings, err := s.Inbox(ctx, tx, c.Inbox)
	if err != nil {
		return c, nil, nil, err
	}
	if !in.Automatic && !in.History && c.TooOldToReopen(in.At, settings.ReopenDays) {
		reserved, err := reserve(ctx, tx)
		if err != nil {
			return c, nil, nil, err
		}
		if err := repointKeys(ctx, tx, in.Inbox, c.ID, reserved, in.ownClaim()); err != nil {
			return c, nil, nil, err
		}
		next, _, linked, err := s.begin(ctx, tx, in, reserved, append(linked, c.ID), nil)
		if err == nil {
			next.Assignee, err = activeAgent(ctx, tx, c.Assignee)
			next.Team = c.Team
		}
		return next, nil, linked, err
	}
	was := c
	return c, &was, linked, nil
}

// replace begins a conversation in place of spam that was deleted meanwhile, to
// which ids of the mail still lead.
func (s *Service) replace(ctx context.Context, tx *db.Tx, in Inbound, gone int64, linked []int64) (Conversation, *Conversation, []int64, error) {
	id, err := reserve(ctx, tx)
	if err != nil {
		return Conversation{}, nil, nil, err
	}
	keys, own := in.keys()
	if own != nil {
		keys = append(keys, own)
	}
	for _, inbox := range []int64{in.Inbox, ownKeys} {
		if len(keys) == 0 {
			break
		}
		if err := repointKeys(ctx, tx, inbox, gone, id, keys); err != nil {
			return Conversation{}, nil, nil, err
		}
	}
	return s.begin(ctx, tx, in, id, linked, nil)
}

func (in Inbound) ownClaim() []threadKey {
	if in.RFCID == "" {
		return nil
	}
	return []threadKey{keyOf(in.RFCID)}
}

// survivor locks the conversation that id was merged into, at most ten steps on.
func (s *Service) survivor(ctx context.Context, tx *db.Tx, id int64) (Conversation, error) {
	for range 10 {
		c, err := find(ctx, tx, id, tx.Dialect.ForUpdate())
		if err != nil || c.MergedInto == 0 {
			return c, err
		}
		id = c.MergedInto
	}
	return Conversation{}, errs.Newf(errs.Internal, "Conversation %d is merged in a circle.", id)
}

// begin makes the new conversation of a message; the row is written by the caller.
func (s *Service) begin(ctx context.Context, tx *db.Tx, in Inbound, id int64, linked []int64, err error) (Conversation, *Conversation, []int64, error) {
	if err != nil {
		return Conversation{}, nil, nil, err
	}
	if _, err := s.Inbox(ctx, tx, in.Inbox); err != nil {
		return Conversation{}, nil, nil, err
	}
	who, err := s.Customers.IdentifyTx(ctx, tx, customer.Email, in.From.Address, in.From.Name, in.Verified)
	return in.newConversation(id, who, s.Now()), nil, linked, err
}

// NumberToken is what stands in a subject to name a conversation, such as "[#123]".
func NumberToken(number int64) string {
	return "[#" + strings.TrimLeft(formatInt(number), "0") + "]"
}
