package console

import (
	"math"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/says"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// defaultCount is how often ping.exe asks by itself; of more than soon nobody awaits the end, an hour or more away.
const (
	defaultCount = 4
	soon         = 3600
)

// ping is ping.exe (H9): -t, -n, -S, -w, -l and one target.
func (c *Console) ping(args []string) {
	o, name, problem := c.pingOptions(args)
	if problem != "" {
		c.print(problem)
		c.end()
		return
	}
	target, ok := c.address(name)
	if !ok {
		c.printf(c.in("Ping request could not find host %s. Please check the name and try again.",
			"ping 要求ではホスト %s が見つかりませんでした。ホスト名を確認してもう一度実行してください。"), name)
		c.end()
		return
	}
	o.Target = target
	c.runPing(o)
}

func (c *Console) runPing(o windows.PingOptions) {
	count, stopped := says.PingCount{}, false
	var exact []time.Duration
	o.Line = func(l trace.PingLine) {
		if l.Outcome == trace.Replied {
			count.Trips, exact = append(count.Trips, says.Milliseconds(l.RTT)), append(exact, l.RTT)
		}
		c.print(c.pinged(o, l))
	}
	o.Summary = func(e trace.PingEnd) {
		count.Sent, count.Received = e.Sent, e.Received
		summary := c.Language.PingSummary(o.Target.String(), count)
		if c.Machine.Linux() {
			summary = says.LinuxPing{}.Summary(o.Target.String(), e.Sent, e.Received-len(exact), exact)
		}
		c.print("\n" + strings.Join(summary, "\n"))
		if stopped && c.Machine.Linux() {
			c.Record(trace.Console{Typed: Interrupt})
		} else if stopped {
			c.print("Control-C")
			c.Record(trace.Console{Typed: Interrupt})
		}
		c.end()
	}
	if c.Machine.Linux() {
		c.print(says.LinuxPing{}.Head(o.Target, o.Bytes))
	} else {
		c.print("\n" + c.Language.PingHead(o.Target, o.Bytes))
	}
	var p *windows.Ping
	own := c.begin(func() {
		stopped = true
		p.Stop()
	})
	own.open, own.quiet = o.Count == 0 || o.Count > soon, true
	p = c.Machine.StartPing(o, nil)
}

// pinged is a line of ping.exe, or of Linux' ping.
func (c *Console) pinged(o windows.PingOptions, l trace.PingLine) string {
	if linux := (says.LinuxPing{}); c.Machine.Linux() {
		switch l.Outcome {
		case trace.Replied:
			return linux.Reply(l.From.String(), o.Bytes, l.Seq, l.TTL, l.RTT)
		case trace.HostUnreachable:
			return linux.Unreachable(l.From.String(), l.Seq)
		case trace.GeneralFailure:
			return linux.Failed()
		}
		return linux.TimedOut(l.Seq)
	}
	switch l.Outcome {
	case trace.Replied:
		return c.Language.PingReply(l.From.String(), o.Bytes, l.RTT, l.TTL)
	case trace.HostUnreachable:
		return c.Language.PingUnreachable(l.From.String())
	case trace.GeneralFailure:
		return c.Language.PingFailed()
	}
	return c.Language.PingTimedOut()
}

// address finds a host by its address or its computer's name.
func (c *Console) address(name string) (netip.Addr, bool) {
	if a, err := netip.ParseAddr(name); err == nil {
		return a, a.Is4()
	}
	return c.Resolve(name)
}

// pingOptions reads the words behind ping; what is wrong is said as ping.exe says it.
func (c *Console) pingOptions(args []string) (o windows.PingOptions, name, problem string) {
	o = windows.PingOptions{Count: defaultCount, Bytes: windows.PingBytes}
	if c.Machine.Linux() {
		o.Count = 0 // until Ctrl-C
	}
	for len(args) > 0 {
		word := args[0]
		args = args[1:]
		option := strings.Replace(word, "/", "-", 1)
		switch {
		case option == "-t":
			o.Count = 0
		case option == "-4":
		case option == "-c" && len(args) > 0 && c.Machine.Linux():
			args = append([]string{"-n"}, args...)
		case option == "-n", option == "-S", option == "-w", option == "-l":
			if len(args) == 0 {
				return o, "", c.in("A value must be supplied for option "+word+".", "オプション "+word+" には値が必要です。")
			}
			if !c.pingOption(&o, option, args[0]) {
				if option == "-n" && !c.Machine.Linux() {
					return o, "", c.in("Bad value for option "+word+", valid range is from 1 to 4294967295.",
						"オプション "+word+" の値が正しくありません。有効な範囲は 1 から 4294967295 です。")
				}
				return o, "", c.in("Bad value for option "+word+".", "オプション "+word+" の値が正しくありません。")
			}
			args = args[1:]
		case strings.HasPrefix(option, "-"):
			return o, "", c.in("Bad option "+word+".", "オプション "+word+" が正しくありません。")
		case name != "":
			return o, "", c.in("Bad parameter "+word+".", "パラメーター "+word+" が正しくありません。")
		default:
			name = word
		}
	}
	if name == "" {
		problem = c.in("IP address must be specified.", "IP アドレスを指定する必要があります。")
	}
	return o, name, problem
}

// pingOption sets an option; false for a value that is none.
func (c *Console) pingOption(o *windows.PingOptions, option, value string) bool {
	if option == "-S" {
		a, err := netip.ParseAddr(value)
		o.Source = a
		return err == nil && a.Is4()
	}
	n, err := strconv.Atoi(value)
	switch option {
	case "-n":
		o.Count = n
		return err == nil && n > 0 && n <= math.MaxUint32
	case "-w":
		o.Timeout = time.Duration(n) * time.Millisecond
		return err == nil && n > 0 && n <= 3_600_000
	}
	o.Bytes = n
	return err == nil && n > 0 && n <= maxPing
}

// maxPing is the largest echo request that goes in one frame: fragments are not simulated.
const maxPing = 1472
