package testbed_test

import (
	"crypto/tls"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"
	"github.com/emersion/go-imap/v2/imapclient"
	"github.com/emersion/go-smtp"

	"github.com/deskbell/deskbell/internal/testbed"
)

func letter(from, to, subject string) string {
	return fmt.Sprintf("From: %s\nTo: %s\nSubject: %s\nMessage-ID: <%s@post.test>\nDate: Mon, 02 Mar 2026 10:00:00 +0000\n\nHello.\n",
		from, to, subject, strings.ReplaceAll(subject, " ", "."))
}

func TestMailThroughPostfixIsSeenByIMAP(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{})
	p := testbed.StartPostfix(t, d, testbed.PostfixOptions{})
	to := "support+token@desk.test"
	if err := p.Send(nil, letter(testbed.Customer.Address, to, "where is it"), testbed.Customer.Address, to); err != nil {
		t.Fatal(err)
	}
	m := d.Await(testbed.Support.Address, "INBOX", testbed.HeaderIs("Subject", "where is it"))
	if got := m.Header("Delivered-To"); got != to {
		t.Errorf("delivered to %q, want the address with its token", got)
	}
	if slices.Contains(m.Flags, imap.FlagSeen) {
		t.Error("looking at it marked it as read")
	}
}

func TestMailToNobodyComesBackAsDeliveryReport(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{})
	p := testbed.StartPostfix(t, d, testbed.PostfixOptions{})
	for _, to := range []string{testbed.Ghost, "somebody@elsewhere.test"} {
		if err := p.Send(nil, letter(testbed.Support.Address, to, "to "+to), testbed.Support.Address, to); err != nil {
			t.Fatal(err)
		}
		report := d.Await(testbed.Support.Address, "INBOX", func(m testbed.Mail) bool {
			return strings.Contains(string(m.Raw), "Final-Recipient: rfc822; "+to)
		})
		for _, part := range []string{"multipart/report", "message/delivery-status", "Action: failed", "Status: 5."} {
			if !strings.Contains(string(report.Raw), part) {
				t.Errorf("the report about %s lacks %q", to, part)
			}
		}
	}
}

func TestRefusedAddressIsRefusedWhileTheMailIsHandedIn(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{})
	p := testbed.StartPostfix(t, d, testbed.PostfixOptions{})
	err := p.Send(nil, letter("a@post.test", testbed.Refused, "no"), "a@post.test", testbed.Refused)
	var answer *smtp.SMTPError
	if !errors.As(err, &answer) || answer.Code != 550 {
		t.Errorf("got %v, want 550", err)
	}
}

func TestMailWaitsInTheQueueWhileDovecotIsDown(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{})
	p := testbed.StartPostfix(t, d, testbed.PostfixOptions{})
	d.Stop()
	if err := p.Send(nil, letter("a@post.test", testbed.Support.Address, "patience"), "a@post.test", testbed.Support.Address); err != nil {
		t.Fatal(err)
	}
	d.Start()
	d.Await(testbed.Support.Address, "INBOX", testbed.HeaderIs("Subject", "patience"))
}

func TestStoppedPostfixRefusesAndComesBack(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{})
	p := testbed.StartPostfix(t, d, testbed.PostfixOptions{})
	send := func() error {
		return p.Send(nil, letter("a@post.test", testbed.Agent.Address, "again"), "a@post.test", testbed.Agent.Address)
	}
	p.Stop()
	if err := send(); err == nil {
		t.Error("a stopped server took mail")
	}
	p.Start()
	if err := send(); err != nil {
		t.Fatal(err)
	}
	d.Await(testbed.Agent.Address, "INBOX", testbed.HeaderIs("Subject", "again"))
}

func TestPostfixAsksForThePassword(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{TLS: true})
	p := testbed.StartPostfix(t, d, testbed.PostfixOptions{RequireSignIn: true})
	raw := letter(testbed.Support.Address, testbed.Customer.Address, "signed in")
	send := func(user *testbed.User) error {
		return p.Send(user, raw, testbed.Support.Address, testbed.Customer.Address)
	}
	if send(nil) == nil {
		t.Error("took mail from a stranger")
	}
	if send(&testbed.User{Address: testbed.Support.Address, Password: "wrong"}) == nil {
		t.Error("took a wrong password")
	}
	if err := send(&testbed.Support); err != nil {
		t.Fatal(err)
	}
	d.Await(testbed.Customer.Address, "INBOX", testbed.HeaderIs("Subject", "signed in"))
}

func TestServersSpeakTLSWithACertificateOfTheirOwn(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{TLS: true})
	p := testbed.StartPostfix(t, d, testbed.PostfixOptions{})
	trust := &tls.Config{RootCAs: d.Roots, ServerName: "localhost"}
	options := &imapclient.Options{TLSConfig: trust}
	for name, dial := range map[string]func() (*imapclient.Client, error){
		"starttls": func() (*imapclient.Client, error) { return imapclient.DialStartTLS(d.IMAPAddr, options) },
		"tls":      func() (*imapclient.Client, error) { return imapclient.DialTLS(d.IMAPSAddr, options) },
	} {
		c, err := dial()
		if err != nil {
			t.Fatalf("imap with %s: %v", name, err)
		}
		if err := c.Login(testbed.Support.Address, testbed.Support.Password).Wait(); err != nil {
			t.Errorf("imap with %s: %v", name, err)
		}
		_ = c.Close()
	}
	for name, dial := range map[string]func() (*smtp.Client, error){
		"starttls": func() (*smtp.Client, error) { return smtp.DialStartTLS(p.SMTPAddr, trust) },
		"tls":      func() (*smtp.Client, error) { return smtp.DialTLS(p.SMTPSAddr, trust) },
	} {
		c, err := dial()
		if err != nil {
			t.Fatalf("smtp with %s: %v", name, err)
		}
		if err := c.Quit(); err != nil {
			t.Errorf("smtp with %s: %v", name, err)
		}
	}
}

func TestRebuiltFolderNumbersItsMailAnew(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{})
	who := testbed.Support.Address
	d.Append(who, "INBOX", time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC),
		letter("a@post.test", who, "one"), letter("a@post.test", who, "two"), letter("a@post.test", who, "three"))
	removeFirst(t, d, who)
	before := d.UIDValidity(who, "INBOX")
	if got := fmt.Sprint(uids(d.Mails(who, "INBOX"))); got != "[2 3]" {
		t.Fatalf("UIDs before: %s", got)
	}
	d.Rebuild(who, "INBOX")
	if after := d.UIDValidity(who, "INBOX"); after == before {
		t.Errorf("UIDVALIDITY is still %d", before)
	}
	if got := fmt.Sprint(uids(d.Mails(who, "INBOX"))); got != "[1 2]" {
		t.Errorf("UIDs after: %s", got)
	}
}

func TestServerWithoutIdleDoesNotOfferIt(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{NoIdle: true, Folders: []string{"Returns"}})
	c := d.Client(testbed.Support.Address)
	if c.Caps().Has("IDLE") {
		t.Error("it offers IDLE")
	}
	if !c.Caps().Has("UIDPLUS") {
		t.Error("it lost UIDPLUS too")
	}
	if got := d.Mails(testbed.Support.Address, "Returns"); len(got) != 0 {
		t.Errorf("a new folder holds %d mails", len(got))
	}
}

func TestDeliveredMailIsInTheMailbox(t *testing.T) {
	t.Parallel()
	d := testbed.StartDovecot(t, testbed.DovecotOptions{})
	d.Deliver(letter("a@post.test", testbed.Agent.Address, "direct"), "a@post.test", testbed.Agent.Address, testbed.Support.Address)
	for _, who := range []string{testbed.Agent.Address, testbed.Support.Address} {
		d.Await(who, "INBOX", testbed.HeaderIs("Subject", "direct"))
	}
}
