package consent

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// client follows no redirect: what is sent there is secret.
var client = &http.Client{
	Timeout:       20 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

const maxAnswer = 64 << 10

// overHTTP asks a token endpoint (RFC 6749, 3.2).
func overHTTP(ctx context.Context, endpoint string, form url.Values) (a Answer, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return a, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept", "application/json")
	resp, err := client.Do(req)
	if err != nil {
		return a, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer))
	if err != nil {
		return a, err
	}
	return readAnswer(resp.StatusCode, body)
}

// readAnswer makes sense of what a token endpoint said (RFC 6749, 5).
func readAnswer(status int, body []byte) (a Answer, err error) {
	var said struct {
		AccessToken  string      `json:"access_token"`
		RefreshToken string      `json:"refresh_token"`
		ExpiresIn    json.Number `json:"expires_in"`
		Error        string      `json:"error"`
		Text         string      `json:"error_description"`
	}
	broken := json.Unmarshal(body, &said)
	if said.Error != "" && status >= 400 && status < 500 {
		return a, &Refusal{Code: said.Error, Text: said.Text}
	}
	if status != http.StatusOK {
		return a, fmt.Errorf("the token endpoint answered %d", status)
	}
	if broken != nil {
		return a, fmt.Errorf("the answer of the token endpoint is no JSON: %w", broken)
	}
	seconds, _ := said.ExpiresIn.Int64() // left out: the usual life
	return Answer{AccessToken: said.AccessToken, RefreshToken: said.RefreshToken, ExpiresIn: seconds}, nil
}
