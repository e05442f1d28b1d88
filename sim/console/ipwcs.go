package console

import (
	"net/netip"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/core/table"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// ipwcs is the product's own command (W4).
func (c *Console) ipwcs(args []string) {
	what := ""
	if len(args) == 1 {
		what = strings.ToLower(args[0])
	}
	switch what {
	case "-entry":
		e := &entry{c: c}
		e.askKind()
	case "-debug":
		c.debug()
	case "-install":
		c.install()
	default: // Inferred: without a word
		c.end()
	}
}

// entry is the dialogue of -entry. Ctrl-C ends it like any command, with nothing written.
//
// Inferred: its English; that what cannot be right is asked for again.
type entry struct {
	c      *Console
	append bool
	core.Entry
}

func (e *entry) askKind() {
	e.c.ask(e.c.in("Monitoring table [0:new, 1:append] = ", "監視テーブルの作成 [0:新規, 1:追加] = "), func(line string) {
		switch strings.TrimSpace(line) {
		case "0", "1":
			e.append = strings.TrimSpace(line) == "1"
			e.askPeer()
		default:
			e.askKind()
		}
	})
}

func (e *entry) askPeer() {
	e.c.ask(e.c.in(`Name of the paired computer (e.g. \\SV01) = `, `ペアとなるコンピュータ名 (例. \\SV01) = `), func(line string) {
		if e.Peer = strings.TrimSpace(line); strings.HasPrefix(e.Peer, `\\`) && len(e.Peer) > 2 {
			e.askVIP()
			return
		}
		e.askPeer()
	})
}

func (e *entry) askVIP() {
	e.c.ask(e.c.in("IP address to watch (e.g. 192.168.0.2) = ", "監視する IP アドレス (例. 192.168.0.2) = "), func(line string) {
		ip, err := netip.ParseAddr(strings.TrimSpace(line))
		if e.VIP = ip; err == nil && ip.Is4() {
			e.askInterface()
			return
		}
		e.askVIP()
	})
}

func (e *entry) askInterface() {
	e.c.ask(e.c.in(`Network connection name (e.g. "Local Area Connection") = `, `ネットワーク構成名 (例. "ローカル エリア接続") = `), func(line string) {
		if e.Interface = strings.Trim(strings.TrimSpace(line), `"`); e.Interface != "" {
			e.askConfirm()
			return
		}
		e.askInterface()
	})
}

func (e *entry) askConfirm() {
	e.c.ask(e.c.in("Is this correct? [y/n] = ", "設定してよろしいですか? [y/n] = "), func(line string) {
		if strings.EqualFold(strings.TrimSpace(line), "y") {
			e.write()
		}
		e.c.end()
	})
}

// write writes ipwatch.dat. What would not be read back the same is not written (W4).
func (e *entry) write() {
	var old table.Table
	if e.append {
		old = e.c.Node.Table()
	}
	written, problems := old.Append(e.Entry)
	if err := problems.Err(); err != nil {
		e.c.aside(err.Error())
		return
	}
	e.c.Node.WriteTable(written)
}

// install is -install.
func (c *Console) install() {
	c.ask(c.in(`Login account (e.g. sv01\\Administrator) = `, `ログインアカウント(例. sv01\\Administrator) = `), func(account string) {
		c.ask(c.in("Login password=", "ログインパスワード="), func(string) {
			c.Node.Install(strings.TrimSpace(account))
			c.print(service + " installed.")
			c.end()
		})
		c.job.secret = true
	})
}

// debug is -debug: the watcher in the foreground, until Ctrl-C. The service must not run.
//
// Inferred: what it says when it does, as the pipe is in use.
func (c *Console) debug() {
	c.print("Debugging " + service + ".")
	if c.Node.ServiceState() != trace.Stopped {
		c.stamped("CreateNamedPipe() error.")
		c.end()
		return
	}
	c.begin(func() {
		c.print("SERVICE_CONTROL_STOP in debug mode.\nStopping " + service + ".")
		c.job.interrupt, c.job.open = func() {}, false
		c.do("stop-service", c.Node.StopService)
	})
	c.job.open = true
	first := true
	c.do("start-service", func() bool {
		return c.Node.StartDebug(windows.Debug{Ended: c.end, Line: func(l core.Log) {
			if l.Bare {
				c.print(l.Text)
				return
			}
			c.stamped(l.Text)
			if first {
				c.print(c.Wall().Format(time.RFC1123Z))
			}
			first = false
		}})
	})
}

// stamped is a line of the watcher's log (W10).
func (c *Console) stamped(text string) { c.print(driver.Stamp(c.Wall()) + " " + text) }
