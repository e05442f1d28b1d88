package windows

import (
	"slices"

	"ipwsim/sim/batch"
	"ipwsim/sim/trace"
)

// batchRun is cmd.exe working through a batch file: each command waits for the one before (H11), unless that was begun by
// `start`.
//
// Inferred: a task has ended when all that its batch began has.
type batchRun struct {
	node    *Node
	left    []batch.Command
	halts   bool    // behind them it waits for ever
	limited bool    // it has not an administrator's rights
	pings   []*Ping // under way
	over    bool    // nothing is left to be begun
	exit    int     // of the command before
	killed  bool
	done    func()
}

// next runs the next command, or ends the batch. A command that fails does not stop cmd.exe.
func (r *batchRun) next() {
	if len(r.left) == 0 {
		r.over = !r.halts
		r.end()
		return
	}
	c := r.left[0]
	r.left = r.left[1:]
	done := func(exit int, _ string) {
		if r.exit = exit; !r.killed {
			r.next()
		}
	}
	switch {
	case c.End:
		r.left, r.halts = nil, false
		r.next()
	case c.Halt:
		r.left, r.halts = nil, true
		r.next()
	case c.Test != nil:
		if c.Test.Never || c.Test.Failed != (r.exit != exitOK) {
			r.left = r.left[c.Test.Skip:]
		}
		r.next()
	case c.Ping != nil:
		r.runPing(c)
	case c.Wait > 0:
		r.node.commands.run(trace.Command{Does: trace.WaitTime, Line: c.String()}, c.Wait, done, func() (int, string) { return exitOK, "" })
	case c.Netsh:
		r.node.commands.flushByNetsh(c.String(), !r.limited, done)
	default:
		r.node.commands.flushByARP(!r.limited, done)
	}
}

// runPing lets ping.exe run to its end: about 9 s for ten requests to a live client, 40 s to a
// silent one (H9).
func (r *batchRun) runPing(c batch.Command) {
	domain := r.node.host.Domain()
	start := domain.Now()
	var p *Ping
	options := PingOptions{Target: c.Ping.Target, Source: c.Ping.Source, Count: c.Ping.Count, Timeout: c.Ping.Timeout}
	p = r.node.StartPing(options, func() {
		domain.After(0, func() { // one that cannot send ends before Ping has returned
			if r.killed {
				return
			}
			r.pings = slices.DeleteFunc(r.pings, func(x *Ping) bool { return x == p })
			r.node.env.Record(r.node.name, trace.Command{Does: trace.RunPing, IP: c.Ping.Target, Line: c.String(), Exit: pingExit(p), Took: domain.Now() - start})
			if c.Ping.Apart {
				r.end()
				return
			}
			if r.exit = pingExit(p); c.Ping.Found && p.replies == 0 {
				r.exit = exitFailed
			}
			r.next()
		})
	})
	r.pings = append(r.pings, p)
	if c.Ping.Apart {
		r.exit = exitOK
		r.next()
	}
}

// end ends the batch if nothing of it is under way.
func (r *batchRun) end() {
	if r.over && len(r.pings) == 0 {
		r.done()
	}
}

// pingExit is the exit status of a ping.exe that has ended.
//
// Inferred: it follows the summary, in which an unreachable counts as received (FIELD-FACTS).
func pingExit(p *Ping) int {
	if p.received == 0 {
		return exitFailed
	}
	return exitOK
}

// kill ends cmd.exe and the ping.exe under it.
func (r *batchRun) kill() {
	r.killed = true
	for _, p := range r.pings {
		if !p.ended {
			p.kill()
		}
	}
}
