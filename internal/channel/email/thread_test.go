package email

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/sender"
)

var ours = addresses{"support@shop.test": 1, "help@shop.test": 1, "sales@shop.test": 2}

func parsed(t *testing.T, header ...string) *mail.Message {
	t.Helper()
	m, err := mail.ParseBytes([]byte(strings.Join(header, "\r\n")+"\r\n\r\nHello\r\n"), mail.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestPitfallATokenIsFoundWhereverTheAddressStands(t *testing.T) {
	t.Parallel()
	for _, header := range []string{
		"To: Shop <support+Tok3n@shop.test>", "Cc: x@example.test, support+Tok3n@SHOP.test",
		"Delivered-To: support+Tok3n@shop.test", "X-Original-To: <support+Tok3n@shop.test>",
	} {
		h := hints(parsed(t, "From: a@example.test", header), 1, ours, nil)
		if diff := cmp.Diff([]string{"tok3n"}, h.tokens); diff != "" || h.replyTo != "support@shop.test" {
			t.Errorf("%s: %s %s", header, diff, h.replyTo)
		}
	}
	h := hints(parsed(t, "From: a@example.test", "To: undisclosed:;"), 1, ours, []string{"help+Tok3n@shop.test"})
	if len(h.tokens) != 1 || h.replyTo != "help@shop.test" {
		t.Errorf("envelope: %+v", h)
	}
}

func TestPitfallOurAddressesStandInNoRecipientLine(t *testing.T) {
	t.Parallel()
	h := hints(parsed(t, "From: a@example.test", "To: help@shop.test, Ben <b@example.test>, Sales <sales@shop.test>, staff",
		"Cc: SUPPORT@shop.test, b@Example.test, b@example.test, carla@example.test"), 1, ours, nil)
	var to, cc []string
	for _, p := range h.to {
		to = append(to, p.Address)
	}
	for _, p := range h.cc {
		cc = append(cc, p.Address)
	}
	if fmt.Sprint(to) != "[b@example.test]" || fmt.Sprint(cc) != "[b@Example.test carla@example.test]" || h.replyTo != "help@shop.test" {
		t.Errorf("to %v, cc %v, alias %s", to, cc, h.replyTo)
	}
}

func TestPitfallThreadIDsBeginWithTheAnsweredMailThenTheNewestReference(t *testing.T) {
	t.Parallel()
	h := hints(parsed(t, "From: a@example.test", "Message-ID: <me@x>", "In-Reply-To: <b@x> <c@x>", "References: <a@x> <b@x> <d@x> <me@x>"), 1, ours, nil)
	if diff := cmp.Diff([]string{"b@x", "c@x", "d@x", "a@x"}, h.threadIDs); diff != "" {
		t.Error(diff)
	}
	var many []string
	for n := range 200 {
		many = append(many, fmt.Sprintf("<%d@x>", n))
	}
	h = hints(parsed(t, "From: a@example.test", "References: "+strings.Join(many, "\r\n ")), 1, ours, nil)
	if len(h.threadIDs) != maxThreadIDs || h.threadIDs[0] != "199@x" {
		t.Errorf("%d ids, first %s", len(h.threadIDs), h.threadIDs[0])
	}
}

func TestOnlyABracketedNumberNamesAConversation(t *testing.T) {
	t.Parallel()
	for subject, want := range map[string]int64{
		"Re: Parcel [#4711]": 4711, "Order #1001": 0, "[#]": 0, "[Shop #12]": 0, "[#99999999999999999999]": 0,
	} {
		if got := subjectNumber(subject); got != want {
			t.Errorf("%q names %d, want %d", subject, got, want)
		}
	}
}

func TestTheCustomerIsFromExceptByARule(t *testing.T) {
	t.Parallel()
	rules := []sender.Rule{{Name: "Form", Enabled: true, Senders: []string{sender.Own}, Sources: []sender.Source{sender.FromReplyTo}}}
	r := &reader{own: ours, book: &sender.Book{Rules: rules}}
	for _, c := range []struct{ from, replyTo, want string }{
		{"Anna <anna@example.test>", "other@example.test", "anna@example.test"},
		{"Web form <support@shop.test>", "Anna <anna@example.test>", "anna@example.test"},
		{"support@shop.test", "help@shop.test", "support@shop.test"},
	} {
		m := parsed(t, "From: "+c.from, "Reply-To: "+c.replyTo)
		if got := r.origin(m, ""); got.customer.Address != c.want {
			t.Errorf("%s with Reply-To %s is %+v, want %s", c.from, c.replyTo, got, c.want)
		}
	}
	if got := r.origin(parsed(t, "Subject: nobody"), "bounce@example.test"); got.customer.Address != "bounce@example.test" {
		t.Errorf("a mail without From comes from %+v", got)
	}
}
