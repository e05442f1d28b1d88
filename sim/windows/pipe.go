package windows

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/netstack/host"
	"ipwsim/netstack/vtime"
	"ipwsim/sim/trace"
)

// The named pipe between the watchers travels over TCP 445, as Windows' pipes do (W15). Its
// messages are framed as SMB's direct transport frames its own: a zero byte, a 24-bit length.
//
// Inferred: what stands inside. The guide names the pipe and nothing more.

// pipeName is the watcher's pipe.
const pipeName = `\pipe\ipwcs`

const (
	// pipeRead bounds the wait for an answer: SMB itself would wait for ever.
	//
	// Inferred: longer than two netsh commands, shorter than an Interval.
	pipeRead = 10 * time.Second
	// maxMessage bounds a message.
	maxMessage = 512
)

// What the server's side says when there is no watcher to answer.
const (
	replyNoPipe = "error 2: the pipe does not exist"
	replyDenied = "error 5: access denied"
)

// strangerRequest stands for any that comes from an account without a right at the pipe (H17).
const strangerRequest = pipeName + " as a stranger"

// Failures of a request, as the asker sees them.
var (
	errHostDown = errors.New(trace.PathNotFound)
	errNoPipe   = errors.New(replyNoPipe)
	errDenied   = errors.New(replyDenied)
	errSilent   = errors.New("no answer")
)

// pipeServer is the machine's SMB server. It runs whenever the machine does; the pipe exists only
// while the watcher has it open.
type pipeServer struct {
	host    *host.Host
	denied  func() bool
	handler func(request string, reply func(string)) // nil: no such pipe
	calls   []*pipeCall                              // wait for the watcher
}

// pipeCall is a request that waits for its answer.
type pipeCall struct {
	proc   *vtime.Proc
	answer string
	over   bool
}

func (c *pipeCall) end(answer string) {
	if !c.over {
		c.answer, c.over = answer, true
		c.proc.Wake()
	}
}

// close takes the pipe away: requests that still wait are cut off.
func (s *pipeServer) close() {
	s.handler = nil
	for _, c := range s.calls {
		c.end("")
	}
}

// run accepts until the machine's end.
func (s *pipeServer) run() {
	l, err := s.host.Listen(netip.AddrPortFrom(netip.IPv4Unspecified(), pipePort))
	if err != nil {
		return // the machine is going down
	}
	for {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		_ = conn.SetDeadline(s.host.Wall().Add(2 * pipeRead))
		go s.serve(conn)
	}
}

func (s *pipeServer) serve(conn net.Conn) {
	defer conn.Close()
	request, err := readMessage(conn)
	if err != nil {
		return
	}
	if answer := s.answer(request); answer != "" {
		_ = writeMessage(conn, answer)
	}
}

// answer is "" when the pipe or the machine is gone before there is one.
func (s *pipeServer) answer(request string) string {
	switch {
	case s.denied(), request == strangerRequest:
		return replyDenied
	case s.handler == nil:
		return replyNoPipe
	}
	c := &pipeCall{proc: s.host.Domain().Current()}
	s.calls = append(s.calls, c)
	s.handler(request, c.end)
	for !c.over && c.proc.Park() {
	}
	c.over = true
	s.calls = slices.DeleteFunc(s.calls, func(o *pipeCall) bool { return o == c })
	return c.answer
}

// asks sends one request to the pipe at the address, which may lead back to the node itself. It blocks its proc.
func (n *Node) asks(h *host.Host, to netip.Addr, request string) (string, error) {
	if n.AddressState(to) != trace.Preferred {
		return callPipe(h, to, request)
	}
	answer := n.pipe.answer(request)
	if answer == "" {
		return "", errSilent
	}
	return understood(answer)
}

// callPipe sends one request and waits for the answer. It blocks its proc.
func callPipe(h *host.Host, to netip.Addr, request string) (string, error) {
	conn, err := dialSMB(h, to)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	_ = conn.SetDeadline(h.Wall().Add(pipeRead))
	if err := writeMessage(conn, request); err != nil {
		return "", errSilent
	}
	answer, err := readMessage(conn)
	if err != nil {
		return "", errSilent
	}
	return understood(answer)
}

// understood is an answer, or the failure that it tells of.
func understood(answer string) (string, error) {
	switch answer {
	case replyNoPipe:
		return "", errNoPipe
	case replyDenied:
		return "", errDenied
	}
	return answer, nil
}

// dialSMB connects to the machine's SMB server.
func dialSMB(h *host.Host, to netip.Addr) (*host.Conn, error) {
	conn, err := h.Connect(netip.Addr{}, netip.AddrPortFrom(to, pipePort), time.Hour, nil) // as long as its system tries (H14)
	if err != nil {
		return nil, errHostDown
	}
	return conn, nil
}

func writeMessage(w io.Writer, text string) error {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	_, err := w.Write(append(b, text...))
	return err
}

func readMessage(r io.Reader) (string, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return "", err
	}
	n := binary.BigEndian.Uint32(head[:])
	if n > maxMessage {
		return "", fmt.Errorf("pipe message of %d bytes, at most %d expected", n, maxMessage)
	}
	b := make([]byte, n)
	_, err := io.ReadFull(r, b)
	return string(b), err
}

// releaseRequest is the pipe's one request (W15).
func releaseRequest(vip netip.Addr, as core.Balance) string {
	return fmt.Sprintf("%s release %v as %v", pipeName, vip, as)
}

// parseRelease reads a releaseRequest.
func parseRelease(request string) (vip netip.Addr, as core.Balance, ok bool) {
	f := strings.Fields(request)
	if len(f) != 5 || f[0] != pipeName || f[1] != "release" || f[3] != "as" {
		return netip.Addr{}, 0, false
	}
	vip, err := netip.ParseAddr(f[2])
	for _, as := range []core.Balance{core.Master, core.Slave} {
		if f[4] == as.String() && err == nil {
			return vip, as, true
		}
	}
	return netip.Addr{}, 0, false
}
