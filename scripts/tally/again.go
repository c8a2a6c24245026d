package main

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
)

// maxAgain is how much may fail and still be tried once more: where more fails,
// it is not by bad luck.
const maxAgain = 3

// failures name what failed, so that it can be run once more: a package and its
// test, or a file of vitest.
type failures struct {
	names   []string
	unnamed bool // something failed that has no name
}

func (f *failures) add(name string) {
	if !slices.Contains(f.names, name) {
		f.names = append(f.names, name)
	}
}

func (f failures) again() bool { return !f.unnamed && len(f.names) > 0 && len(f.names) <= maxAgain }

// write puts the names beside the count file, when they can be tried once more.
func (f failures) write(file string) error {
	if !f.again() {
		return nil
	}
	return os.WriteFile(file+".failed", []byte(strings.Join(f.names, "\n")+"\n"), 0o600)
}

func printFailed(file string) error {
	text, err := os.ReadFile(file + ".failed")
	if err != nil {
		return errFailed // nothing failed, or too much
	}
	fmt.Print(string(text))
	return nil
}

// forgive notes that what had failed has passed alone.
func forgive(file string) error {
	c, err := readCounts(file)
	if err != nil {
		return err
	}
	if c.failed == 0 {
		return errors.New("nothing had failed")
	}
	c.passed, c.unsteady, c.failed = c.passed+c.failed, c.unsteady+c.failed, 0
	return c.write(file)
}
