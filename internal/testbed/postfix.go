package testbed

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// PostfixOptions say how a Postfix differs from the usual one.
type PostfixOptions struct {
	RequireSignIn bool // takes mail only from the users of the Dovecot, by their passwords
	MaxBytes      int  // the largest message, 50 MiB unless told
	// Policy is asked about each recipient and answers as an access table does:
	// "DUNNO" for all right, or a code and a text such as "450 4.7.1 later".
	Policy func(attributes map[string]string) string
}

// Postfix is a running mail server. All mail goes to its Dovecot, which takes it
// for its users and refuses everybody else: those bounces are Postfix's own. No
// mail leaves the machine.
type Postfix struct {
	SMTPAddr  string // plain, with STARTTLS when the Dovecot has TLS
	SMTPSAddr string // TLS from the start; empty without TLS

	t       testing.TB
	place   *place
	dovecot *Dovecot
	options PostfixOptions
	ports   struct{ smtp, smtps int }
	policy  string // where Policy answers
	server  *server
}

const (
	postfixProgram  = "/usr/sbin/postfix"
	postfixPrograms = "/usr/lib/postfix/sbin"
	postfixMaster   = postfixPrograms + "/master"
)

// StartPostfix starts a Postfix in front of a Dovecot. It ends with the test.
func StartPostfix(t testing.TB, d *Dovecot, options PostfixOptions) *Postfix {
	t.Helper()
	if _, err := os.Stat(postfixProgram); err != nil {
		lacks(t, "Postfix is not installed (Debian: apt-get install postfix)")
	}
	if os.Getuid() != 0 {
		lacks(t, "Postfix runs only when root starts it")
	}
	p, err := newPlace("smtp")
	if err != nil {
		t.Fatalf("start Postfix: %v", err)
	}
	t.Cleanup(p.remove)
	x := &Postfix{t: t, place: p, dovecot: d, options: options}
	if err := x.prepare(); err != nil {
		t.Fatalf("prepare Postfix: %v", err)
	}
	x.Start()
	t.Cleanup(x.Stop)
	return x
}

func (x *Postfix) prepare() error {
	if err := freePorts(&x.ports.smtp, &x.ports.smtps); err != nil {
		return err
	}
	x.SMTPAddr = loopback(x.ports.smtp)
	if x.dovecot.options.TLS {
		x.SMTPSAddr = loopback(x.ports.smtps)
	}
	if x.options.Policy != nil {
		on, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		x.policy = on.Addr().String()
		x.t.Cleanup(func() { on.Close() })
		go servePolicy(on, x.options.Policy)
	}
	for folder, owner := range map[string]string{"etc": "", "queue": "", "data": "postfix"} {
		if err := x.place.mkdir(folder, owner); err != nil {
			return err
		}
	}
	if err := x.place.write("etc/main.cf", x.mainCf()); err != nil {
		return err
	}
	if err := x.place.write("etc/master.cf", x.masterCf()); err != nil {
		return err
	}
	// This makes the folders of the queue, each with its owner and mode.
	out, err := exec.Command(postfixProgram, "-c", x.place.path("etc"), "check").CombinedOutput()
	if err != nil {
		return fmt.Errorf("postfix check: %w\n%s", err, out)
	}
	return nil
}

// Start starts the server again after Stop: same port, same queue. Children of
// the stopped server hold the port for a moment, so it tries more than once.
func (x *Postfix) Start() {
	x.t.Helper()
	err := waitFor(x.start)
	if err != nil {
		x.t.Fatalf("start Postfix: %v\n%s", err, x.Log())
	}
}

func (x *Postfix) start() error {
	// The postfix command would hide the process that we have to stop.
	server, err := x.place.run("postfix", "TERM", exec.Command(postfixMaster, "-s", "-c", x.place.path("etc")))
	if err != nil {
		return err
	}
	if err := server.answers(x.SMTPAddr); err != nil {
		server.stop(syscall.SIGTERM)
		return err
	}
	x.server = server
	return nil
}

// Stop stops the server, as an outage would: its port refuses, its queue stays.
func (x *Postfix) Stop() {
	x.server.stop(syscall.SIGTERM)
	x.server = nil
}

// Log is what the server wrote, to look at when a test fails.
func (x *Postfix) Log() string { return x.place.logTail("log") }

// Send hands a raw message in over SMTP, signing in as user unless that is nil.
func (x *Postfix) Send(user *User, raw, from string, to ...string) error {
	conn, err := net.Dial("tcp", x.SMTPAddr)
	if err != nil {
		return err
	}
	c := smtp.NewClient(conn)
	defer c.Close()
	if user != nil {
		if err := c.Auth(sasl.NewPlainClient("", user.Address, user.Password)); err != nil {
			return err
		}
	}
	if err := c.SendMail(from, to, strings.NewReader(crlf(raw))); err != nil {
		return err
	}
	return c.Quit()
}

func (x *Postfix) mainCf() string {
	allowed := "permit_mynetworks, reject"
	if x.options.RequireSignIn {
		allowed = "permit_sasl_authenticated, reject"
	}
	recipients := allowed
	if x.policy != "" {
		recipients = "check_policy_service inet:" + x.policy + ", " + allowed
	}
	size := x.options.MaxBytes
	if size == 0 {
		size = 50 << 20
	}
	settings := []string{
		"compatibility_level = 3.6",
		"queue_directory = " + x.place.path("queue"),
		"data_directory = " + x.place.path("data"),
		"command_directory = /usr/sbin",
		"daemon_directory = " + postfixPrograms,
		"maillog_file = " + x.place.path("log"),
		"maillog_file_prefixes = " + x.place.dir,
		"myhostname = mx.desk.test",
		"mydestination =",
		"inet_interfaces = 127.0.0.1",
		"inet_protocols = ipv4",
		"mynetworks = 127.0.0.0/8",
		// Who may send, and where to: these domains, and nowhere else.
		"smtpd_relay_restrictions = " + allowed,
		"smtpd_recipient_restrictions = " + recipients,
		"virtual_mailbox_domains = " + strings.Join(x.domains(), ", "),
		"virtual_mailbox_maps = static:everybody",
		"virtual_transport = lmtp:inet:" + x.dovecot.LMTPAddr,
		"default_transport = lmtp:inet:" + x.dovecot.LMTPAddr,
		"transport_maps = inline:{ { refused.test = error:5.1.2 nobody takes mail for this domain } }",
		"local_transport = error:5.1.1 nobody has an account here",
		"relayhost =",
		"relay_domains =",
		"recipient_delimiter = +",
		"smtputf8_enable = yes",
		"smtp_dns_support_level = disabled",
		"lmtp_host_lookup = native",
		"alias_maps =",
		"alias_database =",
		fmt.Sprintf("message_size_limit = %d", size),
		"mailbox_size_limit = 0",
		// An outage of Dovecot is over for Postfix a moment after it is over.
		"queue_run_delay = 1s",
		"minimal_backoff_time = 1s",
		"maximal_backoff_time = 2s",
		"smtpd_client_connection_count_limit = 0",
		// A wrong password is answered at once.
		"smtpd_error_sleep_time = 0",
	}
	// Only then: Postfix takes no mail at all while the Dovecot it asks is down.
	if x.options.RequireSignIn {
		settings = append(settings,
			"smtpd_sasl_auth_enable = yes",
			"smtpd_sasl_type = dovecot",
			"smtpd_sasl_path = inet:"+loopback(x.dovecot.ports.auth))
	}
	if x.dovecot.options.TLS {
		settings = append(settings,
			"smtpd_tls_security_level = may",
			"smtpd_tls_cert_file = "+x.dovecot.place.path("cert.pem"),
			"smtpd_tls_key_file = "+x.dovecot.place.path("key.pem"))
	}
	return strings.Join(settings, "\n") + "\n"
}

func (x *Postfix) domains() []string {
	seen := map[string]bool{}
	var domains []string
	for _, u := range x.dovecot.Users {
		_, domain, _ := strings.Cut(u.Address, "@")
		if !seen[domain] {
			seen[domain] = true
			domains = append(domains, domain)
		}
	}
	return domains
}

// masterCf lists the services of Postfix; none of them in a chroot.
func (x *Postfix) masterCf() string {
	services := []string{
		x.SMTPAddr + " inet n - n - - smtpd",
		"pickup unix n - n 60 1 pickup",
		"cleanup unix n - n - 0 cleanup",
		"qmgr unix n - n 1 1 qmgr",
		"tlsmgr unix - - n 1000? 1 tlsmgr",
		"rewrite unix - - n - - trivial-rewrite",
		"bounce unix - - n - 0 bounce",
		"defer unix - - n - 0 bounce",
		"trace unix - - n - 0 bounce",
		"verify unix - - n - 1 verify",
		"flush unix n - n 1000? 0 flush",
		"proxymap unix - - n - - proxymap",
		"smtp unix - - n - - smtp",
		"error unix - - n - - error",
		"retry unix - - n - - error",
		"lmtp unix - - n - - lmtp",
		"anvil unix - - n - 1 anvil",
		"scache unix - - n - 1 scache",
		"postlog unix-dgram n - n - 1 postlogd",
	}
	if x.SMTPSAddr != "" {
		services = append(services, x.SMTPSAddr+" inet n - n - - smtpd -o smtpd_tls_wrappermode=yes")
	}
	return strings.Join(services, "\n") + "\n"
}
