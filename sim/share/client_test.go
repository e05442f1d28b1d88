package share

import (
	"bufio"
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share/ninep"
)

// badServer is a machine whose every connection leads to a server that answers out of its mind.
type badServer struct {
	still
	answer func(tag uint16, m ninep.Message) (uint16, ninep.Message) // nil message: hangs up
}

func (badServer) Go(_ string, f func()) { go f() }

func (badServer) Waiter() (func() bool, func()) {
	woken := make(chan struct{}, 1)
	return func() bool { <-woken; return true }, func() {
		select {
		case woken <- struct{}{}:
		default:
		}
	}
}

func (b badServer) Dial(netip.Addr, netip.AddrPort, time.Duration) (net.Conn, error) {
	near, far := net.Pipe()
	go func() {
		defer far.Close()
		in := bufio.NewReader(far)
		for {
			tag, m, err := ninep.Read(in, messageSize)
			if err != nil {
				return
			}
			tag, m = b.answer(tag, m)
			if m == nil {
				return
			}
			out, _ := ninep.Append(nil, tag, m)
			if _, err := far.Write(out); err != nil {
				return
			}
		}
	}()
	return near, nil
}

// What no server may answer is ErrUnreachable with its reason, and no harm is done.
func TestBadServers(t *testing.T) {
	stat := func(m *Mount) error { _, err := m.Stat("a"); return err }
	list := func(m *Mount) error { _, err := m.ReadDir("a"); return err }
	write := func(m *Mount) error {
		f, err := m.Create("a")
		require.NoError(t, err)
		_, err = f.Write([]byte("x"))
		require.NoError(t, err, "kept back")
		return f.Sync()
	}
	forever := ninep.Entry{Offset: 1, Name: "a"}
	entries, err := ninep.AppendEntry(nil, forever)
	require.NoError(t, err)
	for _, c := range []struct {
		name string
		do   func(*Mount) error
		to   ninep.Type
		with ninep.Message // instead of the right answer
		want string
	}{
		{"hangs up", stat, ninep.TypeTgetattr, nil, "EOF"},
		{"another version", stat, ninep.TypeTversion, &ninep.Rversion{MessageSize: 8192, Version: "9P2000"}, `speaks "9P2000"`},
		{"tiny messages", stat, ninep.TypeTversion, &ninep.Rversion{MessageSize: 24, Version: ninep.Version}, "in messages of 24 bytes"},
		{"huge messages", stat, ninep.TypeTversion, &ninep.Rversion{MessageSize: 1 << 30, Version: ninep.Version}, "in messages of 1073741824 bytes"},
		{"another answer", stat, ninep.TypeTgetattr, &ninep.Rclunk{}, "an answer of type 121 to a request of type 24"},
		{"more written than sent", write, ninep.TypeTwrite, &ninep.Rwrite{Count: 9}, "wrote 9 bytes of 1"},
		{"nothing written", write, ninep.TypeTwrite, &ninep.Rwrite{}, "wrote 0 bytes of 1"},
		{"a listing cut short", list, ninep.TypeTreaddir, &ninep.Rreaddir{Data: []byte("xx")}, "too early"},
		{"a listing in circles", list, ninep.TypeTreaddir, &ninep.Rreaddir{Data: entries}, "in circles"},
		{"an error without a meaning", stat, ninep.TypeTgetattr, &ninep.Rlerror{Errno: 99}, "9P error 99"},
	} {
		m := NewMount(badServer{answer: func(tag uint16, m ninep.Message) (uint16, ninep.Message) {
			if m.Type() == c.to {
				return tag, c.with
			}
			return tag, sane(m)
		}}, netip.AddrPort{}, "Administrator")
		err := c.do(m)
		require.ErrorContains(t, err, c.want, c.name)
		_, ownWord := c.with.(*ninep.Rlerror)
		require.Equal(t, !ownWord, errors.Is(err, ErrUnreachable), c.name)
		require.NoError(t, m.Close())
	}

	m := NewMount(badServer{answer: func(tag uint16, m ninep.Message) (uint16, ninep.Message) { return tag + 3, sane(m) }},
		netip.AddrPort{}, "Administrator")
	require.ErrorContains(t, stat(m), "with tag 2, which nothing asked")
}

// sane is an answer that a server might give.
func sane(m ninep.Message) ninep.Message {
	switch m := m.(type) {
	case *ninep.Tversion:
		return &ninep.Rversion{MessageSize: m.MessageSize, Version: m.Version}
	case *ninep.Tattach:
		return &ninep.Rattach{}
	case *ninep.Twalk:
		return &ninep.Rwalk{Qids: make([]ninep.Qid, len(m.Names))}
	case *ninep.Tlopen:
		return &ninep.Rlopen{Qid: ninep.Qid{Kind: ninep.QidDir}}
	case *ninep.Tlcreate:
		return &ninep.Rlcreate{}
	case *ninep.Tgetattr:
		return &ninep.Rgetattr{}
	case *ninep.Tclunk:
		return &ninep.Rclunk{}
	}
	return nil
}
