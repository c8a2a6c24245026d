package testbed

import (
	"bufio"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// BucketName is the name of every [Bucket].
const BucketName = "shop"

// Bucket is a small S3 server: one bucket, no versions, no access rules. It keeps
// what it was given until the test ends.
type Bucket struct {
	// URL is what --blob-url takes.
	URL string

	away    atomic.Bool
	mu      sync.Mutex
	objects map[string][]byte
	uploads map[string]map[int][]byte
}

// StartBucket starts a bucket that ends with the test. The credentials, which it
// does not look at, are put into the environment.
func StartBucket(t testing.TB) *Bucket {
	t.Helper()
	for name, v := range map[string]string{"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_EC2_METADATA_DISABLED": "true"} {
		if err := os.Setenv(name, v); err != nil {
			t.Fatal(err)
		}
	}
	b := &Bucket{objects: map[string][]byte{}, uploads: map[string]map[int][]byte{}}
	srv := httptest.NewServer(b)
	t.Cleanup(srv.Close)
	b.URL = "s3://" + BucketName + "?region=x&use_path_style=true&endpoint=" + url.QueryEscape(srv.URL)
	return b
}

// Away makes the bucket refuse everything, or work again.
func (b *Bucket) Away(away bool) { b.away.Store(away) }

// Objects is how many there are.
func (b *Bucket) Objects() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.objects)
}

// ServeHTTP answers as S3 does, or 503 while the bucket is away.
func (b *Bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if b.away.Load() {
		http.Error(w, "<Error><Code>SlowDown</Code></Error>", http.StatusServiceUnavailable)
		return
	}
	key, q := strings.TrimPrefix(strings.TrimPrefix(r.URL.Path, "/"+BucketName), "/"), r.URL.Query()
	body, err := io.ReadAll(payload(r))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	switch {
	case r.Method == http.MethodGet && key == "":
		b.list(w, q.Get("prefix"))
	case r.Method == http.MethodGet, r.Method == http.MethodHead:
		content, ok := b.objects[key]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, "<Error><Code>NoSuchKey</Code></Error>")
			return
		}
		http.ServeContent(w, r, "", time.Unix(1, 0), strings.NewReader(string(content)))
	case r.Method == http.MethodPost && q.Has("uploads"):
		id := strconv.Itoa(len(b.uploads) + 1)
		b.uploads[id] = map[int][]byte{}
		fmt.Fprintf(w, "<InitiateMultipartUploadResult><UploadId>%s</UploadId></InitiateMultipartUploadResult>", id)
	case r.Method == http.MethodPut && q.Has("uploadId"):
		n, _ := strconv.Atoi(q.Get("partNumber"))
		b.uploads[q.Get("uploadId")][n] = body
		w.Header().Set("ETag", `"part"`)
	case r.Method == http.MethodPost:
		b.objects[key] = b.join(q.Get("uploadId"))
		fmt.Fprint(w, "<CompleteMultipartUploadResult></CompleteMultipartUploadResult>")
	case r.Method == http.MethodPut:
		b.objects[key] = body
		w.Header().Set("ETag", `"whole"`)
	case r.Method == http.MethodDelete:
		if q.Has("uploadId") {
			delete(b.uploads, q.Get("uploadId"))
		} else {
			delete(b.objects, key)
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

func (b *Bucket) join(upload string) (whole []byte) {
	for n := 1; n <= len(b.uploads[upload]); n++ {
		whole = append(whole, b.uploads[upload][n]...)
	}
	return whole
}

func (b *Bucket) list(w io.Writer, prefix string) {
	type object struct {
		Key          string
		Size         int
		LastModified string
	}
	var answer struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		Contents []object
	}
	for key, content := range b.objects {
		if strings.HasPrefix(key, prefix) {
			answer.Contents = append(answer.Contents, object{key, len(content), "2026-11-27T00:00:00Z"})
		}
	}
	slices.SortFunc(answer.Contents, func(a, b object) int { return strings.Compare(a.Key, b.Key) })
	xml.NewEncoder(w).Encode(answer) //nolint:errcheck // to a test
}

// payload undoes aws-chunked: sizes in hexadecimal between the data, then trailers.
func payload(r *http.Request) io.Reader {
	if !strings.HasPrefix(r.Header.Get("X-Amz-Content-Sha256"), "STREAMING-") {
		return r.Body
	}
	in, out := bufio.NewReader(r.Body), &strings.Builder{}
	for {
		line, err := in.ReadString('\n')
		hex, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, perr := strconv.ParseInt(hex, 16, 64)
		if err != nil || perr != nil || n == 0 {
			io.Copy(io.Discard, in) //nolint:errcheck // the trailers
			return strings.NewReader(out.String())
		}
		io.CopyN(out, in, n) //nolint:errcheck // a short chunk shows in the content
		in.ReadString('\n')  //nolint:errcheck // the end of the chunk
	}
}
