package app

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/clamd"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Config is everything that can be set from outside, once, at the start.
type Config struct {
	Data        string // folder of the embedded database, blobs and key
	DatabaseURL string // PostgreSQL instead of the embedded database
	BlobURL     string // another place for blobs
	KeyFile     string // "" = secret.key in Data
	Key         string // DESKBELL_KEY, wins over the file

	Addr           string // of the HTTP server
	SMTPAddr       string // of the SMTP door, "" = closed
	LMTPAddr       string // of the LMTP door, "" = closed
	NATSURL        string // of the bus between nodes, "" = PostgreSQL carries the hints
	NATSCreds      string // file of NATS credentials, "" = none
	PublicURL      string // "" = http:// and the listen address
	TrustedProxies []string
	TLSCert        string
	TLSKey         string
	Drain          time.Duration // how long the node goes on after it was told to stop
	// NotificationDelay is how long a mail about a notification waits for its reader to see it.
	NotificationDelay time.Duration
	NoSync            bool // synchronous=NORMAL: unsafe at power loss

	// Clamd is the socket of a virus scanner, "" = files are not scanned. ClamdAway
	// says what becomes of files while it is away: "wait" or "pass".
	Clamd     string
	ClamdAway string

	FileReader []string // command of the process that reads attached files, none = their words are not found but for plain text

	Version string
	Demo    bool // throw-away data, mail that goes out is captured
}

// check fills in what follows from the rest and refuses what cannot work.
func (c *Config) check() error {
	if c.Data == "" {
		c.Data = "deskbell-data"
	}
	if c.KeyFile == "" {
		c.KeyFile = filepath.Join(c.Data, "secret.key")
	}
	if c.BlobURL == "" {
		c.BlobURL = filepath.Join(c.Data, "blobs")
	}
	if c.Addr == "" {
		c.Addr = "127.0.0.1:8080"
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errs.New(errs.Invalid, "--tls-cert and --tls-key belong together: give both or none.")
	}
	if c.Drain < 0 || c.Drain > maxDrain {
		return errs.Newf(errs.Invalid, "--drain is between 0s and %s, and %s is not.", maxDrain, c.Drain)
	}
	if c.NotificationDelay < 0 || c.NotificationDelay > maxNotificationDelay {
		return errs.Newf(errs.Invalid, "--notification-delay is between 0s and %s, and %s is not.", maxNotificationDelay, c.NotificationDelay)
	}
	if c.ClamdAway == "" {
		c.ClamdAway = "wait"
	}
	if c.ClamdAway != "wait" && c.ClamdAway != "pass" {
		return errs.Newf(errs.Invalid, "--clamd-away is wait or pass, and %q is neither.", c.ClamdAway)
	}
	if c.Clamd != "" {
		if _, err := clamd.New(c.Clamd); err != nil {
			return err
		}
	}
	if err := c.checkNATS(); err != nil {
		return err
	}
	if err := c.checkPublicURL(); err != nil {
		return err
	}
	_, err := c.proxies()
	return err
}

const (
	maxDrain             = 5 * time.Minute
	maxNotificationDelay = time.Hour
)

func (c *Config) checkPublicURL() error {
	if c.PublicURL == "" {
		return nil
	}
	u, err := url.Parse(c.PublicURL)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.Path != "" && u.Path != "/" {
		return errs.Newf(errs.Invalid, "--public-url must be like https://desk.example.com, and %q is not.", c.PublicURL)
	}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	return nil
}

func (c *Config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, s := range c.TrustedProxies {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		p, err := netip.ParsePrefix(s)
		if err != nil {
			ip, ipErr := netip.ParseAddr(s)
			if ipErr != nil {
				return nil, errs.Newf(errs.Invalid, "--trusted-proxies takes addresses like 10.0.0.0/8, and %q is none.", s)
			}
			p = netip.PrefixFrom(ip, ip.BitLen())
		}
		out = append(out, p)
	}
	return out, nil
}

// publicURL is where people reach the program that listens at addr.
func (c *Config) publicURL(addr net.Addr) string {
	if c.PublicURL != "" {
		return c.PublicURL
	}
	scheme := "http"
	if c.TLSCert != "" {
		scheme = "https"
	}
	host := addr.String()
	if h, port, err := net.SplitHostPort(host); err == nil {
		if ip, err := netip.ParseAddr(h); err == nil && ip.IsUnspecified() {
			host = net.JoinHostPort("127.0.0.1", port)
		}
	}
	return fmt.Sprintf("%s://%s", scheme, host)
}

// makeData makes the data folder, or says what is in its way.
func (c *Config) makeData() error {
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return errs.Newf(errs.Unavailable, "The data folder %s cannot be made or used. Choose another with --data.", c.Data).Because(err)
	}
	return nil
}
