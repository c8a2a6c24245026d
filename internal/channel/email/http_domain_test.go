package email

import (
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/inbox"
	"github.com/deskbell/deskbell/internal/mail/auth/authtest"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/platform/web"
)

func TestTheDomainsOfAllAddressesAreChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		i := k.newInbox(t, "one@lamp.test", "two@lamp.test", "x@gmail.com", "sales@other.test")
		zone := &authtest.Zone{}
		zone.TXT("_dmarc.lamp.test", "v=DMARC1; p=reject")
		h := &API{DB: k.db, Inboxes: k.inboxes, Now: k.clock.Now, Resolver: zone, tests: web.NewFew(10, time.Minute),
			Signing: &Signing{DB: k.db, Queue: k.queue, Secrets: plain{}, Resolver: zone, Now: k.clock.Now, Log: k.receiver.Log}}
		ctx := access.With(t.Context(), access.System)
		look := func() []DomainView {
			t.Helper()
			out, err := h.domains(ctx, &idInput{ID: i.ID})
			if err != nil {
				t.Fatal(err)
			}
			return out.Body.Items
		}
		list := look()
		if len(list) != 3 || list[0].Domain != "lamp.test" || len(list[0].Addresses) != 2 || list[1].Domain != "other.test" || !list[2].Hosted || len(list[2].Findings) != 0 {
			t.Fatalf("%+v", list)
		}
		dkim := list[0].Findings[1]
		if dkim.Code != "dkim_missing" || dkim.Add == nil || !strings.HasSuffix(dkim.Add.Name, "._domainkey.lamp.test") || list[0].Findings[2].Code != "dmarc_reject" {
			t.Fatalf("%+v", list[0].Findings)
		}
		zone.TXT(dkim.Add.Name, dkim.Add.Value)
		if again := look()[0].Findings[1]; again.Code != "dkim_ok" {
			t.Errorf("%+v", again)
		}
		row, err := loadSigningKey(t.Context(), k.db, "lamp.test")
		if err != nil || !row.published {
			t.Errorf("signing does not begin: %+v, %v", row, err)
		}
		if _, err := h.domains(ctx, &idInput{ID: inbox.ID(999)}); err == nil {
			t.Error("an inbox that is not there has domains")
		}
	})
}
