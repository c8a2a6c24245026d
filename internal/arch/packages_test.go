package arch

import (
	"slices"
	"strings"
	"testing"
)

// docs are the package comments, by folder.
func docs(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, s := range program(t) {
		if out[s.dir] == "" {
			out[s.dir] = s.ast.Doc.Text()
		}
	}
	return out
}

func TestEveryPackageSaysWhatItIs(t *testing.T) {
	t.Parallel()
	for dir, doc := range docs(t) {
		begins := strings.HasPrefix(doc, "Package ") || strings.HasPrefix(doc, "Command ")
		if !begins || len(doc) < 40 {
			t.Errorf("%s has no package comment that says what it is: write it in doc.go", dir)
		}
	}
}

func TestEveryDomainHasADocFile(t *testing.T) {
	t.Parallel()
	has := map[string]bool{}
	for _, s := range program(t) {
		has[s.dir] = has[s.dir] || s.base == "doc.go"
	}
	for dir, ok := range has {
		switch _, l := place(dir); l {
		case core, reactor, reader, adapter:
			if !ok {
				t.Errorf("%s has no doc.go: what it is, its tables, its events", dir)
			}
		}
	}
}

// saysNothing are names that a package can hide anything behind.
var saysNothing = []string{
	"util", "utils", "common", "helper", "helpers", "manager", "managers",
	"model", "models", "misc", "base", "shared", "types", "lib",
}

func TestNamesSaySomething(t *testing.T) {
	t.Parallel()
	for _, s := range program(t) {
		for _, part := range strings.Split(s.dir, "/") {
			if slices.Contains(saysNothing, part) {
				t.Errorf("%s: the folder %q says nothing about what is in it", s.path, part)
			}
		}
		if slices.Contains(saysNothing, strings.TrimSuffix(s.base, ".go")) {
			t.Errorf("%s: the name says nothing about what is in it", s.path)
		}
		if slices.Contains(saysNothing, s.ast.Name.Name) {
			t.Errorf("%s: the package name %q says nothing about what is in it", s.path, s.ast.Name.Name)
		}
	}
}
