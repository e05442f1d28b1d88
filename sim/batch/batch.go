// Package batch reads arpclear.bat, the batch file that makes clients learn the VIP's new owner
// (H11): `arp -d` and `ping -n <count> <client> -S <VIP>`, with comments.
package batch

import (
	"fmt"
	"net/netip"
	"strings"
)

// Batch is the commands of a batch file, in their order.
type Batch struct {
	Commands []Command
}

// Command is one line that does something: a ping, or `arp -d` when there is none.
type Command struct {
	Line int // in the file, from 1
	Ping *Ping
}

// Ping is one call of ping.exe (H9).
type Ping struct {
	Count  int // -n: echo requests to send, 1 to MaxCount; Windows' own 4 when the line has none
	Target netip.Addr
	Source netip.Addr // -S: the address to send from; the zero Addr when the line has none
}

// String is the command line as Windows has it.
func (c Command) String() string {
	switch {
	case c.Ping == nil:
		return "arp -d"
	case !c.Ping.Source.IsValid():
		return fmt.Sprintf("ping -n %d %s", c.Ping.Count, c.Ping.Target)
	}
	return fmt.Sprintf("ping -n %d %s -S %s", c.Ping.Count, c.Ping.Target, c.Ping.Source)
}

// Format is the batch as a file without comments, ASCII with CRLF. Parse reads the same commands
// from it.
func (b Batch) Format() []byte {
	var s strings.Builder
	for _, c := range b.Commands {
		s.WriteString(c.String() + "\r\n")
	}
	return []byte(s.String())
}
