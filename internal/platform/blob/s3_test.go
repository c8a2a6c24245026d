package blob_test

import (
	"context"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/testbed"
)

func openS3(t *testing.T) *blob.Store {
	t.Helper()
	s, err := blob.Open(context.Background(), testbed.StartBucket(t).URL, now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}
