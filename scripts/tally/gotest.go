package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// event is one line of `go test -json`.
type event struct {
	Action  string
	Package string
	Test    string
	Output  string
	Elapsed float64
}

// pkg is what is known of a package while its tests run.
type pkg struct {
	output  map[string][]string // by test; "" is the package itself
	parents map[string]bool     // tests that only hold other tests
	counts  counts
}

type goReader struct {
	out   io.Writer
	pkgs  map[string]*pkg
	total counts
	named failures
}

func goRun(in io.Reader, out io.Writer) (counts, failures, error) {
	r := &goReader{out: out, pkgs: map[string]*pkg{}}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadString('\n')
		if line != "" {
			r.line(line)
		}
		if err == io.EOF {
			return r.total, r.named, nil
		}
		if err != nil {
			return r.total, r.named, err
		}
	}
}

func (r *goReader) line(line string) {
	var e event
	if json.Unmarshal([]byte(line), &e) != nil || e.Action == "" {
		fmt.Fprint(r.out, line) // not of the test runner: show it as it is
		return
	}
	if e.Package == "" { // "build-output" names an import path instead
		fmt.Fprint(r.out, e.Output)
		return
	}
	p := r.pkgs[e.Package]
	if p == nil {
		p = &pkg{output: map[string][]string{}, parents: map[string]bool{}}
		r.pkgs[e.Package] = p
	}
	switch e.Action {
	case "run":
		p.started(e.Test)
	case "output":
		p.output[e.Test] = append(p.output[e.Test], e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			r.packageDone(p, e)
			return
		}
		r.testDone(p, e)
	}
}

func (p *pkg) started(test string) {
	p.output[test] = nil
	for i := strings.LastIndexByte(test, '/'); i > 0; i = strings.LastIndexByte(test[:i], '/') {
		p.parents[test[:i]] = true
	}
}

// testDone counts a test, unless it only held others that count themselves: a
// test that failed of its own beside its subtests counts as well.
func (r *goReader) testDone(p *pkg, e event) {
	switch {
	case e.Action == "fail":
		if !p.parents[e.Test] || p.counts.failed == 0 {
			p.counts.failed++
		}
		top, _, _ := strings.Cut(e.Test, "/")
		r.named.add(e.Package + " " + top)
		r.show(p, e.Test)
	case p.parents[e.Test]:
	case e.Action == "skip":
		p.counts.skipped++
		fmt.Fprintf(r.out, "skipped %s %s: %s\n", short(e.Package), e.Test, reason(p.output[e.Test]))
	default:
		p.counts.passed++
	}
	delete(p.output, e.Test)
}

func (r *goReader) packageDone(p *pkg, e event) {
	if e.Action == "fail" && p.counts.failed == 0 {
		p.counts.failed++ // it did not build, panicked or ran out of time
		r.named.unnamed = true
	}
	if e.Action == "fail" {
		for test := range p.output {
			r.show(p, test)
		}
	}
	c := p.counts
	r.total.passed += c.passed
	r.total.failed += c.failed
	r.total.skipped += c.skipped
	word := map[string]string{"pass": "ok  ", "fail": "FAIL", "skip": "-   "}[e.Action]
	if c != (counts{}) {
		fmt.Fprintf(r.out, "%s %-46s %4d passed %7.1f s\n", word, short(e.Package), c.passed, e.Elapsed)
	}
	delete(r.pkgs, e.Package)
}

func (r *goReader) show(p *pkg, test string) {
	for _, text := range p.output[test] {
		if !strings.HasPrefix(text, "=== ") { // which test ran when
			fmt.Fprint(r.out, text)
		}
	}
}

func short(path string) string {
	return strings.TrimPrefix(path, "github.com/deskbell/deskbell/")
}

// reason finds what t.Skip was told among the lines of a test.
func reason(output []string) string {
	var said []string
	for _, text := range output {
		text = strings.TrimSpace(text)
		if text != "" && !strings.HasPrefix(text, "===") && !strings.HasPrefix(text, "---") {
			said = append(said, text)
		}
	}
	return strings.Join(said, " ")
}
