package main

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// counts is what a count file holds, as four numbers on one line.
type counts struct {
	passed, failed, skipped int
	unsteady                int // of those that passed: they had failed in the crowd
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
		c, f, err := goRun(os.Stdin, os.Stdout)
		return finish(args[1], c, f, err)
	case len(args) == 3 && args[0] == "vitest":
		c, f, err := vitestReport(args[1])
		return finish(args[2], c, f, err)
	case len(args) == 2 && args[0] == "failed":
		return printFailed(args[1])
	case len(args) == 2 && args[0] == "unsteady":
		return forgive(args[1])
	case len(args) > 1 && args[0] == "sum":
		return sum(args[1:])
	}
	return errors.New("use: tally go FILE | tally vitest REPORT FILE | tally failed FILE | tally unsteady FILE | tally sum FILE")
}

func finish(file string, c counts, f failures, err error) error {
	if err != nil {
		return err
	}
	if err := f.write(file); err != nil {
		return err
	}
	if err := c.write(file); err != nil {
		return err
	}
	if c.failed > 0 {
		return errFailed
	}
	return nil
}

func (c counts) write(file string) error {
	return os.WriteFile(file, []byte(fmt.Sprintln(c.passed, c.failed, c.skipped, c.unsteady)), 0o600)
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
		all.unsteady += c.unsteady
	}
	if all.unsteady > 0 {
		fmt.Printf("Of those that passed, %d had failed before, beside the others: each is a defect to look for.\n", all.unsteady)
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
	_, err = fmt.Sscan(string(text), &c.passed, &c.failed, &c.skipped, &c.unsteady)
	return c, err
}
