package app_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
)

// finding is what the doctor says with the words.
func finding(t *testing.T, a *app.App, words string) app.Finding {
	t.Helper()
	var all []string
	for _, f := range a.Doctor(context.Background()) {
		if strings.Contains(f.Sentence, words) {
			return f
		}
		all = append(all, f.Sentence)
	}
	t.Fatalf("the doctor does not speak of %q but says:\n%s", words, strings.Join(all, "\n"))
	return app.Finding{}
}

func TestTheDoctorFindsAFileThatIsMissing(t *testing.T) {
	t.Parallel()
	s := newSight(t)
	if f := finding(t, s.app, "files that were looked for"); !f.OK {
		t.Errorf("%+v", f)
	}
	if f := finding(t, s.app, "The database has"); !f.OK || !strings.Contains(f.Sentence, "attachments 1 KiB") {
		t.Errorf("%+v", f)
	}
	ctx := access.With(context.Background(), access.System)
	var key string
	if err := s.app.DB.QueryRow(ctx, "SELECT blob_key FROM attachment").Scan(&key); err != nil {
		t.Fatal(err)
	}
	if err := s.app.Blobs.Delete(ctx, key); err != nil {
		t.Fatal(err)
	}
	if f := finding(t, s.app, "are missing"); f.OK || !strings.Contains(f.Sentence, key) || f.Mend == "" {
		t.Errorf("%+v", f)
	}
}

func TestTheDoctorSeesAClockThatIsWrong(t *testing.T) {
	t.Parallel()
	s := newSight(t)
	if f := finding(t, s.app, "clock"); !f.OK {
		t.Errorf("%+v", f)
	}
	s.app.Now = func() time.Time { return time.Now().Add(-time.Hour) }
	if f := finding(t, s.app, "clock"); f.OK || !strings.Contains(f.Sentence, "set back") {
		t.Errorf("%+v", f)
	}
}

func TestTheDoctorComparesTheClockWithPostgres(t *testing.T) {
	t.Parallel()
	a := newApp(t)
	embedded := a.DB
	a.DB = dbtest.Postgres(t)
	t.Cleanup(func() { a.DB = embedded })
	for off, words := range map[time.Duration]string{0: "agree", time.Minute: "ahead", -time.Minute: "behind"} {
		a.Now = func() time.Time { return time.Now().Add(off) }
		if f := finding(t, a, "The clock"); f.OK != (off == 0) || !strings.Contains(f.Sentence, words) {
			t.Errorf("%s: %+v", off, f)
		}
	}
	if a.DB.Dialect != db.Postgres {
		t.Error("the test looked at another database")
	}
	if f := finding(t, a, "The database has"); !f.OK {
		t.Errorf("%+v", f)
	}
}
