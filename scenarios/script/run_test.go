package script

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core/diag"
	"ipwsim/netstack/wire"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// parse reads a scenario that has no error.
func parse(t testing.TB, text string) *Script {
	t.Helper()
	s, problems := Parse("case.txtar", []byte(text))
	require.NoError(t, problems.Err())
	return s
}

// pull is the shortest failover.
const pull = "# Pull\ncluster guide\nping client vip\nat 20s unplug active\nexpect failover 30s..40s\nend 70s\n"

func run(t testing.TB, text string, opt Options) *finding.Run {
	t.Helper()
	opt.Cluster = shippedCluster
	out, err := Run(context.Background(), parse(t, text), opt)
	require.NoError(t, err)
	return out
}

// passed says whether the run is none to worry about.
func passed(r *finding.Run) bool { return r.Outcome() != finding.Bad }

func runError(t *testing.T, text string, opt Options) error {
	t.Helper()
	opt.Cluster = shippedCluster
	out, err := Run(context.Background(), parse(t, text), opt)
	require.Error(t, err)
	require.Nil(t, out, "an error leaves no result")
	return err
}

func TestRunJudgesChecksAndExpectations(t *testing.T) {
	out := run(t, pull, Options{})
	require.True(t, passed(out))
	require.Equal(t, 70*time.Second, out.Trace.End)
	require.Equal(t, "case", out.Trace.Header.Scenario)
	require.Len(t, out.Expectations, 1)
	require.Equal(t, "expect failover 30s..40s", out.Expectations[0].Text)
	require.Empty(t, out.Hash, "only when asked for")
	last := out.Trace.Records[len(out.Trace.Records)-1]
	require.IsType(t, trace.PingEnd{}, last.Body, "ping prints its summary when the run ends")

	out = run(t, pull+"expect failover 1s..2s\nexpect holder active\n", Options{})
	require.False(t, passed(out))
	require.Equal(t, []bool{true, false, false}, []bool{out.Expectations[0].OK, out.Expectations[1].OK, out.Expectations[2].OK})
}

func TestRunSaysWhatKeepsIt(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"no such cluster": {"cluster nowhere\nexpect holder active\n",
			`case.txtar:1: error: cluster "nowhere": open cluster.toml: file does not exist`},
		"the cable is in already": {"cluster guide\n\nat 5s plug active\nexpect holder active\n",
			`case.txtar:3: error: at 5s: plug active: the cable is plugged in already`},
		"the cable is out already": {"cluster guide\nat 5s unplug active\nat 6s unplug active\nexpect holder active\n",
			`case.txtar:3: error: at 6s: unplug active: the cable is unplugged already`},
		"nobody holds the VIP": {"cluster guide cold\nat 5s shutdown holder\nexpect holder none\n",
			`case.txtar:2: error: at 5s: shutdown holder: no node holds 192.168.10.202`},
		"names that do not exist, all of them": {"cluster guide\nat 5s unplug activ\nat 6s freeze client\nexpect answered pc\n",
			"case.txtar:2: error: no cable is called \"activ\" (did you mean \"active\"?), expected one of active, standby, client, holder, other\n" +
				"case.txtar:3: error: no node is called \"client\", expected one of active, standby, holder, other\n" +
				"case.txtar:4: error: no client is called \"pc\", expected client"},
		"a refused cluster": {"cluster guide\nexpect holder active\n-- active/ipwatch.dat --\n-c=x\n",
			"case.txtar:1: error: cluster \"guide\" is refused:\nactive/ipwatch.dat:1: error: "},
	} {
		t.Run(name, func(t *testing.T) {
			require.True(t, strings.HasPrefix(runError(t, c.text, Options{}).Error(), c.want), "%v", runError(t, c.text, Options{}))
		})
	}
}

func TestProblemsOfARefusedClusterCanBeListed(t *testing.T) {
	err := runError(t, "cluster guide\nexpect holder active\n-- active/ipwatch.dat --\n-c=x\n-- standby/ipwatch.dat --\n-c=y\n", Options{})
	require.Contains(t, err.Error(), "active/ipwatch.dat:1: error: ")
	require.Contains(t, err.Error(), "standby/ipwatch.dat:1: error: ")
	require.NotEmpty(t, diag.Of(err))
}

func TestInterrupt(t *testing.T) {
	ctx, interrupt := context.WithCancel(context.Background())
	defer interrupt()
	opt := Options{Cluster: shippedCluster, Progress: func(now, end time.Duration) {
		require.Equal(t, 70*time.Second, end)
		if now >= 30*time.Second {
			interrupt()
		}
	}}
	out, err := Run(ctx, parse(t, pull), opt)
	require.Nil(t, out, "what an interrupted run shows is no result")
	require.ErrorIs(t, err, context.Canceled)
	require.EqualError(t, err, "case: interrupted at 30s of virtual time")
}

// Whatever address ping.exe is given, it prints something, and the run goes on.
func TestPingTakesAnyAddress(t *testing.T) {
	for target, outcome := range map[string]trace.PingOutcome{
		"vip": trace.Replied, "192.168.10.202": trace.Replied, "192.168.10.201": trace.Replied,
		"192.168.10.99": trace.HostUnreachable, "10.1.2.3": trace.GeneralFailure,
		// What Windows says of these is not modelled.
		"192.168.10.150": "", "127.0.0.1": "", "0.0.0.0": "", "255.255.255.255": "", "192.168.10.255": "", "224.0.0.1": "",
	} {
		out := run(t, "cluster guide\nat 1s ping client "+target+"\nexpect no outage\nend 20s\n", Options{})
		lines := 0
		for _, r := range out.Trace.Records {
			if l, ok := r.Body.(trace.PingLine); ok {
				lines++
				require.True(t, outcome == "" || outcome == l.Outcome, "ping %s: %s", target, l.Outcome)
			}
		}
		require.Positive(t, lines, "ping %s", target)
	}
}

func TestProgressReachesTheEnd(t *testing.T) {
	var seen []time.Duration
	run(t, pull, Options{Progress: func(now, _ time.Duration) { seen = append(seen, now) }})
	require.Equal(t, 70*time.Second, seen[len(seen)-1])
	require.IsIncreasing(t, seen)
}

func TestCaptures(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "captures")
	out := run(t, pull, Options{Pcap: dir})
	for _, c := range out.Trace.Header.Cables {
		info, err := os.Stat(filepath.Join(dir, c.Name+".pcapng"))
		require.NoError(t, err)
		require.Positive(t, info.Size())
	}
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o644))
	require.ErrorContains(t, runError(t, pull, Options{Pcap: filepath.Join(file, "below")}), "case: captures: ")
}

func TestSeedIsTheCallersElseTheScenariosElseTheClusters(t *testing.T) {
	seven, withSeed := uint64(7), strings.Replace(pull, "ping", "seed 3\nping", 1)
	require.EqualValues(t, 1, run(t, pull, Options{}).Seed, "cluster.toml says 1")
	require.EqualValues(t, 3, run(t, withSeed, Options{}).Seed)
	require.EqualValues(t, 7, run(t, withSeed, Options{Seed: &seven}).Seed)
	require.EqualValues(t, 7, run(t, withSeed, Options{Seed: &seven}).Trace.Header.Seed)
}

func jsonLines(t *testing.T, tr *trace.Trace) string {
	var b bytes.Buffer
	require.NoError(t, tr.Write(&b))
	return b.String()
}

func TestHashTellsRunsApart(t *testing.T) {
	one, two := uint64(1), uint64(2)
	a, again := run(t, pull, Options{Hash: true, Seed: &one}), run(t, pull, Options{Hash: true, Seed: &one})
	require.Len(t, a.Hash, 64)
	require.Equal(t, a.Hash, again.Hash, "one seed, one hash")
	require.NotEqual(t, a.Hash, run(t, pull, Options{Hash: true, Seed: &two}).Hash, "another seed, another hash")
}

// Time, cable and bytes of each frame, and where one frame ends and the next begins.
func TestHashIsOfEveryFrame(t *testing.T) {
	bp, _, err := parse(t, pull).blueprint(shippedCluster, "")
	require.NoError(t, err)
	w := world.New(bp, world.Options{})
	defer w.Close()
	one, two := w.Network().Cables()[0], w.Network().Cables()[1]
	sums := map[string]string{}
	for name, write := range map[string]func(wire.Tap){
		"nothing":       func(wire.Tap) {},
		"a frame":       func(tap wire.Tap) { tap(1, one, []byte("ab")) },
		"another time":  func(tap wire.Tap) { tap(2, one, []byte("ab")) },
		"another cable": func(tap wire.Tap) { tap(1, two, []byte("ab")) },
		"other bytes":   func(tap wire.Tap) { tap(1, one, []byte("ac")) },
		"two frames":    func(tap wire.Tap) { tap(1, one, []byte("a")); tap(1, one, []byte("b")) },
	} {
		sum := sha256.New()
		write(hashFrames(sum))
		hash := hex.EncodeToString(sum.Sum(nil))
		require.Empty(t, sums[hash], "%s differs from all others", name)
		sums[hash] = name
	}
}

func TestWatchingARunDoesNotChangeIt(t *testing.T) {
	bare := jsonLines(t, run(t, pull, Options{}).Trace)
	require.Equal(t, bare, jsonLines(t, run(t, pull, Options{Hash: true}).Trace), "the hash")
	require.Equal(t, bare, jsonLines(t, run(t, pull, Options{Pcap: t.TempDir()}).Trace), "captures")
	require.Equal(t, bare, jsonLines(t, run(t, pull, Options{Progress: func(_, _ time.Duration) {}}).Trace), "progress")
}

// bothMasters and realVIP are a cluster that is warned about and one that is refused.
const (
	bothMasters = "-- standby/ipwcs.reg --\nWindows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\EPOST\\IPWCS]\n\"Balance\"=dword:00000000\n"
	realVIP     = "-- active/ipwatch.dat --\n-c=\\\\hvt162EPST12 -i=192.168.10.200 -f=イーサネット\n" +
		"-- standby/ipwatch.dat --\n-c=\\\\hvt162EPST11 -i=192.168.10.200 -f=イーサネット\n"
)

func TestARefusalThatIsExpectedPasses(t *testing.T) {
	out := run(t, "cluster guide\nexpect problem is the real address\n"+realVIP, Options{})
	require.Nil(t, out.Trace, "nothing was run")
	require.True(t, passed(out))
	require.NotEmpty(t, out.Problems)
	require.Len(t, out.Expectations, 1)
	require.Contains(t, told(out.Expectations[0].Seen), "active/ipwatch.dat:1: error: ")
}

func TestARefusalOfAnotherKindFails(t *testing.T) {
	out := run(t, "cluster guide\nexpect problem the slave's interval\n"+realVIP, Options{})
	require.Nil(t, out.Trace)
	require.False(t, passed(out))

	out = run(t, "cluster guide\nexpect problem is the real address\nexpect holder none\n"+realVIP, Options{})
	require.False(t, passed(out), "what was to be seen in a run was not seen")
	require.Equal(t, "nothing was run", told(out.Expectations[1].Seen))
}

func TestARefusalThatNobodyExpectsIsAnError(t *testing.T) {
	for name, expects := range map[string]string{
		"no expectation of a problem": "expect holder active\n",
		"the absence of a problem":    "expect no problem drive letter\n",
		"a warning only":              "expect problem Balance\n" + bothMasters,
	} {
		t.Run(name, func(t *testing.T) {
			require.ErrorContains(t, runError(t, "cluster guide\n"+expects+realVIP, Options{}), "is the real address")
		})
	}
}

func TestAWarningThatIsExpectedIsJudgedOnceAndTheRunGoesOn(t *testing.T) {
	out := run(t, "cluster guide\nexpect holder active\nexpect problem Balance\nexpect problem drive letter\nexpect no problem Balance\n"+bothMasters, Options{})
	require.NotNil(t, out.Trace)
	var texts []string
	for _, v := range out.Expectations {
		texts = append(texts, v.Text)
	}
	require.Equal(t, []string{"expect holder active", "expect problem Balance", "expect problem drive letter", "expect no problem Balance"}, texts, "in the scenario's order")
	require.Equal(t, []bool{true, true, false, false}, []bool{out.Expectations[0].OK, out.Expectations[1].OK, out.Expectations[2].OK, out.Expectations[3].OK})
}

// A scenario can hold its whole cluster: then no folder of its name needs to exist.
func TestAScenarioCanBeAWholeCluster(t *testing.T) {
	base, err := shippedCluster("guide")
	require.NoError(t, err)
	s := parse(t, strings.Replace(pull, "cluster guide", "cluster ours", 1))
	s.Files = map[string][]byte{}
	require.NoError(t, fs.WalkDir(base, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		s.Files[name], err = fs.ReadFile(base, name)
		return err
	}))
	require.Empty(t, s.Check(context.Background(), shippedCluster))
	out, err := Run(context.Background(), s, Options{Cluster: shippedCluster})
	require.NoError(t, err)
	require.True(t, passed(out))

	delete(s.Files, "cluster.toml")
	_, err = Run(context.Background(), s, Options{Cluster: shippedCluster})
	require.ErrorContains(t, err, `case.txtar:2: error: cluster "ours": `)
	require.Contains(t, s.Check(context.Background(), shippedCluster).Error(), `case.txtar:2: error: cluster "ours": `)
}
