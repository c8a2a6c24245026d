package email

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

const (
	// MaxMail is the largest mail that a door takes, in bytes.
	MaxMail = 64 << 20
	// inTable is how many compressed bytes of a mail stay in the database.
	inTable = 128 << 10
	// firstRead is read before deciding how to compress: most mail is smaller.
	firstRead = 64 << 10
)

var errTooLarge = errs.New(errs.TooLarge, "A mail may have at most 64 MiB.")

// staged are the bytes of one mail, compressed and hashed, in memory when they
// are small and synced to the blob store when not.
type staged struct {
	packed  []byte
	blobKey string
	size    int64
	sum     [sha256.Size]byte
}

// packer compresses whole buffers; it is safe for many callers.
var packer = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithLowerEncoderMem(true), zstd.WithZeroFrames(true))
	if err != nil {
		panic(err) // the options are constants
	}
	return e
})

var streams = sync.Pool{New: func() any {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(512<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic(err) // the options are constants
	}
	return e
}}

var buffers = sync.Pool{New: func() any { return new([firstRead]byte) }}

// stage reads src to its end without ever holding more than a small part of it.
func stage(ctx context.Context, blobs *blob.Store, src io.Reader, limit int64) (out staged, err error) {
	buf := buffers.Get().(*[firstRead]byte)
	defer buffers.Put(buf)
	n, end, err := fill(src, buf[:])
	if err != nil {
		return out, err
	}
	if int64(n) > limit {
		return out, errTooLarge
	}
	if end {
		out.sum, out.size = sha256.Sum256(buf[:n]), int64(n)
		out.packed = packer().EncodeAll(buf[:n], nil)
		return out, nil
	}
	return stageStream(ctx, blobs, src, buf[:], limit)
}

// fill reads until buf is full or src has ended. It is not io.ReadFull, which
// cannot tell a short mail from a broken connection.
func fill(src io.Reader, buf []byte) (n int, end bool, err error) {
	for n < len(buf) {
		m, err := src.Read(buf[n:])
		n += m
		if errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return n, true, nil
		}
		if err != nil {
			return n, false, err
		}
	}
	return n, false, nil
}

func stageStream(ctx context.Context, blobs *blob.Store, src io.Reader, buf []byte, limit int64) (out staged, err error) {
	spill := &spill{ctx: ctx, blobs: blobs}
	enc := streams.Get().(*zstd.Encoder)
	enc.Reset(spill)
	defer func() {
		enc.Reset(nil)
		streams.Put(enc)
		if err != nil {
			spill.abort()
		}
	}()
	sum := sha256.New()
	if err := pump(src, enc, sum, buf, limit, &out.size); err != nil {
		return out, err
	}
	if err := enc.Close(); err != nil {
		return out, err
	}
	sum.Sum(out.sum[:0])
	out.packed, out.blobKey, err = spill.finish()
	return out, err
}

// pump copies what stands in buf already and then the rest of src.
func pump(src io.Reader, dst io.Writer, sum hash.Hash, buf []byte, limit int64, size *int64) error {
	n := len(buf)
	for end := false; ; {
		*size += int64(n)
		if *size > limit {
			return errTooLarge
		}
		sum.Write(buf[:n])
		if _, err := dst.Write(buf[:n]); err != nil {
			return err
		}
		if end {
			return nil
		}
		var err error
		if n, end, err = fill(src, buf); err != nil {
			return err
		}
	}
}

// spill keeps what is written in memory up to inTable bytes, then in a blob.
type spill struct {
	ctx   context.Context
	blobs *blob.Store
	buf   bytes.Buffer
	blob  *blob.Writer
}

func (s *spill) Write(p []byte) (int, error) {
	if s.blob == nil && s.buf.Len()+len(p) <= inTable {
		return s.buf.Write(p)
	}
	if s.blob == nil {
		var err error
		if s.blob, err = s.blobs.Create(s.ctx); err != nil {
			return 0, err
		}
		if _, err := s.blob.Write(s.buf.Bytes()); err != nil {
			return 0, err
		}
		s.buf = bytes.Buffer{}
	}
	return s.blob.Write(p)
}

func (s *spill) finish() (packed []byte, key string, err error) {
	if s.blob == nil {
		return s.buf.Bytes(), "", nil
	}
	return nil, s.blob.Key(), s.blob.Commit()
}

func (s *spill) abort() {
	if s.blob != nil {
		s.blob.Abort()
	}
}

// unpack reads what stage wrote.
func unpack(packed io.Reader) (io.ReadCloser, error) {
	d, err := zstd.NewReader(packed, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(8<<20))
	if err != nil {
		return nil, err
	}
	return d.IOReadCloser(), nil
}
