package translate

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"time"
)

const (
	keptFor   = 10 * time.Minute
	keptBytes = 8 << 20
)

// kept are translations of messages, so that looking again costs nothing. What
// was translated is part of the key: a message that was redacted or erased is
// another one.
type kept struct {
	now func() time.Time

	mu    sync.Mutex
	all   map[[sha256.Size]byte]keptOne
	bytes int
}

type keptOne struct {
	Translation
	until time.Time
}

func (k keptOne) size() int { return len(k.Text) + len(k.HTML) + 200 }

func keyOf(to at, message int64, language string, what Text) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "%s\x00%d\x00%s\x00%s\x00%s", to.address, message, strings.ToLower(language), what.Text, what.HTML))
}

func (k *kept) find(key [sha256.Size]byte) (Translation, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.drop(k.now())
	one, found := k.all[key]
	return one.Translation, found
}

func (k *kept) keep(key [sha256.Size]byte, t Translation) {
	k.mu.Lock()
	defer k.mu.Unlock()
	at := k.now()
	k.drop(at)
	one := keptOne{t, at.Add(keptFor)}
	if k.bytes+one.size() > keptBytes || k.all == nil {
		k.all, k.bytes = map[[sha256.Size]byte]keptOne{}, 0
	}
	if old, twice := k.all[key]; twice {
		k.bytes -= old.size()
	}
	k.all[key] = one
	k.bytes += one.size()
}

// drop forgets what is old. There are at most some ten thousand.
func (k *kept) drop(at time.Time) {
	for key, one := range k.all {
		if !at.Before(one.until) {
			k.bytes -= one.size()
			delete(k.all, key)
		}
	}
}
