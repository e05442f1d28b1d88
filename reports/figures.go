package reports

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// figures writes one row a figure: its name, what was measured, what was promised, and whether
// that was kept.
func (p *page) figures(indent string, all []Figure) {
	const gap = "  "
	rows := make([][4]string, len(all))
	var wide [4]int
	for i, f := range all {
		rows[i] = [4]string{cut(f.name(p.lang), 20), f.amount(p.lang), p.promise(f), p.outcome(f)}
		for c, cell := range rows[i] {
			wide[c] = max(wide[c], columns(cell))
		}
	}
	for i, f := range all {
		r := rows[i]
		lead := indent + pad(r[0], wide[0]) + gap + padLeft(r[1], wide[1]) + gap +
			pad(r[2], wide[2]) + gap + pad(r[3], wide[3]) + gap
		st := plain
		if f.Promised() && !f.Kept() {
			st = failStyle
		}
		p.para(st, lead, p.detail(f, several(all)))
	}
}

// several says whether the figures are of more than one client or VIP.
func several(all []Figure) bool {
	for _, f := range all {
		if f.Client != all[0].Client || f.VIP != all[0].VIP {
			return true
		}
	}
	return false
}

// detail says whose figure it is, where that is in doubt, and what came of it.
func (p *page) detail(f Figure, name bool) string {
	var parts []string
	if name {
		parts = append(parts, f.path())
	}
	if f.Silent != 0 && f.Silent != f.Value {
		parts = append(parts, p.say(silentFor, p.say(inSeconds, tenths(f.Silent))))
	}
	if f.By != "" && !f.Open {
		parts = append(parts, p.say(answeredBy, f.By))
	}
	return strings.Join(parts, p.say(comma))
}

func (p *page) promise(f Figure) string {
	if !f.Promised() {
		return p.say(noPromise)
	}
	return p.say(promisedBand, f.band(p.lang))
}

func (p *page) outcome(f Figure) string {
	switch {
	case f.Open:
		return p.say(neverEnded)
	case !f.Promised():
		return ""
	case f.Kept():
		return p.say(kept)
	}
	return p.say(missed)
}

// who names the figure and what it was measured on.
func (f Figure) who(l lang) string {
	if f.path() == "" {
		return f.name(l)
	}
	return fmt.Sprintf("%s (%s)", f.name(l), f.path())
}

func (f Figure) path() string {
	if f.Client == "" || !f.VIP.IsValid() {
		return f.Client
	}
	return f.Client + " -> " + f.VIP.String()
}

func (f Figure) name(l lang) string {
	switch f.Name {
	case "failover":
		return l.say(failover)
	case "failback":
		return l.say(failback)
	}
	return f.Name
}

// amount is the value with its unit; an open one is only known to be longer.
func (f Figure) amount(l lang) string {
	text := l.say(inSeconds, f.number())
	if f.Open {
		return l.say(atLeast, text)
	}
	return text
}

// number is the value to a tenth of a second, or as fine as it takes for the printed value to be
// on the same side of the band's ends as the measured one.
func (f Figure) number() string {
	for _, unit := range []time.Duration{100 * time.Millisecond, time.Millisecond, time.Microsecond} {
		if f.inBand(f.Value.Round(unit)) == f.inBand(f.Value) {
			return strconv.FormatFloat(f.Value.Round(unit).Seconds(), 'f', places(unit), 64)
		}
	}
	return bare(f.Value)
}

// places is how many decimals of a second the unit needs.
func places(unit time.Duration) int {
	n := 0
	for ; unit < time.Second; unit *= 10 {
		n++
	}
	return n
}

// band is the promise in words: "30-40 s".
func (f Figure) band(l lang) string {
	from, to := bare(f.BandMin), bare(f.BandMax)
	switch {
	case f.BandMax == 0:
		return l.say(bandFrom, from)
	case f.BandMin == 0:
		return l.say(bandTo, to)
	}
	return l.say(bandBetween, from, to)
}

// bare is a number of seconds without needless zeros.
func bare(d time.Duration) string {
	text := strconv.FormatFloat(d.Seconds(), 'f', 9, 64) // exact: a Duration is whole nanoseconds
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// tenths is a number of seconds with one decimal.
func tenths(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) }
