package mail

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestSampleMailsReadAsExpected(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatal("no samples", err)
	}
	for _, f := range files {
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		m, err := ParseBytes(raw, Options{})
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := json.Indent(&out, m.JSON(), "", "  "); err != nil {
			t.Fatal(err)
		}
		out.WriteByte('\n')
		golden := strings.TrimSuffix(f, ".eml") + ".json"
		if *update {
			if err := os.WriteFile(golden, out.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(golden)
		if err != nil || !bytes.Equal(want, out.Bytes()) {
			t.Errorf("%s is read differently (run with -update and look at the difference):\n%s", f, out.Bytes())
		}
	}
}

func TestStreamAnswersEachLine(t *testing.T) {
	t.Parallel()
	in := "RnJvbTogYUBiLnRlc3QKCmhp\n\nnot base64!\nRnJvbTogY0BkLnRlc3QKCmhv"
	var out bytes.Buffer
	if err := Stream(strings.NewReader(in), &out); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(out.String()), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines", len(lines))
	}
	for i, want := range []string{"a@b.test", "", "", "c@d.test"} {
		var j struct {
			From  struct{ Address string }
			Error string
		}
		if err := json.Unmarshal([]byte(lines[i]), &j); err != nil || j.From.Address != want || j.Error != "" {
			t.Errorf("line %d: %v %s", i, err, lines[i])
		}
	}
}
