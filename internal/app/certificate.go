package app

import (
	"crypto/tls"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// lookedEvery is how soon a renewed certificate is noticed.
const lookedEvery = 10 * time.Second

// certificate is that of --tls-cert. A renewed file is taken up without a
// restart; while it cannot be read, or does not fit its key, the old one stays.
type certificate struct {
	file, key string
	now       func() time.Time
	log       *slog.Logger

	mu     sync.Mutex
	pair   *tls.Certificate
	stamp  string
	looked time.Time
}

// openCertificate reads both files for the first time.
func openCertificate(file, key string, now func() time.Time, log *slog.Logger) (*certificate, error) {
	c := &certificate{file: file, key: key, now: now, log: log, looked: now()}
	c.stamp = c.stampOf()
	if err := c.load(); err != nil {
		return nil, errs.New(errs.Invalid, "The certificate of --tls-cert or its key cannot be read.").Because(err)
	}
	return c, nil
}

func (c *certificate) load() error {
	pair, err := tls.LoadX509KeyPair(c.file, c.key)
	if err == nil {
		c.pair = &pair
	}
	return err
}

// stampOf changes when one of the files does.
func (c *certificate) stampOf() (stamp string) {
	for _, name := range []string{c.file, c.key} {
		if info, err := os.Stat(name); err == nil {
			stamp += info.ModTime().String() + "/" + time.Duration(info.Size()).String() + " "
		}
	}
	return stamp
}

// get is tls.Config.GetCertificate.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.looked) >= lookedEvery || now.Before(c.looked) {
		c.looked = now
		if stamp := c.stampOf(); stamp != c.stamp {
			if err := c.load(); err != nil {
				c.log.Warn("the new certificate cannot be used, the old one stays", "error", err)
				return c.pair, nil // it may be half written: tried again at the next look
			}
			c.stamp = stamp
			c.log.Info("a new certificate is in use")
		}
	}
	return c.pair, nil
}

func (c *certificate) config() *tls.Config {
	return &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: c.get}
}
