package access

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"

	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/team"
)

// The second step is TOTP (RFC 6238) with the parameters that every
// authenticator app knows: SHA-1, six digits, 30 seconds. A code counts from one
// step before to one step after the present one.
const (
	totpPeriod    = 30 * time.Second
	totpSecret    = 20 // bytes, RFC 4226 section 4 R6
	recoveryCodes = 10
)

// Problem types by which the console knows what to ask for.
const (
	codeNeeded  = "urn:deskbell:problem:code-needed"
	codeWrong   = "urn:deskbell:problem:code-wrong"
	setUpNeeded = "urn:deskbell:problem:second-step-missing"
)

var (
	errCodeNeeded = typed(codeNeeded, errs.New(errs.Unauthorized, "Enter the code from your authenticator app, or a recovery code."))
	errSetUpFirst = typed(setUpNeeded, errs.New(errs.Forbidden, "Everybody here signs in with a second step. Set yours up first."))
)

func typed(name string, e *errs.Error) *errs.Error {
	e.Type = name
	return e
}

func wrongCode(text errs.Text) error {
	e := typed(codeWrong, errs.Said(errs.Unauthorized, text))
	e.Fields = []errs.Field{errs.FieldOf("body.code", text)}
	return e
}

// SecondStep is how an agent stands with it.
type SecondStep struct {
	On       bool
	Since    time.Time
	Recovery int  // recovery codes that are left
	Required bool // for everybody
}

// SecondStep reads how an agent stands with it.
func (s *Service) SecondStep(ctx context.Context, agent int64) (out SecondStep, err error) {
	defer errs.Wrap(&err, "read the second step of agent %d", agent)
	t, err := readTOTP(ctx, s.cfg.DB, agent, "")
	if err != nil {
		return out, err
	}
	if out.Required, err = secondStepRequired(ctx, s.cfg.DB); err != nil {
		return out, err
	}
	out.On, out.Since = t.confirmed(), t.confirmedAt
	out.Recovery, err = countRecovery(ctx, s.cfg.DB, agent)
	return out, err
}

// NewSecret is what an authenticator app is told, by camera or by hand.
type NewSecret struct {
	Text string // base32 in groups of four
	URL  string // otpauth, what the picture holds
}

// BeginSecondStep makes a secret for the caller, which counts once they confirm
// it with a code. One that counts already is replaced only then.
func (s *Service) BeginSecondStep(ctx context.Context, a *Actor, password string, c Client) (out NewSecret, err error) {
	defer errs.Wrap(&err, "begin the second step of agent %d", a.AgentID)
	if s.cfg.Secrets == nil {
		return out, errs.New(errs.Unavailable, "There is no key to keep a secret with.")
	}
	if err := s.confirmPassword(ctx, a, password, c); err != nil {
		return out, err
	}
	secret := make([]byte, totpSecret)
	rand.Read(secret) //nolint:errcheck // never fails
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := readTOTP(ctx, tx, a.AgentID, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if t.confirmed() {
			return errs.New(errs.Conflict, "You have a second step already. Turn it off first to move it to another device.")
		}
		return saveTOTP(ctx, tx, a.AgentID, s.cfg.Secrets.Seal("totp", "secret", a.AgentID, secret), s.cfg.Now())
	})
	if err != nil {
		return out, err
	}
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	q := url.Values{"secret": {text}, "issuer": {s.issuer()}}
	out.URL = "otpauth://totp/" + url.PathEscape(s.issuer()+":"+a.Email) + "?" + strings.ReplaceAll(q.Encode(), "+", "%20")
	for len(text) > 4 {
		out.Text, text = out.Text+text[:4]+" ", text[4:]
	}
	out.Text += text
	return out, nil
}

// issuer is what the app shows beside the account: the host tells two installations apart.
func (s *Service) issuer() string {
	if u, err := url.Parse(s.cfg.PublicURL); err == nil && u.Hostname() != "" {
		return "Deskbell " + u.Hostname()
	}
	return "Deskbell"
}

// ConfirmSecondStep makes the secret count when code comes from it, ends the
// agent's other sessions, and returns the recovery codes, which are shown only here.
func (s *Service) ConfirmSecondStep(ctx context.Context, a *Actor, code string) (codes []string, err error) {
	defer errs.Wrap(&err, "confirm the second step of agent %d", a.AgentID)
	door := try{codeDoor, strconv.FormatInt(a.AgentID, 10)}
	if err := s.enter(ctx, door); err != nil {
		return nil, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := readTOTP(ctx, tx, a.AgentID, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if t.sealed == nil || t.confirmed() {
			return errs.New(errs.Conflict, "There is no second step to confirm. Begin again.")
		}
		if err := s.countTx(ctx, tx, t, code); err != nil {
			return err
		}
		if err := confirmTOTP(ctx, tx, a.AgentID, s.cfg.Now()); err != nil {
			return err
		}
		if codes, err = newRecoveryTx(ctx, tx, a.AgentID); err != nil {
			return err
		}
		if err := s.auditStep(ctx, tx, "agent.second_step_on", a.AgentID, a.Name); err != nil {
			return err
		}
		if err := s.endedTx(ctx, tx, a.AgentID); err != nil {
			return err
		}
		if err := endSessions(ctx, tx, a.AgentID, a.SessionID); err != nil {
			return err
		}
		return backTx(ctx, tx, door)
	})
	return codes, err
}

// NewRecoveryCodes replaces the caller's recovery codes.
func (s *Service) NewRecoveryCodes(ctx context.Context, a *Actor, password string, c Client) (codes []string, err error) {
	defer errs.Wrap(&err, "make recovery codes for agent %d", a.AgentID)
	if err := s.confirmPassword(ctx, a, password, c); err != nil {
		return nil, err
	}
	err = s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := readTOTP(ctx, tx, a.AgentID, tx.Dialect.ForUpdate())
		if err != nil {
			return err
		}
		if !t.confirmed() {
			return errs.New(errs.Conflict, "You have no second step, so there is nothing to recover.")
		}
		codes, err = newRecoveryTx(ctx, tx, a.AgentID)
		return err
	})
	return codes, err
}

// EndSecondStep turns the caller's own second step off.
func (s *Service) EndSecondStep(ctx context.Context, a *Actor, password string, c Client) (err error) {
	defer errs.Wrap(&err, "end the second step of agent %d", a.AgentID)
	if err := s.confirmPassword(ctx, a, password, c); err != nil {
		return err
	}
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error { return s.endStepTx(ctx, tx, a.AgentID, a.Name) })
}

// ResetSecondStep turns somebody's second step off, for one who has lost their
// device, and ends their sessions.
func (s *Service) ResetSecondStep(ctx context.Context, by *Actor, agent int64) (err error) {
	defer errs.Wrap(&err, "reset the second step of agent %d", agent)
	return s.cfg.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := s.managedTx(ctx, tx, by, agent)
		if err != nil {
			return err
		}
		if err := s.endStepTx(ctx, tx, agent, m.Name); err != nil {
			return err
		}
		if agent == by.AgentID {
			return endSessions(ctx, tx, agent, by.SessionID)
		}
		if err := endSessions(ctx, tx, agent, 0); err != nil {
			return err
		}
		return s.noticeTx(ctx, tx, Notice{Kind: NoticeStepRemoved, To: m.Email, Name: m.Name, Locale: m.Locale, By: by.Name})
	})
}

func (s *Service) endStepTx(ctx context.Context, tx *db.Tx, agent int64, name string) error {
	n, err := deleteTOTP(ctx, tx, agent)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, "There is no second step to turn off.")
	}
	if err := s.endedTx(ctx, tx, agent); err != nil {
		return err
	}
	return s.auditStep(ctx, tx, "agent.second_step_off", agent, name)
}

func (s *Service) auditStep(ctx context.Context, tx *db.Tx, action string, agent int64, name string) error {
	return audit.RecordTx(ctx, tx, s.cfg.Now(), audit.Entry{Action: action, Subject: "agent", ID: agent, Name: name})
}

// managedTx reads an agent whom by may manage.
func (s *Service) managedTx(ctx context.Context, tx *db.Tx, by *Actor, agent int64) (team.Agent, error) {
	m, err := s.cfg.Team.AgentTx(ctx, tx, agent)
	if err == nil {
		err = s.mayManage(ctx, tx, by, m.Role)
	}
	return m, err
}

// stepTx asks for the second step in the transaction that signs in. A refused
// code ends that transaction, so its try was taken before, see [Service.stepTry].
func (s *Service) stepTx(ctx context.Context, tx *db.Tx, agent int64, code string) error {
	t, err := readTOTP(ctx, tx, agent, tx.Dialect.ForUpdate())
	if err != nil || !t.confirmed() {
		return err
	}
	if code == "" {
		return errCodeNeeded
	}
	if err := s.countTx(ctx, tx, t, code); err != nil {
		return err
	}
	return backTx(ctx, tx, try{codeDoor, strconv.FormatInt(agent, 10)})
}

// stepTry takes a try at the second step of an agent who has one. It is an
// error of its own when there is no code yet.
func (s *Service) stepTry(ctx context.Context, agent int64, code string) error {
	t, err := readTOTP(ctx, s.cfg.DB, agent, "")
	if err != nil || !t.confirmed() {
		return err
	}
	if code == "" {
		return errCodeNeeded
	}
	return s.enter(ctx, try{codeDoor, strconv.FormatInt(agent, 10)})
}

// countTx uses up a code: a step of the clock counts once, a recovery code too.
func (s *Service) countTx(ctx context.Context, tx *db.Tx, t totp, code string) error {
	code = strings.ToLower(strings.NewReplacer(" ", "", "-", "").Replace(code))
	if len(code) != 6 {
		return s.recoverTx(ctx, tx, t, code)
	}
	if s.cfg.Secrets == nil {
		return errs.New(errs.Unavailable, "There is no key to read the secret with.")
	}
	secret, err := s.cfg.Secrets.Open("totp", "secret", t.agent, t.sealed)
	if err != nil {
		return errs.New(errs.Unavailable, "The stored secret cannot be read with this key. Use a recovery code, or ask an admin to reset your second step.").Because(err)
	}
	step, ok := matchStep(secret, code, s.cfg.Now())
	if !ok {
		return wrongCode(errs.Say("This code is wrong or too old. Look at the newest one; if it is refused too, check the clock of your device."))
	}
	present := stepOf(s.cfg.Now())
	n, err := useStep(ctx, tx, t.agent, step, present+1)
	if err == nil && n == 0 {
		err = wrongCode(errs.Say("This code was used already. Wait for the next one."))
	}
	return err
}

func (s *Service) recoverTx(ctx context.Context, tx *db.Tx, t totp, code string) error {
	n := int64(0)
	var err error
	if t.confirmed() && len(code) == recoveryLength {
		n, err = deleteRecovery(ctx, tx, t.agent, hashOf("recovery "+code))
	}
	if err != nil {
		return err
	}
	if n == 0 {
		return wrongCode(errs.Say("This code is wrong. It has six digits, or it is one of your recovery codes that was not used yet."))
	}
	return s.auditStep(ctx, tx, "agent.recovery_code_used", t.agent, "")
}

func stepOf(at time.Time) int64 { return at.Unix() / int64(totpPeriod/time.Second) }

// matchStep finds the step that a code belongs to. All three are computed, so
// that the time it takes tells nothing.
func matchStep(secret []byte, code string, at time.Time) (step int64, ok bool) {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(secret)
	for _, n := range []int64{stepOf(at) - 1, stepOf(at), stepOf(at) + 1} {
		want, err := hotp.GenerateCodeCustom(text, uint64(n), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = n, true
		}
	}
	return step, ok
}

// recoveryLength is 80 bits in base32: beyond guessing even when the hashes are known.
const recoveryLength = 16

// newRecoveryTx replaces the recovery codes; a code reads abcd-efgh-ijkl-mnop.
func newRecoveryTx(ctx context.Context, tx *db.Tx, agent int64) (codes []string, err error) {
	if err := deleteAllRecovery(ctx, tx, agent); err != nil {
		return nil, err
	}
	for range recoveryCodes {
		code := strings.ToLower(rand.Text()[:recoveryLength])
		if err := insertRecovery(ctx, tx, agent, hashOf("recovery "+code)); err != nil {
			return nil, err
		}
		codes = append(codes, code[:4]+"-"+code[4:8]+"-"+code[8:12]+"-"+code[12:])
	}
	return codes, nil
}
