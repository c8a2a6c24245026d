package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/deskbell/deskbell/internal/app"
)

type doctorCmd struct {
	dataFlags
	natsFlags
	scanFlags
}

var errUnwell = errors.New("something is wrong, see above")

func (c doctorCmd) Run(ctx context.Context, s streams) error {
	cfg := c.config()
	cfg.NATSURL, cfg.NATSCreds, cfg.Clamd = c.NATSURL, c.NATSCreds, c.Clamd
	return withData(ctx, cfg, func(a *app.App) error {
		var ill error
		for _, f := range a.Doctor(ctx) {
			mark := "ok   "
			if !f.OK {
				mark, ill = "WRONG", errUnwell
			}
			fmt.Fprintln(s.out, mark, f.Sentence)
			if f.Mend != "" {
				fmt.Fprintln(s.out, "      ", f.Mend)
			}
		}
		return ill
	})
}
