package bench

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Options say what [Run] measures and on which data.
type Options struct {
	Names         []string // none = all, in the order of [Names]
	Data          string   // "" = a folder that is made and removed
	DatabaseURL   string
	User          string  // of an installation that has an owner: whose API key is used
	Conversations int     // added before the measuring where the data is fresh, 0 = 20,000; below 0 = none
	Scale         float64 // of the number of operations, 0 = 1
	JSON          bool
	Version       string
	Program       string    // "" = this program
	Progress      io.Writer // nil = none
}

// Names of the benchmarks in the order in which they run.
func Names() []string {
	out := make([]string, len(benchmarks))
	for i, b := range benchmarks {
		out[i] = b.name
	}
	return out
}

type benchmark struct {
	name    string
	meaning string
	run     func(ctx context.Context, d *drive, r *Result) error
}

var benchmarks = []benchmark{
	{"start", "from the start of the process to the first 200 of /healthz", start},
	{"idle", "30 s after 1,000 list pages and 100 searches nobody does anything for ten seconds; CPU is that of one second", idle},
	{"console", "first load of the console on the wire", console},
	{"apikey", "the smallest request with an API key: GET /me", apikey},
	{"list", "first page of the open inbox: GET /conversations?status=open", list},
	{"deep", "a page of the open inbox behind 90 per cent of it, by cursor", deep},
	{"open", "one conversation with its messages: two requests", open},
	{"search", "GET /search: words of four languages, two Japanese letters, words that occur nowhere, and operators", search},
	{"ingest", "POST /inboxes/{id}/mail from 12 clients until every mail can be read; p50 and p99 are of the 202", ingest},
	{"views", "GET /views/{id}/count of 30 views by 30 agents, as their consoles ask, while 50 mails arrive a second", views},
	{"reply", "POST /conversations/{id}/replies", reply},
	{"deliver", "from the 202 of a reply without undo time to the mail server's 250", deliver},
}

// Run starts the program on the data and measures it.
func Run(ctx context.Context, o Options, out io.Writer) (err error) {
	defer errs.Wrap(&err, "run the benchmarks")
	chosen, err := choose(o.Names)
	if err != nil {
		return err
	}
	if o.Scale <= 0 {
		o.Scale = 1
	}
	d, err := prepare(ctx, &o)
	if err != nil {
		return err
	}
	defer d.close()
	if err := d.up(ctx); err != nil {
		return err
	}
	report := newReport(o.Version, o, d.conversations)
	for _, b := range chosen {
		d.say("%s ...", b.name)
		r := Result{Name: b.name, Meaning: b.meaning}
		if err := b.run(ctx, d, &r); err != nil {
			return fmt.Errorf("%s: %w", b.name, err)
		}
		report.Results = append(report.Results, r)
	}
	return report.write(out, o.JSON)
}

func choose(names []string) ([]benchmark, error) {
	if len(names) == 0 {
		return benchmarks, nil
	}
	for _, n := range names {
		if !slices.Contains(Names(), n) {
			return nil, errs.Newf(errs.Invalid, "There is no benchmark %q. They are %s.", n, strings.Join(Names(), ", "))
		}
	}
	var out []benchmark
	for _, b := range benchmarks {
		if slices.Contains(names, b.name) {
			out = append(out, b)
		}
	}
	return out, nil
}

// prepare makes the data, its first owner and a key.
func prepare(ctx context.Context, o *Options) (_ *drive, err error) {
	file, err := executable(o.Program)
	if err != nil {
		return nil, err
	}
	d := &drive{o: o, own: o.Data == ""}
	if d.own {
		if o.Data, err = os.MkdirTemp("", "deskbell-bench-"); err != nil {
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			d.close()
		}
	}()
	d.program = program{file: file, data: []string{"--data", o.Data}, log: o.Progress}
	if o.DatabaseURL != "" {
		d.program.data = append(d.program.data, "--database-url", o.DatabaseURL)
	}
	if o.User == "" {
		o.User = "bench@shop.example"
		if _, err := d.program.command(ctx, "correct horse battery staple\n", "setup", "--email", o.User, "--password-file", "-", "--name", "Bench"); err != nil {
			return nil, errs.New(errs.Invalid, "This data has an owner already. Say with --user whose API key the benchmarks use.").Because(err)
		}
	}
	if d.own && o.Conversations >= 0 {
		if o.Conversations == 0 {
			o.Conversations = 20_000
		}
		err := Seed(ctx, SeedOptions{Config: app.Config{Data: o.Data, DatabaseURL: o.DatabaseURL}, Conversations: o.Conversations, Progress: o.Progress})
		if err != nil {
			return nil, err
		}
	}
	return d, d.makeKeys(ctx)
}

const keyCount = 4

func (d *drive) makeKeys(ctx context.Context) error {
	d.keyName = "bench " + strings.ToLower(rand.Text()[:8])
	for range keyCount {
		key, err := d.program.command(ctx, "", "apikey", "create", "--user", d.o.User, "--name", d.keyName)
		if err != nil {
			return err
		}
		d.keys = append(d.keys, key)
	}
	return nil
}
