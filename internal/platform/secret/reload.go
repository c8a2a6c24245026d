package secret

import (
	"context"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
)

// Keys seals with the newest root key and opens with each. It may be used by
// many goroutines.
//
// Keys that came from a file notice when a rotation has replaced it, so that a
// server goes on while its key is rotated.
type Keys struct {
	known atomic.Pointer[[]*root] // the newest first

	mu   sync.Mutex // of the two below
	seen os.FileInfo
	src  *source
}

// source is where the keys came from.
type source struct {
	file string
	db   *db.DB
}

func newKeys(roots []*root) *Keys {
	k := &Keys{}
	k.known.Store(&roots)
	return k
}

func (k *Keys) roots() []*root { return *k.known.Load() }

// watch lets the keys follow the file from now on. It is read again at once,
// for it may have changed since it was read.
func (k *Keys) watch(d *db.DB, file string) {
	k.src = &source{file: file, db: d}
	k.refresh()
}

// refresh reads the key file again if it is another one than before. Sealing
// asks for it each time: what is sealed with the old key after the rotation has
// gone through the table could never be opened again. The answer is one stat.
func (k *Keys) refresh() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.src == nil {
		return
	}
	info, err := os.Stat(k.src.file)
	if err != nil || same(info, k.seen) {
		return // without the file what is known goes on working
	}
	next, err := read(k.src.file)
	if err != nil || !k.src.fits(next) {
		return // not our key; asked again at the next need
	}
	// What was known stays readable: the rotation may not have reached it yet.
	roots := next.roots()
	for _, r := range k.roots() {
		if !next.has(r.fingerprint) {
			roots = append(roots, r)
		}
	}
	k.known.Store(&roots)
	k.seen = info
}

// fits is the question of every start: does the database know one of the keys?
func (s *source) fits(k *Keys) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	known, err := db.Setting(ctx, s.db, fingerprintSetting)
	return err == nil && k.has(known)
}

// same tells that nobody replaced the file.
func same(a, b os.FileInfo) bool {
	return b != nil && os.SameFile(a, b) && a.ModTime().Equal(b.ModTime()) && a.Size() == b.Size()
}

func (k *Keys) has(fingerprint string) bool {
	return slices.ContainsFunc(k.roots(), func(r *root) bool { return r.fingerprint == fingerprint })
}
