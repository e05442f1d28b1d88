package world_test

import (
	"bytes"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
	"ipwsim/sim/verb"
	"ipwsim/sim/world"
)

const clusters = "../../scenarios/testdata/clusters"

var vip = netip.MustParseAddr("192.168.10.202")

// shipped loads a shipped cluster with files of its own laid over it.
func shipped(t require.TestingT, name string, files map[string]string) *cluster.Blueprint {
	over := map[string][]byte{}
	for path, text := range files {
		over[name+"/"+path] = []byte(text)
	}
	bp, problems := cluster.Load(cluster.Overlay(os.DirFS(clusters), over), name)
	require.NoError(t, problems.Err())
	return bp
}

// toml is a shipped cluster.toml with replacements, old and new by turns.
func toml(t require.TestingT, name string, oldnew ...string) map[string]string {
	b, err := os.ReadFile(clusters + "/" + name + "/cluster.toml")
	require.NoError(t, err)
	text := strings.NewReplacer(oldnew...).Replace(string(b))
	require.NotEqual(t, string(b), text, "nothing was replaced")
	return map[string]string{"cluster.toml": text}
}

// settled is a world at time 0.
func settled(t testing.TB, bp *cluster.Blueprint, seed uint64) *world.World {
	w := world.New(bp, world.Options{Seed: seed})
	t.Cleanup(w.Close)
	w.Settle()
	return w
}

// do parses the fault and does it.
func do(w *world.World, text string) error {
	c, err := verb.Parse(strings.Fields(text))
	if err == nil {
		_, err = c.Do(w)
	}
	return err
}

func run(w *world.World, d time.Duration) { w.RunUntil(w.Now() + d) }

// written is the trace on disk.
func written(t require.TestingT, w *world.World) string {
	var b bytes.Buffer
	require.NoError(t, w.Trace().Write(&b))
	return b.String()
}

// holders are the nodes whose address, as the trace has it, is Preferred.
func holders(w *world.World, ip netip.Addr) (roles []string) {
	states := map[string]trace.AddressState{}
	for _, r := range w.Trace().Records {
		switch b := r.Body.(type) {
		case trace.Address:
			if b.IP == ip {
				states[r.Host] = b.State
			}
		case trace.Power:
			if b.State == trace.Off {
				delete(states, r.Host)
			}
		}
	}
	for _, role := range []string{cluster.Active, cluster.Standby} {
		if states[role] == trace.Preferred {
			roles = append(roles, role)
		}
	}
	return roles
}
