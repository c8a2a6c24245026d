package audit

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Who acts. The zero Who is the program itself, as on the command line.
type Who struct {
	Agent int64
	Key   int64 // the API key, 0 = none
	Name  string
}

type whoKey struct{}

// By puts who acts into the context.
func By(ctx context.Context, w Who) context.Context { return context.WithValue(ctx, whoKey{}, w) }

// Known tells whether it is known who acts.
func Known(ctx context.Context) bool {
	w, _ := ctx.Value(whoKey{}).(Who)
	return w != Who{}
}

// Entry is one action. Before and After become JSON objects; of both only what
// differs is kept, and when they are the same there was no change and no row.
type Entry struct {
	Action  string // what was done, such as "team.renamed"
	Subject string // of which kind, such as "team"
	ID      int64
	Name    string // of the subject, as people know it
	Before  any    // nil when it is new
	After   any    // nil when it is gone
}

// RecordTx keeps an action in the transaction of its change.
func RecordTx(ctx context.Context, tx *db.Tx, at time.Time, e Entry) error {
	before, err := object(e.Before)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	after, err := object(e.After)
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.Action, err)
	}
	if e.Before != nil && e.After != nil {
		for name, value := range before {
			if bytes.Equal(value, after[name]) {
				delete(before, name)
				delete(after, name)
			}
		}
		if len(before)+len(after) == 0 {
			return nil
		}
	}
	w, _ := ctx.Value(whoKey{}).(Who)
	address := ""
	if ip := web.ClientIP(ctx); ip.IsValid() {
		address = ip.String()
	}
	return insert(ctx, tx, Row{At: at, Who: w, Address: address, Action: e.Action, Subject: e.Subject, ID: e.ID,
		Name: clip(e.Name, 300), Before: before, After: after})
}

// Fields are parts of something before or after a change, by name.
type Fields map[string]json.RawMessage

// secretWords name what must never be kept, whoever hands it in.
var secretWords = []string{"password", "secret", "token", "private", "hash"}

func object(v any) (Fields, error) {
	if v == nil {
		return Fields{}, nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	out := Fields{}
	if err := json.Unmarshal(text, &out); err != nil {
		return nil, err
	}
	for name, value := range out {
		if isSecret(name) && string(value) != "true" && string(value) != "false" {
			delete(out, name)
			continue
		}
		if len(value) > maxValue {
			out[name] = json.RawMessage(`"…"`)
		}
	}
	return out, nil
}

const maxValue = 8 << 10

func isSecret(name string) bool {
	for _, word := range secretWords {
		if strings.Contains(strings.ToLower(name), word) {
			return true
		}
	}
	return false
}

func clip(s string, n int) string {
	if len(s) > n {
		return strings.ToValidUTF8(s[:n], "")
	}
	return s
}
