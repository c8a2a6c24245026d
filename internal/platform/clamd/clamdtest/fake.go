// Package clamdtest is a small virus scanner that speaks as clamd does, for tests.
package clamdtest

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"net"
	"sync"
)

// Eicar is the harmless file by which scanners are tried (eicar.org). It is put
// together here so that no scanner finds it in this file.
func Eicar() []byte {
	return []byte(`X5O!P%@AP[4\PZX54(P^)7CC)7}` + `$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!` + `$H+H*`)
}

// Limit is the largest stream that the fake takes, in bytes.
const Limit = 1 << 20

// Fake finds Eicar. It can go away and come back under the same address.
type Fake struct {
	Address string // tcp, as host:port

	mu    sync.Mutex
	on    net.Listener
	seen  int
	conns sync.WaitGroup
}

// Start begins to listen at any port.
func Start() (*Fake, error) {
	f := &Fake{Address: "127.0.0.1:0"}
	return f, f.Back()
}

// Back listens again where it did.
func (f *Fake) Back() error {
	on, err := net.Listen("tcp", f.Address)
	if err != nil {
		return err
	}
	f.mu.Lock()
	f.on, f.Address = on, on.Addr().String()
	f.mu.Unlock()
	f.conns.Go(func() {
		for {
			c, err := on.Accept()
			if err != nil {
				return
			}
			f.conns.Go(func() {
				defer c.Close()
				f.serve(c)
			})
		}
	})
	return nil
}

// Away refuses connections.
func (f *Fake) Away() {
	f.mu.Lock()
	defer f.mu.Unlock()
	_ = f.on.Close()
}

// Close goes away and waits for what is being answered.
func (f *Fake) Close() {
	f.Away()
	f.conns.Wait()
}

// Seen is how many streams were scanned to their end.
func (f *Fake) Seen() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen
}

func (f *Fake) serve(c net.Conn) {
	r := bufio.NewReader(c)
	command, err := r.ReadString(0)
	if err != nil {
		return
	}
	answer := "UNKNOWN COMMAND"
	switch command {
	case "zPING\x00":
		answer = "PONG"
	case "zVERSION\x00":
		answer = "ClamAV 1.4.0/27000/Mon Jan  5 09:00:00 2026"
	case "zINSTREAM\x00":
		answer = f.stream(r)
	}
	_, _ = io.WriteString(c, answer+"\x00")
}

func (f *Fake) stream(r io.Reader) string {
	var all bytes.Buffer
	for {
		var size uint32
		if binary.Read(r, binary.BigEndian, &size) != nil {
			return "stream: Can't read chunk ERROR"
		}
		if size == 0 {
			break
		}
		if all.Len()+int(size) > Limit {
			return "INSTREAM size limit exceeded. ERROR"
		}
		if _, err := io.CopyN(&all, r, int64(size)); err != nil {
			return "stream: Can't read chunk ERROR"
		}
	}
	f.mu.Lock()
	f.seen++
	f.mu.Unlock()
	if bytes.Contains(all.Bytes(), Eicar()) {
		return "stream: Eicar-Test-Signature FOUND"
	}
	return "stream: OK"
}
