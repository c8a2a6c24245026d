package backup

import (
	"io/fs"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/migrations"
)

// format is raised when an older program could not read the file.
const format = 1

// Manifest says what the file holds; it is the first thing in it.
type Manifest struct {
	Format         int              `json:"deskbell_backup"`
	Version        string           `json:"version"` // of the program
	Schema         int64            `json:"schema"`  // newest migration in the database
	BlobStore      string           `json:"blob_store"`
	KeyFingerprint string           `json:"key_fingerprint"`
	WithKey        bool             `json:"with_key"`
	CreatedAt      time.Time        `json:"created_at"`
	DatabaseBytes  int64            `json:"database_bytes"`
	Named          int              `json:"blobs_named"` // by the database
	Counts         map[string]int64 `json:"counts"`      // rows by table
}

// Summary ends the file.
type Summary struct {
	Blobs     int      `json:"blobs"` // in the file
	BlobBytes int64    `json:"blob_bytes"`
	Missing   []string `json:"missing,omitempty"` // keys of blobs that were not in the store
}

// The names inside the file.
const (
	manifestName = "manifest.json"
	keyName      = "secret.key"
	blobFolder   = "blobs/"
	summaryName  = "summary.json"
)

var blobName = regexp.MustCompile(`^blobs/[0-9]{8}/[0-9a-f]{32}$`)

// known is the newest migration of this program.
func known() (newest int64, err error) {
	texts, err := migrations.For(db.SQLite.String())
	if err != nil {
		return 0, err
	}
	names, err := fs.Glob(texts, "*.sql")
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		if v, err := strconv.ParseInt(number, 10, 64); err == nil {
			newest = max(newest, v)
		}
	}
	return newest, err
}
