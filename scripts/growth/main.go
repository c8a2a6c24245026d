package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/deskbell/deskbell/internal/bench"
)

// charts are drawn in this order; goal is in milliseconds, 0 = none.
var charts = []struct {
	name, title string
	goal        float64
}{
	{"list", "First page of the open inbox", 3},
	{"deep", "A page at 90 % depth", 3},
	{"open", "One conversation, opened", 2},
	{"search", "Search", 10},
	{"reply", "Reply accepted", 3},
	{"deliver", "Reply handed to the mail server", 15},
}

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(files []string, out io.Writer) error {
	var all []bench.Report
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		var r bench.Report
		if err := json.Unmarshal(text, &r); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, r)
	}
	draw(out, all)
	return nil
}

// lines are the p50 of one benchmark by database, in the order of size.
func lines(all []bench.Report, name string) map[string][]point {
	out := map[string][]point{}
	for _, r := range all {
		for _, x := range r.Results {
			if x.Name == name {
				out[r.Database] = append(out[r.Database], point{float64(r.Conversations), x.P50})
			}
		}
	}
	for _, l := range out {
		slices.SortFunc(l, func(a, b point) int { return int(a.size - b.size) })
	}
	return out
}
