// Command mail-servers starts a Dovecot and a Postfix for tests that are not
// written in Go, and lives as long as its standard input is open.
//
// It prints one JSON line with addresses and mailboxes:
//
//	{"imap":"127.0.0.1:20001","smtp":"127.0.0.1:20002","lmtp":"127.0.0.1:20003",
//	 "users":{"support":{"address":"support@desk.test","password":"pw-support"}, ...},
//	 "ghost":"ghost@desk.test","refused":"anybody@refused.test"}
//
// or {"missing":"..."} when a server is not installed (with CI=true that is an
// error). Then each line on standard input is one order, answered with one
// line, in this sequence; one that fails is answered with {"error":"..."}:
//
//	{"do":"stop","server":"postfix"}                                   or dovecot, and "start"
//	{"do":"send","from":"a@b.test","to":["c@d.test"],"raw":"From: ..."} in over SMTP
//	{"do":"append","address":"...","folder":"INBOX","at":"2026-03-02T10:00:00Z","raws":["..."]}
//	{"do":"mails","address":"...","folder":"INBOX"}                    -> {"mails":[{"uid":1,"seen":false,"raw":"..."}]}
//	{"do":"log","server":"postfix"}                                    -> {"log":"..."}
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/deskbell/deskbell/internal/testbed"
)

func main() {
	os.Exit(run(os.Stdin, os.Stdout))
}

func run(in io.Reader, out io.Writer) int {
	var s stage
	defer s.end()
	answers := json.NewEncoder(out)
	answers.SetEscapeHTML(false)

	var b bed
	err := s.try(func() { b.start(&s) })
	var lacking missing
	if errors.As(err, &lacking) {
		_ = answers.Encode(map[string]string{"missing": string(lacking)})
		return 0
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	if err := answers.Encode(b.introduce()); err != nil {
		return 1
	}
	return b.serve(&s, in, answers)
}

// serve obeys orders until there are no more.
func (b *bed) serve(s *stage, in io.Reader, answers *json.Encoder) int {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if err != nil {
			return 0
		}
		if err := answers.Encode(b.answer(s, line)); err != nil {
			return 1
		}
	}
}

func (b *bed) answer(s *stage, line []byte) any {
	var o order
	if err := json.Unmarshal(line, &o); err != nil {
		return failed{Error: "this is no order: " + err.Error()}
	}
	var answer any
	err := s.try(func() { answer = b.obey(o) })
	if err != nil {
		return failed{Error: err.Error()}
	}
	return answer
}

type failed struct {
	Error string `json:"error"`
}

// introduction is the first line.
type introduction struct {
	IMAP    string             `json:"imap"`
	SMTP    string             `json:"smtp"`
	LMTP    string             `json:"lmtp"`
	Users   map[string]mailbox `json:"users"`
	Ghost   string             `json:"ghost"`
	Refused string             `json:"refused"`
}

type mailbox struct {
	Address  string `json:"address"`
	Password string `json:"password"`
}

func (b *bed) introduce() introduction {
	users := map[string]mailbox{}
	for name, u := range people {
		users[name] = mailbox{u.Address, u.Password}
	}
	return introduction{
		IMAP: b.dovecot.IMAPAddr, SMTP: b.postfix.SMTPAddr, LMTP: b.dovecot.LMTPAddr,
		Users: users, Ghost: testbed.Ghost, Refused: testbed.Refused,
	}
}
