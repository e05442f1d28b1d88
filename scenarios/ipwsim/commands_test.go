//go:build unix

package main

import (
	"bytes"
	"context"
	"flag"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"

	"github.com/stretchr/testify/require"
)

var (
	mutants    = flag.Int("mutants", 10, "so many mutated inputs go through whole commands")
	mutantSeed = flag.Uint64("mutantseed", 1, "which ones")
)

// commandsOf are the commands that read an input, by the name of its file or folder.
var commandsOf = map[string][]string{
	"case.txtar": {"check case.txtar", "run case.txtar", "run case.txtar --json", "run case.txtar --html new.html --junit new.xml --pcap new", "run case.txtar --lang ja"},
	"cluster":    {"check cluster", "run cable-pull --cluster cluster", "profiles --cluster cluster", "study --cluster cluster --runs 2 --failover-only -o new", "study show cluster --seed 1"},
	"plan.toml":  {"study plan.toml -o new", "study merge --from shards plan.toml -o new"},
	"study":      {"compare study whole", "compare study --cells 0,1", "study show study --cell 1 --seed 1000001", "study plan.toml -o study"},
	"shards":     {"study merge --from shards plan.toml -o new", "study run --shard 1/2 plan.toml -o shards"},
	"nights":     {"history nights", "history nights --json", "history nights --html new.html --lang ja"},
	"saved":      {"report saved", "report saved --json", "report saved --html new.html", "diff saved saved"},
}

// whole are inputs of every kind, as they should be.
func whole(t *testing.T) string {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	clitest.WriteText(t, at("case.txtar"), clitest.Passing)
	require.NoError(t, os.CopyFS(at("nights"), os.DirFS(clitest.Nights(t, 3, 0))))
	require.NoError(t, os.CopyFS(at("cluster"), os.DirFS(clitest.OurCluster(t, "", "", ""))))
	clitest.WriteText(t, at("plan.toml"), "runs = 3\nfailover-only = true\n[[axis]]\nname = \"interval\"\nvalues = \"5,6\"\n")
	for _, args := range [][]string{
		{"study", at("plan.toml"), "-o", at("study")}, {"study", at("plan.toml"), "-o", at("whole")}, {"run", at("case.txtar"), "--save", at("saved")},
		{"study", "run", "--shard", "1/2", at("plan.toml"), "-o", at("shards")}, {"study", "run", "--shard", "2/2", at("plan.toml"), "-o", at("shards")},
	} {
		got := clitest.Run(args...)
		require.Equal(t, cli.ExitPass, got.Status, got.Err)
	}
	return dir
}

// Whatever inputs hold, every command ends by itself or when it is asked to, in bounded memory, with one of its
// statuses, and when it could not run with a sentence that names the input.
func TestWholeCommandsOnMutatedInputs(t *testing.T) {
	from := whole(t)
	var files []string
	require.NoError(t, filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if name, _ := filepath.Rel(from, path); !d.IsDir() && !strings.HasPrefix(name, "whole/") {
			files = append(files, name)
		}
		return err
	}))
	for i := range *mutants {
		draw := rand.New(rand.NewPCG(*mutantSeed, uint64(i)))
		file := files[draw.IntN(len(files))]
		input, _, _ := strings.Cut(file, "/")
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "in")
			require.NoError(t, os.CopyFS(dir, os.DirFS(from)))
			path := filepath.Join(dir, file)
			for range 1 + draw.IntN(3) {
				clitest.WriteText(t, path, string(mutated(draw, []byte(clitest.Read(t, path)))))
			}
			all := commandsOf[input]
			line := all[draw.IntN(len(all))]
			status, out, most := limited(t, dir, strings.Fields(line))
			name := line + " with a mutant of " + file
			require.Contains(t, []int{cli.ExitPass, cli.ExitFindings, cli.ExitError}, status, "%s\n%s", name, out)
			require.NotContains(t, out, "goroutine ", name)
			require.Less(t, most, int64(1<<30), name)
			if status == cli.ExitError {
				named := strings.Contains(out, input) || strings.Contains(out, "case:") || strings.Contains(out, "cable-pull:") || strings.Contains(out, "cell ") || out == "interrupted\n"
				require.True(t, named, "%s\n%s", name, out)
			}
		})
	}
}

// limited runs the command in the folder. What takes long is asked to end, and must.
func limited(t *testing.T, dir string, args []string) (status int, errors string, memory int64) {
	const asked, killed = 30 * time.Second, 20 * time.Second
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), asked)
	defer cancel()
	c := exec.CommandContext(ctx, "sh", append([]string{"-c", `ulimit -v 8000000; exec "$@"`, "sh", self}, args...)...)
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	c.WaitDelay = killed
	c.Dir, c.Env = dir, append(os.Environ(), clitest.AsCommand+"=1")
	var said bytes.Buffer
	c.Stderr = &said
	_ = c.Run() // its status says more
	usage, ok := c.ProcessState.SysUsage().(*syscall.Rusage)
	require.True(t, ok)
	return c.ProcessState.ExitCode(), said.String(), usage.Maxrss << 10
}

// hostile are what readers trip over.
var hostile = []string{
	"99999999999999999999", "-1", "0", "1e308", "NaN", "744h", "1000000h", "\x00", "\x1b[31m", "\u202e", "\xff", "../../x", "[[[[[[[[[[[[[[[[[[[[[[", "a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a",
	"\"", "'", "\n", "\t", "duplicate 99 arp", "every 1ms until 744h", "0.0.0.0/0", "{", "}", "=", ",", "\\\\",
}

// mutated is data with one thing wrong with it.
func mutated(draw *rand.Rand, data []byte) []byte {
	at := func() int { return draw.IntN(len(data) + 1) }
	a := at()
	b := min(len(data), a+draw.IntN(40))
	cut := func(middle []byte) []byte { return bytes.Join([][]byte{data[:a], middle, data[b:]}, nil) }
	switch draw.IntN(7) {
	case 0:
		return data[:a]
	case 1:
		return cut(nil)
	case 2:
		return cut([]byte{byte(draw.IntN(256))})
	case 3:
		return cut([]byte(hostile[draw.IntN(len(hostile))]))
	case 4:
		return cut(bytes.Repeat(data[a:b], 1+draw.IntN(1000)))
	case 5: // a number, or a word, is another
		words := bytes.FieldsFunc(data, func(r rune) bool { return strings.ContainsRune(" \n\t\"',=[]{}:", r) })
		if len(words) == 0 {
			return data
		}
		return bytes.Replace(data, words[draw.IntN(len(words))], []byte(hostile[draw.IntN(len(hostile))]), 1)
	}
	lines := bytes.SplitAfter(data, []byte("\n"))
	i, j := draw.IntN(len(lines)), draw.IntN(len(lines))
	lines[i], lines[j] = lines[j], lines[i]
	return bytes.Join(lines, nil)
}
