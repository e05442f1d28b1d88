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
	for admitted := false; ; {
		request, err := nas.Receive(in)
		if err != nil || request.Code != nas.Ask || !admitted && request.Op != nas.Session {
			return
		}
		if wait := d.delay(); wait > 0 && !c.Sleep(wait) {
			return
		}
		answer, done := d.answer(request)
		if done && d.witness != nil {
			d.tell(request, conn)
		}
		admitted = admitted || done
		if _, err := conn.Write(answer); err != nil {
			return
		}
		_ = conn.SetDeadline(c.Now().Add(autoDisconnect))
	}
}

// answer does what is asked, and says whether it was done.
func (d *Disk) answer(request nas.Message) (out []byte, done bool) {
	data, err := d.do(request)
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
