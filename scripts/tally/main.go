package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// counts is what a count file holds, as three numbers on one line.
type counts struct {
	passed, failed, skipped int
}

var errFailed = errors.New("some tests failed")

func main() {
	if err := run(os.Args[1:]); err != nil {
		if !errors.Is(err, errFailed) {
			fmt.Fprintln(os.Stderr, "tally:", err)
		}
		os.Exit(1)
	}
}

func run(args []string) error {
	switch {
	case len(args) == 2 && args[0] == "go":
		c, err := goRun(os.Stdin, os.Stdout)
		return finish(args[1], c, err)
	case len(args) == 3 && args[0] == "vitest":
		c, err := vitestReport(args[1])
		return finish(args[2], c, err)
	case len(args) > 1 && args[0] == "sum":
		return sum(args[1:])
	}
	return errors.New("use: tally go FILE | tally vitest REPORT FILE | tally sum FILE")
}

func finish(file string, c counts, err error) error {
	if err != nil {
		return err
	}
	line := fmt.Sprintln(c.passed, c.failed, c.skipped)
	if err := os.WriteFile(file, []byte(line), 0o600); err != nil {
		return err
	}
	if c.failed > 0 {
		return errFailed
	}
	return nil
}

// sum adds up the files and prints the closing line. A file that is not there
// belongs to a runner that never came to its end, which is a failure.
func sum(files []string) error {
	var all counts
	for _, file := range files {
		c, err := readCounts(file)
		if err != nil {
			fmt.Printf("%s did not finish: %v\n", strings.TrimSuffix(file, ".count"), err)
			c = counts{failed: 1}
		}
		all.passed += c.passed
		all.failed += c.failed
		all.skipped += c.skipped
	}
	fmt.Printf("%d passed, %d failed, %d skipped\n", all.passed, all.failed, all.skipped)
	if all.failed > 0 || all.passed == 0 {
		return errFailed
	}
	return nil
}

func readCounts(file string) (counts, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return counts{}, err
	}
	var c counts
	_, err = fmt.Sscan(string(text), &c.passed, &c.failed, &c.skipped)
	return c, err
}
