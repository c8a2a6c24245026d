package main

import (
	"context"
	"fmt"

	"github.com/deskbell/deskbell/internal/app"
)

type keyCmd struct {
	Rotate keyRotateCmd `cmd:"" help:"Replace the secret key and encrypt everything again, also while serve runs."`
}

type keyRotateCmd struct {
	dataFlags
	Prepare bool `help:"Only put the new key beside the old one, to copy the key file to other nodes before the rest." xor:"how"`
	Lost    bool `help:"The old key is lost: start anew with another one. Passwords of mail servers have to be entered again." xor:"how"`
}

func (c keyRotateCmd) Run(ctx context.Context, s streams) error {
	if c.Lost {
		return c.replaceLost(ctx, s)
	}
	return withData(ctx, c.config(), func(a *app.App) error {
		r, err := a.RotateKey(ctx, c.Prepare)
		if err != nil {
			return err
		}
		if c.Prepare {
			fmt.Fprintf(s.err, "%s holds the new key and the old one. Copy it to every node now, then run this again without --prepare.\n", r.KeyIsIn)
			return nil
		}
		fmt.Fprintf(s.err, "Passwords encrypted with the new key: %d (its fingerprint is %s).\n", r.Resealed, r.Fingerprint)
		for _, name := range r.Lost {
			fmt.Fprintf(s.err, "No key opens %s: enter that password again.\n", name)
		}
		if r.KeyIsIn == a.KeyFile {
			fmt.Fprintf(s.err, "%s holds only the new key. Servers that read this file go on with it; a copy of the file on another node has to be replaced, and that node restarted.\n", r.KeyIsIn)
		} else {
			fmt.Fprintf(s.err, "Now leave the comma and the old key out of %s and restart every Deskbell.\n", r.KeyIsIn)
		}
		fmt.Fprintln(s.err, "Make a copy of the new key. Keep the old one as long as backups from before: they need it.")
		return nil
	})
}

func (c keyRotateCmd) replaceLost(ctx context.Context, s streams) error {
	r, err := app.ReplaceLostKey(ctx, c.config())
	if err != nil {
		return err
	}
	fmt.Fprintf(s.err, "The data belongs to the key in %s now (fingerprint %s). Make a copy of it.\n", r.KeyIsIn, r.Fingerprint)
	for _, name := range r.Lost {
		fmt.Fprintf(s.err, "Enter this password again: %s.\n", name)
	}
	fmt.Fprintln(s.err, "Restart every Deskbell that runs on this data.")
	return nil
}
