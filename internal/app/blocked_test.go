package app_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/audit"
)

func programMail(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	if w, err := z.Create("run.vbs"); err != nil {
		t.Fatal(err)
	} else if _, err := w.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	part := func(name, kind string, content []byte) string {
		return "--m\r\nContent-Type: " + kind + "; name=\"" + name + "\"\r\nContent-Disposition: attachment; filename=\"" + name + "\"\r\nContent-Transfer-Encoding: base64\r\n\r\n" +
			base64.StdEncoding.EncodeToString(content) + "\r\n"
	}
	return "From: Eva <eva@x.example>\r\nTo: support@shop.example\r\nSubject: Files\r\nMessage-ID: <p@x.example>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n" +
		part("photo.jpg", "image/jpeg", []byte("MZ"+strings.Repeat("\x00", 200))) + part("photos.zip", "application/zip", b.Bytes()) +
		part("list.txt", "text/plain", []byte("a list")) + "--m--\r\n"
}

func TestAProgramIsHandedOutOnlyWhenReleased(t *testing.T) {
	t.Parallel()
	eachApp(t, func(t *testing.T, s *sight) {
		message := s.receive(t, programMail(t))
		var m struct {
			Attachments []struct {
				ID            int64
				Name, Blocked string
				Preview       bool
			}
		}
		if err := json.Unmarshal([]byte(s.must(t, inTeam, "GET", fmt.Sprintf("/messages/%d", message), "")), &m); err != nil || len(m.Attachments) != 3 {
			t.Fatalf("%+v, %v", m, err)
		}
		for i, want := range []string{"program", "program_inside", ""} {
			a := m.Attachments[i]
			code, body := s.call(inTeam, "GET", fmt.Sprintf("/attachments/%d", a.ID), "")
			if a.Blocked != want || a.Preview || (code == http.StatusOK) != (want == "") || want != "" && !strings.Contains(body, "could do harm") {
				t.Errorf("%+v: %d %.200s", a, code, body)
			}
		}
		release := fmt.Sprintf("/attachments/%d/release", m.Attachments[0].ID)
		if code, _ := s.call(inTeam, "POST", release, ""); code != http.StatusForbidden {
			t.Errorf("an agent releases it: %d", code)
		}
		s.must(t, admin, "POST", release, "")
		if code, body := s.call(inTeam, "GET", fmt.Sprintf("/attachments/%d?download=1", m.Attachments[0].ID), ""); code != http.StatusOK || !strings.HasPrefix(body, "MZ") {
			t.Errorf("released: %d", code)
		}
		rows, err := audit.List(context.Background(), s.app.DB, audit.Filter{}, 1)
		if err != nil || len(rows) != 1 || rows[0].Action != "attachment.released" || rows[0].Name != "photo.jpg" {
			t.Errorf("%+v, %v", rows, err)
		}
	})
}
