package app_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"testing"
)

var mailSubject = regexp.MustCompile(`(?m)^Subject: (.*)$`)

func TestAnMboxHasTheMailsOfSideConversationsToo(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		_, message := s.marked(t)
		var m struct {
			Conversation int64 `json:"conversation_id"`
		}
		if err := json.Unmarshal([]byte(s.must(t, inTeam, "GET", fmt.Sprintf("/messages/%d", message), "")), &m); err != nil {
			t.Fatal(err)
		}
		var subjects []string
		for _, found := range mailSubject.FindAllStringSubmatch(s.must(t, inTeam, "GET", fmt.Sprintf("/conversations/%d/mbox", m.Conversation), ""), -1) {
			subjects = append(subjects, found[1])
		}
		// What was asked has not been sent: there is no account for that.
		if want := []string{"Quixotic subject", "Re: Quixotic parcel"}; !slices.Equal(subjects, want) {
			t.Errorf("the mails are %q, want %q", subjects, want)
		}
	})
}
