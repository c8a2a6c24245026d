// Command with-postgres runs a command with a throw-away PostgreSQL beside it:
//
//	with-postgres go test ./...
//
// The command finds its URL in DESKBELL_TEST_POSTGRES. When that is set
// already, nothing is started. When PostgreSQL is not installed the command
// runs all the same, and its tests say so.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/deskbell/deskbell/internal/testbed"
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	if len(args) == 0 {
		fmt.Fprintln(os.Stderr, "use: with-postgres COMMAND [ARGUMENT...]")
		return 2
	}
	if os.Getenv(testbed.PostgresEnv) == "" {
		cluster, err := testbed.StartCluster()
		switch {
		case errors.Is(err, testbed.ErrNotInstalled):
			fmt.Fprintln(os.Stderr, "PostgreSQL is not installed: tests that need it are skipped.")
		case err != nil:
			fmt.Fprintln(os.Stderr, "start PostgreSQL:", err)
			return 1
		default:
			defer cluster.Stop()
			if err := os.Setenv(testbed.PostgresEnv, cluster.URL); err != nil {
				fmt.Fprintln(os.Stderr, err)
				return 1
			}
		}
	}
	return command(args)
}

// command runs args and answers their exit code. Ctrl-C and a request to stop
// go to the command; we stay until it ends and then stop the server.
func command(args []string) int {
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	if err := cmd.Start(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	go func() {
		for s := range signals {
			_ = cmd.Process.Signal(s)
		}
	}()
	err := cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return max(exit.ExitCode(), 1)
	}
	if err != nil {
		return 1
	}
	return 0
}
