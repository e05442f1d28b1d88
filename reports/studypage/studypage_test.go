package studypage

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"ipwsim/reports/chart"
	"ipwsim/reports/runtest"
	"ipwsim/reports/words"
	"ipwsim/sim/studied"
)

// small is a study of two settings under two conditions; the second setting is today's.
func small() *studied.Study {
	s := &studied.Study{Plan: studied.Plan{Runs: 4, Axes: []studied.Axis{
		{Name: "interval", Values: []string{"5s", "30s"}, Setting: true}, {Name: "loss", Values: []string{"0%", "1%"}},
	}}}
	s.Answers = &studied.Answers{
		Version: studied.Version, Study: "abc", Promise: [2]float64{30, 40}, Confidence: 0.95, Rates: studied.DefaultRates,
		Own: studied.Own{Interval: 30 * time.Second, PingTimeout: 3 * time.Second, ReleaseTime: 60}, Today: []int{2, 3},
	}
	for i := range 4 {
		base := []float64{9, 35}[i/2]
		who := []studied.Who{{Client: "ad-pc", VIP: "192.168.10.202", Runs: 3}, {Client: "pc", VIP: "192.168.10.202", Runs: 1}}
		c := studied.Answer{Cell: i, Values: []string{s.Axes[0].Values[i/2], s.Axes[1].Values[i%2]}, Runs: 4}
		for k := range 4 {
			r := studied.Unmeasured(i, uint64(1_000_000+k), 0)
			r.Failover = base + float64(k)
			s.Rows = append(s.Rows, r.Pack())
		}
		at := func(v float64) *studied.Time { return &studied.Time{Seconds: v} }
		c.Failover = studied.Times{Runs: 4, For: who, Median: studied.Quantile{Value: at(base + 1), Low: at(base), High: at(base + 3)},
			P99: studied.Quantile{Value: at(base + 3), Low: at(base + 2)}, Worst: at(base + 3),
			Typical: &studied.Typical{Client: "ad-pc", Time: *at(base + 1), Promise: [2]float64{30, 40}, Free: base - 2, Tentative: 3}}
		c.Failback.Typical = &studied.Typical{Client: "ad-pc", Time: *at(24), Promise: [2]float64{5, 10}, Silent: 20, Free: 0.8, Tentative: 3, Cache: 16.2}
		c.Outage = studied.Outage{Faults: 4 * base, Release: 600 - 400*float64(i/2)}
		c.False = studied.False{Loss: []float64{0, 2.9, 0, 9e-8}[i]}
		c.Worst = studied.Worst{Failover: at(base + 3), Bound: base + 3, Client: "ad-pc", VIP: "192.168.10.202"}
		s.Answers.Cells = append(s.Answers.Cells, c)
	}
	s.Answers.Frontiers = []studied.Frontier{{Condition: "loss 0%", All: []int{0, 2}, Cells: []int{2}}, {Condition: "loss 1%", All: []int{1, 3}, Cells: []int{3}}}
	return s
}

// promised is the small study with a promise that its second setting keeps.
func promised() *studied.Study {
	s := small()
	c := s.Answers.Cells
	s.Answers.Want = &studied.Want{Clauses: []string{"false < 1/year"}, Kept: []int{1}, Unsure: []int{0}, Settings: 2, Setting: "interval 30s", Cells: []int{2, 3},
		Confirmed: studied.Kept, Verdict: studied.Broken, Fresh: c[2:], Today: c[2:]}
	return s
}

// table is a study of one run of each cell.
func table() *studied.Study {
	s := small()
	s.Runs = 1
	return s
}

func pageOf(t require.TestingT, s *studied.Study, opt Options) string {
	var b strings.Builder
	require.NoError(t, Write(&b, s, opt))
	return b.String()
}

func TestTheAnswerComesFirst(t *testing.T) {
	page := pageOf(t, small(), Options{})
	require.Less(t, strings.Index(page, `id="answer"`), strings.Index(page, `class="heat"`))
	require.Contains(t, page, `>Interval 30 s, PingTimeout 3 s, ReleaseTime 60</a><span class="rest">Clients wait 36.0 s (median; 99 %: 38.0 s); outage: 340 s a year; false take-overs: never`)
	require.Contains(t, page, "Fastest with less than one false take-over a year, with loss 1%</dt><dd><a href=\"#cell-3\">interval 30s</a>", "interval 5s has 2.9 of them")
	require.Contains(t, page, "<dt>Mind, with loss 0%</dt>", "nothing is lost there")
	require.NotContains(t, page, "<dt>Mind, with loss 1%</dt>")
	require.Contains(t, page, "For the client that fares worst: ad-pc in 12 of 16 runs (192.168.10.202), pc in 4 of 16 runs (192.168.10.202).")

	page = pageOf(t, promised(), Options{})
	require.Contains(t, page, `<dt>Fastest setting that keeps this</dt><dd><a href="#cell-2">interval 30s</a>`)
	require.Contains(t, page, "<dt>Today’s setting (Interval 30 s, PingTimeout 3 s, ReleaseTime 60)</dt><dd>broken")
	s := promised()
	s.Answers.Want.Setting, s.Answers.Want.Cells, s.Answers.Want.Fresh = "", nil, nil
	require.Contains(t, pageOf(t, s, Options{}), "No setting of the 2 is sure to keep this.")
}

func TestAPageHasEveryCell(t *testing.T) {
	page := pageOf(t, small(), Options{Dir: "study", Pages: map[int]string{1: "worst/cell-1.html"}, Again: []string{"ipwsim study study/plan.toml"}})
	for i := range 4 {
		require.Equal(t, 1, strings.Count(page, fmt.Sprintf(`<tr id="cell-%d">`, i)))
		require.Equal(t, 1, strings.Count(page, fmt.Sprintf(`<figure id="curve-%d">`, i)))
		require.Contains(t, page, fmt.Sprintf("<code>ipwsim study show study --cell %d --worst</code>", i))
	}
	require.Equal(t, 1, strings.Count(page, `<a href="worst/cell-1.html">its page</a>`))
	require.Contains(t, page, "<dd><code>ipwsim study study/plan.toml</code></dd>")
	require.Equal(t, 6, strings.Count(page, ` today"><a`), "three maps, two conditions")
	require.Equal(t, page, pageOf(t, small(), Options{Dir: "study", Pages: map[int]string{1: "worst/cell-1.html"}, Again: []string{"ipwsim study study/plan.toml"}}))
	require.NotContains(t, page, "NaN")
	require.Less(t, len(page), 110_000)
	for _, name := range Files {
		require.Contains(t, page, `<a href="`+name+`">`)
	}
}

// Colours follow what is promised for each figure, not fixed numbers: a failback of 24 s misses 5 to 10 s.
func TestColoursFollowThePromise(t *testing.T) {
	page := pageOf(t, table(), Options{})
	require.Equal(t, 2, strings.Count(page, `<strong class="kept">36.0 s</strong> <span class="note">promised 30-40 s: kept</span>`))
	require.Equal(t, 2, strings.Count(page, `<strong class="missed">10.0 s</strong>`), "sooner than is promised is not what is promised")
	require.Equal(t, 4, strings.Count(page, `<strong class="missed">24.0 s</strong> <span class="note">promised 5-10 s: outside</span>`))
	require.Contains(t, page, "nobody had it 33.0, tentative 3.0</span>")
	s := table()
	s.Answers.Cells[0].Failover.Typical.Promise = [2]float64{8, 12}
	require.Equal(t, 1, strings.Count(pageOf(t, s, Options{}), `<strong class="kept">10.0 s</strong>`))
	s.Answers.Cells[0].Failover.Typical.Promise = [2]float64{}
	require.Contains(t, pageOf(t, s, Options{}), `<strong class="untold">10.0 s</strong><br>`)
}

// A study of single runs is a table: it shows nothing that speaks of chance.
func TestATableSaysNothingOfChance(t *testing.T) {
	page := pageOf(t, table(), Options{Dir: "study"})
	for _, id := range []string{"answer", "frontier", "curves", "worst"} {
		require.NotContains(t, page, `id="`+id+`"`)
	}
	require.Contains(t, page, `id="made-of"`)
	require.Contains(t, page, "<h3>interval 5s</h3>")
	require.NotContains(t, page, "--worst")
}

func TestStudiesOfNothing(t *testing.T) {
	s := &studied.Study{Answers: &studied.Answers{Confidence: 0.95, Cells: []studied.Answer{{}}, Frontiers: []studied.Frontier{{All: []int{0}}}}}
	page := pageOf(t, s, Options{})
	require.Contains(t, page, "the cluster as it is")
	require.NotContains(t, page, "NaN")
	require.NotContains(t, page, "Inf")
}

// A curve that ends at 1 has the interval of Dvoretzky, Kiefer and Wolfowitz around it, and never leaves the drawing.
func TestDistributions(t *testing.T) {
	x := chart.Scale{High: 10, From: curveLeft, To: curveRight}
	steps, margin := distribution([]studied.Time{{Seconds: 4}, {Seconds: 2}, {Seconds: 9, AtLeast: true}, {Seconds: 4}}, x, 0.95)
	require.Equal(t, []step{{math.Round(2*x.At(2)) / 2, 0.25}, {math.Round(2*x.At(4)) / 2, 0.75}}, steps, "one has no answer")
	require.InDelta(t, math.Sqrt(math.Log(40)/8), margin, 1e-12)
}

// Whatever an axis, a value, a client or a folder is called, it stays text.
func TestHostileNames(t *testing.T) {
	const bad = "</title><script>alert(1)</script>\"'><img src=x onerror=y>\x1b[2J\u202e\xff"
	s := promised()
	s.Axes[0].Name, s.Axes[0].Values, s.Cluster = bad, []string{bad, "30s"}, bad
	s.Answers.Frontiers[0].Condition = bad
	for i := range s.Answers.Cells {
		c := &s.Answers.Cells[i]
		c.Values[0] = bad
		c.Failover.For[0].Client, c.Worst.Client, c.Failover.Typical.Client = bad, bad, bad
	}
	s.Answers.Want.Clauses[0], s.Answers.Want.Setting = bad, bad
	page := pageOf(t, s, Options{Dir: bad, Again: []string{bad}, Pages: map[int]string{0: "javascript:alert(2)"}})
	require.Equal(t, 1, strings.Count(page, "<script>"), "its own")
	require.NotContains(t, page, "<img")
	require.NotContains(t, page, `href="javascript:`)
	require.NotContains(t, page, "\x1b")
	require.NotContains(t, page, "\u202e")
	require.Contains(t, page, "&lt;script&gt;alert(1)&lt;/script&gt;")
	require.Contains(t, page, `\x1b[2J\u202e\xff`)
}

func TestManyCellsAreCutDown(t *testing.T) {
	s := small()
	var values []string
	for i := range 600 {
		values = append(values, fmt.Sprint(i, "s"))
	}
	s.Axes[0].Values = values
	s.Rows, s.Answers.Cells, s.Answers.Today = nil, nil, nil
	s.Answers.Frontiers = []studied.Frontier{{Cells: []int{1199}}}
	for i := range 1200 {
		s.Answers.Cells = append(s.Answers.Cells, studied.Answer{Values: []string{values[i/2], s.Axes[1].Values[i%2]}})
		s.Answers.Frontiers[0].All = append(s.Answers.Frontiers[0].All, i)
	}
	page := pageOf(t, s, Options{})
	require.Contains(t, page, "1000 of 1200 cells are shown")
	require.Contains(t, page, `<tr id="cell-1199">`, "it is on the frontier")
	require.Equal(t, mostCurves, strings.Count(page, `<figure id="curve-`))
	require.Less(t, len(page), 3_000_000)
}

// sentence is three words of English in a row.
var sentence = regexp.MustCompile(`[A-Za-z]*[a-z]{2,}[,;:]?(?: (?:[a-z][a-z'’-]*|I|VIP)[,;:]?){2,}`)

// english are the English sentences of a page outside code.
func english(t *testing.T, page string) (all []string) {
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		if slices.Contains([]string{"style", "script", "code"}, n.Data) && n.Type == html.ElementNode {
			return
		}
		texts := []string{n.Data}
		for _, a := range n.Attr {
			if a.Key == "aria-label" || a.Key == "title" {
				texts = append(texts, a.Val)
			}
		}
		for _, text := range texts {
			if (n.Type == html.TextNode || len(texts) > 1) && sentence.MatchString(text) {
				all = append(all, text)
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(root)
	return all
}

// The Japanese page has no English sentence but names, flags, commands and file names; the English one has many.
func TestTheJapanesePageIsJapanese(t *testing.T) {
	for _, s := range []*studied.Study{small(), promised(), table()} {
		page := pageOf(t, s, Options{Lang: words.Japanese, Dir: "study", Again: []string{"ipwsim study plan.toml -o again"}})
		require.Empty(t, english(t, page))
		require.Contains(t, page, `<html lang="ja">`)
		require.NotContains(t, page, "study.page.", "every text is there")
		require.NotContains(t, page, "%!")
		page = pageOf(t, s, Options{})
		require.Greater(t, len(english(t, page)), 15)
		require.NotContains(t, page, "study.page.")
		require.NotContains(t, page, "%!")
	}
}

// The legend of a map says what its cells say: 0 of what never happens.
func TestALegendOfNothingIsZero(t *testing.T) {
	s := small()
	legend := func() string {
		v := newView(s, Options{})
		return v.heatMap(&heatFigures[1]).Legend[0].Text
	}
	require.Regexp(t, `^0–\d`, legend())
	for i := range s.Answers.Cells {
		s.Answers.Cells[i].False = studied.False{}
	}
	require.Equal(t, "0", legend())
}

// The page shows the network of the cluster, where it is told which.
func TestThePageShowsTheNetwork(t *testing.T) {
	h := runtest.Scenario(t, "cable-pull").Trace.Header
	for _, l := range runtest.Langs {
		var with, without strings.Builder
		require.NoError(t, Write(&with, small(), Options{Lang: l, Header: &h}))
		require.NoError(t, Write(&without, small(), Options{Lang: l}))
		require.Contains(t, with.String(), l.Say("net.plan", "guide"))
		require.Contains(t, with.String(), ">standby</text>")
		require.NotContains(t, without.String(), `id="network"`)
	}
}
