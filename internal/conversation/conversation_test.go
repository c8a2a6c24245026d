package conversation_test

import (
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/conversation"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func TestACustomersMessageOpensAndWaitingBeginsOnce(t *testing.T) {
	for _, from := range []conversation.Status{conversation.Open, conversation.Pending, conversation.Snoozed, conversation.Closed} {
		c := conversation.Conversation{Status: from, Priority: conversation.Normal, SnoozedUntil: noon.Add(time.Hour)}
		c.Receive(7, noon, "hi")
		c.Receive(8, noon.Add(time.Minute), "hello?")
		if c.Status != conversation.Open || !c.WaitingSince.Equal(noon) || c.LastInbound != 8 {
			t.Errorf("from %s: %+v", from, c)
		}
		if from != conversation.Open && !c.SnoozedUntil.IsZero() {
			t.Errorf("from %s: still snoozed", from)
		}
	}
}

func TestNothingLeavesSpamOrTrashByItself(t *testing.T) {
	for _, from := range []conversation.Status{conversation.Spam, conversation.Trash} {
		c := conversation.Conversation{Status: from, Priority: conversation.Normal}
		c.Receive(7, noon, "hi")
		c.Bounced(noon)
		if c.Status != from || !c.WaitingSince.IsZero() {
			t.Errorf("from %s: %+v", from, c)
		}
	}
}

func TestAutomaticMailChangesNothingElse(t *testing.T) {
	c := conversation.Conversation{Status: conversation.Closed, ClosedAt: noon, LastInbound: 3}
	c.ReceiveAutomatic(9, noon)
	if c.Status != conversation.Closed || c.LastInbound != 3 || !c.WaitingSince.IsZero() {
		t.Errorf("%+v", c)
	}
}

func TestAReplyEndsWaitingAndAssignsItsAuthor(t *testing.T) {
	c := conversation.Conversation{Status: conversation.Open, WaitingSince: noon}
	c.Reply(5, 9, conversation.Pending, noon, "done")
	if c.Assignee != 5 || !c.WaitingSince.IsZero() || c.Status != conversation.Pending {
		t.Errorf("%+v", c)
	}
	c.Reply(6, 10, conversation.Closed, noon, "done")
	if c.Assignee != 5 || !c.ClosedAt.Equal(noon) {
		t.Errorf("a second author took it over, or it is not closed: %+v", c)
	}
}

func TestAChangeIsRefusedInWords(t *testing.T) {
	str := func(s conversation.Status) *conversation.Status { return &s }
	past, far := noon.Add(-time.Minute), noon.AddDate(9, 0, 0)
	two := int64(2)
	for name, ch := range map[string]conversation.Change{
		"unknown status":        {Status: str("done")},
		"snooze without a time": {Status: str(conversation.Snoozed)},
		"snooze in the past":    {SnoozedUntil: &past},
		"snooze for ever":       {SnoozedUntil: &far},
		"old version":           {Version: &two},
	} {
		c := conversation.Conversation{Status: conversation.Open, Version: 3}
		if err := c.Apply(ch, noon); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
}

func TestVersionCountsChangesOfAttributesOnly(t *testing.T) {
	c := conversation.Conversation{Status: conversation.Open, Priority: conversation.Normal, Version: 1}
	c.Receive(1, noon, "x")
	if c.Version != 1 {
		t.Errorf("a message moved the version to %d", c.Version)
	}
	high := conversation.High
	if err := c.Apply(conversation.Change{Priority: &high}, noon); err != nil || c.Version != 2 {
		t.Errorf("version = %d, %v", c.Version, err)
	}
	if err := c.Apply(conversation.Change{Priority: &high}, noon); err != nil || c.Version != 2 {
		t.Errorf("the same again moved the version to %d, %v", c.Version, err)
	}
}
