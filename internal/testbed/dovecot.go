package testbed

import (
	"crypto/x509"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// User is somebody with a mailbox.
type User struct {
	Address  string // also the name to sign in with
	Password string
}

// The people of the test bed.
var (
	Support  = User{"support@desk.test", "pw-support"}
	Agent    = User{"agent@desk.test", "pw-agent"}
	Customer = User{"customer@post.test", "pw-customer"}
)

// Addresses without a mailbox. Like everybody unknown Ghost is taken by Postfix
// and refused by Dovecot, so that mail to it comes back as a real bounce;
// Refused is answered with 550 while the mail is handed in.
const (
	Ghost   = "ghost@desk.test"
	Refused = "anybody@refused.test"
)

// DovecotOptions say how a Dovecot differs from the usual one.
type DovecotOptions struct {
	Users   []User   // none means Support, Agent and Customer
	Folders []string // beside INBOX, Sent, Drafts, Junk and Trash
	NoIdle  bool     // a server without IDLE, which has to be polled
	TLS     bool     // STARTTLS on IMAPAddr, TLS from the start on IMAPSAddr
	// Identity lets people in with its access tokens, beside their passwords.
	Identity *Identity
}

// Dovecot is a running IMAP and LMTP server.
type Dovecot struct {
	IMAPAddr  string
	IMAPSAddr string // empty without TLS
	LMTPAddr  string
	Users     []User
	Roots     *x509.CertPool // trusts the certificate; nil without TLS

	t       testing.TB
	place   *place
	options DovecotOptions
	ports   struct{ imap, imaps, lmtp, auth int }
	server  *server
}

const dovecotProgram = "/usr/sbin/dovecot"

// StartDovecot starts a Dovecot that ends with the test.
func StartDovecot(t testing.TB, options DovecotOptions) *Dovecot {
	t.Helper()
	for _, needed := range []string{dovecotProgram, "/usr/lib/dovecot/imap", "/usr/lib/dovecot/lmtp"} {
		if _, err := os.Stat(needed); err != nil {
			lacks(t, "Dovecot is not installed (Debian: apt-get install dovecot-imapd dovecot-lmtpd)")
		}
	}
	if len(options.Users) == 0 {
		options.Users = []User{Support, Agent, Customer}
	}
	p, err := newPlace("imap")
	if err != nil {
		t.Fatalf("start Dovecot: %v", err)
	}
	t.Cleanup(p.remove)
	d := &Dovecot{Users: options.Users, t: t, place: p, options: options}
	if err := d.prepare(); err != nil {
		t.Fatalf("prepare Dovecot: %v", err)
	}
	d.Start()
	t.Cleanup(d.Stop)
	return d
}

func (d *Dovecot) prepare() error {
	if err := freePorts(&d.ports.imap, &d.ports.imaps, &d.ports.lmtp, &d.ports.auth); err != nil {
		return err
	}
	d.IMAPAddr, d.LMTPAddr = loopback(d.ports.imap), loopback(d.ports.lmtp)
	if err := d.place.mkdir("mail", mailOwner); err != nil {
		return err
	}
	for _, folder := range []string{"run", "state"} {
		if err := d.place.mkdir(folder, ""); err != nil {
			return err
		}
	}
	if d.options.TLS {
		roots, err := writeCertificate(d.place)
		if err != nil {
			return err
		}
		d.Roots, d.IMAPSAddr = roots, loopback(d.ports.imaps)
	}
	if err := d.place.write("users", d.passwd()); err != nil {
		return err
	}
	if d.options.Identity != nil {
		if err := d.place.writeSecret("oauth2.conf", d.oauth2()); err != nil {
			return err
		}
	}
	return d.place.write("dovecot.conf", d.config())
}

// Start starts the server again after Stop: same ports, same mail.
func (d *Dovecot) Start() {
	d.t.Helper()
	cmd := exec.Command(dovecotProgram, "-F", "-c", d.place.path("dovecot.conf"))
	server, err := d.place.run("dovecot", "TERM", cmd)
	for _, addr := range []string{d.IMAPAddr, d.LMTPAddr} {
		if err == nil {
			err = server.answers(addr)
		}
	}
	if err != nil {
		d.t.Fatalf("start Dovecot: %v\n%s", err, d.Log())
	}
	d.server = server
}

// Stop stops the server, as an outage would: its ports refuse, its mail stays.
func (d *Dovecot) Stop() {
	d.server.stop(syscall.SIGTERM)
	d.server = nil
}

// Log is what the server wrote, to look at when a test fails.
func (d *Dovecot) Log() string { return d.place.logTail("log") }

// Password is the password of an address.
func (d *Dovecot) Password(address string) string {
	for _, u := range d.Users {
		if u.Address == address {
			return u.Password
		}
	}
	d.t.Fatalf("nobody here has the address %s", address)
	return ""
}

// doveadm runs Dovecot's own tool on the running server.
func (d *Dovecot) doveadm(args ...string) (string, error) {
	args = append([]string{"-c", d.place.path("dovecot.conf")}, args...)
	out, err := exec.Command("/usr/bin/doveadm", args...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("doveadm %s: %w\n%s", strings.Join(args[2:], " "), err, out)
	}
	return string(out), nil
}
