package main

import (
	"slices"
	"time"

	"github.com/emersion/go-imap/v2"

	"github.com/deskbell/deskbell/internal/testbed"
)

// people are the mailboxes by short names. A shop's support is one of them; the
// others are for tests that connect a mailbox of their own.
var people = map[string]testbed.User{
	"support":  testbed.Support,
	"agent":    testbed.Agent,
	"customer": testbed.Customer,
	"old":      {Address: "old@desk.test", Password: "pw-old"},
	"quiet":    {Address: "quiet@desk.test", Password: "pw-quiet"},
	"phone":    {Address: "phone@desk.test", Password: "pw-phone"},
}

type bed struct {
	dovecot *testbed.Dovecot
	postfix *testbed.Postfix
}

func (b *bed) start(s *stage) {
	var users []testbed.User
	for _, u := range people {
		users = append(users, u)
	}
	b.dovecot = testbed.StartDovecot(s, testbed.DovecotOptions{Users: users})
	b.postfix = testbed.StartPostfix(s, b.dovecot, testbed.PostfixOptions{})
}

// order is one line of standard input.
type order struct {
	Do      string    `json:"do"`
	Server  string    `json:"server"`
	Address string    `json:"address"`
	Folder  string    `json:"folder"`
	At      time.Time `json:"at"`
	From    string    `json:"from"`
	To      []string  `json:"to"`
	Raw     string    `json:"raw"`
	Raws    []string  `json:"raws"`
}

type held struct {
	UID  uint32 `json:"uid"`
	Seen bool   `json:"seen"`
	Raw  string `json:"raw"`
}

func (b *bed) obey(o order) any {
	switch o.Do {
	case "start":
		b.server(o.Server).Start()
	case "stop":
		b.server(o.Server).Stop()
	case "log":
		return map[string]string{"log": b.server(o.Server).Log()}
	case "send":
		if err := b.postfix.Send(nil, o.Raw, o.From, o.To...); err != nil {
			return failed{Error: err.Error()}
		}
	case "append":
		b.dovecot.Append(o.Address, o.Folder, o.At, o.Raws...)
	case "mails":
		return map[string][]held{"mails": b.mails(o)}
	default:
		return failed{Error: "nobody here knows how to do " + o.Do}
	}
	return struct{}{}
}

// server is what both have in common.
type server interface {
	Start()
	Stop()
	Log() string
}

func (b *bed) server(name string) server {
	switch name {
	case "dovecot":
		return b.dovecot
	case "postfix":
		return b.postfix
	}
	panic(failure("there is no server " + name))
}

func (b *bed) mails(o order) []held {
	mails := []held{}
	for _, m := range b.dovecot.Mails(o.Address, o.Folder) {
		mails = append(mails, held{UID: uint32(m.UID), Seen: slices.Contains(m.Flags, imap.FlagSeen), Raw: string(m.Raw)})
	}
	return mails
}
