package console

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"
)

// services are the names of ports that people type.
var services = map[string]uint16{"telnet": 23, "smtp": 25, "pop3": 110, "imap": 143, "imap4": 143}

// telnetTime is how long telnet waits for a connection at most; Windows gives up sooner.
const telnetTime = time.Minute

// telnet is `telnet HOST [PORT]`: what the server says is shown, lines that are typed go to it. Ctrl-C leaves it, for
// Ctrl-] and quit.
func (c *Console) telnet(args []string) {
	if len(args) == 0 || len(args) > 2 {
		c.print("Welcome to Microsoft Telnet Client")
		c.end()
		return
	}
	port, known := services["telnet"], true
	if len(args) == 2 {
		port, known = services[strings.ToLower(args[1])], true
		if port == 0 {
			n, err := strconv.ParseUint(args[1], 10, 16)
			port, known = uint16(n), err == nil && n > 0
		}
	}
	c.print(c.in("Connecting To ", "接続中: ") + args[0] + "...")
	ip, ok := c.address(args[0])
	if !ok || !known {
		c.notConnected(port)
		return
	}
	c.dial(netip.AddrPortFrom(ip, port))
}

func (c *Console) notConnected(port uint16) {
	c.printf(c.in("Could not open connection to the host, on port %d: Connect failed", "ホストへ接続できませんでした。 ポート番号 %d: 接続に失敗しました"), port)
	c.end()
}

func (c *Console) dial(to netip.AddrPort) {
	c.opened++
	p := c.Machine.StartProcess(fmt.Sprint("telnet/", c.opened))
	own := c.begin(nil)
	own.interrupt = func() {
		p.Kill()
		c.end()
	}
	left := func() bool { return c.job != own }
	p.Go("telnet", func() {
		conn, err := p.Dial(netip.Addr{}, to, telnetTime)
		switch {
		case left():
		case err != nil:
			c.notConnected(to.Port())
		default:
			defer conn.Close()
			session := &session{c: c, conn: conn, now: p.Now}
			session.reads(own)
			c.later(c.pump)
			session.run(left)
		}
	})
}

// session is a connection of telnet. One goroutine reads and writes, as virtual sockets want it.
type session struct {
	c    *Console
	conn net.Conn
	now  func() time.Time
	out  []byte // typed, not sent
	in   string // of a line that has not ended
}

// pace is how often a session looks for what was typed.
const pace = 50 * time.Millisecond

// reads takes each line that is typed.
func (s *session) reads(own *job) {
	own.read = func(line string) {
		s.out = append(s.out, line+"\r\n"...)
		s.reads(own)
	}
}

// run shows what comes, line by line, until the connection ends.
func (s *session) run(left func() bool) {
	buffer := make([]byte, 4096)
	for {
		_ = s.conn.SetReadDeadline(s.now().Add(pace))
		n, err := s.conn.Read(buffer)
		if left() {
			return
		}
		s.show(string(buffer[:n]))
		if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
			break
		}
		if len(s.out) > 0 {
			out := s.out
			s.out = nil
			_, _ = s.conn.Write(out)
		}
	}
	if s.in != "" {
		s.c.print(s.in)
	}
	s.c.print(s.c.in("\nConnection to host lost.", "\nホストとの接続が切断されました。"))
	s.c.end()
}

func (s *session) show(text string) {
	s.in += text
	for {
		line, more, whole := strings.Cut(s.in, "\n")
		if !whole {
			return
		}
		s.c.print(strings.TrimSuffix(line, "\r"))
		s.in = more
	}
}
