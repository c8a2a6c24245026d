package app

import (
	"crypto/rand"
	"strings"
)

// subscribe says what reacts to what. Reactions run inside the transaction of
// the event and touch only the database; what fails there becomes a job.
func (a *App) subscribe() {
	a.Feed.Reactions = append(a.Feed.Reactions, a.Ledger.Reactions()...)
	a.Feed.Reactions = append(a.Feed.Reactions, a.Search.Reactions()...)
	a.Feed.Retry = a.retryReaction
	a.Conversations.Imported = a.Search.Imported // what is brought in whole is indexed whole

	a.Jobs.Kinds = append(a.Jobs.Kinds, a.Email.Kinds()...)
	a.Jobs.Kinds = append(a.Jobs.Kinds, a.reactionKind())
}

func secretSuffix() string { return strings.ToLower(rand.Text()[:8]) }
