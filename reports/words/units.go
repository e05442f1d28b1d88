package words

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/finding"
)

// Seconds is a time in seconds, to the millisecond at most: "33.4 s".
func (l Lang) Seconds(d time.Duration) string { return l.Say("in-seconds", Tidy(d)) }

// Lasting is a length in seconds, to the millisecond; one that rounds to none is said to be less.
func (l Lang) Lasting(d time.Duration) string {
	if hardly(d) {
		return l.Say("hardly")
	}
	return l.Seconds(d)
}

// hardly says whether the time is one, and rounds to none.
func hardly(d time.Duration) bool { return 0 < d && d < time.Millisecond/2 }

// Tenths is a time in seconds with one decimal.
func (l Lang) Tenths(d time.Duration) string { return l.Say("in-seconds", Tenths(d)) }

// Stamp is a point of virtual time, to the millisecond.
func (l Lang) Stamp(t time.Duration) string {
	return l.Say("in-seconds", strconv.FormatFloat(t.Seconds(), 'f', 3, 64))
}

// Length is a stretch of time in words: seconds, and from two minutes on minutes and hours as well.
func (l Lang) Length(d time.Duration) string {
	text := l.Say("in-seconds", Shortly(d))
	if hardly(d) {
		return l.Say("hardly")
	}
	if d < 2*time.Minute {
		return text
	}
	whole := d.Round(time.Second)
	clock := fmt.Sprintf("%d:%02d", int(whole.Minutes()), int(whole.Seconds())%60)
	if whole >= time.Hour {
		clock = fmt.Sprintf("%d:%02d:%02d", int(whole.Hours()), int(whole.Minutes())%60, int(whole.Seconds())%60)
		return l.Say("page.hours", text, clock)
	}
	return l.Say("page.minutes", text, clock)
}

// Band is a band of times: "30-40 s", or "40 s or less".
func (l Lang) Band(b finding.Band) string {
	switch {
	case b.Most == 0:
		return l.Say("band-from", Bare(b.Least))
	case b.Least == 0:
		return l.Say("band-to", Tidy(b.Most))
	}
	return l.Say("band-between", Tidy(b.Least), Tidy(b.Most))
}

// Bare is a number of seconds without needless zeros, exact.
func Bare(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign = "-"
	}
	all := d.Abs()
	text := fmt.Sprintf("%s%d.%09d", sign, all/time.Second, all%time.Second)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}

// Tidy is a number of seconds to the millisecond.
func Tidy(d time.Duration) string { return Bare(d.Round(time.Millisecond)) }

// Tenths is a number of seconds with one decimal.
func Tenths(d time.Duration) string { return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) }

// Shortly is a number of seconds: a tenth where that says enough, else a millisecond.
func Shortly(d time.Duration) string {
	if d < time.Second && d > 0 {
		return Tidy(d)
	}
	return Tenths(d)
}

// Address is an address in words.
func Address(a netip.Addr) string {
	if !a.IsValid() {
		return "?"
	}
	return a.String()
}
