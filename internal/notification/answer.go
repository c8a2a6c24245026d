package notification

import (
	"context"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// answerLife is how long a mail can be answered.
const answerLife = 30 * 24 * time.Hour

// Mailed is a mail that somebody answers.
type Mailed struct {
	ID           int64
	Agent        int64
	Conversation int64 // 0 = a summary, which has no answer
	Seen         int64 // the newest message that its reader had seen
	Note         bool  // the answer becomes a note unless it says otherwise
	Expired      bool
}

// Mailed finds the mail of ours to which one of the ids or tokens leads; not
// found when there is none.
func (s *Service) Mailed(ctx context.Context, q db.Queryer, tokens []string) (_ Mailed, err error) {
	defer errs.Wrap(&err, "find the notification mail that is answered")
	for _, t := range tokens {
		id, mark, ok := readToken(t)
		if !ok {
			continue
		}
		m, err := readMail(ctx, q, id)
		if db.IsNoRows(err) {
			continue
		}
		if err != nil {
			return Mailed{}, err
		}
		if s.Marks.Marked(answerPurpose, answerSubject(m.id, m.agent, m.conversation), mark) {
			return Mailed{m.id, m.agent, m.conversation, m.seen, m.note, s.Now().Sub(m.createdAt) > answerLife}, nil
		}
	}
	return Mailed{}, errs.New(errs.NotFound, "This mail answers no notification.")
}

// AnswerTx notes that a mail answers one of ours; false when the same one came before.
func (s *Service) AnswerTx(ctx context.Context, tx *db.Tx, ledger int64, m Mailed, hash []byte) (first bool, err error) {
	defer errs.Wrap(&err, "note the answer to notification mail %d", m.ID)
	return insertAnswer(ctx, tx, ledger, m.ID, hash, s.Now())
}

// AnsweredTx notes what an answer has become.
func (s *Service) AnsweredTx(ctx context.Context, tx *db.Tx, ledger, message int64) (err error) {
	defer errs.Wrap(&err, "note what the answer %d became", ledger)
	return setAnswer(ctx, tx, ledger, message)
}

// Answered is what an answer has become, 0 = nothing yet.
func (s *Service) Answered(ctx context.Context, ledger int64) (message int64, err error) {
	defer errs.Wrap(&err, "read what the answer %d became", ledger)
	return answerOf(ctx, s.DB, ledger)
}

// Command takes the first word of an answer off where it says what becomes of
// the rest. Whoever writes Japanese types the wide sign.
func Command(written string) (rest string, note, said bool) {
	trimmed := strings.TrimLeft(written, " \t\r\n\u3000\ufeff")
	if wide, ok := strings.CutPrefix(trimmed, "＃"); ok {
		trimmed = "#" + wide
	}
	for _, word := range []string{WriteNote, WriteReply} {
		if len(trimmed) < len(word) || !strings.EqualFold(trimmed[:len(word)], word) {
			continue
		}
		after := trimmed[len(word):]
		if after != "" && !strings.ContainsRune(" \t\r\n:\u3000", []rune(after)[0]) {
			continue
		}
		return strings.TrimLeft(after, ": \t\r\n\u3000"), word == WriteNote, true
	}
	return written, false, false
}
