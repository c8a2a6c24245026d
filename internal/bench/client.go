package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// client speaks to the API as a program would.
type client struct {
	base string
	// keys are used in turn: each may ask 600 times a second.
	keys []string
	next atomic.Uint64
	http *http.Client
}

func newClient(base string, keys []string) *client {
	return &client{base: base, keys: keys, http: &http.Client{Timeout: time.Minute,
		Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64, DisableCompression: true}}}
}

// call sends a request and reads the whole answer, into out unless nil. The time
// is that of the answer's last byte.
func (c *client) call(ctx context.Context, method, path, contentType string, body []byte, out any) (time.Duration, error) {
	req, err := http.NewRequestWithContext(ctx, method, c.base+"/api/v1"+path, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	req.Header.Set("Authorization", "Bearer "+c.keys[c.next.Add(1)%uint64(len(c.keys))])
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	started := time.Now()
	res, err := c.http.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	took := time.Since(started)
	if err != nil {
		return took, err
	}
	if res.StatusCode >= 300 {
		return took, fmt.Errorf("%s %s answered %d: %s", method, path, res.StatusCode, b[:min(len(b), 400)])
	}
	if out != nil {
		err = json.Unmarshal(b, out)
	}
	return took, err
}

func (c *client) get(ctx context.Context, path string, out any) (time.Duration, error) {
	return c.call(ctx, http.MethodGet, path, "", nil, out)
}

func (c *client) post(ctx context.Context, path string, in, out any) (time.Duration, error) {
	b, err := json.Marshal(in)
	if err != nil {
		return 0, err
	}
	return c.call(ctx, http.MethodPost, path, "application/json", b, out)
}

func (c *client) delete(ctx context.Context, path string) error {
	_, err := c.call(ctx, http.MethodDelete, path, "", nil, nil)
	return err
}

// page is a list of the API as far as the benchmarks look.
type page struct {
	Items []struct {
		ID int64 `json:"id"`
	} `json:"items"`
	Next string `json:"next"`
}
