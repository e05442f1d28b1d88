package share

import (
	"bufio"
	"fmt"
	"io/fs"
	"net"
	"net/netip"
	"time"

	"ipwsim/sim/share/nas"
)

// autoDisconnect is when a server ends a connection that nothing comes over, as Windows servers
// do by default (net config server /autodisconnect:15).
const autoDisconnect = 15 * time.Minute

// Serve serves the disk to each connection that the listener accepts, and returns the listener's
// error when it ends. One goroutine serves one connection.
func Serve(c Clock, l net.Listener, d *Disk) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		_ = conn.SetDeadline(c.Now().Add(autoDisconnect)) // here: serve has no turn before its first read
		go serve(c, conn, d)
	}
}

// serve answers the requests of one connection, one after the other. What is no request, or comes
// before the account was admitted, ends it.
func serve(c Clock, conn net.Conn, d *Disk) {
	defer conn.Close()
	in := bufio.NewReader(conn)
	var s *session // nil until the account was admitted
	for {
		request, err := nas.Receive(in)
		if err != nil || request.Code != nas.Ask || s == nil && request.Op != nas.Session {
			return
		}
		if wait := d.delay(); wait > 0 && !c.Sleep(wait) {
			return
		}
		if s != nil && d.isDropped(s) {
			continue
		}
		answer, done := d.answer(s, request)
		if done && d.witness != nil {
			d.tell(request, conn)
		}
		if s == nil && done {
			s = &session{account: request.Name, from: remote(conn)}
			d.enter(s)
			defer d.leave(s)
		}
		if d.stops(request.Op) {
			return
		}
		if _, err := conn.Write(answer); err != nil {
			return
		}
		_ = conn.SetDeadline(c.Now().Add(autoDisconnect))
	}
}

// remote is a client's address; the zero Addr where connections have none.
func remote(conn net.Conn) netip.Addr {
	if at, ok := conn.RemoteAddr().(*net.TCPAddr); ok {
		return at.AddrPort().Addr().Unmap()
	}
	return netip.Addr{}
}

// answer does what is asked in a session, and says whether it was done.
func (d *Disk) answer(s *session, request nas.Message) (out []byte, done bool) {
	var data []byte
	err := error(fs.ErrPermission)
	switch {
	case s != nil && !d.admits(s.account):
	case d.inUse(request):
		err = ErrInUse
	default:
		data, err = d.do(request)
	}
	if err == nil && s != nil {
		d.leaveOpen(s, request)
	}
	if err == nil { // what is too long is not sent
		out, err = nas.Append(nil, nas.Message{Op: request.Op, Code: nas.Done, Name: request.Name, Data: data})
	}
	if err != nil {
		out, _ = nas.Append(nil, nas.Message{Op: request.Op, Code: codeOf(err), Name: request.Name, Data: []byte(err.Error())})
	}
	return out, err == nil
}

// tell tells the witness of what was done, if it was a change.
func (d *Disk) tell(m nas.Message, asked net.Conn) {
	if m.Op != nas.Create && m.Op != nas.Rename && m.Op != nas.Remove {
		return
	}
	c := Change{Op: m.Op, Name: m.Name, To: m.To}
	if peer, ok := asked.RemoteAddr().(*net.TCPAddr); ok {
		at := peer.AddrPort()
		c.Peer = netip.AddrPortFrom(at.Addr().Unmap(), at.Port())
	}
	d.witness(c)
}

func (d *Disk) do(m nas.Message) ([]byte, error) {
	switch m.Op {
	case nas.Session:
		if !d.admits(m.Name) {
			return nil, fs.ErrPermission
		}
		return nil, nil
	case nas.Create:
		return nil, d.Create(m.Name, m.Data)
	case nas.Read:
		return d.ReadFile(m.Name)
	case nas.Rename:
		return nil, d.Rename(m.Name, m.To)
	case nas.Remove:
		return nil, d.Remove(m.Name)
	case nas.List:
		all, err := d.ReadDir(m.Name)
		return appendInfos(nil, all...), err
	case nas.Mkdir:
		return nil, d.Mkdir(m.Name)
	case nas.Stat:
		info, err := d.Stat(m.Name)
		return appendInfos(nil, info), err
	}
	return nil, fmt.Errorf("%v is not served", m.Op)
}
