package notification

import (
	"context"
	"encoding/binary"
	"strconv"
	"strings"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

const leavePurpose = "no more mails of notifications"

// leavePath is where mail programs and people say that no more mails shall come.
const leavePath = "/mail-off/"

// leaveLink is the address in each mail under which its reader ends the mails,
// without signing in and for as long as the mail is kept.
func (s *Service) leaveLink(agent int64) string {
	mark := s.Marks.Mark(leavePurpose, strconv.FormatInt(agent, 10))
	return strings.TrimSuffix(s.PublicURL, "/") + leavePath + base32Lower.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(agent)), mark[:]...))
}

var errLeaveLink = errs.New(errs.NotFound, "This link does not work any more. Sign in, and choose in the settings what you are told.")

// leaver is whose mails a token ends.
func (s *Service) leaver(ctx context.Context, token string) (*access.Actor, error) {
	var mark [20]byte
	b, err := base32Lower.DecodeString(token)
	if err != nil || len(b) != 8+len(mark) {
		return nil, errLeaveLink
	}
	copy(mark[:], b[8:])
	agent := int64(binary.BigEndian.Uint64(b))
	if !s.Marks.Marked(leavePurpose, strconv.FormatInt(agent, 10), mark) {
		return nil, errLeaveLink
	}
	a, err := s.Agent(ctx, agent)
	if errs.Is(err, errs.NotFound) {
		return nil, errLeaveLink
	}
	return a, err
}

// Leave ends the mails of the agent whom the token names: what is due is not
// sent any more, and no kind is told by mail until they choose again. The
// console tells them as before.
func (s *Service) Leave(ctx context.Context, token string) (a *access.Actor, err error) {
	defer errs.Wrap(&err, "end the mails of an agent")
	if a, err = s.leaver(ctx, token); err != nil {
		return nil, err
	}
	no := false
	return a, s.DB.Write(ctx, func(tx *db.Tx) error {
		for _, kind := range Kinds {
			if err := saveSetting(ctx, tx, a.AgentID, SettingChange{Kind: kind, Mail: &no}); err != nil {
				return err
			}
		}
		return forgetAllDue(ctx, tx, a.AgentID)
	})
}
