package arch

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// tracked are the text files that git knows, from the root.
func tracked(t *testing.T) map[string][]byte {
	t.Helper()
	git := exec.Command("git", "ls-files", "-z")
	git.Dir = rootDir
	out, err := git.Output()
	if err != nil {
		t.Skipf("this is no git repository: %v", err)
	}
	texts := map[string][]byte{}
	for _, path := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
		text, err := os.ReadFile(filepath.Join(rootDir, path))
		if err != nil || bytes.IndexByte(text[:min(len(text), 8000)], 0) >= 0 {
			continue // removed just now, a link to a folder, or no text
		}
		texts[path] = text
	}
	return texts
}

// somebodysFolder finds absolute paths that exist on one machine only.
var somebodysFolder = regexp.MustCompile("(?m)(?:^|[\\s\"'=(:,`])/(?:work|root|home/[a-z]+)(?:/|[\\s\"'),`]|$)")

// registries serve packages. Which one is asked is for each machine to say.
var registries = [][]string{
	{"registry", "npmjs", "org"}, {"registry", "yarnpkg", "com"},
	{"proxy", "golang", "org"}, {"sum", "golang", "org"}, {"goproxy", "io"}, {"goproxy", "cn"},
	{"deb", "debian", "org"}, {"security", "debian", "org"},
}

func TestNoFileNamesAFolderOfSomebodysMachine(t *testing.T) {
	t.Parallel()
	for path, text := range tracked(t) {
		if found := somebodysFolder.Find(text); found != nil {
			t.Errorf("%s names %q, which is on one machine only", path, bytes.TrimSpace(found))
		}
	}
}

func TestNoFileNamesAPackageRegistry(t *testing.T) {
	t.Parallel()
	for path, text := range tracked(t) {
		for _, parts := range registries {
			if host := strings.Join(parts, "."); bytes.Contains(text, []byte(host)) {
				t.Errorf("%s names %s", path, host)
			}
		}
		if strings.HasSuffix(path, "package-lock.json") && bytes.Contains(text, []byte(`"resolved": "http`)) {
			t.Errorf("%s says where packages came from: set omit-lockfile-registry-resolved in .npmrc", path)
		}
	}
}

func TestScriptsCanBeRun(t *testing.T) {
	t.Parallel()
	for path, text := range tracked(t) {
		if !bytes.HasPrefix(text, []byte("#!")) {
			continue
		}
		info, err := os.Stat(filepath.Join(rootDir, path))
		if err == nil && info.Mode()&0o100 == 0 {
			t.Errorf("%s begins with #! but is not executable", path)
		}
	}
}

func TestFoldersOfOneMachineAreRecognised(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{
		"cd /" + "work/main":         true,
		`dir := "/` + `root/x"`:      true,
		"see (/" + "home/anna/mail)": true,
		"GET /" + "workspaces":       false,
		"https://x.test/root/a":      false,
		"the way /rooted":            false,
	} {
		if somebodysFolder.MatchString(text) != want {
			t.Errorf("%q: recognised should be %v", text, want)
		}
	}
}
