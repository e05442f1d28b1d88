package driver_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/core"
	"ipwsim/core/driver"
	"ipwsim/core/driver/porttest"
)

func TestFakeKeepsTheContracts(t *testing.T) {
	porttest.Run(t, func(_ porttest.TB, in driver.Inputs) porttest.Host { return newFake(in) })
}

// A twin is the fake with one port broken in one way; the contract named must catch it.
type twin struct {
	contract string
	flaw     string
	broken   func(*fake)
}

// The broken ports. Each embeds the sound one and spoils one method.
type (
	clock struct {
		*fake
		now  func() time.Duration
		wake func(at time.Duration)
	}
	prober struct {
		*fake
		echo func(vip netip.Addr, answered func())
	}
	addresses struct {
		*fake
		add, del func(vip netip.Addr, done func(int, string))
		flush    func(done func(int, string))
	}
	peer struct {
		*fake
		open  func(func(netip.Addr, core.Balance, func(core.Answer)))
		close func()
		ask   func(vip netip.Addr, answer func(core.Answer))
	}
	adverts struct {
		*fake
		join      func(heard func(netip.Addr, []byte))
		leave     func()
		advertise func(packet []byte)
	}
	inputs struct {
		driver.Inputs
		changed func(netip.Addr, core.AddressState)
		up      func(string)
		down    func(string)
	}
)

func (c clock) Now() time.Duration {
	if c.now != nil {
		return c.now()
	}
	return c.fake.Now()
}

func (c clock) Wake(at time.Duration) {
	if c.wake != nil {
		c.wake(at)
		return
	}
	c.fake.Wake(at)
}

func (p prober) Echo(vip netip.Addr, _ time.Duration, answered func()) { p.echo(vip, answered) }

func (a addresses) Add(_ string, vip netip.Addr, done func(int, string)) {
	if a.add != nil {
		a.add(vip, done)
		return
	}
	a.fake.Add("", vip, done)
}

func (a addresses) Delete(_ string, vip netip.Addr, done func(int, string)) {
	if a.del != nil {
		a.del(vip, done)
		return
	}
	a.fake.Delete("", vip, done)
}

func (a addresses) FlushARP(done func(int, string)) {
	if a.flush != nil {
		a.flush(done)
		return
	}
	a.fake.FlushARP(done)
}

func (p peer) Open(asked func(netip.Addr, core.Balance, func(core.Answer))) {
	if p.open != nil {
		p.open(asked)
		return
	}
	p.fake.Open(asked)
}

func (p peer) Close() {
	if p.close != nil {
		p.close()
		return
	}
	p.fake.Close()
}

func (p peer) Ask(_ string, vip netip.Addr, as core.Balance, answer func(core.Answer)) {
	if p.ask != nil {
		p.ask(vip, answer)
		return
	}
	p.fake.Ask("", vip, as, answer)
}

func (a adverts) Join(heard func(netip.Addr, []byte)) {
	if a.join != nil {
		a.join(heard)
		return
	}
	a.fake.Join(heard)
}

func (a adverts) Leave() {
	if a.leave != nil {
		a.leave()
		return
	}
	a.fake.Leave()
}

func (a adverts) Advertise(packet []byte) {
	if a.advertise != nil {
		a.advertise(packet)
		return
	}
	a.fake.Advertise(packet)
}

func (i inputs) NetworkDown(iface string) {
	if i.down != nil {
		i.down(iface)
		return
	}
	i.Inputs.NetworkDown(iface)
}

func (i inputs) AddressChanged(vip netip.Addr, s core.AddressState) {
	if i.changed != nil {
		i.changed(vip, s)
		return
	}
	i.Inputs.AddressChanged(vip, s)
}

func (i inputs) NetworkUp(iface string) {
	if i.up != nil {
		i.up(iface)
		return
	}
	i.Inputs.NetworkUp(iface)
}

// recorder is a porttest.TB that fails in silence.
type recorder struct{ failures []string }

func (r *recorder) Helper()             {}
func (r *recorder) Cleanup(func())      {}
func (r *recorder) Logf(string, ...any) {}
func (r *recorder) Errorf(format string, args ...any) {
	r.failures = append(r.failures, fmt.Sprintf(format, args...))
}

func TestEveryContractCatchesItsTwins(t *testing.T) {
	caught := make(map[string]bool)
	for _, tw := range slices.Concat(clockTwins, echoTwins, addressTwins, linkTwins, peerTwins, advertTwins) {
		t.Run(tw.contract+"/"+tw.flaw, func(t *testing.T) {
			i := slices.IndexFunc(porttest.Contracts(), func(c porttest.Contract) bool { return c.Name == tw.contract })
			require.GreaterOrEqual(t, i, 0, "a contract of that name")
			var r recorder
			porttest.Contracts()[i].Check(&r, func(_ porttest.TB, in driver.Inputs) porttest.Host {
				f := newFake(in)
				tw.broken(f)
				return f
			})
			require.NotEmpty(t, r.failures, "%s lets ports pass of which this is true: %s", tw.contract, tw.flaw)
			caught[tw.contract] = true
		})
	}
	for _, c := range porttest.Contracts() {
		require.True(t, caught[c.Name], "%s has a twin that it catches", c.Name)
	}
}
