package bugs

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/pool"
	"ipwsim/scenarios/script"
	"ipwsim/scenarios/search"
)

var nightly = flag.Bool("nightly", false, "build the known bugs and the mutants, and run all scenarios with each bug")

// program is a build of ipwsim.
type program struct {
	t    *testing.T
	path string
	env  string
}

// hashes are those of a run of scenarios, by their names, "" for one whose cluster is refused; none of a run that
// crashed.
func (p program) hashes(args ...string) map[string]string {
	p.t.Helper()
	c := exec.CommandContext(p.t.Context(), p.path, append([]string{"run", "--hash", "--json"}, args...)...)
	c.Env = append(os.Environ(), p.env)
	out, err := c.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.ExitCode() > 1 {
		return nil // it crashed, which is a change too
	}
	var all struct {
		Results []struct{ Scenario, Hash string }
	}
	require.NoError(p.t, json.NewDecoder(bytes.NewReader(out)).Decode(&all), "%s %v", p.env, args)
	hashes := map[string]string{}
	for _, r := range all.Results {
		hashes[r.Scenario] = r.Hash
	}
	return hashes
}

// With no bug and no mutant switched on a build that holds them is the program, byte for byte; each bug changes a run.
func TestEachBugChangesSomething(t *testing.T) {
	if !*nightly {
		t.Skip("run by make nightly")
	}
	root, err := Root()
	require.NoError(t, err)
	dir := t.TempDir()
	at := func(name string) program { return program{t: t, path: filepath.Join(dir, name), env: "LANG=C"} }
	require.NoError(t, build(t.Context(), root, at("sound").path, func(root, dir string) error { return overlay(root, dir, map[string]string{}, nil) }))
	require.NoError(t, BuildMutants(t.Context(), root, at("mutants").path))
	require.NoError(t, Build(t.Context(), root, at("bugs").path))
	sound := at("sound").hashes("--all")
	require.Greater(t, len(sound), 90)
	require.Equal(t, sound, at("mutants").hashes("--all"))
	require.Equal(t, sound, at("bugs").hashes("--all"))

	own := at("sound").hashes("testdata")
	for _, b := range named(t) {
		p := at("bugs")
		p.env = b.Env()
		switch of := "testdata/" + b.Name + ".txtar"; {
		case own[b.Name] != "":
			assert.NotEqual(t, own[b.Name], p.hashes(of)[b.Name], b.Name)
		case maps.Equal(sound, p.hashes("--all")):
			t.Errorf("%s changes no shipped scenario, and there is no %s", b.Name, of)
		}
	}
}

// A case in which a bug's switch is not asked goes with the bug as without.
func TestOnlyCasesThatAskASwitchAreChanged(t *testing.T) {
	if !*nightly {
		t.Skip("run by make nightly")
	}
	root, err := Root()
	require.NoError(t, err)
	program := filepath.Join(t.TempDir(), "bugs")
	require.NoError(t, Build(t.Context(), root, program))
	kept, err := drawnBy(program)(t.Context(), 0)
	require.NoError(t, err)
	unasked := 0
	for _, b := range named(t) {
		given := slices.DeleteFunc(slices.Clone(kept), func(k search.Kept) bool { return slices.Contains(k.Asked, b.number) })
		if len(given) == 0 {
			continue
		}
		unasked += len(given)
		crew := pool.HireOther(program, []string{b.Env()}, 1, "worker", "search")
		r, err := search.Ask(t.Context(), crew, search.Ground{}, search.Task{Given: given, Keep: true, Whole: true})
		crew.Close()
		require.NoError(t, err, b.Name)
		for i, k := range r.Kept {
			require.Equal(t, given[i].Digest, k.Digest, "%s, case %d", b.Name, k.Number)
		}
	}
	require.NotZero(t, unasked)
}

// A bug that no shipped scenario meets has one of its own here, which shows what it changes.
func TestScenariosAreOfBugs(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		of := strings.TrimSuffix(filepath.Base(file), ".txtar")
		require.True(t, slices.ContainsFunc(All(), func(b Bug) bool { return b.Name == of }), of)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		_, problems := script.Parse(file, text)
		require.NoError(t, problems.Err())
	}
}
