package blob

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"gocloud.dev/blob"
	"gocloud.dev/blob/fileblob"
	"gocloud.dev/blob/memblob"
	_ "gocloud.dev/blob/s3blob" // s3://
	"gocloud.dev/gcerrors"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Store holds blobs. It may be used by many goroutines.
type Store struct {
	bucket *blob.Bucket
	place  string // for sentences
	dir    string // of a file store, otherwise ""
	now    func() time.Time

	mu     sync.Mutex
	synced string // the date folder whose entry in dir is on the disk
}

// Open opens the store at a folder, which is made when it is missing, or at a
// URL: file:///folder or s3://bucket?region=R&endpoint=U&use_path_style=true
// with the credentials where Amazon's tools look for them.
func Open(ctx context.Context, where string, now func() time.Time) (*Store, error) {
	if !strings.Contains(where, "://") {
		return openDir(where, now)
	}
	u, err := url.Parse(where)
	if err != nil {
		return nil, errs.InvalidField("blob-url", "The address of the blob store cannot be read. It looks like s3://bucket?region=eu-central-1 or file:///folder.")
	}
	switch u.Scheme {
	case "file":
		return openDir(u.Path, now)
	case "s3":
		b, err := blob.OpenBucket(ctx, compatible(u))
		if err != nil {
			return nil, errs.InvalidFieldf("blob-url", "The address of the blob store is wrong: %s", err)
		}
		return &Store{bucket: b, place: u.Scheme + "://" + u.Host, now: now}, nil
	}
	return nil, errs.InvalidField("blob-url", "Blobs can be kept in a folder or at s3://.")
}

// compatible leaves out the check sums of Amazon's own protocol at other
// providers, many of which refuse them.
func compatible(u *url.URL) string {
	q := u.Query()
	if q.Get("endpoint") == "" {
		return u.String()
	}
	for _, name := range []string{"request_checksum_calculation", "response_checksum_validation"} {
		if !q.Has(name) {
			q.Set(name, "when_required")
		}
	}
	other := *u
	other.RawQuery = q.Encode()
	return other.String()
}

func openDir(dir string, now func() time.Time) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{place: dir, dir: dir, now: now}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, s.words(err)
	}
	s.bucket, err = fileblob.OpenBucket(dir, &fileblob.Options{
		NoTempDir:   true, // a rename must not cross file systems
		Metadata:    fileblob.MetadataDontWrite,
		DirFileMode: 0o700,
	})
	if err != nil {
		return nil, s.words(err)
	}
	return s, nil
}

// Memory is a store that is gone with the program, for tests.
func Memory(now func() time.Time) *Store {
	return &Store{bucket: memblob.OpenBucket(nil), place: "memory", now: now}
}

// Dir is the folder of a file store, "" of any other.
func (s *Store) Dir() string { return s.dir }

// Close ends the use of the store.
func (s *Store) Close() error { return s.bucket.Close() }

var keys = regexp.MustCompile(`^[0-9]{8}/[0-9a-f]{32}$`)

func (s *Store) newKey() string {
	var b [16]byte
	rand.Read(b[:]) //nolint:errcheck // never fails
	return s.now().UTC().Format("20060102") + "/" + hex.EncodeToString(b[:])
}

// Open reads a blob from its beginning; its size is in bytes. The reader can
// seek, and is closed by the caller.
func (s *Store) Open(ctx context.Context, key string) (io.ReadSeekCloser, int64, error) {
	return s.OpenRange(ctx, key, 0, -1)
}

// OpenRange reads length bytes from offset on, or all when length is negative.
// The size is that of the whole blob.
func (s *Store) OpenRange(ctx context.Context, key string, offset, length int64) (_ io.ReadSeekCloser, size int64, err error) {
	defer errs.Wrap(&err, "open blob %s", key)
	if !keys.MatchString(key) || offset < 0 {
		return nil, 0, notThere
	}
	r, err := s.bucket.NewRangeReader(ctx, key, offset, length, nil)
	if err != nil {
		return nil, 0, s.words(err)
	}
	return r, r.Size(), nil
}

// Delete removes a blob. One that is not there is as good as deleted.
func (s *Store) Delete(ctx context.Context, key string) (err error) {
	defer errs.Wrap(&err, "delete blob %s", key)
	if key == markerKey {
		return errors.New("the marker of the store is no blob")
	}
	err = s.bucket.Delete(ctx, key)
	if err == nil || gcerrors.Code(err) == gcerrors.NotFound {
		return nil
	}
	return s.words(err)
}

// Item is one thing in the store.
type Item struct {
	Key      string
	Size     int64
	Modified time.Time
}

// Walk calls fn for everything in the store but its marker, remains of writes
// that were interrupted included, in the order of the keys, until fn fails.
func (s *Store) Walk(ctx context.Context, fn func(Item) error) (err error) {
	defer errs.Wrap(&err, "list blobs")
	for list := s.bucket.List(nil); ; {
		o, err := list.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return s.words(err)
		}
		if o.IsDir || o.Key == markerKey || strings.HasPrefix(o.Key, markerKey+".") {
			continue
		}
		if err := fn(Item{o.Key, o.Size, o.ModTime.UTC()}); err != nil {
			return err
		}
	}
}
