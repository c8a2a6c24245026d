package email

import (
	"context"
	"io"
)

// Blobs is the part of the blob store that mail needs.
type Blobs interface {
	// Create begins a blob under a new random key.
	Create(ctx context.Context, contentType string) (BlobWriter, error)
	Open(ctx context.Context, key string) (io.ReadCloser, error)
	Delete(ctx context.Context, key string) error
}

// BlobWriter writes one blob. Close makes it durable; Abort leaves nothing.
// Abort after Close does nothing.
type BlobWriter interface {
	io.WriteCloser
	Key() string
	Abort()
}
