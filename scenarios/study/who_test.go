package study

import (
	"context"
	"io/fs"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/sim/cluster"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// offices is the guide's cluster with these clients at the end of its file.
func offices(t testing.TB, clients ...string) *cluster.Blueprint {
	t.Helper()
	base, err := fs.Sub(scenarios.Clusters(), "guide")
	require.NoError(t, err)
	files := fstest.MapFS{}
	require.NoError(t, fs.WalkDir(base, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(base, path)
		files[path] = &fstest.MapFile{Data: data}
		return err
	}))
	text, _, _ := strings.Cut(string(files["cluster.toml"].Data), "\n[[client]]\nname =")
	files["cluster.toml"].Data = []byte(text + "\n" + strings.Join(clients, "\n"))
	bp, problems := cluster.Load(files, ".")
	require.NoError(t, problems.Err())
	return bp
}

const (
	pc     = "[[client]]\nname = \"pc\"\naddress = \"192.168.10.150/24\"\nswitch = \"sw1\"\n"
	adPC   = "[[client]]\nname = \"ad-pc\"\naddress = \"192.168.10.151/24\"\nswitch = \"sw1\"\nprofile = \"ad-client\"\n"
	linuxs = "[[client]]\nname = \"linux\"\naddress = \"192.168.10.152/24\"\nswitch = \"sw1\"\nprofile = \"linux\"\n"
)

// drafted is the only cell of a draft.
func drafted(t testing.TB, bp *cluster.Blueprint, change func(*Draft)) *Cell {
	t.Helper()
	d := NewDraft()
	change(d)
	p, problems := d.Plan(bp)
	require.NoError(t, problems.Err())
	return &p.Cells()[0]
}

// The same machines in another order give the same figures, and name the same client: the one that fares worst, which
// here is the AD client that holds on to its ARP entry. So does the search.
func TestTheOrderOfMachinesIsNoMatter(t *testing.T) {
	one, other := offices(t, pc, adPC, linuxs), offices(t, adPC, linuxs, pc)
	a, b := planOn(t, one, 3), planOn(t, other, 3)
	for k := range 2 {
		row := ran(&a.cells[0], a.SeedOf(k))
		require.Equal(t, row, ran(&b.cells[0], b.SeedOf(k)))
		require.InDelta(t, 600, row.Failover, 60, "600 s from when it last heard of the old owner: it asks the VIP each minute, and pings it")
		require.Equal(t, []string{"ad-pc", "192.168.10.202"}, []string{row.FailoverClient, row.FailoverVIP})
		require.Equal(t, []string{"ad-pc", "192.168.10.202"}, []string{row.FailbackClient, row.FailbackVIP})
		require.Greater(t, row.WrongCache, 500.0)
		require.Greater(t, row.FailbackCache, 500.0)
	}
	worst := worstOf(&a.cells[0], 7)
	require.Equal(t, worst, worstOf(&b.cells[0], 7))
	require.Equal(t, "ad-pc", worst.Client)
}

// Two clusters with the same machines in another order do not differ, and each side says of whom it tells.
func TestComparedInAnotherOrder(t *testing.T) {
	var sides [2]Side
	for i, bp := range []*cluster.Blueprint{offices(t, pc, adPC), offices(t, adPC, pc)} {
		d := NewDraft()
		d.Runs = 4
		var err error
		sides[i], err = SideOfCluster(context.Background(), "our", bp, d, Options{Workers: 2})
		require.NoError(t, err)
	}
	c, err := Compare(sides[0], sides[1])
	require.NoError(t, err)
	require.Empty(t, c.Changed)
	require.Equal(t, []int{4, 0, 0}, []int{c.Failover.Pairs, c.Failover.Longer, c.Failover.Shorter})
	require.Equal(t, []studied.Who{{Client: "ad-pc", VIP: "192.168.10.202", Runs: 4}}, c.A.For)
}

// A study can be narrowed to a client, which then counts alone; a comparison says so.
func TestNarrowedToAClient(t *testing.T) {
	bp := offices(t, pc, adPC)
	c := drafted(t, bp, func(d *Draft) { d.Client, d.FailoverOnly = "pc", true })
	row := ran(c, 1000000)
	require.Equal(t, "pc", row.FailoverClient)
	require.InDelta(t, 35, row.Failover, 5)
	worst := drafted(t, bp, func(d *Draft) { d.FailoverOnly = true })
	require.Equal(t, "ad-pc", ran(worst, 1000000).FailoverClient)
	a, b := Side{Plan: studied.Plan{Client: "pc"}, Cell: c.Cell}, Side{Plan: studied.Plan{VIP: netip.MustParseAddr("10.0.0.1")}, Cell: c.Cell}
	require.Equal(t, []studied.Change{{Setting: "client", A: "pc"}, {Setting: "vip", B: "10.0.0.1"}}, changes(&a, &b))
}

// Of two VIPs the worse one is named: netsh adds one after the other. One of them can be asked for alone.
func TestTheWorseVIPIsNamed(t *testing.T) {
	bp := severalVIPs(t)
	slow := func(d *Draft) { d.Add("netsh", "5s..5s") }
	c := drafted(t, bp, slow)
	row := ran(c, 1000000)
	require.Equal(t, "192.168.10.205", row.FailoverVIP, "the last")
	require.Equal(t, row.FailoverVIP, row.FailbackVIP)
	first := ran(drafted(t, bp, func(d *Draft) { slow(d); d.VIP = "192.168.10.202" }), 1000000)
	require.Equal(t, "192.168.10.202", first.FailoverVIP)
	require.InDelta(t, 15, row.Failover-first.Failover, 1, "three commands later")

	bp.VIPs = []netip.Addr{bp.VIPs[3], bp.VIPs[1], bp.VIPs[0], bp.VIPs[2]}
	require.Equal(t, row.FailoverVIP, ran(drafted(t, bp, slow), 1000000).FailoverVIP)
}

// One without an end is the longest, and of those alike the first by name.
func TestTheLongest(t *testing.T) {
	of := func(client string, length time.Duration, open bool) *finding.Failback {
		return &finding.Failback{Client: client, To: length, Open: open}
	}
	for want, all := range map[string][]*finding.Failback{
		"a": {of("b", 5, false), of("a", 5, false), of("c", 4, false)},
		"b": {of("a", 4, false), of("c", 5, false), of("b", 5, false)},
		"c": {of("a", 9, false), of("c", 5, true), of("b", 4, true)},
	} {
		worst := longest(all, func(f *finding.Failback) (time.Duration, bool, [2]string) {
			return f.Length(), f.Open, [2]string{f.Client}
		})
		require.Equal(t, want, worst.Client)
	}
}

// An idle client is not asked: it uses nothing. Named, it is.
func TestIdleClientsAreNotAsked(t *testing.T) {
	idle := strings.Replace(adPC, "profile", "idle = true\nprofile", 1)
	bp := offices(t, pc, idle)
	row := ran(drafted(t, bp, func(d *Draft) { d.FailoverOnly = true }), 1000000)
	require.Equal(t, "pc", row.FailoverClient)
	require.InDelta(t, 35, row.Failover, 5)
	row = ran(drafted(t, bp, func(d *Draft) { d.Client, d.FailoverOnly = "ad-pc", true }), 1000000)
	require.Equal(t, "ad-pc", row.FailoverClient)
	require.Greater(t, row.Failover, 500.0)

	_, problems := NewDraft().Plan(offices(t, idle))
	require.EqualError(t, problems.Err(), "error: client: all clients of the cluster are idle; expected the name of one whose waits count, of ad-pc")
}

// Whoever is not there is an error that names those that are.
func TestUnknownClientsAndVIPs(t *testing.T) {
	d := NewDraft()
	d.Client, d.VIP = "ad-p", "192.168.10.203"
	_, problems := d.Plan(offices(t, pc, adPC))
	require.EqualError(t, problems.Err(), "error: client: there is no client \"ad-p\" (did you mean \"ad-pc\"?); expected one of ad-pc, pc\n"+
		"error: vip: there is no VIP 192.168.10.203; expected 192.168.10.202")
	d.Client, d.VIP = "", "here"
	_, problems = d.Plan(offices(t, pc, adPC))
	require.EqualError(t, problems.Err(), `error: vip: found "here", expected an address`)
}

// A pair that is still silent at the horizon makes the run's failover open, whoever has waited longer.
func TestOneWithoutAnAnswerMakesItOpen(t *testing.T) {
	c := drafted(t, offices(t, pc, adPC), func(d *Draft) { d.Horizon = "2m" })
	row := ran(c, 1000000)
	require.True(t, row.FailoverOpen)
	require.Equal(t, "ad-pc", row.FailoverClient)
	require.InDelta(t, 120, row.Failover, 1e-9)
	require.True(t, math.IsNaN(row.Failback))
}

// The answers say whose they are.
func TestAnswersSayWhose(t *testing.T) {
	p := planOn(t, offices(t, pc, adPC), 4)
	a, err := p.Answer(context.Background(), execute(t, p, "", 2), studied.DefaultRates, nil, Options{Workers: 2})
	require.NoError(t, err)
	one := a.Cells[0]
	require.Equal(t, []studied.Who{{Client: "ad-pc", VIP: "192.168.10.202", Runs: 4}}, one.Failover.For)
	require.Equal(t, one.Failover.For, one.Failback.For)
	require.Equal(t, "ad-pc", one.Worst.Client)
	require.Equal(t, one.Failover.Median.Value.Seconds, one.Failover.Typical.Seconds)
	kept, told := one.Failover.Typical.Kept()
	require.Equal(t, []bool{false, true}, []bool{kept, told}, "30 to 40 s are promised")
	require.InDelta(t, one.Failback.Typical.Silent, one.Failback.Typical.Free+one.Failback.Typical.Tentative+one.Failback.Typical.Cache, 1e-6)
}

// A shown run holds what was found, the sentences of its faults, and W14.
func TestReplay(t *testing.T) {
	p := planOf(t, 1, []string{"interval", "10s"})
	c := &p.cells[0]
	row, run := ran(c, 1000003), Replay(c, 1000003)
	require.Equal(t, uint64(1000003), run.Seed)
	require.Len(t, run.Facts.Faults, 2)
	require.Equal(t, "the cable of {target} was pulled", run.Facts.Faults[0].Said.En)
	require.True(t, slices.ContainsFunc(run.Facts.Failbacks, func(f finding.Failback) bool { return f.Length().Seconds() == row.Failback }))
	e := run.Expectations[0]
	require.True(t, e.OK)
	for _, r := range run.Results {
		require.True(t, r.Judged > 0 || r.ID != "P10" && r.ID != "P11", "%s has no data", r.ID)
	}
	require.Equal(t, 17*time.Second, e.Band.Most, "W14: 3 + 10 + 1 + 3 s")
	require.Equal(t, row.Failover, e.Seen[0].Time.Seconds())
	w := worstOf(c, 1000000)
	worst := ReplayWorst(c, w)
	require.Equal(t, w.Failover.Seconds, worst.Expectations[0].Seen[0].Time.Seconds())
	require.True(t, worst.Expectations[0].OK)
}
