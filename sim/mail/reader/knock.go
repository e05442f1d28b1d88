package reader

import (
	"bufio"
	"errors"
	"net/netip"
	"os"
	"strings"
	"time"

	"ipwsim/sim/mail"
	"ipwsim/sim/trace"
)

// knockTime is how long somebody who knocks waits for a word.
const knockTime = 10 * time.Second

// Knock connects to a server from the machine, as somebody does with telnet, and records what comes
// first.
func Knock(h mail.Host, to netip.AddrPort) {
	h.Go("knock", func() {
		start := h.Now()
		told := trace.Connect{Server: to}
		defer func() {
			told.Took = h.Now().Sub(start)
			h.Record(told)
		}()
		c, err := h.Dial(netip.Addr{}, to, dialTime)
		if err != nil {
			told.Outcome = trace.NotConnected
			return
		}
		defer c.Close()
		_ = c.SetReadDeadline(h.Now().Add(knockTime))
		line, err := bufio.NewReaderSize(c, 512).ReadString('\n')
		switch {
		case strings.HasSuffix(line, "\n"):
			told.Outcome, told.Banner = trace.Greeted, strings.TrimSpace(line)
		case errors.Is(err, os.ErrDeadlineExceeded):
			told.Outcome = trace.NoBanner
		default:
			told.Outcome = trace.ClosedAtOnce
		}
	})
}
