package notification

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"strings"
)

// Marker marks what we hand out and know again.
type Marker interface {
	Mark(purpose, subject string) [20]byte
	Marked(purpose, subject string, mark [20]byte) bool
}

const (
	answerPurpose = "answer to a notification"
	answerPrefix  = "dn."
)

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func answerSubject(mail, agent, conversation int64) string {
	return fmt.Sprintf("%d:%d:%d", mail, agent, conversation)
}

// token is what stands in the Message-ID of a mail and behind the plus sign of
// the address that its answer goes to: its number, and a mark that holds for
// this mail, this agent and this conversation alone.
func token(m Marker, mail, agent, conversation int64) string {
	mark := m.Mark(answerPurpose, answerSubject(mail, agent, conversation))
	return answerPrefix + base32Lower.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(mail)), mark[:]...))
}

// readToken takes a token, or a Message-ID that begins with one, apart.
func readToken(text string) (mail int64, mark [20]byte, ok bool) {
	text, _, _ = strings.Cut(strings.ToLower(text), "@")
	text, ok = strings.CutPrefix(text, answerPrefix)
	if !ok || len(text) != base32Lower.EncodedLen(8+len(mark)) {
		return 0, mark, false
	}
	b, err := base32Lower.DecodeString(text)
	if err != nil {
		return 0, mark, false
	}
	copy(mark[:], b[8:])
	return int64(binary.BigEndian.Uint64(b)), mark, true
}

// withTag is the address with a tag behind its plus sign; a local part that would
// become longer than servers must take (RFC 5321, 4.5.3.1.1) stays as it is.
func withTag(address, tag string) string {
	at := strings.LastIndexByte(address, '@')
	if at <= 0 || at+1+len(tag) > 64 {
		return address
	}
	return address[:at] + "+" + tag + address[at:]
}
