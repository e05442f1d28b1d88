package share_test

import (
	"fmt"
	"hash"
	"hash/fnv"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/netstack/wire"
	"ipwsim/sim/mail/mailtest"
	"ipwsim/sim/share"
)

var serverAt = netip.AddrPortFrom(netip.MustParseAddr("10.0.0.9"), share.Port)

// lab is a share and two machines that mount it, on one switch.
type lab struct {
	*mailtest.Lab
	t      testing.TB
	disk   *share.Disk
	server *mailtest.Machine
	a, b   *node
}

// node is a machine with the share mounted.
type node struct {
	*mailtest.Machine
	*share.Mount
	lab *lab
}

func newLab(t testing.TB) *lab {
	l := &lab{Lab: mailtest.New(1), t: t}
	t.Cleanup(l.Close)
	l.server = l.Machine("nas", "10.0.0.9/24")
	l.disk = share.NewDisk(l.server.Now)
	serveOn(l.server, l.disk)
	l.a = l.node("a", "10.0.0.1/24", "Administrator")
	l.b = l.node("b", "10.0.0.2/24", `.\Administrator`)
	return l
}

func serveOn(m *mailtest.Machine, d *share.Disk) {
	m.Go("share", func() {
		if l, err := m.Listen(serverAt); err == nil {
			_ = share.Serve(m, l, d)
		}
	})
}

func (l *lab) node(name, address, account string) *node {
	m := l.Machine(name, address)
	return &node{m, share.NewMount(m, serverAt, account), l}
}

// do runs f on the machine, and the world until f has ended, and says how long that took.
func (n *node) do(f func(share.FS)) time.Duration {
	n.lab.t.Helper()
	start, ended := n.Machine.Now(), time.Time{}
	n.Go("test", func() {
		f(n.Mount)
		ended = n.Machine.Now()
	})
	for range 6000 {
		if n.lab.Run(50 * time.Millisecond); !ended.IsZero() {
			return ended.Sub(start)
		}
	}
	require.FailNow(n.lab.t, "the operation has not ended after five minutes")
	return 0
}

// outside is a node's share for code that runs outside the world.
type outside struct{ *node }

func (o outside) Create(name string, data []byte) (err error) {
	o.do(func(s share.FS) { err = s.Create(name, data) })
	return err
}

func (o outside) ReadFile(name string) (data []byte, err error) {
	o.do(func(s share.FS) { data, err = s.ReadFile(name) })
	return data, err
}

func (o outside) Rename(from, to string) (err error) {
	o.do(func(s share.FS) { err = s.Rename(from, to) })
	return err
}

func (o outside) Remove(name string) (err error) {
	o.do(func(s share.FS) { err = s.Remove(name) })
	return err
}

func (o outside) Mkdir(name string) (err error) {
	o.do(func(s share.FS) { err = s.Mkdir(name) })
	return err
}

func (o outside) Stat(name string) (i share.Info, err error) {
	o.do(func(s share.FS) { i, err = s.Stat(name) })
	return i, err
}

func (o outside) ReadDir(name string) (all []share.Info, err error) {
	o.do(func(s share.FS) { all, err = s.ReadDir(name) })
	return all, err
}

// hash sums up every frame from now on, with its time and cable.
func (l *lab) hash() hash.Hash64 {
	h := fnv.New64a()
	l.Network().AddTap(func(at time.Duration, c *wire.Cable, b []byte) {
		fmt.Fprintf(h, "%d %s %x\n", at, c.Name(), b)
	})
	return h
}
