package inbox

import (
	"net/mail"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// ID of an inbox.
type ID int64

// Email is the only channel so far.
const Email = "email"

// How the name in From looks.
const (
	AgentAndShop = "agent_and_shop" // "Anna from Shop"
	ShopOnly     = "shop"           // "Shop"
)

// TLS says how a connection to a mail server is protected.
type TLS string

// The ways to protect a connection.
const (
	TLSNone     TLS = "none"
	TLSStartTLS TLS = "starttls"
	TLSDirect   TLS = "tls"
)

// Server is one mail server and who signs in there. An empty Host means that there is none.
type Server struct {
	Host     string `json:"host"`
	Port     int    `json:"port"`
	Username string `json:"username"` // empty = no sign-in
	TLS      TLS    `json:"tls"`
	Auth     Auth   `json:"auth,omitempty"`
}

// Auth says how we sign in at a mail server.
type Auth string

// The ways to sign in. A mailbox consent is what its owner gave us at their
// provider (OAuth 2.0, RFC 6749), instead of a password.
const (
	Password       Auth = ""
	MailboxConsent Auth = "consent"
)

// ByMailboxConsent tells whether we sign in with a mailbox consent.
func (s Server) ByMailboxConsent() bool { return s.Auth == MailboxConsent }

// Set tells whether there is a server.
func (s Server) Set() bool { return s.Host != "" }

// IMAP says where mail is fetched from.
type IMAP struct {
	Server
	Folders []string `json:"folders"`
	// HistoryDays are brought in at the first connection: 0, 7, 30 or 90.
	HistoryDays int `json:"history_days"`
	// SentFolder takes what was sent, "" = the folder that the server marks.
	SentFolder string `json:"sent_folder"`
	// ReadSent shows the answers that people write in their mail program.
	ReadSent bool `json:"read_sent,omitempty"`
	// NoRescue leaves known customers' mail in the spam folder of the provider.
	NoRescue bool `json:"no_rescue,omitempty"`
	// AfterFetch is what happens in the mailbox to mail that is safely here.
	AfterFetch AfterFetch `json:"after_fetch,omitempty"`
	MoveTo     string     `json:"move_to,omitempty"` // the folder of Move
	// AskedAt is when what is read was last asked for: mail from then on is new,
	// however long the first connection takes. Zero = before this was noted.
	AskedAt time.Time `json:"asked_at,omitzero"`
}

// asked notes the moment in which other folders are to be read than before.
func (m *IMAP) asked(before *IMAP, at time.Time) {
	same := m.Host == before.Host && m.Username == before.Username && slices.Equal(m.Folders, before.Folders) &&
		m.ReadSent == before.ReadSent && m.NoRescue == before.NoRescue
	if m.Set() && (!same || m.AskedAt.IsZero()) {
		m.AskedAt = at
	}
}

// AfterFetch is what happens in the mailbox to mail that was fetched.
type AfterFetch string

// What can happen to it.
const (
	Leave    AfterFetch = ""
	MarkSeen AfterFetch = "seen"
	Move     AfterFetch = "move"
)

// Sending says how mail leaves an inbox.
type Sending struct {
	// LinkOverMB is the size in MiB above which a file goes as a link; 0 = 15,
	// negative = never.
	LinkOverMB  int       `json:"link_over_mb,omitempty"`
	HourlyLimit int       `json:"hourly_limit,omitempty"` // recipients, 0 = none
	DailyLimit  int       `json:"daily_limit,omitempty"`
	WarmUpSince time.Time `json:"warm_up_since,omitzero"` // zero = no warm-up
}

// LinkOver is the size in bytes above which a file goes as a link, 0 = never.
func (s Sending) LinkOver() int64 {
	switch {
	case s.LinkOverMB < 0:
		return 0
	case s.LinkOverMB == 0:
		return 15 << 20
	}
	return int64(s.LinkOverMB) << 20
}

func (i *Inbox) checkSending(p *problems) {
	s := &i.Sending
	if s.LinkOverMB < -1 || s.LinkOverMB > 50 {
		p.add("sending.link_over_mb", errs.Say("This is a size from 1 to 50 MB, 0 for the usual one or -1 for never."))
	}
	for name, n := range map[string]int{"hourly_limit": s.HourlyLimit, "daily_limit": s.DailyLimit} {
		if n < 0 || n > 1_000_000 {
			p.add("sending."+name, errs.Say("A limit is a number of mails; 0 is no limit."))
		}
	}
}

// Member is an agent with an access of their own.
type Member struct {
	AgentID int64        `json:"agent_id"`
	Access  access.Level `json:"access"`
}

// Inbox is one inbox without its secrets.
type Inbox struct {
	ID              ID
	Brand           int64
	Channel         string
	Name            string
	Address         string
	Aliases         []string // without Address
	FromName        string
	FromStyle       string
	Signature       string
	Footer          string
	AfterReply      string // pending, closed, open
	ReopenDays      int
	Languages       []string
	DefaultAccess   access.Level // of agents that are no members
	Members         []Member
	IMAP            IMAP
	IMAPPasswordSet bool
	SMTP            Server
	SMTPPasswordSet bool
	Sending         Sending
	CatchAll        bool // answers to every address of its domain
	ReplyToken      bool // plus-addresses came back, so they may be used
	KeepCards       bool // card numbers in messages are not masked
	// TrustedAuthservIDs are the hosts whose Authentication-Results are believed
	// beside those of the mailbox's known provider (RFC 8601, section 5).
	TrustedAuthservIDs []string
	ArchivedAt         time.Time
	CreatedAt          time.Time
	Version            int64

	warmUp *bool // asked for by a change
}

// Archived tells whether the inbox is out of use.
func (i *Inbox) Archived() bool { return !i.ArchivedAt.IsZero() }

// Addresses lists every address that the inbox answers to, its own first.
func (i *Inbox) Addresses() []string { return append([]string{i.Address}, i.Aliases...) }

// ShopName is the name that customers know.
func (i *Inbox) ShopName() string {
	if i.FromName != "" {
		return i.FromName
	}
	return i.Name
}

// Fold makes two spellings of one address equal.
func Fold(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// problems collects what is wrong, so that a form shows it all at once.
type problems []errs.Field

func (p *problems) add(location string, sentence errs.Text) {
	*p = append(*p, errs.FieldOf("body."+location, sentence))
}

func (p problems) err() error {
	if len(p) == 0 {
		return nil
	}
	return &errs.Error{Kind: errs.Invalid, Text: p[0].Text, Fields: p}
}

// check fills in what was left open and says what is wrong.
func (i *Inbox) check() error {
	var p problems
	i.Name, i.FromName = strings.TrimSpace(i.Name), strings.TrimSpace(i.FromName)
	if i.Name == "" || len(i.Name) > 100 {
		p.add("name", errs.Say("Give the inbox a name of at most 100 characters."))
	}
	if i.Channel != Email {
		p.add("channel", errs.Say(`The only channel is "email".`))
	}
	if len(i.FromName) > 200 || strings.ContainsAny(i.FromName, "\r\n") {
		p.add("from_name", errs.Say("The sender's name is one line of at most 200 characters."))
	}
	i.checkAddresses(&p)
	i.checkTrust(&p)
	i.checkLook(&p)
	i.checkPeople(&p)
	i.checkSending(&p)
	if i.IMAP.Set() {
		checkServer(&p, "imap", &i.IMAP.Server, 143, 993)
		i.checkIMAP(&p)
	} else {
		i.IMAP = IMAP{}
	}
	if i.SMTP.Set() {
		checkServer(&p, "smtp", &i.SMTP, 587, 465)
	} else {
		i.SMTP = Server{}
	}
	return p.err()
}

func (i *Inbox) checkAddresses(p *problems) {
	i.Address = strings.TrimSpace(i.Address)
	if !validAddress(i.Address) {
		p.add("address", errs.Say("This is not an e-mail address."))
	}
	if len(i.Aliases) > 100 {
		p.add("aliases", errs.Say("An inbox has at most 100 aliases."))
	}
	seen := map[string]bool{Fold(i.Address): true}
	kept := []string{}
	for _, a := range i.Aliases {
		a = strings.TrimSpace(a)
		if !validAddress(a) {
			p.add("aliases", errs.Say("One of the aliases is not an e-mail address."))
		}
		if !seen[Fold(a)] {
			seen[Fold(a)] = true
			kept = append(kept, a)
		}
	}
	i.Aliases = kept
}

func (i *Inbox) checkTrust(p *problems) {
	kept := []string{}
	for _, id := range i.TrustedAuthservIDs {
		id = Fold(id)
		if name := strings.TrimPrefix(id, "*."); name == "" || len(id) > 253 || strings.ContainsAny(name, " *;()<>@,/\"\r\n\t") {
			p.add("trusted_authserv_ids", errs.Say("This is the name of a host such as mx.example.com, or *.example.com for all below it."))
		}
		if !slices.Contains(kept, id) {
			kept = append(kept, id)
		}
	}
	if len(kept) > 20 {
		p.add("trusted_authserv_ids", errs.Say("At most 20 hosts can be believed."))
	}
	i.TrustedAuthservIDs = kept
}

// validAddress takes what RFC 5321 allows as a mailbox, without display name.
func validAddress(s string) bool {
	if len(s) > 254 || strings.ContainsAny(s, " <>,;\r\n\t") {
		return false
	}
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && a.Name == ""
}

func (i *Inbox) checkLook(p *problems) {
	orDefault(&i.FromStyle, AgentAndShop)
	orDefault(&i.AfterReply, "pending")
	if i.FromStyle != AgentAndShop && i.FromStyle != ShopOnly {
		p.add("from_style", errs.Say(`This is "agent_and_shop" or "shop".`))
	}
	if !slices.Contains([]string{"pending", "closed", "open"}, i.AfterReply) {
		p.add("after_reply", errs.Say(`This is "pending", "closed" or "open".`))
	}
	if i.ReopenDays < 0 || i.ReopenDays > 3650 {
		p.add("reopen_days", errs.Say("This is a number of days from 0 to 3650."))
	}
	if len(i.Signature) > 10_000 {
		p.add("signature", errs.Say("A signature has at most 10,000 characters."))
	}
	if len(i.Footer) > 10_000 {
		p.add("footer", errs.Say("A footer has at most 10,000 characters."))
	}
	if len(i.Languages) == 0 {
		i.Languages = []string{"en", "ja", "tr", "uk"}
	}
	for _, l := range i.Languages {
		if len(l) < 2 || len(l) > 10 {
			p.add("languages", errs.Say(`A language is a code such as "en".`))
		}
	}
}

func (i *Inbox) checkPeople(p *problems) {
	levels := []access.Level{access.None, access.Own, access.Team, access.Any}
	if i.DefaultAccess == "" {
		i.DefaultAccess = access.Any
	}
	if !slices.Contains(levels, i.DefaultAccess) {
		p.add("default_access", errs.Say(`This is "all", "team", "own" or "none".`))
	}
	seen := map[int64]bool{}
	for _, m := range i.Members {
		if !slices.Contains(levels, m.Access) {
			p.add("members", errs.Say(`The access of a member is "all", "team", "own" or "none".`))
		}
		if seen[m.AgentID] {
			p.add("members", errs.Say("An agent stands in the list twice."))
		}
		seen[m.AgentID] = true
	}
}

func (i *Inbox) checkIMAP(p *problems) {
	if len(i.IMAP.Folders) == 0 {
		i.IMAP.Folders = []string{"INBOX"}
	}
	if len(i.IMAP.Folders) > 20 {
		p.add("imap.folders", errs.Say("At most 20 folders can be watched."))
	}
	for n, f := range i.IMAP.Folders {
		if f == "" || len(f) > 255 || strings.ContainsAny(f, "\r\n\x00") {
			p.add("imap.folders", errs.Say("One of the folders has no usable name."))
		}
		if slices.Contains(i.IMAP.Folders[:n], f) {
			p.add("imap.folders", errs.Say("A folder stands in the list twice."))
		}
	}
	if len(i.IMAP.SentFolder) > 255 || strings.ContainsAny(i.IMAP.SentFolder, "\r\n\x00") {
		p.add("imap.sent_folder", errs.Say("This is not a usable folder name."))
	}
	i.checkAfterFetch(p)
	if !slices.Contains([]int{0, 7, 30, 90}, i.IMAP.HistoryDays) {
		p.add("imap.history_days", errs.Say("The history is 0, 7, 30 or 90 days."))
	}
}

func (i *Inbox) checkAfterFetch(p *problems) {
	if i.IMAP.AfterFetch == "leave" {
		i.IMAP.AfterFetch = Leave
	}
	i.IMAP.MoveTo = strings.TrimSpace(i.IMAP.MoveTo)
	to := i.IMAP.MoveTo
	switch {
	case i.IMAP.AfterFetch != Leave && i.IMAP.AfterFetch != MarkSeen && i.IMAP.AfterFetch != Move:
		p.add("imap.after_fetch", errs.Say(`This is "leave", "seen" or "move".`))
	case i.IMAP.AfterFetch == Move && (to == "" || len(to) > 255 || strings.ContainsAny(to, "\r\n\x00")):
		p.add("imap.move_to", errs.Say("Say into which folder fetched mail is moved."))
	case i.IMAP.AfterFetch == Move && slices.Contains(i.IMAP.Folders, to):
		p.add("imap.move_to", errs.Say("Fetched mail cannot be moved into a folder that is read itself."))
	}
}

// checkServer fills in the usual port: RFC 9051 for IMAP, RFC 8314 for submission.
func checkServer(p *problems, name string, s *Server, plain, direct int) {
	s.Host = strings.TrimSpace(s.Host)
	if s.TLS == "" {
		s.TLS = TLSDirect
		if s.Port == plain {
			s.TLS = TLSStartTLS
		}
	}
	if s.TLS != TLSNone && s.TLS != TLSStartTLS && s.TLS != TLSDirect {
		p.add(name+".tls", errs.Say(`This is "none", "starttls" or "tls".`))
	}
	if s.Port == 0 {
		s.Port = plain
		if s.TLS == TLSDirect {
			s.Port = direct
		}
	}
	if s.Port < 1 || s.Port > 65535 {
		p.add(name+".port", errs.Say("A port is a number from 1 to 65535."))
	}
	if len(s.Host) > 253 || strings.ContainsAny(s.Host, " /@\r\n\t") || strings.Count(s.Host, ":") == 1 {
		p.add(name+".host", errs.Say("This is a host name such as mail.example.com, without port or path."))
	}
	if len(s.Username) > 255 || strings.ContainsAny(s.Username, "\r\n\x00\x01") {
		p.add(name+".username", errs.Say("The user name is one line of at most 255 characters."))
	}
	checkAuth(p, name, s)
}

func checkAuth(p *problems, name string, s *Server) {
	if s.Auth == "password" {
		s.Auth = Password
	}
	switch {
	case s.Auth != Password && s.Auth != MailboxConsent:
		p.add(name+".auth", errs.Say(`This is "password" or "consent".`))
	case s.ByMailboxConsent() && s.Username == "":
		p.add(name+".username", errs.Say("Say whose mailbox it is: the address with which its owner signs in."))
	case s.ByMailboxConsent() && s.TLS == TLSNone && !loopback(s.Host):
		p.add(name+".tls", errs.Say("A sign-in by mailbox consent needs a protected connection. Choose TLS or STARTTLS."))
	}
}

// loopback tells whether the host is this computer, where nobody listens in.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func orDefault(s *string, value string) {
	if *s == "" {
		*s = value
	}
}

// CheckServers fills in usual ports and looks at the mail servers alone, for
// trying them before the rest of the form is filled in.
func (i *Inbox) CheckServers() error {
	var p problems
	if i.IMAP.Set() {
		checkServer(&p, "imap", &i.IMAP.Server, 143, 993)
		i.checkIMAP(&p)
	}
	if i.SMTP.Set() {
		checkServer(&p, "smtp", &i.SMTP, 587, 465)
		if i.Address == "" || !validAddress(i.Address) {
			p.add("address", errs.Say("This is not an e-mail address."))
		}
	}
	return p.err()
}
