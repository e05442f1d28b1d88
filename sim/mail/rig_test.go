package mail_test

import (
	"bufio"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/mailtest"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/share/nas"
	"ipwsim/sim/trace"
)

var (
	vip       = netip.MustParseAddr("10.0.0.100")
	atVIP     = netip.AddrPortFrom(vip, 25)
	outsideIP = netip.MustParseAddr("10.0.0.9")
	anyPort25 = settings.Bind{Address: netip.IPv4Unspecified(), Port: 25}
)

// rig is two nodes, a client, the server of another domain, and a share's disk.
type rig struct {
	t                                *testing.T
	lab                              *mailtest.Lab
	disk                             *share.Disk
	active, standby, client, foreign *mailtest.Machine
	outside                          *mail.Outside
	node                             settings.Node
}

func newRig(t *testing.T) *rig {
	lab := mailtest.New(1)
	t.Cleanup(lab.Close)
	r := &rig{
		t: t, lab: lab,
		active: lab.Machine("active", "10.0.0.1/24"), standby: lab.Machine("standby", "10.0.0.2/24"),
		client: lab.Machine("client", "10.0.0.50/24"), foreign: lab.Machine("foreign", "10.0.0.9/24"),
		node: settings.Node{
			SMTP:     settings.Service{Installed: true, Binds: []settings.Bind{anyPort25}},
			Delivery: settings.Delivery{LogicalIP: vip, RetryAfter: 10 * time.Minute, RetryFor: time.Hour},
			Folder:   "cl_mail",
			Domains: []settings.Domain{{Name: "test.jp", Users: []settings.User{
				{Name: "user1"}, {Name: "user2"}, {Name: "user3"}, {Name: "sender"},
			}}},
			Hosts: map[string][]netip.Addr{"test.jp": {vip}, "outside.jp": {outsideIP}},
		},
	}
	r.disk = share.NewDisk(r.client.Now)
	r.outside = mail.NewOutside(r.foreign, netip.AddrPortFrom(outsideIP, 25))
	r.outside.Start()
	for _, m := range []*mailtest.Machine{r.active, r.standby} {
		m.Record(trace.Power{State: trace.On})
	}
	r.hold(r.active)
	return r
}

// hold gives the VIP to a machine.
func (r *rig) hold(m *mailtest.Machine) {
	m.Host().NIC().Add(netip.PrefixFrom(vip, 24))
	m.Record(trace.Address{IP: vip, State: trace.Preferred})
}

// start starts both services on a node.
func (r *rig) start(m *mailtest.Machine, name string, fs share.FS) {
	mail.NewEPSTRS(m, fs, r.node, name).Start()
	mail.NewEPSTDS(m, fs, r.node, name).Start()
}

// witnessed is the disk as a machine uses it, each change of a message's file recorded as the share's server does.
type witnessed struct {
	share.FS
	rig  *rig
	peer netip.AddrPort
}

// seen is the disk for the machine.
func (r *rig) seen(m *mailtest.Machine) share.FS {
	ip := map[*mailtest.Machine]string{r.active: "10.0.0.1", r.standby: "10.0.0.2"}[m]
	return witnessed{r.disk, r, netip.AddrPortFrom(netip.MustParseAddr(ip), 50000)}
}

func (w witnessed) tell(err error, c share.Change) error {
	if f, ok := folder.Witness(c, w.FS.ReadFile); ok && err == nil {
		w.rig.client.Record(f)
	}
	return err
}

func (w witnessed) Create(name string, data []byte) error {
	return w.tell(w.FS.Create(name, data), share.Change{Op: nas.Create, Name: name, Peer: w.peer})
}

func (w witnessed) Rename(from, to string) error {
	return w.tell(w.FS.Rename(from, to), share.Change{Op: nas.Rename, Name: from, To: to, Peer: w.peer})
}

func (w witnessed) Remove(name string) error {
	return w.tell(w.FS.Remove(name), share.Change{Op: nas.Remove, Name: name, Peer: w.peer})
}

// both starts both nodes on the disk.
func (r *rig) both() {
	r.start(r.active, "active", r.seen(r.active))
	r.start(r.standby, "standby", r.seen(r.standby))
	r.lab.Run(time.Second)
}

func (r *rig) folder() *folder.Folder { return folder.New(r.disk, r.node.Folder) }

// stock are the messages that lie on the share.
func (r *rig) stock() []trace.MailStock {
	all, err := r.folder().Stock()
	require.NoError(r.t, err)
	return slices.DeleteFunc(all, func(s trace.MailStock) bool { return s.Place == trace.Unfinished })
}

// in counts the messages in a place of the share.
func (r *rig) in(place string) (n int) {
	for _, s := range r.stock() {
		if where(s) == place {
			n++
		}
	}
	return n
}

// where is the folder of the share that the message lies in.
func where(s trace.MailStock) string {
	if s.Place == trace.InMailbox {
		return s.Box
	}
	return string(s.Place)
}

// recorded are those of one kind.
func recorded[B trace.Body](tr *trace.Trace) (all []B) {
	for _, rec := range tr.Records {
		if b, ok := rec.Body.(B); ok {
			all = append(all, b)
		}
	}
	return all
}

// talk says lines to a server, each after the answer to the one before, and returns the answers. A
// line "wait <duration>" lets time pass. Whatever is left unsaid when the server hangs up is dropped.
func (r *rig) talk(m *mailtest.Machine, at netip.AddrPort, lines ...string) (answers []string) {
	m.Go("talk", func() {
		c, err := m.Dial(netip.Addr{}, at, time.Minute)
		if err != nil {
			answers = append(answers, "no connection")
			return
		}
		defer c.Close()
		in := bufio.NewReader(c)
		hear := func() bool {
			_ = c.SetReadDeadline(m.Now().Add(time.Hour))
			for {
				line, err := in.ReadString('\n')
				if err != nil {
					answers = append(answers, "hung up")
					return false
				}
				if len(line) < 4 || line[3] != '-' {
					answers = append(answers, strings.TrimSpace(line))
					return true
				}
			}
		}
		if !hear() {
			return
		}
		for _, l := range lines {
			if d, ok := strings.CutPrefix(l, "wait "); ok {
				pause, err := time.ParseDuration(d)
				require.NoError(r.t, err)
				m.Sleep(pause)
				continue
			}
			if _, err := io.WriteString(c, l); err != nil || !hear() {
				return
			}
		}
	})
	r.lab.Run(2 * time.Hour)
	return answers
}

// codes are the first three characters of answers, in one line.
func codes(answers []string) string {
	var all []string
	for _, a := range answers {
		all = append(all, a[:min(3, len(a))])
	}
	return strings.Join(all, " ")
}

const text = "Subject: a test\r\nMessage-ID: <1.test@client>\r\n\r\nHello.\r\n"

// toUser1 is a whole session.
func toUser1(data string) []string {
	return []string{"EHLO client\r\n", "MAIL FROM:<sender@test.jp>\r\n", "RCPT TO:<user1@test.jp>\r\n", "DATA\r\n", data, "QUIT\r\n"}
}

// caller is a client that says a line and hears the answer.
type caller struct {
	net.Conn
	in *bufio.Reader
	r  *rig
}

// dialed is the rig's client at the VIP, behind the greeting. Only a goroutine of the client may use it.
func dialed(r *rig) caller {
	c, err := r.client.Dial(netip.Addr{}, atVIP, time.Minute)
	require.NoError(r.t, err)
	k := caller{c, bufio.NewReader(c), r}
	k.say("")
	return k
}

// say returns the last line of the answer; "" when there is none.
func (c caller) say(line string) string {
	_ = c.SetDeadline(c.r.client.Now().Add(time.Hour))
	_, _ = io.WriteString(c, line)
	for {
		said, err := c.in.ReadString('\n')
		if err != nil || len(said) < 4 || said[3] != '-' {
			return strings.TrimSpace(said)
		}
	}
}
