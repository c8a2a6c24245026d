package search_test

import (
	"context"
	"errors"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/conversation"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/filetext"
)

// TestMain is the process that reads a file, too.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "read-file" {
		os.Exit(filetext.Main(os.Args[2], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

// files lets the desk read what is attached: blobs by their keys.
func (k *desk) files(blobs map[string]string) {
	self, err := os.Executable()
	if err != nil {
		k.t.Fatal(err)
	}
	k.Jobs = k.conversations.Jobs
	k.Files = filetext.Reader{Command: []string{self, "read-file"}}
	k.OpenFile = func(_ context.Context, key string) (io.ReadCloser, error) {
		b, ok := blobs[key]
		if !ok {
			return nil, errors.New("the blob store is away")
		}
		return io.NopCloser(strings.NewReader(b)), nil
	}
}

// work runs the jobs that wait and returns how many.
func (k *desk) work() (n int) {
	k.t.Helper()
	for {
		did, err := k.Jobs.RunOnce(context.Background(), k.FilesKind())
		if err != nil {
			k.t.Fatal(err)
		}
		if n += did; did == 0 {
			return n
		}
	}
}

func withFiles(files ...conversation.NewAttachment) func(*conversation.Inbound) {
	return func(in *conversation.Inbound) { in.Attachments = files }
}

func TestTheWordsOfAttachedFilesAreFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		k.files(map[string]string{"a": "Die Rechnung LL-77001 über zwei Teppiche", "b": "返品の申請書", "c": "PK\x03\x04 broken", "d": "  \n"})
		one := k.receive(1, "Bill", "See the file.", withFiles(conversation.NewAttachment{Name: "bill.txt", ContentType: "text/plain", BlobKey: "a", Size: 40},
			conversation.NewAttachment{Name: "photo.jpg", ContentType: "image/jpeg", BlobKey: "x"}))
		two := k.receive(1, "Form", "Attached.", withFiles(conversation.NewAttachment{Name: "form.md", BlobKey: "b"}, conversation.NewAttachment{Name: "list.xlsx", BlobKey: "c"},
			conversation.NewAttachment{Name: "empty.csv", BlobKey: "d"}))
		k.receive(1, "Nothing", "No file.")
		if got := k.ids(admin, "teppich"); len(got) != 0 {
			t.Fatal("found before it was read")
		}
		if n := k.work(); n != 2 {
			t.Fatalf("%d jobs, want 2", n)
		}
		for query, want := range map[string][]int64{"teppiche": {one.Conversation}, "LL-77001": {one.Conversation}, "申請": {two.Conversation}, "list.xlsx": {two.Conversation},
			"photo.jpg": {one.Conversation}, "teppiche has:attachment": {one.Conversation}, "file": {one.Conversation, 3}} {
			if got := k.ids(admin, query); !slices.Equal(got, want) && len(want) != 2 {
				t.Errorf("%q finds %v, want %v", query, got, want)
			}
		}
		if it := k.find(admin, "teppiche")[0]; it.Snippet != "bill.txt: Die Rechnung LL-77001 über zwei <mark>Teppiche</mark>" {
			t.Errorf("the place in the file is shown as %q", it.Snippet)
		}
		if it := k.find(admin, "photo.jpg")[0]; it.Snippet != "<mark>photo.jpg</mark>" {
			t.Errorf("the name of a file is shown as %q", it.Snippet)
		}
		if n := k.work(); n != 0 {
			t.Errorf("%d jobs for what was read already", n)
		}
		// A new subject indexes the message again, with its files.
		subject := "Carpets"
		if _, err := k.conversations.Update(admin, one.Conversation, conversation.Change{Subject: &subject}); err != nil {
			t.Fatal(err)
		}
		if len(k.ids(admin, "carpets teppiche")) != 1 || k.work() != 0 {
			t.Error("the words of the file are gone with the old subject, or it is read again")
		}
		var broken int
		if err := d.QueryRow(context.Background(), "SELECT COUNT(*) FROM attachment_text WHERE state IN ('broken', 'empty') AND text = ''").Scan(&broken); err != nil || broken != 2 {
			t.Errorf("%d are noted as broken or empty (%v)", broken, err)
		}
	})
}

func TestFilesThatWereThereBeforeAreRead(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for range 5 {
			k.receive(1, "Old", "See the file.", withFiles(conversation.NewAttachment{Name: "old.txt", BlobKey: "a"}))
		}
		k.exec("INSERT INTO attachment (message_id, name, content_type, size, blob_key, created_at) VALUES (NULL, 'loose.txt', '', 1, 'a', 0)")
		k.files(map[string]string{"a": "zebra"})
		looked := 0
		for range 10 {
			n, err := k.ReadOldFiles(context.Background(), 2)
			if err != nil {
				t.Fatal(err)
			}
			if looked += n; n == 0 {
				break
			}
		}
		if looked != 6 || k.work() != 5 || len(k.ids(admin, "zebra")) != 5 {
			t.Errorf("looked at %d, finds %v", looked, k.ids(admin, "zebra"))
		}
		if n, err := k.ReadOldFiles(context.Background(), 2); n != 0 || err != nil {
			t.Errorf("goes on: %d, %v", n, err)
		}
	})
}

func TestAFileThatCannotBeFetchedIsTriedAgainAndADeletedOneForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		blobs := map[string]string{}
		k.files(blobs)
		r := k.receive(1, "Late", "See the file.", withFiles(conversation.NewAttachment{Name: "late.txt", BlobKey: "a"}))
		if err := k.ReadFiles(context.Background(), r.Message); err == nil {
			t.Fatal("a file that cannot be fetched counts as read")
		}
		blobs["a"] = "giraffe"
		if err := k.ReadFiles(context.Background(), r.Message); err != nil || len(k.ids(admin, "giraffe")) != 1 {
			t.Fatal(err)
		}
		k.exec("DELETE FROM attachment")
		var left int
		if err := d.QueryRow(context.Background(), "SELECT COUNT(*) FROM attachment_text").Scan(&left); err != nil || left != 0 {
			t.Errorf("the text of %d deleted files is kept (%v)", left, err)
		}
		if err := k.ReadFiles(context.Background(), 999); err != nil {
			t.Errorf("a message that is gone: %v", err)
		}
	})
}

func TestWithoutAReaderOnlyNamesAreFound(t *testing.T) {
	t.Parallel()
	k := newDesk(t, dbtest.SQLite(t))
	k.files(map[string]string{"a": "zebra"})
	k.Files = filetext.Reader{}
	k.receive(1, "A", "b", withFiles(conversation.NewAttachment{Name: "invoice.pdf", BlobKey: "a"}))
	if k.work() != 0 || len(k.ids(admin, "invoice.pdf")) != 1 {
		t.Error("a job was made, or the name is not found")
	}
}
