// Command deskbell is the help desk in one program: the server, and the tools
// to set it up and look after it. Run it with --help.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	_ "time/tzdata" // days begin where the reader is, also on systems without it

	"github.com/alecthomas/kong"

	"github.com/deskbell/deskbell/internal/app"
	"github.com/deskbell/deskbell/internal/bench"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/filetext"
)

// version is set by the linker.
var version = "dev"

// cli is the command line; its names are a contract (docs/operations.md).
type cli struct {
	Serve   serveCmd   `cmd:"" help:"Run everything."`
	Demo    demoCmd    `cmd:"" help:"Run a throw-away shop full of conversations and print the sign-in."`
	Setup   setupCmd   `cmd:"" help:"Create the first owner without a browser."`
	APIKey  apikeyCmd  `cmd:"" name:"apikey" help:"Manage API keys."`
	User    userCmd    `cmd:"" help:"Look after people."`
	Migrate migrateCmd `cmd:"" help:"Bring the database to this version, then stop."`
	Backup  backupCmd  `cmd:"" help:"Write the embedded database and its files into one file, also while serve runs."`
	Restore restoreCmd `cmd:"" help:"Unpack a backup into a fresh data folder."`
	Key     keyCmd     `cmd:"" help:"Look after the secret key."`
	Doctor  doctorCmd  `cmd:"" help:"Check data, mailboxes and ledger, and say how to mend what is wrong."`
	Health  healthCmd  `cmd:"" help:"Ask whether the server on this machine is healthy."`
	Mail    mailCmd    `cmd:"" help:"Tools for mail."`
	Bench   benchCmd   `cmd:"" help:"Fill a database and measure the program."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// streams are where a command reads and writes, so that tests can look.
type streams struct {
	in       io.Reader
	out, err io.Writer
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == readFile {
		os.Exit(filetext.Main(os.Args[2], os.Stdin, os.Stdout))
	}
	os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// readFile is the command that the program starts itself with for each attached
// file. It is nobody else's business and stands in no help.
const readFile = "read-file"

func fileReader() []string {
	self, err := os.Executable()
	if err != nil {
		return nil
	}
	return []string{self, readFile}
}

// run returns the exit code: 0 done, 1 failed, 2 wrong use.
func run(args []string, s streams) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	exited := -1
	var c cli
	parser, err := kong.New(&c, kong.Name("deskbell"), kong.UsageOnError(), kong.Writers(s.out, s.err),
		kong.Description("The help desk for online stores."), kong.DefaultEnvars("DESKBELL"), kong.Resolvers(fileResolver("deskbell.toml")),
		kong.Vars{"benchmarks": strings.Join(bench.Names(), ", ")},
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(s),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Exit(func(code int) { exited = code; panic(exit{}) }))
	if err != nil {
		fmt.Fprintln(s.err, "deskbell:", err)
		return 2
	}
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(exit); !ok {
				panic(p)
			}
		}
	}()
	kctx, code := parse(parser, args, s, &exited)
	if kctx == nil {
		return code
	}
	if err := kctx.Run(); err != nil {
		return fail(s, err)
	}
	return 0
}

// exit unwinds when kong has printed help.
type exit struct{}

func parse(parser *kong.Kong, args []string, s streams, exited *int) (kctx *kong.Context, code int) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(exit); !ok {
				panic(p)
			}
			kctx, code = nil, *exited
		}
	}()
	kctx, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintln(s.err, "deskbell:", err)
		fmt.Fprintln(s.err, "deskbell --help lists the commands.")
		return nil, 2
	}
	return kctx, 0
}

// fail prints the sentence for a person and, behind it, the cause.
func fail(s streams, err error) int {
	var told *errs.Error
	switch {
	case errors.Is(err, context.Canceled):
		return 1
	case errors.As(err, &told):
		fmt.Fprintln(s.err, "deskbell:", told.Text)
		if cause := errors.Unwrap(told); cause != nil {
			fmt.Fprintln(s.err, "  cause:", cause)
		}
		for _, f := range told.Fields {
			fmt.Fprintf(s.err, "  %s: %s\n", f.Location, f.Message)
		}
		if told.Kind == errs.Invalid {
			return 2
		}
	default:
		fmt.Fprintln(s.err, "deskbell:", err)
	}
	return 1
}

// dataFlags name the data that a command works on.
type dataFlags struct {
	Data        string `help:"Folder of the embedded database, files and key." default:"deskbell-data" type:"path" placeholder:"DIR"`
	DatabaseURL string `help:"PostgreSQL instead of the embedded database." placeholder:"URL"`
	BlobURL     string `help:"Where large files are kept (default: a folder in --data)." placeholder:"URL"`
	KeyFile     string `help:"The secret key (default: secret.key in --data). DESKBELL_KEY wins over it." type:"path" placeholder:"FILE"`
}

func (f dataFlags) config() app.Config {
	return app.Config{Data: f.Data, DatabaseURL: f.DatabaseURL, BlobURL: f.BlobURL, KeyFile: f.KeyFile, Key: os.Getenv("DESKBELL_KEY"),
		FileReader: fileReader(), Version: version}
}

type versionCmd struct{}

func (versionCmd) Run(s streams) error {
	_, err := fmt.Fprintln(s.out, "deskbell", version)
	return err
}
