package consent

import (
	"errors"
	"testing"
)

func FuzzTokenAnswer(f *testing.F) {
	f.Add(200, []byte(`{"access_token":"a","refresh_token":"r","expires_in":3600}`))
	f.Add(200, []byte(`{"access_token":"a","expires_in":"3599"}`))
	f.Add(400, []byte(`{"error":"invalid_grant","error_description":"Token has been expired or revoked."}`))
	f.Add(502, []byte(`<html>`))
	f.Fuzz(func(t *testing.T, status int, body []byte) {
		a, err := readAnswer(status, body)
		var refusal *Refusal
		if errors.As(err, &refusal) && (refusal.Code == "" || status < 400 || status > 499) {
			t.Fatalf("%d: %+v", status, refusal)
		}
		if err != nil && (a != Answer{}) || err == nil && status != 200 {
			t.Fatalf("%d: %+v, %v", status, a, err)
		}
	})
}
