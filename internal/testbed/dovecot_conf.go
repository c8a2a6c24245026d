package testbed

import (
	"fmt"
	"os"
	"os/user"
	"strings"
)

// mailOwner owns the mail files when we are root; every Debian has that user.
const mailOwner = "mail"

// passwd is the list of users in the form of Dovecot's passwd-file.
func (d *Dovecot) passwd() string {
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		if u, g, err := ids(mailOwner); err == nil {
			uid, gid = u, g
		}
	}
	var text strings.Builder
	for _, u := range d.Users {
		fmt.Fprintf(&text, "%s:{PLAIN}%s:%d:%d::%s::\n",
			u.Address, u.Password, uid, gid, d.place.path("mail", u.Address))
	}
	return text.String()
}

// config is the whole configuration: no file of the system is read.
func (d *Dovecot) config() string {
	var c config
	dir := d.place.path
	c.set("protocols", "imap lmtp")
	c.set("listen", "127.0.0.1")
	c.set("base_dir", dir("run"))
	c.set("state_dir", dir("state"))
	c.set("log_path", dir("log"))
	c.set("postmaster_address", "postmaster@desk.test")
	c.set("hostname", "imap.desk.test")
	d.configUsers(&c)
	d.configMail(&c)
	d.configTLS(&c)
	d.configServices(&c)
	return c.String()
}

func (d *Dovecot) configUsers(c *config) {
	mechanisms := "plain login"
	if d.options.Identity != nil {
		mechanisms += " xoauth2 oauthbearer"
	}
	c.set("auth_mechanisms", mechanisms)
	c.set("disable_plaintext_auth", "no")
	c.set("auth_username_format", "%Lu")
	// A wrong password is answered at once, so that tests of it are quick.
	c.set("auth_failure_delay", "0")
	c.set("first_valid_uid", "1")
	if os.Getuid() != 0 {
		if me, err := user.Current(); err == nil {
			c.set("default_internal_user", me.Username)
			c.set("default_login_user", me.Username)
			if group, err := user.LookupGroupId(me.Gid); err == nil {
				c.set("default_internal_group", group.Name)
			}
		}
	}
	c.open("passdb")
	c.set("driver", "passwd-file")
	c.set("args", d.place.path("users"))
	c.close()
	if d.options.Identity != nil {
		c.open("passdb")
		c.set("driver", "oauth2")
		c.set("mechanisms", "xoauth2 oauthbearer")
		c.set("args", d.place.path("oauth2.conf"))
		c.close()
	}
	c.open("userdb")
	c.set("driver", "passwd-file")
	c.set("args", d.place.path("users"))
	c.close()
}

// oauth2 has each access token shown to the identity provider (RFC 7662).
func (d *Dovecot) oauth2() string {
	ask := strings.Replace(d.options.Identity.URL, "http://", "http://mailserver:mail-secret@", 1) + "/token/introspection"
	return "introspection_mode = post\nintrospection_url = " + ask + "\nusername_attribute = sub\nactive_attribute = active\nactive_value = true\n"
}

func (d *Dovecot) configMail(c *config) {
	c.set("mail_location", "maildir:~")
	c.set("mail_fsync", "never")
	c.set("recipient_delimiter", "+")
	c.set("mail_max_userip_connections", "200")
	// Where the kernel does not tell about new files, look often.
	c.set("mailbox_idle_check_interval", "2 secs")
	c.set("imap_idle_notify_interval", "10 secs")
	if d.options.NoIdle {
		c.set("imap_capability", "IMAP4rev1 SASL-IR LITERAL+ ID ENABLE NAMESPACE CHILDREN UIDPLUS MOVE SPECIAL-USE")
	}
	c.open("namespace inbox")
	c.set("inbox", "yes")
	c.set("separator", "/")
	for name, use := range map[string]string{"Sent": "Sent", "Drafts": "Drafts", "Junk": "Junk", "Trash": "Trash"} {
		c.open("mailbox " + name)
		c.set("auto", "subscribe")
		c.set("special_use", `\`+use)
		c.close()
	}
	for _, name := range d.options.Folders {
		c.open("mailbox " + `"` + name + `"`)
		c.set("auto", "subscribe")
		c.close()
	}
	c.close()
}

func (d *Dovecot) configTLS(c *config) {
	if !d.options.TLS {
		c.set("ssl", "no")
		return
	}
	c.set("ssl", "yes")
	c.set("ssl_cert", "<"+d.place.path("cert.pem"))
	c.set("ssl_key", "<"+d.place.path("key.pem"))
}

func (d *Dovecot) configServices(c *config) {
	imaps := 0
	if d.options.TLS {
		imaps = d.ports.imaps
	}
	c.open("service imap-login")
	c.listener("imap", d.ports.imap)
	c.listener("imaps", imaps)
	c.set("chroot", "")
	c.close()
	c.open("service lmtp")
	c.listener("lmtp", d.ports.lmtp)
	c.close()
	c.open("service auth") // Postfix asks here who may send
	c.listener("sasl", d.ports.auth)
	if me, err := user.Current(); err == nil && os.Getuid() != 0 {
		c.set("user", me.Username)
	}
	c.close()
	// A chroot needs root, and a container may forbid it even then.
	c.open("service stats")
	c.set("chroot", "")
	c.close()
	c.open("service anvil")
	c.set("chroot", "")
	c.open("unix_listener anvil-auth-penalty") // no waiting after wrong passwords
	c.set("mode", "0")
	c.close()
	c.close()
}

// config writes Dovecot's configuration language.
type config struct {
	strings.Builder
	depth int
}

func (c *config) set(key, value string) { c.line(key + " = " + value) }

func (c *config) open(what string) {
	c.line(what + " {")
	c.depth++
}

func (c *config) close() {
	c.depth--
	c.line("}")
}

// listener opens a port of the loopback address; 0 keeps it shut.
func (c *config) listener(name string, port int) {
	c.open("inet_listener " + name)
	c.set("address", "127.0.0.1")
	c.set("port", fmt.Sprint(port))
	c.close()
}

func (c *config) line(text string) {
	c.WriteString(strings.Repeat("  ", c.depth) + text + "\n")
}
