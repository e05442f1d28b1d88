package page

import (
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/chart"
	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// device finds a device of a picture.
func device(t *testing.T, p chart.Picture, name string) chart.PictureRow {
	t.Helper()
	for _, r := range p.Rows {
		if r.Name == name {
			return r
		}
	}
	require.Fail(t, "not in the picture", name)
	return chart.PictureRow{}
}

func chips(r chart.PictureRow) (all []string) {
	for _, c := range r.Branch.Chips {
		all = append(all, c.Class+" "+c.Text)
	}
	return all
}

// The page begins with who had the address before the first fault, in the longest silence and at the end, and with what
// is broken.
func TestTheNetworkBeforeAndAfter(t *testing.T) {
	r := written(t, "# A cable that stays out\ncluster guide\nping client vip\nat 20s unplug active\nend 80s\n")
	n := newTeller(r, Options{}).network()
	require.Len(t, n.Pictures, 3)
	before, after := n.Pictures[0], n.Pictures[2]
	require.Equal(t, []string{"held 192.168.10.202"}, chips(device(t, before, "active")))
	require.Empty(t, device(t, before, "active").Wire.Numbers, "nothing was done yet")
	require.Equal(t, []string{"away no answer"}, chips(device(t, n.Pictures[1], "client")))
	require.Equal(t, chart.Mark{Numbers: "1", Broken: true}, device(t, after, "active").Wire)
	require.True(t, n.Broken)
	require.False(t, n.Mended)
	page := pageOf(t, r, Options{})
	require.Less(t, strings.Index(page, `id="network"`), strings.Index(page, `id="short"`), "it comes first")
	require.Contains(t, textOf(t, page), "1 the cable of active was pulled unplug active from 20.0 s to the end has the address ✗1 broken at that time")
	require.Contains(t, textOf(t, pageOf(t, r, Options{Lang: words.Japanese})), "最初の障害の前 (20.0 秒)")
}

// What was mended is marked, but not as broken; a run without faults has one picture.
func TestMarksOfTheNetwork(t *testing.T) {
	n := newTeller(shipped(t, "mail-three-failovers"), Options{}).network()
	require.True(t, n.Mended)
	require.Equal(t, "2,3", device(t, n.Pictures[2], "active").Mark.Numbers)
	calm := newTeller(written(t, "# Calm\ncluster guide\nping client vip\nend 5s\n"), Options{}).network()
	require.Len(t, calm.Pictures, 1)
	require.Empty(t, calm.Struck)
}

// Very many clients at a switch are one card.
func TestManyClientsAreOneCard(t *testing.T) {
	r := changed(shipped(t, "cable-pull"))
	h := &r.Trace.Header
	h.Clients, h.Cables = nil, append([]trace.Cable{}, h.Cables[:2]...)
	r.Facts.Uses = nil
	for i := range 40 {
		name := fmt.Sprint("pc", i)
		h.Clients = append(h.Clients, trace.Client{Name: name, Address: netip.PrefixFrom(netip.AddrFrom4([4]byte{10, 0, 0, byte(1 + i)}), 24)})
		h.Cables = append(h.Cables, trace.Cable{Name: name, A: name, B: "sw1"})
	}
	require.Equal(t, "10.0.0.1 – 10.0.0.40", device(t, newTeller(r, Options{}).network().Pictures[1], "pc0..pc39 (40 clients)").Below)
	requireHarmless(t, pageOf(t, r, Options{}))
}

// drawn are the places and titles of what a page draws, in percent.
var drawn = regexp.MustCompile(`class="b ([a-z ]+)" x="([0-9.]+)%"(?: y="\d+")? width="([0-9.]+)%"(?: height="18")?><title>([^<]*)</title>`)

func TestLanesStandWhereTheirTimesAre(t *testing.T) {
	r := changed(shipped(t, "cable-pull"))
	r.Trace.End = sec(200)
	var found []string
	for _, m := range drawn.FindAllStringSubmatch(pageOf(t, r, Options{}), -1) {
		found = append(found, m[1]+" "+m[2]+"+"+m[3]+" "+m[4])
	}
	require.Contains(t, found, "held 0+10 preferred: 0.000 s to 20.000 s, 20.0 s", "what began before 0 is cut off")
	require.Contains(t, found, "away 10+17.0112 no answer: 20.000 s to 54.022 s, 34.0 s")
	require.Contains(t, found, "bad 40.0002+0.427 duplicate: 80.000 s to 80.854 s, 0.854 s")
	require.Contains(t, found, "fault 10+30 unplug active: the cable of active was pulled (20 s)", "until it is plugged in")
	require.Contains(t, found, "fault once 40+16 plug active: the cable of active was plugged in (80 s)")
}

// Each kind of mail has a sign of its own, and a text of its own where there are few.
func TestEachKindOfMailHasItsSign(t *testing.T) {
	r := changed(shipped(t, "mail-step-15"))
	r.Trace.Records = []trace.Record{}
	for i, b := range []trace.Body{
		trace.MailSession{Service: "EPSTRS", Remote: smtp, End: trace.BrokenEnd, Took: sec(2)},
		trace.MailPoll{User: "suzuki", By: "pop3", Stage: "connect", Text: "timed out", Took: sec(5)},
		trace.MailSend{To: "a@example.com", Server: smtp, Try: 2, Stage: "dot", Code: 451, Text: "later", Took: sec(0.1)},
		trace.MailBounce{To: "b@example.com", Why: "unknown user"},
		trace.MailRetry{To: "c@example.com", Try: 3, Why: "not reached"},
		trace.MailRelay{ID: "q1", To: "d@example.net", Server: smtp},
		trace.MailDeliver{ID: "q2", To: "e@example.com"},
		trace.MailAccept{ID: "q3", From: "f@example.com", To: []string{"g@example.com", "h@example.com"}, MessageID: "<m1@example.com>"},
	} {
		r.Trace.Add(sec(float64(50+i)), "active", b)
	}
	page := pageOf(t, r, Options{})
	signs := map[string]bool{}
	for _, m := range regexp.MustCompile(`<use class="([a-z]+)" href="#(s-[a-z]+)" x="`).FindAllStringSubmatch(section(t, page, "timeline"), -1) {
		require.Contains(t, page, `<g id="`+m[2]+`">`, "the sign is defined")
		signs[m[2]] = true
	}
	require.Len(t, signs, 8)
	require.Contains(t, textOf(t, page), "57.000 s: accepted: from f@example.com to g@example.com, h@example.com, Message-ID <m1@example.com>")
}

func TestASequenceShowsWhatArrivedAndWhatDidNot(t *testing.T) {
	r := changed(shipped(t, "cable-pull"))
	r.Captures = "captures"
	r.Frames = []finding.Frame{
		{At: sec(20.1), From: "client", To: "active", Kind: "echo-request", Text: "echo request 21", Sent: finding.Place{Cable: "client", Number: 125}, Lost: "pulled, cable active"},
		{At: sec(51.6), From: "standby", Cast: true, Kind: "probe", Text: "ARP probe", Sent: finding.Place{Cable: "standby", Number: 7}, Reached: []finding.Arrival{{Station: "client", Place: finding.Place{Cable: "client", Number: 130}}}},
	}
	f := newTeller(r, Options{}).frames()
	require.Len(t, f.Windows, 2, "half a minute of calm lies between them")
	require.Equal(t, "Frames 1: 20.100 s to 20.100 s", f.Windows[0].Title)
	require.Equal(t, []station{{"25", "client"}, {"75", "active"}}, f.Windows[0].Stations)
	require.Equal(t, arrow{ID: "a0", From: "25", X1: "25", X2: "60", Lost: true}, f.Arrows[0], "it ends on the way")
	require.Equal(t, []string{"25"}, f.Arrows[1].Dots)
	lost, probe := f.Windows[0].Rows[0], f.Windows[1].Rows[0]
	require.Equal(t, "the cable was pulled, cable active", lost.Lost)
	require.Equal(t, "ケーブルが抜けた (ケーブル active)", newTeller(r, Options{Lang: words.Japanese}).frames().Windows[0].Rows[0].Lost)
	require.Equal(t, []string{"standby 7", "captures/standby.pcapng", "client 130"}, []string{probe.Place, probe.Href, probe.Then})
	require.True(t, probe.Strong)
	require.Empty(t, f.Again, "there are captures")
}

// A crowded diagram leaves out echoes that arrived before anything else.
func TestACrowdedSequenceIsShortened(t *testing.T) {
	var all []finding.Frame
	for i := range 200 {
		f := finding.Frame{At: time.Duration(i) * time.Millisecond, From: "client", Kind: "echo-request", Reached: []finding.Arrival{{Station: "active"}}}
		if i == 100 {
			f = finding.Frame{At: f.At, From: "standby", Kind: "probe"}
		}
		all = append(all, f)
	}
	shown := calmer(all, 60)
	require.Len(t, shown, 60)
	require.Contains(t, shown, all[100])
	require.Len(t, calmer(all, 200), 200)

	r := changed(shipped(t, "cable-pull"))
	r.Frames = nil
	for i := range 60 {
		for j := range 30 {
			r.Frames = append(r.Frames, finding.Frame{At: sec(float64(3*i) + float64(j)/100), From: "client", Text: fmt.Sprint(i), Kind: "tcp"})
		}
	}
	f := newTeller(r, Options{}).frames()
	require.Len(t, f.Windows, mostWindows)
	require.Contains(t, f.Left, "From 120.000 s on there was no room")
	full := newTeller(r, Options{Full: true}).frames()
	require.Len(t, full.Windows, 60)
	require.Empty(t, full.Left)
}
