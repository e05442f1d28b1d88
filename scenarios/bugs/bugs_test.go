package bugs

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEachBugIsSaidInBothLanguages(t *testing.T) {
	names := map[string]bool{}
	for _, b := range All() {
		require.Regexp(t, regexp.MustCompile(`^[a-z][a-z-]*$`), b.Name)
		require.False(t, names[b.Name], b.Name)
		names[b.Name] = true
		require.Regexp(t, `^[A-Z].*\.$`, b.English, b.Name)
		require.Regexp(t, `。$`, b.Japanese, b.Name)
		require.NotEmpty(t, b.patches, b.Name)
		require.Equal(t, Variable+"="+b.Name, b.Env())
	}
	require.GreaterOrEqual(t, len(names), 40)
}

// What the topic of the checks says of their number is so.
func TestTheTopicCountsThem(t *testing.T) {
	for file, says := range map[string]string{"CHECKS.md": "tried on %d broken", "CHECKS.ja.md": "検査に何が見えるかは、%d の"} {
		text, err := os.ReadFile("../check/" + file)
		require.NoError(t, err)
		require.Contains(t, string(text), fmt.Sprintf(says, len(All())), file)
	}
}

// The patches fit the source as it is.
func TestEveryPatchApplies(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	require.NoError(t, Overlay(root, t.TempDir()))
}

func TestAPatchMustFitOnce(t *testing.T) {
	p := func(text string) patch {
		all, err := parse(Watcher, "a", "bug b\nin f.go\n"+text)
		require.NoError(t, err)
		return all[0].patches[0]
	}
	lines := []string{"func f() {\n", "\ta()\n", "\tb()\n", "\ta()\n", "}\n"}
	for _, text := range []string{"-\ta()\n", "-\tc()\n", "+\tc()\n"} {
		_, err := p(text).edits(lines, "b", "ON")
		require.ErrorContains(t, err, "expected once", text)
	}
	edits, err := p(" \ta()\n-\tb()\n+\tif BUG { c() }\n+\n \ta()\n+\td()\n").edits(lines, "b", "ON")
	require.NoError(t, err)
	out, err := apply("f.go", lines, edits)
	require.NoError(t, err)
	require.Equal(t, []string{"func f() {\n", "\ta()\n", "\tif ON { c() }\n", "\n", "\ta()\n", "\td()\n", "}\n"}, out)

	other, err := p("-\tb()\n").edits(lines, "other", "ON")
	require.NoError(t, err)
	_, err = apply("f.go", lines, append(edits, other...))
	require.EqualError(t, err, "bugs b and other: f.go:3: both change it")
}

func TestTheFormatIsChecked(t *testing.T) {
	for text, want := range map[string]string{
		"en x\n":            "a:1: expected a bug first",
		"bug b\nfile x\n":   "a:2: expected bug, en, ja, in, or a line of a patch",
		"bug b\n-\tf()\n":   "a:2: expected bug, en, ja, in, or a line of a patch",
		"# c\n\nbug b\n?\n": "a:4: expected bug, en, ja, in, or a line of a patch",
	} {
		_, err := parse(Watcher, "a", text)
		require.EqualError(t, err, want)
	}
}

func TestWithoutSourceNothingIsTried(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := Root()
	require.EqualError(t, err, "the source of ipwsim is not in this folder, nor above it")
	require.NoError(t, os.WriteFile("go.mod", []byte("module other\n"), 0o644))
	_, err = Root()
	require.Error(t, err)
}

func TestWithoutToolchainNothingIsTried(t *testing.T) {
	root, err := Root()
	require.NoError(t, err)
	t.Setenv("PATH", "")
	require.EqualError(t, Build(t.Context(), root, filepath.Join(t.TempDir(), "ipwsim")),
		"known bugs are not tried: there is no Go toolchain to build them with")
}
