package email

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"io"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/mail"
	"github.com/deskbell/deskbell/internal/platform/blob"
	"github.com/deskbell/deskbell/internal/platform/filekind"
)

// files streams the attachments of one mail to the blob store.
type files struct {
	ctx   context.Context
	blobs *blob.Store
	list  []conversation.NewAttachment
	index []int // of mail.Attachment, per entry of list
	open  []*blob.Writer
	heads []*fileWriter
	over  bool // there were more than maxFiles
}

// maxFiles of one mail become attachments; with more, the mail itself is the last.
const maxFiles = 500

func newFiles(ctx context.Context, blobs *blob.Store) *files { return &files{ctx: ctx, blobs: blobs} }

// create is what mail.Parse asks for each file.
func (f *files) create(a mail.Attachment) (io.WriteCloser, error) {
	if len(f.list) >= maxFiles {
		f.over = true
		return nil, nil // tells Parse to drop the bytes
	}
	return f.add(a)
}

func (f *files) add(a mail.Attachment) (io.WriteCloser, error) {
	w, err := f.blobs.Create(f.ctx)
	if err != nil {
		return nil, storeError{err}
	}
	f.open = append(f.open, w)
	f.index = append(f.index, a.Index)
	f.list = append(f.list, conversation.NewAttachment{Name: a.Filename, ContentType: a.ContentType, BlobKey: w.Key()})
	fw := &fileWriter{w: w}
	f.heads = append(f.heads, fw)
	return fw, nil
}

// fileWriter tells failures of the store from those of the mail, and keeps the
// first bytes.
type fileWriter struct {
	w    *blob.Writer
	head []byte
}

func (w *fileWriter) Write(p []byte) (int, error) {
	w.head = append(w.head, p[:min(len(p), filekind.HeadSize-len(w.head))]...)
	n, err := w.w.Write(p)
	if err != nil {
		err = storeError{err}
	}
	return n, err
}

func (w *fileWriter) Close() error {
	if err := w.w.Commit(); err != nil {
		return storeError{err}
	}
	return nil
}

// name takes what is known of the files only after the whole mail was read.
func (f *files) name(all []mail.Attachment) {
	byIndex := map[int]mail.Attachment{}
	for _, a := range all {
		byIndex[a.Index] = a
	}
	for n := range f.list {
		if a, ok := byIndex[f.index[n]]; ok {
			f.list[n].Name, f.list[n].ContentType = clip(a.Filename, 255), clip(a.ContentType, 255)
			f.list[n].Size, f.list[n].ContentID, f.list[n].Inline = a.Size, clip(a.ContentID, 998), a.Inline
		}
	}
}

// judge blocks what would run when somebody opens it.
func (f *files) judge() error {
	for n := range f.list {
		a := &f.list[n]
		reason := filekind.Of(a.Name, f.heads[n].head)
		if reason == "" && filekind.IsZip(f.heads[n].head) {
			r, size, err := f.blobs.Open(f.ctx, a.BlobKey)
			if err != nil {
				return storeError{err}
			}
			reason = filekind.Inside(readerAt{r}, size)
			_ = r.Close()
		}
		a.Blocked = string(reason)
	}
	return nil
}

// readerAt reads at places for one reader at a time.
type readerAt struct{ io.ReadSeeker }

func (r readerAt) ReadAt(p []byte, at int64) (int, error) {
	if _, err := r.Seek(at, io.SeekStart); err != nil {
		return 0, err
	}
	n, err := io.ReadFull(r, p)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = io.EOF
	}
	return n, err
}

// copy makes one file out of r.
func (f *files) copy(r io.Reader, name, contentType string) error {
	w, err := f.add(mail.Attachment{Filename: name, ContentType: contentType, Index: -1})
	if err != nil {
		return err
	}
	n, err := io.Copy(w, r)
	if err != nil {
		return err
	}
	f.list[len(f.list)-1].Size = n
	return w.Close()
}

func (f *files) keys() []string {
	var out []string
	for _, a := range f.list {
		out = append(out, a.BlobKey)
	}
	return out
}

// drop leaves nothing of the files; what cannot be deleted is swept later.
func (f *files) drop(ctx context.Context, blobs *blob.Store) {
	for _, w := range f.open {
		w.Abort()
	}
	deleteBlobs(ctx, blobs, f.keys())
}

func deleteBlobs(ctx context.Context, blobs *blob.Store, keys []string) {
	ctx = context.WithoutCancel(ctx)
	for _, key := range keys {
		_ = blobs.Delete(ctx, key) // the sweep finds it
	}
}

// hashOf hashes the parts with their lengths, so that no two lists look alike.
func hashOf(parts ...[]byte) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(binary.BigEndian.AppendUint64(nil, uint64(len(p))))
		h.Write(p)
	}
	return h.Sum(nil)
}
