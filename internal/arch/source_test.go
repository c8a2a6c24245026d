package arch

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
)

const module = "github.com/deskbell/deskbell/"

// source is one Go file of the repository.
type source struct {
	path    string // from the root, with slashes: internal/inbox/store.go
	dir     string // internal/inbox
	base    string // store.go
	test    bool
	ast     *ast.File
	imports []string // paths; those of the repository without the module
	lines   int
}

var files = token.NewFileSet()

var load = sync.OnceValues(func() ([]*source, error) {
	root := os.DirFS(rootDir)
	var all []*source
	err := fs.WalkDir(root, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != "." && skipped(d.Name()) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		s, err := read(root, path)
		if err == nil {
			all = append(all, s)
		}
		return err
	})
	return all, err
})

const rootDir = "../.."

func skipped(dir string) bool {
	return dir == "node_modules" || dir == "testdata" || dir == "tools" || strings.HasPrefix(dir, ".")
}

func read(root fs.FS, path string) (*source, error) {
	text, err := fs.ReadFile(root, path)
	if err != nil {
		return nil, err
	}
	parsed, err := parser.ParseFile(files, path, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	s := &source{
		path: path, dir: filepath.ToSlash(filepath.Dir(path)), base: filepath.Base(path),
		test: strings.HasSuffix(path, "_test.go"), ast: parsed,
		lines: strings.Count(string(text), "\n"),
	}
	for _, i := range parsed.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return nil, err
		}
		s.imports = append(s.imports, strings.TrimPrefix(name, module))
	}
	return s, nil
}

// sources are the Go files of the repository, those of tests too.
func sources(t *testing.T) []*source {
	t.Helper()
	all, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// program leaves the tests out.
func program(t *testing.T) []*source {
	t.Helper()
	var out []*source
	for _, s := range sources(t) {
		if !s.test {
			out = append(out, s)
		}
	}
	return out
}

func (s *source) uses(path string) bool {
	for _, i := range s.imports {
		if i == path {
			return true
		}
	}
	return false
}

// literals calls do with every string literal, unquoted.
func (s *source) literals(do func(at token.Pos, text string)) {
	ast.Inspect(s.ast, func(n ast.Node) bool {
		if _, ok := n.(*ast.ImportSpec); ok {
			return false
		}
		if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING {
			if text, err := strconv.Unquote(lit.Value); err == nil {
				do(lit.Pos(), text)
			}
		}
		return true
	})
}

// calls calls do with every call of a package's function, such as time.Sleep.
func (s *source) calls(pkg, name string, do func(at token.Pos)) {
	ast.Inspect(s.ast, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		if sel, ok := call.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == name {
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg {
				do(call.Pos())
			}
		}
		return true
	})
}

func line(at token.Pos) string {
	p := files.Position(at)
	return p.Filename + ":" + strconv.Itoa(p.Line)
}
