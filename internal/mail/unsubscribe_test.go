package mail_test

import (
	"slices"
	"testing"

	"github.com/deskbell/deskbell/internal/mail"
)

func TestOnePressIsOfferedOverHTTPSAlone(t *testing.T) {
	t.Parallel()
	press := mail.Field{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"}
	for link, want := range map[string]bool{"https://desk.example/off": true, "http://desk.example/off": false, "": false} {
		got := mail.Unsubscribe(link, "leave@shop.example")
		if slices.Contains(got, press) != want {
			t.Errorf("%q: %+v", link, got)
		}
	}
}
