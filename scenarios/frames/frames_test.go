package frames_test

import (
	"context"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/gopacket/pcapgo"
	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/frames"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

// run runs a shipped scenario, or the text of one, with captures.
func run(t *testing.T, name, text, dir string) *finding.Run {
	t.Helper()
	data := []byte(text)
	if text == "" {
		var err error
		data, err = scenarios.Read(name)
		require.NoError(t, err)
	}
	s, problems := script.Parse(name+".txtar", data)
	require.NoError(t, problems.Err())
	out, err := script.Run(context.Background(), s, script.Options{Frames: true, Pcap: dir,
		Cluster: func(name string) (fs.FS, error) { return fs.Sub(scenarios.Clusters(), name) }})
	require.NoError(t, err)
	return out
}

// first is the first frame of the kind and sender from t on.
func first(t *testing.T, all []finding.Frame, kind finding.FrameKind, from string, after time.Duration) finding.Frame {
	t.Helper()
	i := slices.IndexFunc(all, func(f finding.Frame) bool { return f.Kind == kind && f.From == from && f.At >= after })
	require.GreaterOrEqual(t, i, 0, "%s from %s after %v", kind, from, after)
	return all[i]
}

// Every place a page names is the frame's place in the capture: same number, same time.
func TestPlacesAreThoseOfTheCaptures(t *testing.T) {
	for _, name := range []string{"cable-pull", "l3-switch"} {
		dir := t.TempDir()
		out := run(t, name, "", dir)
		require.NotEmpty(t, out.Frames)
		stamps := map[string][]time.Time{}
		for _, c := range out.Trace.Header.Cables {
			stamps[c.Name] = read(t, filepath.Join(dir, c.Name+".pcapng"))
		}
		for _, f := range out.Frames {
			require.True(t, out.Trace.Header.Epoch.Add(f.At).Equal(stamps[f.Sent.Cable][f.Sent.Number-1]), "%+v", f)
			for _, a := range f.Reached {
				lag := stamps[a.Cable][a.Number-1].Sub(stamps[f.Sent.Cable][f.Sent.Number-1])
				require.True(t, lag >= 0 && lag < 10*time.Millisecond, "%+v", f)
			}
		}
	}
}

// read gives the stamps of a capture's frames.
func read(t *testing.T, path string) []time.Time {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	r, err := pcapgo.NewNgReader(f, pcapgo.DefaultNgReaderOptions)
	require.NoError(t, err)
	var all []time.Time
	for {
		_, info, err := r.ReadPacketData()
		if err == io.EOF {
			return all
		}
		require.NoError(t, err)
		all = append(all, info.Timestamp)
	}
}

// The story of a cable pull in frames: the echo nobody gets, the probes, the announcement, and the
// master's request over the pipe.
func TestCablePullInFrames(t *testing.T) {
	all := run(t, "cable-pull", "", "").Frames
	lost := first(t, all, frames.EchoRequest, "client", 20*time.Second)
	require.Equal(t, "active", lost.To, "the client's ARP entry still leads to it")
	require.Empty(t, lost.Reached)

	probe := first(t, all, frames.Probe, "standby", 20*time.Second)
	require.Equal(t, "ARP probe: does anybody use 192.168.10.202?", probe.Text)
	require.True(t, probe.Cast)
	require.Equal(t, "client", probe.Reached[0].Station, "the active's cable is out")
	require.Len(t, probe.Reached, 1)

	announce := first(t, all, frames.Announce, "standby", 20*time.Second)
	require.Equal(t, "ARP announce: 192.168.10.202 is at 00-15-5d-0a-0b-c9", announce.Text)
	require.InDelta(t, 3, (announce.At - probe.At).Seconds(), 0.1)

	release := slices.IndexFunc(all, func(f finding.Frame) bool {
		return f.Kind == frames.Pipe && f.From == "active" && f.Text == `pipe: \pipe\ipwcs release 192.168.10.202 as master`
	})
	require.GreaterOrEqual(t, release, 0)
	require.Equal(t, "standby", all[release].To)
}

// A frame that its last cable or a switch lost has not arrived, and the reason is told.
func TestLostFramesHaveTheirReason(t *testing.T) {
	const cut = "# A cut\ncluster guide\nping client vip\nat 20s cut active sw1\nexpect no failback\nend 30s\n"
	lost := first(t, run(t, "cut", cut, "").Frames, frames.EchoRequest, "client", 20*time.Second)
	require.Equal(t, "one-way cut, cable active", lost.Lost)
	require.Empty(t, lost.Reached)

	const rule = "# A rule\ncluster guide\nping client vip\nat 20s rule drop icmp echo from client\nend 30s\n"
	lost = first(t, run(t, "rule", rule, "").Frames, frames.EchoRequest, "client", 20500*time.Millisecond)
	require.Equal(t, "rule, cable client", lost.Lost)
}

// Calm times are left out, and so is what there is no room for.
func TestOnlyWhatLiesAroundMomentsIsKept(t *testing.T) {
	const long = "# A long calm\ncluster guide\nping client vip\nat 1000s unplug client\nend 1010s\n"
	out := run(t, "long", long, "")
	require.Zero(t, out.FramesCut)
	require.NotEmpty(t, out.Frames)
	for _, f := range out.Frames {
		require.True(t, f.At < 5*time.Second || f.At >= 999*time.Second, "%+v", f)
	}
	const flap = "# Flaps\ncluster guide\nping client vip\n"
	text := flap
	for i := range 600 {
		text += "at " + (time.Duration(i+1) * 3 * time.Second).String() + " flap client 100ms\n"
	}
	out = run(t, "flaps", text+"end 1900s\n", "")
	require.Equal(t, 3000, len(out.Frames))
	require.Positive(t, out.FramesCut)
	require.Less(t, out.Frames[2999].At, out.FramesCut)
}
