package access_test

import (
	"testing"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// BenchmarkCheckingAKey is the cost that every call of a program pays.
func BenchmarkCheckingAKey(b *testing.B) {
	d := newDesk(b, dbtest.SQLite(b))
	id, err := d.svc.SetUp(b.Context(), access.FirstOwner{Name: "Olga", Email: "olga@shop.example", Password: password})
	if err != nil {
		b.Fatal(err)
	}
	_, key, err := d.svc.CreateAPIKey(b.Context(), access.System, access.APIKey{Agent: id, Name: "k", Scopes: []access.Permission{access.MailIngest}}, nil)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := d.svc.ByKey(b.Context(), key); err != nil {
			b.Fatal(err)
		}
	}
}
