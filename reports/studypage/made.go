package studypage

import (
	"fmt"
	"math"
	"strconv"
	"time"

	"ipwsim/reports/words"
	"ipwsim/sim/finding"
	"ipwsim/sim/studied"
)

// mostMade is of how many cells the page shows what their waits were made of.
const mostMade = 100

// madeBlock is cells that differ in one axis only.
type madeBlock struct {
	Title string
	Rows  []madeRow
}

type madeRow struct {
	ID, Name, Link string // ID where the page has no other row of the cell, else Link
	Marks          []mark
	Waits          []wait
}

// wait is a time as a bar on a logarithmic scale, and what its silence was made of.
type wait struct {
	Time, Parts, Promise string
	Who                  string // "" where all are of one client and VIP
	W, Class             string // of the bar: percent, and whether the promise was kept
}

// madeOf fills in the waits of each cell: of its only run, or of the one with the median.
func (v *view) madeOf() {
	longest := 60.0
	var first *studied.Typical
	for i := range v.a.Cells {
		for _, t := range []*studied.Typical{v.a.Cells[i].Failover.Typical, v.a.Cells[i].Failback.Typical} {
			if t == nil {
				continue
			}
			if first == nil {
				first = t
			}
			longest = max(longest, t.Seconds)
			v.several = v.several || t.Client != first.Client || t.VIP != first.VIP
		}
	}
	shown := v.a.First(mostMade)
	rows := v.s.RowAxis()
	for _, i := range shown {
		c := &v.a.Cells[i]
		title := v.s.Describe(c.Values, func(a int) bool { return a != rows })
		if n := len(v.Made); n == 0 || v.Made[n-1].Title != title {
			v.Made = append(v.Made, madeBlock{Title: title})
		}
		r := madeRow{Name: v.Say("study.as-it-is-short"), Marks: v.marks(i), Waits: []wait{v.wait(c.Failover.Typical, longest)}}
		if v.Table {
			r.ID = fmt.Sprint("cell-", i)
		} else {
			r.Link = v.link(i)
		}
		if rows >= 0 {
			r.Name = c.Values[rows]
		}
		if v.Back {
			r.Waits = append(r.Waits, v.wait(c.Failback.Typical, longest))
		}
		b := &v.Made[len(v.Made)-1]
		b.Rows = append(b.Rows, r)
	}
	v.MadeNote = v.leftOut(len(shown))
}

func (v *view) wait(t *studied.Typical, longest float64) wait {
	if t == nil {
		return wait{Time: "–", W: "0"}
	}
	w := wait{Time: v.Length(seconds(t.Seconds)), Class: "untold"}
	if v.several {
		w.Who = v.Say("study.page.of", t.Client, t.VIP)
	}
	if t.AtLeast {
		w.Time = v.Say("at-least", w.Time)
	}
	if kept, told := t.Kept(); told {
		w.Class = "kept"
		verdict := "kept"
		if !kept {
			w.Class, verdict = "missed", "missed"
		}
		w.Promise = v.Say("study.page.promised", v.Lang.Band(finding.Band{Least: tenths(t.Promise[0]), Most: tenths(t.Promise[1])}), v.Say(verdict))
	}
	w.W = strconv.FormatFloat(100*min(1, math.Log(max(1, t.Seconds))/math.Log(longest)), 'f', 1, 64)
	for _, part := range []struct {
		name string
		v    float64
	}{{"study.page.free", t.Free}, {"study.page.tentative", t.Tentative}, {"study.page.cache", t.Cache}, {"study.page.ping-only", t.PingOnly}} {
		if part.v >= 0.05 {
			if w.Parts != "" {
				w.Parts += v.Say("comma")
			}
			w.Parts += v.Say(part.name, words.Tenths(seconds(part.v)))
		}
	}
	return w
}

func seconds(s float64) time.Duration { return time.Duration(math.Round(s * float64(time.Second))) }

func tenths(s float64) time.Duration { return seconds(s).Round(time.Second / 10) }
