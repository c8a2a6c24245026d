package consent

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Provider is a sign-in service with the shop's own client there.
type Provider struct {
	Key          string
	ClientID     string // "" = not set up
	SecretSet    bool
	AuthorizeURL string
	TokenURL     string
	Scopes       []string

	id     int64
	sealed []byte
}

// The sign-in services.
const (
	Google    = "google"
	Microsoft = "microsoft"
	Other     = "other"
)

// Keys of all sign-in services, in the order of the page.
var Keys = []string{Google, Microsoft, Other}

// usual is what need not be entered.
var usual = map[string]Provider{
	Google: { //nolint:gosec // addresses, no secrets
		AuthorizeURL: "https://accounts.google.com/o/oauth2/v2/auth", TokenURL: "https://oauth2.googleapis.com/token",
		Scopes: []string{"https://mail.google.com/"},
	},
	Microsoft: { //nolint:gosec // addresses, no secrets
		AuthorizeURL: "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
		TokenURL:     "https://login.microsoftonline.com/common/oauth2/v2.0/token",
		Scopes:       []string{"https://outlook.office.com/IMAP.AccessAsUser.All", "https://outlook.office.com/SMTP.Send", "offline_access"},
	},
}

var names = map[string]string{Google: "Google", Microsoft: "Microsoft", Other: "OAuth 2.0"}

// Name of a sign-in service for sentences.
func Name(key string) string { return names[key] }

// Ready tells whether people can be sent there.
func (p Provider) Ready() bool {
	p = p.filled()
	return p.ClientID != "" && p.AuthorizeURL != "" && p.TokenURL != ""
}

// filled takes the usual addresses where none were entered.
func (p Provider) filled() Provider {
	u := usual[p.Key]
	if p.AuthorizeURL == "" {
		p.AuthorizeURL = u.AuthorizeURL
	}
	if p.TokenURL == "" {
		p.TokenURL = u.TokenURL
	}
	if len(p.Scopes) == 0 {
		p.Scopes = u.Scopes
	}
	return p
}

// Of guesses the sign-in service from the name of the mail server.
func Of(host string) string {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	under := func(domain string) bool { return host == domain || strings.HasSuffix(host, "."+domain) }
	switch {
	case under("gmail.com") || under("googlemail.com") || under("google.com"):
		return Google
	case under("office365.com") || under("outlook.com"):
		return Microsoft
	}
	return Other
}

func (p *Provider) check() error {
	var fields []errs.Field
	wrong := func(location string, text errs.Text) {
		fields = append(fields, errs.FieldOf("body."+location, text))
	}
	p.ClientID = strings.TrimSpace(p.ClientID)
	if len(p.ClientID) > 500 || strings.ContainsAny(p.ClientID, " \r\n\t") {
		wrong("client_id", errs.Say("The client id is one word, as the provider shows it."))
	}
	for _, u := range []struct {
		name string
		text *string
	}{{"authorize_url", &p.AuthorizeURL}, {"token_url", &p.TokenURL}} {
		*u.text = strings.TrimSpace(*u.text)
		if *u.text == "" && (p.Key != Other || p.ClientID == "") {
			continue
		}
		if !safeURL(*u.text) {
			wrong(u.name, errs.Say("This is an address that begins with https://."))
		}
	}
	kept := []string{}
	for _, s := range p.Scopes {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		if len(s) > 300 || strings.ContainsAny(s, " \r\n\t\"\\") {
			wrong("scopes", errs.Say("A scope is one word, as the provider's documents name it."))
		}
		kept = append(kept, s)
	}
	if p.Scopes = kept; len(kept) > 20 {
		wrong("scopes", errs.Say("At most 20 scopes can be asked for."))
	}
	if len(fields) > 0 {
		return &errs.Error{Kind: errs.Invalid, Text: fields[0].Text, Fields: fields}
	}
	return nil
}

// safeURL takes https, and http on this computer alone.
func safeURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.User != nil || u.Fragment != "" || len(text) > 1000 {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	here := u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
	return u.Scheme == "https" || u.Scheme == "http" && here
}

func known(key string) error {
	if !slices.Contains(Keys, key) {
		return errs.New(errs.NotFound, "There is no such sign-in service.")
	}
	return nil
}
