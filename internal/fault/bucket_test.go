package fault

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/testbed"
)

// TestTwoNodesShareABucket: large mails go to a bucket that both nodes use. One
// node is killed, and the bucket goes away for a while.
func TestTwoNodesShareABucket(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	bucket := testbed.StartBucket(t)
	c := newClusterWith(t, false, bucket.URL)
	a, b := c.add(ctx), c.add(ctx)
	s := newShop(t, ctx, c)
	s.connectInbox(s.sink.addr, "")
	mails := map[int64]string{} // by ledger row
	post := func(n int) {
		t.Helper()
		raw := heavy(n)
		var out struct {
			Ledger int64 `json:"ledger_id"`
		}
		if err := c.insist(ctx, "POST", fmt.Sprintf("/inboxes/%d/mail", s.inbox), "message/rfc822", "", []byte(raw), &out); err != nil {
			t.Fatal(err)
		}
		mails[out.Ledger] = raw
		s.ledgers[out.Ledger] = fmt.Sprintf("heavy%d@customers.example", n)
	}
	for n := range 6 {
		post(n)
	}
	if bucket.Objects() < 6 {
		t.Errorf("the bucket holds %d objects", bucket.Objects())
	}

	bucket.Away(true)
	a.client.Timeout = time.Minute // the program asks a bucket several times, with pauses, before it gives up
	status, err := a.call(ctx, "POST", fmt.Sprintf("/inboxes/%d/mail", s.inbox), "message/rfc822", "", []byte(heavy(6)), nil)
	if status != http.StatusServiceUnavailable {
		t.Errorf("a large mail while the bucket is away: %d, %v", status, err)
	}
	if s.write(1, "light@customers.example") == 0 {
		t.Error("a small mail was not taken while the bucket is away")
	}
	if got := b.ready(); got != http.StatusOK {
		t.Errorf("readyz says %d while the bucket is away", got)
	}
	bucket.Away(false)
	post(6) // the same mail once more, as its sender does

	a.kill()
	c.leave(a)
	for n := range 3 {
		post(7 + n)
	}
	again := c.add(ctx)
	s.settle()
	s.checkInbound()
	for _, n := range []*node{b, again} {
		for ledger, raw := range mails {
			row := s.row(ledger)
			if got := rawOf(t, ctx, n, row.Message); sha256.Sum256([]byte(got)) != sha256.Sum256([]byte(raw)) {
				t.Errorf("%s has other bytes of mail %d: %d instead of %d", n.name, ledger, len(got), len(raw))
			}
		}
	}

	other := testbed.StartBucket(t)
	if out := refused(t, ctx, "", append(append([]string{}, b.data...), "--blob-url", other.URL)); !strings.Contains(out, "does not hold the attachments of this database") {
		t.Errorf("a node with another bucket says: %s", out)
	}
}

// heavy is a mail that is too large for a row, however it is compressed.
func heavy(n int) string {
	var noise []byte
	for i := 0; len(noise) < 200<<10; i++ {
		sum := sha256.Sum256(fmt.Appendf(nil, "%d/%d", n, i))
		noise = append(noise, sum[:]...)
	}
	id := fmt.Sprintf("heavy%d@customers.example", n)
	text := fmt.Sprintf("From: c%d@customers.example\r\nTo: support@shop.example\r\nSubject: Photo %d\r\nMessage-ID: <%s>\r\nDate: Fri, 20 Nov 2026 12:00:00 +0000\r\n"+
		"Content-Type: application/octet-stream; name=photo.bin\r\nContent-Disposition: attachment; filename=photo.bin\r\nContent-Transfer-Encoding: base64\r\n\r\n", n, n, id)
	for body := base64.StdEncoding.EncodeToString(noise); body != ""; {
		line := body[:min(76, len(body))]
		text, body = text+line+"\r\n", body[len(line):]
	}
	return text
}

// rawOf is the mail of a message, as it arrived.
func rawOf(t *testing.T, ctx context.Context, n *node, message int64) string {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s/api/v1/messages/%d/raw", n.program.addr, message), nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+n.key)
	resp, err := n.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("raw mail of message %d: %d %v", message, resp.StatusCode, err)
	}
	return string(body)
}
