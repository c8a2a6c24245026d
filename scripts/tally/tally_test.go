package main

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestGoRunCountsWhatItSaw(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		lines string
		want  counts
	}{
		"a test that only holds others is not counted": {
			`{"Action":"run","Package":"a","Test":"TestA"}
			{"Action":"run","Package":"a","Test":"TestA/one"}
			{"Action":"pass","Package":"a","Test":"TestA/one"}
			{"Action":"run","Package":"a","Test":"TestA/two"}
			{"Action":"skip","Package":"a","Test":"TestA/two"}
			{"Action":"pass","Package":"a","Test":"TestA"}
			{"Action":"pass","Package":"a"}`,
			counts{passed: 1, skipped: 1},
		},
		"a failed subtest is one failure": {
			`{"Action":"run","Package":"a","Test":"TestA"}
			{"Action":"run","Package":"a","Test":"TestA/one"}
			{"Action":"fail","Package":"a","Test":"TestA/one"}
			{"Action":"fail","Package":"a","Test":"TestA"}
			{"Action":"fail","Package":"a"}`,
			counts{failed: 1},
		},
		"a test that fails after its subtests passed is a failure": {
			`{"Action":"run","Package":"a","Test":"TestA"}
			{"Action":"run","Package":"a","Test":"TestA/one"}
			{"Action":"pass","Package":"a","Test":"TestA/one"}
			{"Action":"fail","Package":"a","Test":"TestA"}
			{"Action":"fail","Package":"a"}`,
			counts{passed: 1, failed: 1},
		},
		"a package that does not build is a failure": {
			`{"ImportPath":"a","Action":"build-output","Output":"a.go:1: no\n"}
			{"Action":"fail","Package":"a"}`,
			counts{failed: 1},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, _, err := goRun(strings.NewReader(c.lines), io.Discard)
			if err != nil || got != c.want {
				t.Errorf("got %+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}

func TestOutputOfAPanicIsShown(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	_, named, err := goRun(strings.NewReader(`{"Action":"run","Package":"a","Test":"TestA"}
		{"Action":"output","Package":"a","Test":"TestA","Output":"panic: no\n"}
		{"Action":"fail","Package":"a"}`), &out)
	if err != nil || !strings.Contains(out.String(), "panic: no") {
		t.Errorf("the panic is not shown: %q, %v", out.String(), err)
	}
	if named.again() {
		t.Error("what panicked is run once more")
	}
}

func TestVitestFileThatDoesNotLoadIsAFailure(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "report.json")
	text := `{"numPassedTests":4,"numFailedTests":0,"numPendingTests":1,"success":false}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	got, _, err := vitestReport(file)
	if want := (counts{passed: 4, failed: 1, skipped: 1}); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
}

func TestRunnerThatNeverEndedFailsTheSum(t *testing.T) {
	t.Parallel()
	if err := sum([]string{filepath.Join(t.TempDir(), "missing.count")}); err == nil {
		t.Error("a missing count file passed")
	}
}

func TestTheFewThatFailedAreNamedOnce(t *testing.T) {
	t.Parallel()
	run := func(tests ...string) failures {
		var lines strings.Builder
		for _, name := range tests {
			lines.WriteString(`{"Action":"run","Package":"a","Test":"` + name + `"}` + "\n" + `{"Action":"fail","Package":"a","Test":"` + name + `"}` + "\n")
		}
		_, named, err := goRun(strings.NewReader(lines.String()+`{"Action":"fail","Package":"a"}`), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		return named
	}
	if got := run("TestA/one", "TestA", "TestB"); !slices.Equal(got.names, []string{"a TestA", "a TestB"}) || !got.again() {
		t.Errorf("named %+v", got)
	}
	for _, many := range [][]string{{}, {"TestA", "TestB", "TestC", "TestD"}} {
		if got := run(many...); got.again() {
			t.Errorf("tried once more: %+v", got)
		}
	}
}

func TestWhatPassesAloneIsCountedAndTold(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "go.count")
	err := finish(file, counts{passed: 7, failed: 2, skipped: 1}, failures{names: []string{"a TestA", "b TestB"}}, nil)
	if !errors.Is(err, errFailed) {
		t.Fatalf("two failed: %v", err)
	}
	if text, err := os.ReadFile(file + ".failed"); err != nil || string(text) != "a TestA\nb TestB\n" {
		t.Errorf("%q, %v", text, err)
	}
	if err := forgive(file); err != nil {
		t.Fatal(err)
	}
	if got, err := readCounts(file); err != nil || got != (counts{passed: 9, skipped: 1, unsteady: 2}) {
		t.Errorf("%+v, %v", got, err)
	}
	if err := sum([]string{file}); err != nil {
		t.Error(err)
	}
	if err := forgive(file); err == nil {
		t.Error("forgiven twice")
	}
}
