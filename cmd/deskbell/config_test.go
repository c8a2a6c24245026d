package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

func TestAFlagWinsOverTheEnvironmentAndThatOverTheFile(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deskbell.toml")
	if err := os.WriteFile(file, []byte("addr = \"file:1\"\npublic_url = \"https://file.example\"\ntrusted_proxies = \"10.0.0.0/8\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Setenv("DESKBELL_CONFIG", file)
	parsed := func(args ...string) serveFlags {
		t.Helper()
		var c struct {
			Serve serveCmd `cmd:""`
		}
		p, err := kong.New(&c, kong.DefaultEnvars("DESKBELL"), kong.Resolvers(fileResolver("deskbell.toml")))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := p.Parse(append([]string{"serve"}, args...)); err != nil {
			t.Fatal(err)
		}
		return c.Serve.serveFlags
	}
	if f := parsed(); f.Addr != "file:1" || f.PublicURL != "https://file.example" || strings.Join(f.TrustedProxies, " ") != "10.0.0.0/8" {
		t.Errorf("the file gives %+v", f)
	}
	t.Setenv("DESKBELL_ADDR", "environment:1")
	if f := parsed(); f.Addr != "environment:1" || f.PublicURL != "https://file.example" {
		t.Errorf("with the environment: %+v", f)
	}
	if f := parsed("--addr", "flag:1"); f.Addr != "flag:1" {
		t.Errorf("with a flag: %+v", f)
	}
}

func TestHealthTellsWhetherTheServerAnswers(t *testing.T) {
	var out, errs bytes.Buffer
	if code := run([]string{"health", "--addr", "127.0.0.1:1"}, streams{nil, &out, &errs}); code != 1 || !strings.Contains(errs.String(), "not healthy") {
		t.Errorf("%d %s", code, &errs)
	}
}
