package main

import (
	"context"
	"fmt"

	"github.com/deskbell/deskbell/internal/app"
)

type backupCmd struct {
	dataFlags
	Force   bool   `help:"Replace FILE if it is there."`
	WithKey bool   `help:"Put the secret key inside. Whoever has the file can then read the passwords in it."`
	File    string `arg:"" help:"The backup to write." type:"path"`
}

// maxNamed is how many missing files are printed one by one.
const maxNamed = 20

func (c backupCmd) Run(ctx context.Context, s streams) error {
	r, err := app.Backup(ctx, c.config(), app.BackupOptions{File: c.File, Force: c.Force, WithKey: c.WithKey})
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s holds %d conversations with %d messages and %d files, as they were at %s.\n",
		c.File, r.Counts["conversation"], r.Counts["message"], r.Blobs, r.CreatedAt.Format("2006-01-02 15:04:05 MST"))
	printNotNoted(s, r.NotNoted)
	printMissing(s, r.Missing, "These files were deleted while the backup was made, or were lost before it:")
	if c.WithKey {
		fmt.Fprintln(s.err, "The secret key is inside: keep the backup as safe as the passwords.")
	} else {
		fmt.Fprintf(s.err, "The secret key is not inside: keep a copy of it elsewhere (fingerprint %s).\n", r.KeyFingerprint)
	}
	return nil
}

func printNotNoted(s streams, err error) {
	if err != nil {
		fmt.Fprintf(s.err, "The audit log could not be told of it: %v.\n", err)
	}
}

func printMissing(s streams, keys []string, sentence string) {
	if len(keys) == 0 {
		return
	}
	fmt.Fprintln(s.err, sentence)
	for i, key := range keys {
		if i == maxNamed {
			fmt.Fprintf(s.err, "  and %d more\n", len(keys)-maxNamed)
			return
		}
		fmt.Fprintln(s.err, " ", key)
	}
}

type restoreCmd struct {
	Data    string `help:"Fresh folder for database, files and key." required:"" type:"path" placeholder:"DIR"`
	KeyFile string `help:"The secret key (default: secret.key in --data)." type:"path" placeholder:"FILE"`
	File    string `arg:"" help:"The backup." type:"path"`
}

func (c restoreCmd) Run(ctx context.Context, s streams) error {
	r, err := app.Restore(ctx, dataFlags{Data: c.Data, KeyFile: c.KeyFile}.config(), c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "%s holds the data of %s again: %d conversations with %d messages and %d files.\n",
		c.Data, r.CreatedAt.Format("2006-01-02 15:04:05 MST"), r.Counts["conversation"], r.Counts["message"], r.Blobs)
	printNotNoted(s, r.NotNoted)
	printMissing(s, r.Missing, "These files were not in the backup any more:")
	if r.KeyFits {
		fmt.Fprintln(s.err, "The secret key for it is there.")
	} else {
		fmt.Fprintf(s.err, "Before you start it, put the secret key with the fingerprint %s into %s, or into DESKBELL_KEY.\n", r.KeyFingerprint, r.KeyFile)
	}
	fmt.Fprintln(s.err, "The inboxes begin to receive and send as soon as it is started: stop the other Deskbell on the same mailboxes before.")
	return nil
}
