package testbed

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
)

// oracleDir is the folder with the programs of others that tests ask.
func oracleDir() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "oracle")
}

// nodeNeeded is the oldest Node that those programs take.
const nodeNeeded = 20

// Node is the Node with which a script of the folder oracle can be run. The test
// is skipped where there is none, or where its packages are not installed.
func Node(t testing.TB) string {
	t.Helper()
	dir := oracleDir()
	if _, err := os.Stat(filepath.Join(dir, "node_modules")); err != nil {
		lacks(t, "The programs of internal/testbed/oracle are not installed (scripts/need-oracle.sh)")
	}
	root := filepath.Join(dir, "..", "..", "..")
	candidates, _ := filepath.Glob(filepath.Join(root, "tools/node/node_modules/node-linux-*/bin/node")) // the pattern is right
	candidates = append(candidates, filepath.Join(root, "web/node_modules/node/bin/node"))
	if found, err := exec.LookPath("node"); err == nil {
		candidates = append([]string{found}, candidates...)
	}
	for _, node := range candidates {
		out, err := exec.Command(node, "--version").Output()
		major, _, _ := strings.Cut(strings.TrimPrefix(strings.TrimSpace(string(out)), "v"), ".")
		if n, bad := strconv.Atoi(major); err == nil && bad == nil && n >= nodeNeeded {
			return node
		}
	}
	lacks(t, "Node 20 or newer is not installed (scripts/need-oracle.sh)")
	return ""
}

// Oracle is the path of a script in the folder oracle.
func Oracle(name string) string { return filepath.Join(oracleDir(), name) }
