package graph_test

import (
	"encoding/xml"
	"fmt"
	"io"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/chart"
	"ipwsim/reports/graph"
	"ipwsim/reports/runtest"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

func sec(s float64) time.Duration { return time.Duration(s * 1e9) }

// told is a network as lines: each device with its marks and chips, below what it hangs from.
func told(n *chart.Network) (all []string) {
	for _, b := range n.Tree() {
		line := strings.Repeat("  ", b.Depth) + b.Name
		for _, m := range []chart.Mark{b.Wire, b.Mark} {
			if m.Broken {
				line += " !"
			}
			line += m.Numbers
			if m.Word != "" {
				line += " (" + m.Word + ")"
			}
		}
		for _, c := range b.Chips {
			line += " [" + c.Class + " " + c.Text + "]"
		}
		all = append(all, line)
	}
	return all
}

// A run is shown before its first fault, in its longest silence and at its end: who holds the VIP, whose cable is out,
// and who gets an answer.
func TestARunBeforeDuringAndAfter(t *testing.T) {
	r := runtest.Play(t, "out", "# A cable that stays out\ncluster guide\nping client vip\nat 20s unplug active\nend 80s\n")
	views := graph.Views(words.English, r)
	require.Len(t, views, 3)
	require.Equal(t, []string{"Before the first fault, at 20.0 s", "In the longest silence, at 37.0 s", "At the end, after 80.0 s"}, []string{views[0].Title, views[1].Title, views[2].Title})
	require.Equal(t, []string{"sw1", "  active [held 192.168.10.202]", "  standby", "  client [quiet → active]"}, told(views[0].Network))
	require.Equal(t, []string{"sw1", "  active !1 [tentative 192.168.10.202 tentative]", "  standby", "  client [away no answer]"}, told(views[1].Network))
	require.Equal(t, []string{"sw1", "  active !1 [tentative 192.168.10.202 tentative]", "  standby [held 192.168.10.202]", "  client [quiet → standby]"}, told(views[2].Network))
	calm := runtest.Play(t, "calm", "# Calm\ncluster guide\nping client vip\nend 5s\n")
	require.Len(t, graph.Views(words.English, calm), 1)
	r.Trace = nil
	require.Empty(t, graph.Views(words.English, r), "nothing was run")
}

// At any moment only what has begun is marked, and only what is not over is broken.
func TestAMoment(t *testing.T) {
	r := runtest.Scenario(t, "cable-pull") // pulled from 20 s to 80 s
	for at, want := range map[float64]string{19.9: "  active", 20: "  active !1", 79.9: "  active !1", 80.5: "  active1", 110: "  active1"} {
		v := graph.Moment(words.English, r, runtest.Seconds(at))
		line, _, _ := strings.Cut(told(v.Network)[1], " [")
		require.Equal(t, want, line, "%v s", at)
	}
}

// Machines say what keeps them from work. The cable of one that is off is dead, though nobody pulled it.
func TestMachinesThatDoNotWork(t *testing.T) {
	r := runtest.Play(t, "off", "# Off and stopped\ncluster guide\nping client vip\nat 5s power-off active\nat 10s stop-service standby\nend 20s\n")
	require.Equal(t, []string{"sw1", "  active ! !1 (off)", "  standby !2 (watcher stopped)", "  client [away no answer]"}, told(graph.At(words.English, r, r.Trace.End)))
}

// An ARP cache that leads past the holder is told.
func TestAWrongCacheIsTold(t *testing.T) {
	r := runtest.Scenario(t, "ad-client")
	during := graph.Views(words.English, r)[1]
	require.Contains(t, strings.Join(told(during.Network), "\n"), "[away no answer] [bad ARP entry leads to standby]")
}

// What is said of several VIPs is said once.
func TestManyVIPs(t *testing.T) {
	r := runtest.Scenario(t, "ten-vips")
	require.Equal(t, []string{"sw1", "  active [held 192.168.10.10-19]", "  standby", "  client [quiet 192.168.10.10-19 → active]"}, told(graph.Views(words.English, r)[0].Network))
	a := netip.MustParseAddr
	require.Equal(t, "10.0.0.1, 10.0.0.2, 10.0.0.9", graph.Addresses([]netip.Addr{a("10.0.0.9"), a("10.0.0.2"), a("10.0.0.1")}))
	require.Equal(t, "10.0.0.254, 10.0.0.255, 10.0.1.0-2", graph.Addresses([]netip.Addr{a("10.0.0.254"), a("10.0.0.255"), a("10.0.1.0"), a("10.0.1.1"), a("10.0.1.2")}), "never over the end of a net")
}

// Switches and routers are a tree.
func TestTheNetworkIsATree(t *testing.T) {
	var names []string
	for _, b := range graph.At(words.English, runtest.Scenario(t, "l3-offices"), 0).Tree() {
		names = append(names, strings.Repeat(" ", b.Depth)+b.Name)
	}
	require.Equal(t, strings.Split("backbone, core,  servers,   active,   standby, office1,  floor1,   client, office2,  floor2,   client2, office3,  floor3,   client3, office4,  floor4,   client4", ","), names)
}

// Of very many clients those that are alike are one device; one with a cable of its own that is out stands alone.
func TestLikeClientsAreOne(t *testing.T) {
	r := runtest.Fresh(t, "cable-pull")
	crowd(r, 40)
	r.Facts.Faults = []finding.Fault{{Fault: trace.Fault{ID: 1, Verb: "unplug", Breaks: true, Touches: []trace.Touch{{Part: trace.LinkPart, Of: "pc7"}}}, At: sec(1), Until: r.Trace.End, Open: true}}
	r.Facts.Uses[7].Answered = nil
	require.Equal(t, []string{"sw1", "  active [held 192.168.10.202]", "  standby", "  pc0..pc29 (29 clients) [quiet → active]", "  pc7 !1 [away no answer]", "  sw9", "    pc30..pc39 (10 clients) [quiet → active]"}, told(graph.At(words.English, r, r.Trace.End)))

	for i := range r.Facts.Uses { // no two alike
		r.Facts.Uses[i].Answered = []finding.Span{{To: r.Trace.End, By: []string{fmt.Sprint("node", i%20)}}}
	}
	mixed := told(graph.At(words.English, r, r.Trace.End))[3]
	require.Contains(t, mixed, "  pc0..pc29 (30 clients) !1 [quiet 2 × → node0]")
}

// crowd gives a run many clients at two switches.
func crowd(r *finding.Run, n int) {
	h := &r.Trace.Header
	h.Clients, h.Cables, r.Facts.Uses = nil, h.Cables[:2], nil
	for i := range n {
		name, at := fmt.Sprint("pc", i), "sw1"
		if i >= n*3/4 {
			at = "sw9"
		}
		h.Clients = append(h.Clients, trace.Client{Name: name, Address: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(200 - i)}), 24)})
		h.Cables = append(h.Cables, trace.Cable{Name: name, A: name, B: at})
		r.Facts.Uses = append(r.Facts.Uses, finding.Use{Client: name, VIP: h.VIPs[0].Address, Answered: []finding.Span{{To: r.Trace.End, By: []string{"active"}}}})
	}
	h.Cables = append(h.Cables, trace.Cable{Name: "trunk", A: "sw1", B: "sw9"})
}

// Everything that a terminal shows: 80 columns in both languages, whatever runs.
func TestTextFitsATerminal(t *testing.T) {
	crowded := runtest.Fresh(t, "ten-vips")
	crowd(crowded, 10)
	for name, r := range map[string]*finding.Run{ // order: each by itself
		"crowded": crowded, "cable-pull": runtest.Scenario(t, "cable-pull"), "l3-offices": runtest.Scenario(t, "l3-offices"), "mail": runtest.Scenario(t, "mail-three-failovers"),
	} {
		for _, l := range runtest.Langs {
			out := textOf(t, l, graph.Views(l, r), graph.Struck(l, r))
			for line := range strings.Lines(out) {
				require.LessOrEqual(t, term.Columns(strings.TrimSuffix(line, "\n")), 80, "%s: %s", name, line)
			}
		}
	}
	require.Contains(t, textOf(t, words.English, graph.Views(words.English, runtest.Scenario(t, "cable-pull")), graph.Struck(words.English, runtest.Scenario(t, "cable-pull"))), `
== In the longest silence, at 37.0 s ===========================================
sw1              switch
|-X- active (1)  192.168.10.200 hvt162EPST11  VIP 192.168.10.202 tentative
|--- standby     192.168.10.201 hvt162EPST12
`+"`"+`--- client      192.168.10.150              no answer
`)
	require.NotContains(t, textOf(t, words.English, graph.Views(words.English, crowded), nil), "..", "ten clients stand singly, and whole")
}

func textOf(t *testing.T, l words.Lang, views []graph.View, struck []graph.Deed) string {
	var b strings.Builder
	p := term.New(term.Options{Lang: l})
	graph.Text(p, l, views, struck)
	require.NoError(t, p.Flush(&b))
	return b.String()
}

// A drawing that stands alone is XML that any program reads, the same each time, and harmless with any name.
func TestADrawingThatStandsAlone(t *testing.T) {
	r := runtest.Fresh(t, "cable-pull")
	r.Trace.Header.Nodes[0].Role = `"><script>alert(1)</script>&` + "\u202e\x00"
	for _, l := range runtest.Langs {
		out := svgOf(t, l, r)
		require.Equal(t, out, svgOf(t, l, r))
		requireXML(t, out)
		require.NotContains(t, out, "<script")
		require.NotContains(t, out, "\u202e")
	}
	require.Contains(t, svgOf(t, words.English, runtest.Scenario(t, "cable-pull")), ">1  the cable of active was pulled  20.0 s to 80.0 s</text>")
}

func svgOf(t *testing.T, l words.Lang, r *finding.Run) string {
	var b strings.Builder
	require.NoError(t, graph.SVG(&b, l, "A run", graph.Views(l, r), graph.Struck(l, r)))
	return b.String()
}

// requireXML demands one element with all of its parts, whose signs are all defined.
func requireXML(t *testing.T, out string) {
	d := xml.NewDecoder(strings.NewReader(out))
	ids, used := map[string]bool{}, []string{}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		require.NoError(t, err)
		if e, is := token.(xml.StartElement); is {
			for _, a := range e.Attr {
				switch a.Name.Local {
				case "id":
					ids[a.Value] = true
				case "href":
					used = append(used, strings.TrimPrefix(a.Value, "#"))
				}
			}
		}
	}
	require.NotEmpty(t, used)
	for _, id := range used {
		require.True(t, ids[id], id)
	}
}
