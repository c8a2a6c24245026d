package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/audit"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/filetext"
)

// TestMain is the process that reads attached files, too.
func TestMain(m *testing.M) {
	if len(os.Args) == 3 && os.Args[1] == "read-file" {
		os.Exit(filetext.Main(os.Args[2], os.Stdin, os.Stdout))
	}
	os.Exit(m.Run())
}

func zipped(t *testing.T, name, content string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.CreateHeader(&zip.FileHeader{Name: name}) // stored, so that the test finds the number in the bytes
	if err == nil {
		_, err = w.Write([]byte(content))
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// cardPDF is one page that shows the number.
func cardPDF() []byte {
	var b bytes.Buffer
	var at []int
	content := "BT /F1 12 Tf (Card 4111 1111 1111 1111 please) Tj ET"
	b.WriteString("%PDF-1.4\n")
	for i, o := range []string{
		"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
	} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, o := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", o)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, start)
	return b.Bytes()
}

// cardFiles has the number in a file of every kind that is read, and a harmless one.
func cardFiles(t *testing.T) string {
	t.Helper()
	part := func(name, kind string, content []byte) string {
		return "--m\r\nContent-Type: " + kind + "; name=\"" + name + "\"\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString(content) + "\r\n"
	}
	return "From: Eva <eva@x.example>\r\nTo: support@shop.example\r\nSubject: My details\r\nMessage-ID: <cf@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n" +
		"--m\r\nContent-Type: text/plain\r\n\r\nSee the files.\r\n" +
		part("card.txt", "text/plain", []byte("My zebra card is 4111 1111 1111 1111.")) +
		part("page.html", "text/html", []byte("<p>4111 <b>1111</b> 1111 1111</p>")) +
		part("form.docx", "application/octet-stream", zipped(t, "word/document.xml", "<w:t>4111 1111 1111 1111</w:t>")) +
		part("sheet.xlsx", "application/octet-stream", zipped(t, "xl/worksheets/sheet1.xml", "<c><v>"+cardNumber+"</v></c>")) +
		part("form.pdf", "application/pdf", cardPDF()) +
		part("order.txt", "text/plain", []byte("Order 4111 1111 1111 1112, harmless zebra.")) +
		part("list.csv", "text/csv", []byte(strings.Repeat("some,more,rows,of,words\n", 20_000)+"eva,"+cardNumber+"\n")) + // behind what search keeps
		"--m--\r\n"
}

// filesDesk is a desk that reads every kind of file.
func filesDesk(t *testing.T, fn func(t *testing.T, s *sight)) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	reads := func(c *app.Config) { c.FileReader = []string{self, "read-file"} }
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		fn(t, cardDesk(t, reads))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		url := dbtest.PostgresURL(t)
		fn(t, cardDesk(t, reads, func(c *app.Config) { c.DatabaseURL = url }))
	})
}

type shownFile struct {
	ID            int64
	Name, Blocked string
	WithheldUntil string `json:"withheld_until"`
}

func (s *sight) filesOf(t *testing.T, message int64) (conversation int64, files []shownFile) {
	t.Helper()
	var m struct {
		Conversation int64 `json:"conversation_id"`
		Attachments  []shownFile
	}
	if err := json.Unmarshal([]byte(s.must(t, inTeam, "GET", fmt.Sprintf("/messages/%d", message), "")), &m); err != nil {
		t.Fatal(err)
	}
	return m.Conversation, m.Attachments
}

// findInFiles names where the number is, however it is spaced, also in bytes.
func (s *sight) findInFiles(t *testing.T) []string {
	t.Helper()
	return s.find(t, func(text string) bool { return strings.Contains(digitsOf(text), cardNumber) }, func(b []byte) bool {
		return strings.Contains(digitsOf(string(b)), cardNumber) || bytes.HasPrefix(b, []byte{0x28, 0xB5, 0x2F, 0xFD})
	})
}

func TestAFileWithACardNumberIsWithheldAndDeletedWithItsMail(t *testing.T) {
	t.Parallel()
	filesDesk(t, func(t *testing.T, s *sight) {
		ctx := context.Background()
		message := s.receive(t, cardFiles(t))
		s.receive(t, "Received: by another way\r\n"+cardFiles(t)) // a repeat has its own bytes
		conversation, files := s.filesOf(t, message)
		if len(files) != 7 {
			t.Fatalf("%+v", files)
		}
		for _, f := range files {
			path, want := fmt.Sprintf("/attachments/%d", f.ID), "card"
			if f.Name == "order.txt" {
				want = ""
			}
			if f.Blocked != want || (f.WithheldUntil == "") != (want == "") {
				t.Errorf("%+v, want %q", f, want)
			}
			code, body := s.call(inTeam, "GET", path, "")
			if (code == http.StatusOK) != (want == "") || want != "" && !strings.Contains(body, "holds a card number") {
				t.Errorf("an agent gets %s: %d %.200s", f.Name, code, body)
			}
		}
		path := fmt.Sprintf("/attachments/%d", files[0].ID)
		if code, body := s.call(admin, "GET", path, ""); code != http.StatusOK || !strings.Contains(body, "4111") {
			t.Errorf("an admin gets %d %.200s", code, body)
		}
		rows, err := audit.List(ctx, s.app.DB, audit.Filter{}, 7)
		if err != nil || len(rows) != 7 || rows[0].Action != "attachment.unsealed" || rows[0].Name != "card.txt" || rows[0].Who.Name != "admin" || rows[6].Action != "attachment.withheld" {
			t.Errorf("the audit log says %+v, %v", rows, err)
		}
		for query, want := range map[string]string{cardNumber: `"items":[]`, "zebra": "•••• •••• •••• 1111", "harmless": "harmless"} {
			if body := s.must(t, inTeam, "GET", "/search?q="+query, ""); !strings.Contains(body, want) {
				t.Errorf("search %s: %.400s", query, body)
			}
		}
		raw := fmt.Sprintf("/messages/%d/raw", message)
		if code, _ := s.call(inTeam, "GET", raw, ""); code != http.StatusForbidden {
			t.Errorf("the raw mail for an agent: %d", code)
		}
		if code, body := s.call(inTeam, "GET", fmt.Sprintf("/conversations/%d/mbox", conversation), ""); code != http.StatusOK || body != "" {
			t.Errorf("the mbox: %d %.100s", code, body)
		}
		// In a side conversation it would leave all the same.
		carry := fmt.Sprintf(`{"subject":"s","text":"t","to":["c@x.example"],"carry_attachment_ids":[%d]}`, files[0].ID)
		if code, body := s.call(inTeam, "POST", fmt.Sprintf("/conversations/%d/side-conversations", conversation), carry); code != http.StatusForbidden {
			t.Errorf("carried along: %d %.200s", code, body)
		}
		for _, where := range s.findInFiles(t) {
			if where != "blob" {
				t.Errorf("the number is in %s", where)
			}
		}
		s.receive(t, "Received: by a third way\r\n"+cardFiles(t)) // comes when the first is sealed already
		s.sevenDaysLater(t)
		if code, body := s.call(admin, "GET", path, ""); code != http.StatusNotFound || !strings.Contains(body, "was deleted") {
			t.Errorf("before the removal an admin gets %d %.200s", code, body)
		}
		s.removes(t)
		if found := s.findInFiles(t); len(found) > 0 {
			t.Errorf("the number is still in %v", found)
		}
		if _, files = s.filesOf(t, message); files[0].Blocked != "card_deleted" || files[5].Blocked != "" {
			t.Errorf("%+v", files)
		}
		for _, caller := range []who{inTeam, admin} {
			if code, body := s.call(caller, "GET", path, ""); code != http.StatusNotFound || !strings.Contains(body, "was deleted") {
				t.Errorf("%s gets %d %.200s", caller, code, body)
			}
		}
		if code, _ := s.call(admin, "POST", path+"/release", ""); code != http.StatusNotFound {
			t.Errorf("released after it was deleted: %d", code)
		}
	})
}

// upload sends a file as an agent who writes, and gives its id.
func (s *sight) upload(t *testing.T, caller who, name, content string) int64 {
	t.Helper()
	answer, code := s.uploads(caller, name, content)
	var a struct{ ID int64 }
	if err := json.Unmarshal([]byte(answer), &a); err != nil || code != http.StatusCreated {
		t.Fatalf("%d %s", code, answer)
	}
	return a.ID
}

// removes does what happens each hour.
func (s *sight) removes(t *testing.T) {
	t.Helper()
	if _, err := s.app.Email.RemoveSealed(context.Background()); err != nil {
		t.Error(err)
	}
	if err := s.app.RemoveSealedFiles(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestALegalHoldKeepsSealedMailAndFiles(t *testing.T) {
	t.Parallel()
	filesDesk(t, func(t *testing.T, s *sight) {
		message := s.receive(t, cardFiles(t))
		conversation, files := s.filesOf(t, message)
		hold := fmt.Sprintf("/conversations/%d/legal-hold", conversation)
		s.must(t, admin, "PUT", hold, `{"reason":"a dispute"}`)
		s.sevenDaysLater(t)
		s.removes(t)
		for _, path := range []string{fmt.Sprintf("/attachments/%d", files[0].ID), fmt.Sprintf("/messages/%d/raw", message)} {
			if code, body := s.call(admin, "GET", path, ""); code != http.StatusOK {
				t.Errorf("%s under a hold: %d %.200s", path, code, body)
			}
			if code, _ := s.call(inTeam, "GET", path, ""); code != http.StatusForbidden {
				t.Errorf("%s for an agent: %d", path, code)
			}
		}
		s.must(t, admin, "DELETE", hold, "")
		s.removes(t)
		if found := s.findInFiles(t); len(found) > 0 {
			t.Errorf("after the hold the number is still in %v", found)
		}
	})
}

func TestAReleasedFileStaysAndAnInboxThatKeepsNumbersWithholdsNone(t *testing.T) {
	t.Parallel()
	filesDesk(t, func(t *testing.T, s *sight) {
		_, files := s.filesOf(t, s.receive(t, cardFiles(t)))
		path := fmt.Sprintf("/attachments/%d", files[0].ID)
		if code, _ := s.call(inTeam, "POST", path+"/release", ""); code != http.StatusForbidden {
			t.Errorf("an agent releases it: %d", code)
		}
		s.must(t, admin, "POST", path+"/release", "")
		s.sevenDaysLater(t)
		s.removes(t)
		if code, body := s.call(inTeam, "GET", path, ""); code != http.StatusOK || !strings.Contains(body, "4111") {
			t.Errorf("released: %d %.200s", code, body)
		}
		s.must(t, admin, "PATCH", fmt.Sprintf("/inboxes/%d", s.ids["inboxes"]), `{"mask_cards":false}`)
		_, files = s.filesOf(t, s.receive(t, strings.ReplaceAll(cardFiles(t), "cf@x.example", "cf2@x.example")))
		for _, f := range files {
			if f.Blocked != "" {
				t.Errorf("%+v", f)
			}
		}
	})
}

func TestAFileThatWasSentWithACardNumberGoesTheSameWay(t *testing.T) {
	t.Parallel()
	filesDesk(t, func(t *testing.T, s *sight) {
		conversation, _ := s.filesOf(t, s.receive(t, markedMail("m9", "Please send my bill")))
		file := s.upload(t, inTeam, "bill.txt", "paid with 4111 1111 1111 1111")
		body := s.must(t, inTeam, "POST", fmt.Sprintf("/conversations/%d/replies", conversation), fmt.Sprintf(`{"text":"Here.","attachment_ids":[%d],"undo_seconds":0}`, file))
		var answer struct{ Message struct{ ID int64 } }
		if err := json.Unmarshal([]byte(body), &answer); err != nil {
			t.Fatal(err)
		}
		s.work(t)
		if _, files := s.filesOf(t, answer.Message.ID); len(files) != 1 || files[0].Blocked != "card" {
			t.Fatalf("%+v", files)
		}
		if err := s.app.DB.Write(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), "UPDATE message SET delivery_state = 'sent' WHERE id = ?", answer.Message.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if code, _ := s.call(inTeam, "GET", fmt.Sprintf("/messages/%d/raw", answer.Message.ID), ""); code != http.StatusForbidden && code != http.StatusNotFound {
			t.Errorf("what was sent: %d", code)
		}
		s.sevenDaysLater(t)
		s.removes(t)
		if found := s.findInFiles(t); len(found) > 0 {
			t.Errorf("the number is still in %v", found)
		}
	})
}
