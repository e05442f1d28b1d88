package wire

import (
	"testing"
	"time"

	"ipwsim/netstack/vtime"
)

// sink is a station that only frees what it hears.
type sink struct{}

func (sink) Receive(_ *Port, f *Frame)   { f.Free() }
func (sink) LinkChanged(_ *Port, _ bool) {}

// carry sends b.N frames from a station over its cable, a switch and a second cable.
func carry(b *testing.B, prepare func(*Network)) {
	s := vtime.NewScheduler(0, time.Time{})
	n := NewNetwork(s)
	sw := NewSwitch(n, "sw1")
	a, z := NewPort("a", sink{}), NewPort("z", sink{})
	n.Connect("a", a, sw.AddPort("a"), latency, nil)
	n.Connect("z", z, sw.AddPort("z"), latency, nil)
	from, to := MAC{2, 0, 0, 0, 0, 1}, MAC{2, 0, 0, 0, 0, 2}
	send := func(p *Port, src, dst MAC) {
		f := n.NewFrame(60)
		clear(f.B)
		copy(f.B[0:6], dst[:])
		copy(f.B[6:12], src[:])
		p.Send(f)
		s.RunUntil(s.Now() + 2*latency)
	}
	send(z, to, from)
	prepare(n)
	b.ReportAllocs()
	for b.Loop() {
		send(a, from, to)
	}
}

func BenchmarkFrame(b *testing.B) { carry(b, func(*Network) {}) }

func BenchmarkFrameImpaired(b *testing.B) {
	carry(b, func(n *Network) {
		n.SetSeed(1)
		for _, c := range n.Cables() {
			for _, d := range []Direction{AToB, BToA} {
				// The loss is too rare to stop a frame, so that each crosses both cables.
				if err := c.Impair(d, Impairment{Jitter: 1, Loss: 1e-300, Reorder: 1e-300, Hold: 1, Duplicate: 1e-300}); err != nil {
					b.Fatal(err)
				}
			}
		}
	})
}

func BenchmarkFrameTenRules(b *testing.B) {
	carry(b, func(n *Network) {
		for range 10 {
			if _, err := n.AddRule(Rule{Verdict: Verdict{Action: Drop}, Protocol: TCP, Port: 25}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
