package share

import (
	"bufio"
	"errors"
	"net"
	"time"

	"ipwsim/sim/share/ninep"
)

const (
	// messageSize is the largest message, in bytes; SMB2 moves as much at once.
	messageSize = 64 << 10
	// payload is how much of it can be data.
	payload = messageSize - ninep.Overhead
	// autoDisconnect is when a server ends a connection that nothing comes over, as Windows servers
	// do by default (net config server /autodisconnect:15).
	autoDisconnect = 15 * time.Minute
)

// Serve serves the disk to each connection that the listener accepts, and returns the listener's
// error when it ends. One goroutine serves one connection.
func Serve(c Clock, l net.Listener, d *Disk) error {
	for {
		conn, err := l.Accept()
		if err != nil {
			return err
		}
		_ = conn.SetDeadline(c.Now().Add(autoDisconnect))
		go serve(c, conn, d)
	}
}

// serve answers the requests of one connection, one after the other. What the client had open is
// closed when the connection ends; what it had written and not synced stays until a crash.
func serve(c Clock, conn net.Conn, d *Disk) {
	defer conn.Close()
	s := &session{disk: d, limit: messageSize}
	r := bufio.NewReader(conn)
	var out []byte
	for {
		fresh := r.Buffered() == 0
		tag, m, err := ninep.Read(r, s.limit)
		if err != nil && !errors.Is(err, ninep.ErrUnknown) {
			return
		}
		if wait := d.delay(); fresh && wait > 0 && !c.Sleep(wait) {
			return
		}
		answer := ninep.Message(&ninep.Rlerror{Errno: ninep.EOPNOTSUPP})
		if err == nil {
			answer = s.answer(m)
		}
		if out, err = ninep.Append(out, tag, answer); err != nil {
			return
		}
		if r.Buffered() > 0 && len(out) < messageSize {
			continue // more was asked at once
		}
		if _, err := conn.Write(out); err != nil {
			return
		}
		out = out[:0]
		_ = conn.SetDeadline(c.Now().Add(autoDisconnect))
	}
}

// answer does what is asked.
func (s *session) answer(m ninep.Message) ninep.Message {
	if v, ok := m.(*ninep.Tversion); ok {
		return s.version(v)
	}
	answer, err := s.do(m)
	if err != nil {
		return &ninep.Rlerror{Errno: errnoOf(err)}
	}
	return answer
}

// do is answer for what needs a session.
func (s *session) do(m ninep.Message) (ninep.Message, error) {
	switch m := m.(type) {
	case *ninep.Tattach:
		return s.attach(m)
	case *ninep.Tflush:
		return &ninep.Rflush{}, nil // what was asked before is answered already
	case *ninep.Twalk:
		return s.walk(m)
	case *ninep.Tlopen:
		return s.open(m)
	case *ninep.Tlcreate:
		return s.create(m)
	case *ninep.Tgetattr:
		return s.attributes(m)
	case *ninep.Treaddir:
		return s.readDir(m)
	case *ninep.Tread:
		return s.read(m)
	case *ninep.Twrite:
		return s.write(m)
	case *ninep.Tfsync:
		return s.sync(m)
	case *ninep.Tmkdir:
		return s.mkdir(m)
	case *ninep.Trenameat:
		return s.rename(m)
	case *ninep.Tunlinkat:
		return s.unlink(m)
	case *ninep.Tclunk:
		return s.clunk(m)
	}
	return nil, ninep.EOPNOTSUPP // an answer sent as a request
}
