package app

import (
	"context"
	"fmt"
	"strings"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/storage"
)

func (a *App) lookAtSchema(ctx context.Context) []Finding {
	at, err := a.DB.Version(ctx)
	if err != nil {
		return unread("The version of the schema", err)
	}
	known, err := db.Newest(a.DB.Dialect)
	switch {
	case err != nil:
		return unread("The migrations of this program", err)
	case at > known:
		return []Finding{fine("The schema is at migration %d, from a newer Deskbell; this one knows %d and works with it.", at, known)}
	case at < known:
		return []Finding{wrong("Run: deskbell migrate", "The schema is at migration %d and this program needs %d.", at, known)}
	}
	return []Finding{fine("The schema is at migration %d, the newest.", at)}
}

// lookAtDatabase reads all of the embedded database, which takes a minute for some gigabytes.
func (a *App) lookAtDatabase(ctx context.Context) []Finding {
	faults, err := databaseFaults(ctx, a.DB)
	if err != nil {
		return unread("The database", err)
	}
	if a.DB.Dialect == db.Postgres {
		if len(faults) > 0 {
			return []Finding{wrong("Set it to on in postgresql.conf and reload PostgreSQL.", "PostgreSQL does not wait for its disk (%s is off): a power cut can lose mail.", strings.Join(faults, ", "))}
		}
		return []Finding{fine("PostgreSQL answers and waits for its disk.")}
	}
	if len(faults) > 0 {
		return []Finding{wrong("Stop the program, keep a copy of the data folder, and restore the newest backup into a fresh one.", "The database is damaged: %s", strings.Join(faults, "; "))}
	}
	return []Finding{fine("The database is sound: every page, index and reference was read.")}
}

func (a *App) lookAtSizes(ctx context.Context) []Finding {
	s, err := storage.Measure(ctx, a.DB)
	if err != nil {
		return unread("The size of the data", err)
	}
	out := []Finding{fine("The database has %s; raw mail takes about %s, attachments %s, the search index %s.", inWords(s.Database), inWords(s.RawMail), inWords(s.Attachments), inWords(s.Search))}
	r, err := a.Storage.Report(ctx)
	if err != nil {
		return append(out, unread("The growth of the data", err)...)
	}
	switch days := r.DaysLeft(); {
	case r.Growth == nil:
	case days != nil && *days < storage.FewDays:
		out = append(out, wrong("Make the disk larger, or move the files to an object store with --blob-url.", "The data grows by %s a day: the disk will be full in %d days.", inWords(*r.Growth), *days))
	case days != nil:
		out = append(out, fine("The data grows by %s a day; there is room for %d days.", inWords(*r.Growth), *days))
	}
	return out
}

func inWords(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GiB", float64(bytes)/(1<<30))
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%d KiB", (bytes+1023)/1024)
}

// sampledBlobs is how many are looked for at each of three ends of each table.
const sampledBlobs = 20

func (a *App) lookAtFiles(ctx context.Context) []Finding {
	keys, err := blobSample(ctx, a.DB, sampledBlobs)
	if err != nil {
		return unread("The list of files", err)
	}
	var lost []string
	looked := map[string]bool{}
	for _, key := range keys {
		if looked[key] {
			continue
		}
		looked[key] = true
		r, _, err := a.Blobs.OpenRange(ctx, key, 0, 1)
		switch {
		case errs.Is(err, errs.NotFound):
			lost = append(lost, key)
		case err != nil:
			return []Finding{wrong("Look at the disk or the bucket that holds the files.", "%s", errs.Sentence(err))}
		default:
			_ = r.Close()
		}
	}
	if len(lost) == 0 {
		return []Finding{fine("Each of %d files that were looked for is there.", len(looked))}
	}
	return []Finding{wrong("Copy them back from a backup; each has its name there below blobs/.", "%d of %d files that were looked for are missing: %s", len(lost), len(looked), strings.Join(lost[:min(len(lost), 5)], ", "))}
}
