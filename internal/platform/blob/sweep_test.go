package blob_test

import (
	"context"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/blob"
)

func TestASweepDeletesOnlyOldBlobsWithoutARow(t *testing.T) {
	eachStore(t, func(t *testing.T, s *blob.Store) {
		ctx := context.Background()
		kept, lost := put(t, s, []byte("kept")), put(t, s, []byte("lost"))
		owned := func(_ context.Context, keys []string) (map[string]bool, error) {
			return map[string]bool{kept: true}, nil
		}
		var young blob.Item
		if err := s.Walk(ctx, func(i blob.Item) error { young = i; return nil }); err != nil {
			t.Fatal(err)
		}
		if n, err := s.Sweep(ctx, young.Modified, owned); n != 0 || err != nil {
			t.Fatalf("deleted %d young blobs, %v", n, err)
		}
		if n, err := s.Sweep(ctx, young.Modified.Add(2*blob.SweepAge), owned); n != 1 || err != nil {
			t.Fatalf("deleted %d, %v", n, err)
		}
		if _, _, err := s.Open(ctx, kept); err != nil {
			t.Errorf("a blob with a row is gone: %v", err)
		}
		if _, _, err := s.Open(ctx, lost); err == nil {
			t.Error("the blob without a row is still there")
		}
	})
}
