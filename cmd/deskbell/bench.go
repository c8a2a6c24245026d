package main

import (
	"context"
	"fmt"

	"github.com/deskbell/deskbell/internal/bench"
)

type benchCmd struct {
	Seed benchSeedCmd `cmd:"" help:"Fill a database with realistic conversations: four messages each, four languages, one year."`
	Run  benchRunCmd  `cmd:"" help:"Measure the real program over HTTP: p50, p99, rate, CPU per operation."`
}

type benchSeedCmd struct {
	dataFlags
	Conversations int    `help:"How many." required:""`
	Seed          uint64 `help:"Another number tells another story." default:"1"`
}

func (c benchSeedCmd) Run(ctx context.Context, s streams) error {
	return bench.Seed(ctx, bench.SeedOptions{Config: c.config(), Conversations: c.Conversations, Seed: c.Seed, Progress: s.err})
}

type benchRunCmd struct {
	Data          string   `help:"Folder that was filled by bench seed (default: a fresh one)." type:"path" placeholder:"DIR"`
	DatabaseURL   string   `help:"PostgreSQL that was filled by bench seed, or is empty." placeholder:"URL"`
	User          string   `help:"Owner of data that has one: whose API key is made." placeholder:"EMAIL"`
	Conversations int      `help:"How many are added to a fresh database before measuring, -1 = none." default:"0"`
	Scale         float64  `help:"Of the number of operations." default:"1"`
	JSON          bool     `name:"json" help:"Print JSON instead of a table."`
	Names         []string `arg:"" optional:"" help:"Only these: ${benchmarks}."`
}

func (c benchRunCmd) Run(ctx context.Context, s streams) error {
	err := bench.Run(ctx, bench.Options{Names: c.Names, Data: c.Data, DatabaseURL: c.DatabaseURL, User: c.User, Conversations: c.Conversations,
		Scale: c.Scale, JSON: c.JSON, Version: version, Progress: s.err}, s.out)
	if err != nil {
		fmt.Fprintln(s.err)
	}
	return err
}
