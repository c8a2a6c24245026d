package bench

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"time"
)

// linked finds what a browser loads at once: scripts, styles and preloads.
var linked = regexp.MustCompile(`<(?:script[^>]*\ssrc|link[^>]*\srel="(?:stylesheet|modulepreload|preload)"[^>]*\shref|link[^>]*\shref)="([^"]+\.(?:js|css|woff2))"`)

func console(ctx context.Context, d *drive, r *Result) error {
	first, err := fetch(ctx, d.server.URL+"/", "identity")
	if err != nil {
		return err
	}
	links := []string{d.server.URL + "/"}
	for _, m := range linked.FindAllStringSubmatch(string(first), -1) {
		at, err := url.JoinPath(d.server.URL, m[1])
		if err != nil {
			return err
		}
		links = append(links, at)
	}
	total := 0
	err = d.repeat(r, d.times(50), func(int) (time.Duration, error) {
		began := time.Now()
		total = 0
		for _, at := range links {
			b, err := fetch(ctx, at, "br, gzip")
			if err != nil {
				return 0, err
			}
			total += len(b)
		}
		return time.Since(began), nil
	})
	r.Extra = map[string]float64{"kilobytes": float64(total) / 1000, "files": float64(len(links))}
	return err
}

// plain does not unpack, so that bytes are counted as they were sent.
var plain = &http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 8}}

// fetch loads a file in the given encoding.
func fetch(ctx context.Context, at, encoding string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/html,*/*")
	req.Header.Set("Accept-Encoding", encoding)
	res, err := plain.Do(req)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("GET %s answered %d", at, res.StatusCode)
	}
	return io.ReadAll(res.Body)
}
