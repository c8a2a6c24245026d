package email

import (
	"log/slog"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/mail/auth"
	"github.com/deskbell/deskbell/internal/mail/auth/authtest"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

func (k *desk) signing(z *authtest.Zone) *Signing {
	return &Signing{DB: k.db, Queue: k.queue, Secrets: plain{}, Resolver: z, Now: k.clock.Now, Log: slog.New(slog.DiscardHandler)}
}

func (k *desk) lookUp(t *testing.T, s *Signing) int {
	t.Helper()
	n, err := k.queue.RunOnce(t.Context(), s.Kind())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// publishOwn puts the record of the shop's key into the DNS and gives its name.
func (k *desk) publishOwn(t *testing.T, s *Signing, z *authtest.Zone) string {
	t.Helper()
	_, key, err := s.ensure(t.Context(), "shop.test")
	if err != nil {
		t.Fatal(err)
	}
	record, err := key.Record()
	if err != nil {
		t.Fatal(err)
	}
	z.TXT(key.Name(), record)
	return key.Name()
}

func TestRepliesAreSignedWhileTheRecordStandsInTheDNS(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, p, z := newDesk(t, d), newProvider(t), &authtest.Zone{}
		s := k.sendThrough(t, p, "")
		s.Signing = k.signing(z)
		next := int64(0)
		answer := func() string {
			next++
			k.queueMessage(t, next, "carl@example.test")
			k.deliver(t, s)
			all := p.taken()
			if len(all) != int(next) {
				t.Fatalf("%d mails were sent", len(all))
			}
			return all[next-1].raw
		}
		anHourLater := func() string {
			k.clock.Add(time.Hour)
			answer()
			k.lookUp(t, s.Signing)
			return answer()
		}
		if isSigned(answer()) || k.lookUp(t, s.Signing) != 1 {
			t.Error("signed before there was a key, or no look-up")
		}
		name := k.publishOwn(t, s.Signing, z)
		asked := z.Asked()
		if isSigned(answer()) || k.lookUp(t, s.Signing) != 0 || z.Asked() != asked {
			t.Error("the DNS was asked again within the hour")
		}
		raw := anHourLater()
		z.TXT("_dmarc.shop.test", "v=DMARC1; p=reject; adkim=s")
		got := auth.Check(t.Context(), z, auth.Peer{IP: netip.MustParseAddr("203.0.113.1"), From: "x@other.test"}, strings.NewReader(raw))
		if !isSigned(raw) || got.DMARC.Value != auth.Pass {
			t.Errorf("%+v\n%s", got, raw)
		}
		z.Down(true)
		if !isSigned(anHourLater()) {
			t.Error("a failing DNS stopped the signing")
		}
		z.Down(false)
		z.TXT(name)
		if isSigned(anHourLater()) {
			t.Error("signed with a key that nobody can check")
		}
	})
}

func isSigned(raw string) bool { return strings.HasPrefix(raw, "DKIM-Signature:") }

func TestALargeMailIsSignedAndLeavesOneBlob(t *testing.T) {
	t.Parallel()
	k, z := newDesk(t, dbtest.SQLite(t)), &authtest.Zone{}
	s := k.signing(z)
	k.publishOwn(t, s, z)
	if _, _, err := s.refresh(t.Context(), "shop.test"); err != nil {
		t.Fatal(err)
	}
	raw := mailText("support@shop.test", "big", "1@shop.test") + noise(400_000)
	before, err := stage(t.Context(), k.blobs, strings.NewReader(raw), MaxMail)
	if err != nil {
		t.Fatal(err)
	}
	after, err := s.sign(t.Context(), k.blobs, "support@shop.test", before)
	if err != nil {
		t.Fatal(err)
	}
	r, err := openPacked(t.Context(), k.blobs, after.packed, after.blobKey)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	got := auth.Check(t.Context(), z, auth.Peer{}, r)
	if len(got.DKIM) != 1 || got.DKIM[0].Value != auth.Pass || k.blobCount(t) != 1 {
		t.Errorf("%+v, %d blobs", got, k.blobCount(t))
	}
}

func TestTheConnectionTestShowsTheRecordToAdd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		k, z := newDesk(t, d), &authtest.Zone{}
		s := k.signing(z)
		step := func() *Step {
			t.Helper()
			got := s.check(t.Context(), "support@Shop.test")
			if got == nil || !got.OK {
				t.Fatalf("step is %+v", got)
			}
			return got
		}
		missing := step()
		if missing.Level != "warn" || missing.Code != "dkim_missing" || !strings.HasSuffix(missing.Args["name"], "._domainkey.shop.test") ||
			!strings.HasPrefix(missing.Args["value"], "v=DKIM1; k=rsa; p=") {
			t.Errorf("step is %+v", missing)
		}
		z.Down(true)
		if got := step(); got.Code != "dkim_unknown" || got.Args["value"] != missing.Args["value"] {
			t.Errorf("without DNS: %+v", got)
		}
		z.Down(false)
		z.TXT(missing.Args["name"], missing.Args["value"])
		if got := step(); got.Level != "ok" || got.Code != "dkim_signed" {
			t.Errorf("with the record: %+v", got)
		}
		if key, err := s.key(t.Context(), "shop.test"); err != nil || key == nil {
			t.Errorf("the test does not switch signing on: %v", err)
		}
		for _, address := range []string{"shop@gmail.com", "root@localhost", ""} {
			if got := s.check(t.Context(), address); got != nil {
				t.Errorf("%s: %+v", address, got)
			}
		}
	})
}
