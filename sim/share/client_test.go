package share

import (
	"errors"
	"io/fs"
	"net"
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/share/nas"
)

// badServer is a machine whose every connection leads to a server that answers out of its mind.
type badServer struct {
	still
	answer func(nas.Message) []byte // nil: hangs up
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
		for {
			m, err := nas.Receive(far)
			if err != nil {
				return
			}
			out := b.answer(m)
			if out == nil {
				return
			}
			if _, err := far.Write(out); err != nil {
				return
			}
		}
	}()
	return near, nil
}

func encoded(m nas.Message) []byte {
	out, err := nas.Append(nil, m)
	if err != nil {
		panic(err)
	}
	return out
}

// done is an answer that a server might give.
func done(m nas.Message) nas.Message {
	return nas.Message{Op: m.Op, Code: nas.Done, Name: m.Name}
}

// What no server may answer is ErrUnreachable with its reason, and no harm is done.
func TestBadServers(t *testing.T) {
	stat := func(m *Mount) error { _, err := m.Stat("a"); return err }
	list := func(m *Mount) error { _, err := m.ReadDir("a"); return err }
	with := func(change func(*nas.Message)) func(nas.Message) []byte {
		return func(m nas.Message) []byte {
			a := done(m)
			change(&a)
			return encoded(a)
		}
	}
	data := func(b string) func(nas.Message) []byte { return with(func(m *nas.Message) { m.Data = []byte(b) }) }
	entry := string(appendInfos(nil, Info{Name: "a"}))
	for _, c := range []struct {
		name string
		do   func(*Mount) error
		to   nas.Op
		with func(nas.Message) []byte // instead of the right answer
		want string
	}{
		{"hangs up", stat, nas.Stat, func(nas.Message) []byte { return nil }, "EOF"},
		{"hangs up at once", stat, nas.Session, func(nas.Message) []byte { return nil }, "EOF"},
		{"speaks SMTP", stat, nas.Session, func(nas.Message) []byte { return []byte("220 ready\r\n") }, "a message of 842149920 bytes"},
		{"another operation", stat, nas.Stat, with(func(m *nas.Message) { m.Op = nas.Mkdir }), `an answer to mkdir "a", done, to a request of stat "a"`},
		{"another name", stat, nas.Stat, with(func(m *nas.Message) { m.Name = "b" }), `an answer to stat "b", done, to a request of stat "a"`},
		{"a request", stat, nas.Stat, with(func(m *nas.Message) { m.Code = nas.Ask }), `an answer to stat "a", asked, to`},
		{"a list cut short", list, nas.List, data(entry[:len(entry)-1]), "a list that ends within an entry"},
		{"a list of garbage", list, nas.List, data("xx"), "a list that ends within an entry"},
		{"nothing about a file", stat, nas.Stat, data(""), "a list of 0, 1 expected"},
		{"too much about a file", stat, nas.Stat, data(entry + entry), "a list of 2, 1 expected"},
		{"an error without a meaning", stat, nas.Stat, with(func(m *nas.Message) { m.Code, m.Data = nas.Failed, []byte("on\x1bfire") }), `the share says: "on\x1bfire"`},
	} {
		m := NewMount(badServer{answer: func(m nas.Message) []byte {
			if m.Op == c.to {
				return c.with(m)
			}
			return encoded(done(m))
		}}, netip.AddrPort{}, "Administrator")
		err := c.do(m)
		require.ErrorContains(t, err, c.want, c.name)
		require.Equal(t, c.name != "an error without a meaning", errors.Is(err, ErrUnreachable), c.name)
		require.NoError(t, m.Close())
	}
}

// Every error of the disk's means on the client what it meant on the server.
func TestErrorsTravel(t *testing.T) {
	for _, want := range []error{fs.ErrNotExist, fs.ErrExist, fs.ErrPermission, fs.ErrInvalid, ErrFull, ErrReadOnly} {
		m := NewMount(badServer{answer: func(m nas.Message) []byte {
			a := done(m)
			if m.Op == nas.Remove {
				a.Code = codeOf(fail(nas.Remove, m.Name, want))
			}
			return encoded(a)
		}}, netip.AddrPort{}, "Administrator")
		err := m.Remove("a/b")
		require.ErrorIs(t, err, want)
		require.Equal(t, "remove a/b: "+want.Error(), err.Error())
		require.NoError(t, m.Close())
	}
	require.Equal(t, nas.Failed, codeOf(errors.New("something else")))
}

func TestInfosComeBack(t *testing.T) {
	want := []Info{{Name: "a", Size: 1 << 40, ModTime: now()}, {Name: "folder", ModTime: now().Add(1), IsDir: true}, {Name: "empty", ModTime: now()}}
	got, err := parseInfos(appendInfos(nil, want...))
	require.NoError(t, err)
	require.Equal(t, want, got)
}
