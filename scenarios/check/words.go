package check

import (
	"strconv"
	"strings"
	"time"
)

// secs writes a time in seconds, to the millisecond at most: "33.4 s".
func secs(d time.Duration) string {
	text := strconv.FormatFloat(d.Seconds(), 'f', 3, 64)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".") + " s"
}

// String tells the cause in a clause: "unplug active at 60 s".
func (c Cause) String() string {
	switch c.Kind {
	case ByFault:
		return c.Text + " at " + secs(c.At)
	case ByCycle, ByGiveBack:
		return "release by " + c.Host + " at " + secs(c.At) + ": " + c.Text
	}
	return "no fault on record"
}
