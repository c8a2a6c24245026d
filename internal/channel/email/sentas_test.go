package email

import (
	"strings"
	"testing"
)

func TestPitfallAmazonSESPutsAMessageIDOfItsOwn(t *testing.T) {
	t.Parallel()
	const id = "0102018f2b7c3d4e-1a2b3c4d-5e6f-7a8b-9c0d-1e2f3a4b5c6d-000000"
	for _, c := range []struct{ host, answer, want string }{
		{"email-smtp.eu-west-1.amazonaws.com", "Ok " + id, id + "@eu-west-1.amazonses.com " + id + "@email.amazonses.com"},
		{"Email-SMTP-fips.us-east-1.amazonaws.com", "OK  " + id + " ", id + "@us-east-1.amazonses.com " + id + "@email.amazonses.com"},
		{"email-smtp.eu-west-1.amazonaws.com", "queued as 12345", ""},
		{"email-smtp.eu-west-1.amazonaws.com", "", ""},
		{"email-smtp.eu-west-1.amazonaws.com.thief.test", "Ok " + id, ""},
		{"smtp.example.test", "Ok " + id, ""},
	} {
		if got := strings.Join(sentAs(c.host, c.answer), " "); got != c.want {
			t.Errorf("%s, %q: %q, want %q", c.host, c.answer, got, c.want)
		}
	}
}

func FuzzSentAs(f *testing.F) {
	f.Add("email-smtp.eu-west-1.amazonaws.com", "Ok 0102018f2b7c3d4e-1a2b3c4d-5e6f")
	f.Fuzz(func(t *testing.T, host, answer string) {
		for _, id := range sentAs(host, answer) {
			if len(id) > 200 || strings.Count(id, "@") != 1 || strings.ContainsAny(id, " <>\r\n") {
				t.Fatalf("%q", id)
			}
		}
	})
}
