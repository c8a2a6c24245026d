package app

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// pairOf writes a certificate with the serial number and its key.
func pairOf(t *testing.T, dir string, serial int64) (file, key string) {
	t.Helper()
	secret, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	of := &x509.Certificate{SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour), DNSNames: []string{"desk.example"}}
	der, err := x509.CreateCertificate(rand.Reader, of, of, &secret.PublicKey, secret)
	if err != nil {
		t.Fatal(err)
	}
	keyDER, err := x509.MarshalECPrivateKey(secret)
	if err != nil {
		t.Fatal(err)
	}
	file, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	write(t, file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: keyDER}))
	return file, key
}

func write(t *testing.T, file string, text []byte) {
	t.Helper()
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// shown is the serial number that a client sees.
func shown(t *testing.T, c *certificate) int64 {
	t.Helper()
	server, client := net.Pipe()
	done := make(chan error, 1)
	go func() { done <- tls.Server(server, c.config()).Handshake() }()
	conn := tls.Client(client, &tls.Config{InsecureSkipVerify: true}) //nolint:gosec // the certificate is what is looked at
	if err := conn.Handshake(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return conn.ConnectionState().PeerCertificates[0].SerialNumber.Int64()
}

func TestARenewedCertificateIsTakenUpWithoutARestart(t *testing.T) {
	t.Parallel()
	now, dir := time.Now(), t.TempDir()
	file, key := pairOf(t, dir, 1)
	var log bytes.Buffer
	c, err := openCertificate(file, key, func() time.Time { return now }, slog.New(slog.NewTextHandler(&log, nil)))
	if err != nil {
		t.Fatal(err)
	}
	expect := func(serial int64) {
		t.Helper()
		if got := shown(t, c); got != serial {
			t.Errorf("clients see certificate %d, want %d", got, serial)
		}
	}
	expect(1)
	write(t, file, []byte("half of a certificate"))
	now = now.Add(lookedEvery)
	expect(1)
	if !bytes.Contains(log.Bytes(), []byte("the old one stays")) {
		t.Errorf("the log says %s", &log)
	}
	pairOf(t, dir, 2)
	expect(1)
	now = now.Add(lookedEvery)
	expect(2)
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	now = now.Add(lookedEvery)
	expect(2)
	if _, err := openCertificate(file, key, time.Now, slog.Default()); err == nil {
		t.Error("a start without the key was not refused")
	}
}
