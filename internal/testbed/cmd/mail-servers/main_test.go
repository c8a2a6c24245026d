package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/testbed"
)

func TestOrdersAreAnsweredLineByLine(t *testing.T) {
	t.Parallel()
	// Says what to install, where something is missing.
	testbed.StartPostfix(t, testbed.StartDovecot(t, testbed.DovecotOptions{}), testbed.PostfixOptions{})

	orders := strings.Join([]string{
		`{"do":"append","address":"support@desk.test","folder":"INBOX","at":"2026-03-02T10:00:00Z","raws":["Subject: one\n\n1\n","Subject: two\n\n2\n"]}`,
		`{"do":"mails","address":"support@desk.test","folder":"INBOX"}`,
		`{"do":"stop","server":"postfix"}`,
		`{"do":"send","from":"a@post.test","to":["support@desk.test"],"raw":"Subject: no\n\nno\n"}`,
		`{"do":"start","server":"postfix"}`,
		`{"do":"send","from":"a@post.test","to":["support@desk.test"],"raw":"Subject: yes\n\nyes\n"}`,
		`{"do":"mails","address":"nobody@desk.test","folder":"INBOX"}`,
		`{"do":"dance"}`,
		`dance`,
	}, "\n") + "\n"
	var out bytes.Buffer
	if code := run(strings.NewReader(orders), &out); code != 0 {
		t.Fatalf("it ended with %d", code)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 10 {
		t.Fatalf("10 lines expected, got %d:\n%s", len(lines), out.String())
	}
	var first introduction
	if err := json.Unmarshal([]byte(lines[0]), &first); err != nil || first.Users["support"].Password != "pw-support" {
		t.Errorf("the first line does not introduce the servers: %v, %s", err, lines[0])
	}
	if !strings.Contains(lines[2], "Subject: one") || !strings.Contains(lines[2], "Subject: two") {
		t.Errorf("the mailbox holds %s", lines[2])
	}
	for at, wrong := range map[int]bool{1: false, 3: false, 4: true, 5: false, 6: false, 7: true, 8: true, 9: true} {
		if got := strings.HasPrefix(lines[at], `{"error":`); got != wrong {
			t.Errorf("answer %d: %s", at, lines[at])
		}
	}
}
