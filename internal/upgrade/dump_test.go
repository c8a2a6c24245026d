package upgrade

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/migrations"
)

const dumpDir = "../../migrations/testdata"

// row is one line of a dump: a row of a table, or a file of the blob store.
type row struct {
	Table  string         `json:"table,omitempty"`
	Only   string         `json:"only,omitempty"` // sqlite or postgres; "" = both
	Values map[string]any `json:"values,omitempty"`
	Blob   string         `json:"blob,omitempty"` // its key
	Bytes  []byte         `json:"bytes,omitempty"`
}

// dump is an installation at the schema of some migrations.
type dump struct {
	Versions []int64
	Rows     []row
}

func (d dump) newest() int64 { return d.Versions[len(d.Versions)-1] }

// name of the file that holds the schema up to a version.
func dumpFile(version int64) string {
	return filepath.Join(dumpDir, fmt.Sprintf("%04d.jsonl", version))
}

type header struct {
	Migrations []int64 `json:"migrations"`
}

func readDump(file string) (d dump, err error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return d, err
	}
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 4<<20)
	for first := true; lines.Scan(); first = false {
		in := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		in.UseNumber()
		if first {
			var h header
			err = in.Decode(&h)
			d.Versions = h.Migrations
		} else {
			var r row
			err = in.Decode(&r)
			for name, v := range r.Values {
				if r.Values[name], err = fromJSON(v); err != nil {
					break
				}
			}
			d.Rows = append(d.Rows, r)
		}
		if err != nil {
			return d, fmt.Errorf("%s: %w", file, err)
		}
	}
	if len(d.Versions) == 0 {
		return d, fmt.Errorf("%s does not say which migrations it has", file)
	}
	return d, lines.Err()
}

// fromJSON gives what a database driver takes. Bytes are {"base64": "..."}.
func fromJSON(v any) (any, error) {
	switch v := v.(type) {
	case json.Number:
		return strconv.ParseInt(v.String(), 10, 64)
	case map[string]any:
		text, _ := v["base64"].(string)
		return base64.StdEncoding.DecodeString(text)
	}
	return v, nil
}

func (d dump) write(file string) error {
	var b bytes.Buffer
	out := json.NewEncoder(&b)
	out.SetEscapeHTML(false)
	if err := out.Encode(header{d.Versions}); err != nil {
		return err
	}
	for _, r := range d.Rows {
		values := map[string]any{}
		for name, v := range r.Values {
			if raw, ok := v.([]byte); ok {
				v = map[string]string{"base64": base64.StdEncoding.EncodeToString(raw)}
			}
			values[name] = v
		}
		r.Values = values
		if err := out.Encode(r); err != nil {
			return err
		}
	}
	return os.WriteFile(file, b.Bytes(), 0o644)
}

// versions of all migrations that the program has, in order.
func versions(t *testing.T) (out []int64) {
	t.Helper()
	texts, err := migrations.For("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	names, err := fs.Glob(texts, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		number, _, _ := strings.Cut(name, "_")
		v, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out = append(out, v)
	}
	slices.Sort(out)
	return out
}

// dumps are all that there are, the oldest first.
func dumps(t *testing.T) (out []dump) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dumpDir, "*.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(files)
	for _, file := range files {
		d, err := readDump(file)
		if err != nil {
			t.Fatal(err)
		}
		if dumpFile(d.newest()) != file {
			t.Errorf("%s holds migration %d as its newest", file, d.newest())
		}
		out = append(out, d)
	}
	return out
}
