package upgrade

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// What the shop of the dumps was set up with. It never existed anywhere else.
const (
	shopKey    = "4f1d0c7be2a9356880d5f36e1b7a94c2e05d8b6317f2ca49be8071d35c96e2fa"
	shopAPIKey = "dbk_uej63jiklc5mqaeddn4hvvspo5vpqocgb7kxtfndidarmetrptya"
)

// takenAway are the old columns, as table.column, that a contracting migration
// has removed or rewritten, and which release stopped using them.
var takenAway = map[string]string{}

func TestAnUpgradeFromEveryEarlierSchemaKeepsAllData(t *testing.T) {
	t.Parallel()
	for _, from := range dumps(t) {
		t.Run(fmt.Sprintf("%04d", from.newest()), func(t *testing.T) {
			t.Parallel()
			dbtest.EachEmpty(t, func(t *testing.T, dir, url string) { upgrade(t, from, dir, url) })
		})
	}
}

func upgrade(t *testing.T, from dump, dir, url string) {
	ctx := context.Background()
	d, err := db.Open(ctx, db.Config{Dir: dir, URL: url, NoSync: true, MaxConn: 4})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := load(ctx, d, from); err != nil {
		t.Fatal(err)
	}
	old := schema(t, d)
	before := prints(t, d, old)
	for table := range old {
		if len(before[table+"."+old[table][0]]) == 0 {
			t.Errorf("the dump has no row of the table %s", table)
		}
	}
	if err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	left := withoutTaken(old)
	for name, after := range prints(t, d, left) {
		table, _, one := strings.Cut(name, ".")
		if !one && len(left[table]) != len(old[table]) {
			continue // whole rows are others without the column
		}
		if n := after.missing(before[name]); n > 0 {
			t.Errorf("%d rows of %s are gone or changed; a contracting migration names its columns in takenAway", n, name)
		}
	}
	if v, err := d.Version(ctx); err != nil || v != versions(t)[len(versions(t))-1] {
		t.Errorf("the schema is at %d: %v", v, err)
	}
	read(t, d, from, dir, url)
}

func withoutTaken(old map[string][]string) map[string][]string {
	out := map[string][]string{}
	for table, columns := range old {
		for _, c := range columns {
			if takenAway[table+"."+c] == "" {
				out[table] = append(out[table], c)
			}
		}
	}
	return out
}

// read starts the program on the data and reads it as its people do.
func read(t *testing.T, d *db.DB, from dump, dir, url string) {
	t.Helper()
	ctx := context.Background()
	store, err := db.Setting(ctx, d, "blob_store")
	if err != nil {
		t.Fatal(err)
	}
	file(t, dir, "deskbell-store", []byte(store+"\n"))
	for _, r := range from.Rows {
		if r.Blob != "" {
			file(t, dir, r.Blob, r.Bytes)
		}
	}
	a, err := app.New(ctx, app.Config{Data: dir, DatabaseURL: url, Addr: "127.0.0.1:0", PublicURL: "http://desk.example",
		Version: "test", NoSync: true, Key: shopKey}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	c := caller{t, a.API.Handler()}

	var all struct{ Items []struct{ ID int64 } }
	c.get("/conversations", &all)
	if len(all.Items) != 15 {
		t.Errorf("%d conversations are listed, there were 15", len(all.Items))
	}
	for _, i := range all.Items {
		var messages struct{ Items []json.RawMessage }
		c.get(fmt.Sprintf("/conversations/%d", i.ID), new(json.RawMessage))
		c.get(fmt.Sprintf("/conversations/%d/messages", i.ID), &messages)
		if len(messages.Items) == 0 {
			t.Errorf("conversation %d has no messages", i.ID)
		}
	}
	c.get("/attachments/1", nil)
	var balance struct{ Balanced bool }
	if c.get("/ledger/balance", &balance); !balance.Balanced {
		t.Error("the ledger does not balance")
	}
	if from.newest() > 1 { // before there was no search
		c.finds(a, "zephyrblue")
	}
	if conn, err := a.Inboxes.Connection(ctx, inbox.ID(4)); err != nil || conn.IMAPPassword != "open sesame" {
		t.Errorf("the password of a mailbox cannot be read: %v", err)
	}
}

func file(t *testing.T, dir, key string, data []byte) {
	t.Helper()
	name := filepath.Join(dir, "blobs", key)
	if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

type caller struct {
	t       *testing.T
	handler http.Handler
}

// get reads an operation; into may be nil where the answer is not JSON.
func (c caller) get(path string, into any) {
	c.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://desk.example/api/v1"+path, nil)
	r.Header.Set("Authorization", "Bearer "+shopAPIKey)
	w := httptest.NewRecorder()
	c.handler.ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		c.t.Fatalf("GET %s: %d %s", path, w.Code, w.Body)
	}
	if into == nil {
		return
	}
	if err := json.Unmarshal(w.Body.Bytes(), into); err != nil {
		c.t.Fatalf("GET %s: %v", path, err)
	}
}

// finds looks for a word of a customer's mail, when the words of old messages
// have been taken in.
func (c caller) finds(a *app.App, word string) {
	c.t.Helper()
	for {
		n, err := a.Search.Reindex(context.Background(), 200)
		if err != nil {
			c.t.Fatal(err)
		}
		if n == 0 {
			break
		}
	}
	var found struct {
		Items []struct {
			ConversationID int64 `json:"conversation_id"`
		}
	}
	c.get("/search?q="+word, &found)
	if len(found.Items) == 0 || found.Items[0].ConversationID != 15 {
		c.t.Errorf("searching for %s finds %+v", word, found.Items)
	}
}
