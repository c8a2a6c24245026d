package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/mail"
	"strings"
	"time"

	"github.com/emersion/go-smtp"

	compose "github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

type mailSendCmd struct {
	SMTP    string `name:"smtp" help:"Door that takes it." required:"" placeholder:"HOST:PORT"`
	From    string `help:"Who writes." required:""`
	To      string `help:"Whom they write to." required:""`
	Subject string `help:"The subject." default:"Hello"`
	Text    string `help:"The text." default:"Hello!"`
}

// Run sends one plain mail, to try a door out.
func (c mailSendCmd) Run(_ context.Context, s streams) error {
	from, err := mail.ParseAddress(c.From)
	if err != nil {
		return errs.Newf(errs.Invalid, "--from must be an address, and %q is none.", c.From)
	}
	to, err := mail.ParseAddress(c.To)
	if err != nil {
		return errs.Newf(errs.Invalid, "--to must be an address, and %q is none.", c.To)
	}
	_, domain, _ := strings.Cut(from.Address, "@")
	raw, err := compose.Compose(compose.Outgoing{
		From: compose.Address{Name: from.Name, Address: from.Address}, To: []compose.Address{{Name: to.Name, Address: to.Address}},
		Subject: c.Subject, Text: c.Text, Date: time.Now(), MessageID: strings.ToLower(rand.Text()) + "@" + domain,
	})
	if err != nil {
		return err
	}
	door, err := smtp.Dial(c.SMTP)
	if err != nil {
		return errs.Newf(errs.Unavailable, "Nothing answers at %s.", c.SMTP).Because(err)
	}
	defer door.Close()
	if err := door.SendMail(from.Address, []string{to.Address}, strings.NewReader(string(raw))); err != nil {
		return errs.New(errs.Unavailable, "The mail was not taken.").Because(err)
	}
	fmt.Fprintf(s.err, "Sent to %s.\n", to.Address)
	return door.Quit()
}
