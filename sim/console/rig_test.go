package console_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/says"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

const (
	s  = time.Second
	ms = time.Millisecond

	clusters = "../../scenarios/testdata/clusters"
)

// lab is a world with its consoles.
type lab struct {
	t *testing.T
	*world.World
	seen int // records shown so far
}

// blueprint is a shipped cluster.
func blueprint(t *testing.T, name string) *cluster.Blueprint {
	bp, problems := cluster.Load(os.DirFS(clusters), name)
	require.NoError(t, problems.Err())
	return bp
}

// settled is the guide's cluster at time 0, after changes.
func settled(t *testing.T, l says.Language, change ...func(*cluster.Blueprint)) *lab {
	bp := blueprint(t, "guide")
	bp.Language = l
	for _, f := range change {
		f(bp)
	}
	return settledAs(t, bp)
}

func settledAs(t *testing.T, bp *cluster.Blueprint) *lab {
	w := world.New(bp, world.Options{Seed: 1})
	t.Cleanup(w.Close)
	w.Settle()
	return &lab{t: t, World: w, seen: len(w.Trace().Records)}
}

func (l *lab) pass(d time.Duration) { l.RunUntil(l.Now() + d) }

// screen is what was printed on the machine's console since the last look, without the empty line before each prompt.
func (l *lab) screen(machine string) string {
	var b strings.Builder
	records := l.Trace().Records
	for _, r := range records[l.seen:] {
		if line, ok := r.Body.(trace.Console); ok && r.Host == machine {
			b.WriteString(line.Text + line.Typed + "\n")
		}
	}
	l.seen = len(records)
	return strings.TrimSuffix(b.String(), "\n")
}

// typed types lines on the machine, lets d pass and gives the screen.
func (l *lab) typed(machine string, d time.Duration, lines ...string) string {
	c, err := l.Console(machine)
	require.NoError(l.t, err)
	for _, line := range lines {
		require.NoError(l.t, c.Type(line))
	}
	l.pass(d)
	return l.screen(machine)
}

// output is what a command printed: the screen without the line that was typed.
func (l *lab) output(machine string, d time.Duration, line string) string {
	_, out, _ := strings.Cut(l.typed(machine, d, line), "\n")
	return out
}

// faults are those on record since then.
func (l *lab) faults(first int) (all []trace.Fault) {
	for _, r := range l.Trace().Records[first:] {
		if f, ok := r.Body.(trace.Fault); ok {
			all = append(all, f)
		}
	}
	return all
}
