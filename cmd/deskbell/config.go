package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/alecthomas/kong"
	"github.com/knadh/koanf/parsers/toml/v2"
	"github.com/knadh/koanf/providers/file"
	"github.com/knadh/koanf/v2"
)

// fileResolver gives flags their values from a file in the working folder,
// named by DESKBELL_CONFIG or the given name. Its keys are the flags' names
// with underscores; the command line and the environment win over it.
func fileResolver(name string) kong.Resolver {
	if other := os.Getenv("DESKBELL_CONFIG"); other != "" {
		name = other
	}
	k := koanf.New(".")
	err := k.Load(file.Provider(name), toml.Parser())
	var find kong.ResolverFunc = func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs { // kong would let the file win
			if _, set := os.LookupEnv(name); set {
				return nil, nil
			}
		}
		for _, key := range []string{strings.ReplaceAll(flag.Name, "-", "_"), flag.Name} {
			if k.Exists(key) {
				return plain(k, key), nil
			}
		}
		return nil, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return kong.ResolverFunc(func(*kong.Context, *kong.Path, *kong.Flag) (any, error) {
			return nil, fmt.Errorf("%s: %w", name, err)
		})
	}
	return find
}

// plain turns a list into the comma form that flags take.
func plain(k *koanf.Koanf, key string) any {
	if list := k.Strings(key); len(list) > 0 {
		return strings.Join(list, ",")
	}
	return fmt.Sprint(k.Get(key))
}

// secretFlag is a secret that is given as a flag, an environment variable or in
// a file; the file "-" is standard input.
func secretFlag(value, path string, s streams) (string, error) {
	if path == "" {
		return value, nil
	}
	var b []byte
	var err error
	if path == "-" {
		b, err = readAll(s.in, 64<<10)
	} else {
		b, err = os.ReadFile(path)
	}
	return strings.TrimRight(string(b), "\r\n"), err
}
