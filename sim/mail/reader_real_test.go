package mail_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail/reader"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// loopHost runs services in real time, on this machine's loopback or on pipes.
type loopHost struct {
	pipes     bool
	mu        sync.Mutex
	listeners map[uint16]net.Listener
	recorded  []trace.Body
	polled    chan trace.MailPoll
}

func newLoopHost(t testing.TB, pipes bool) *loopHost {
	h := &loopHost{pipes: pipes, listeners: map[uint16]net.Listener{}, polled: make(chan trace.MailPoll, 100)}
	t.Cleanup(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, l := range h.listeners {
			_ = l.Close()
		}
	})
	return h
}

func (h *loopHost) Now() time.Time             { return time.Now() }
func (h *loopHost) Go(_ string, f func())      { go f() }
func (h *loopHost) Sleep(d time.Duration) bool { time.Sleep(d); return true }
func (h *loopHost) Holds(netip.Addr) bool      { return true }
func (h *loopHost) Random(string) *rand.Rand   { return rand.New(rand.NewPCG(1, 1)) }

func (h *loopHost) Record(b trace.Body) {
	h.mu.Lock()
	h.recorded = append(h.recorded, b)
	h.mu.Unlock()
	if p, ok := b.(trace.MailPoll); ok {
		h.polled <- p
	}
}

// Listen gives any free port for each that is asked for.
func (h *loopHost) Listen(at netip.AddrPort) (l net.Listener, err error) {
	if h.pipes {
		l = &pipeListener{make(chan net.Conn)}
	} else if l, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.listeners[at.Port()] = l
	return l, nil
}

// listener waits for the one that was asked for.
func (h *loopHost) listener(port uint16) net.Listener {
	for {
		h.mu.Lock()
		l := h.listeners[port]
		h.mu.Unlock()
		if l != nil {
			return l
		}
		time.Sleep(time.Millisecond)
	}
}

func (h *loopHost) Dial(_ netip.Addr, to netip.AddrPort, timeout time.Duration) (net.Conn, error) {
	l := h.listener(to.Port())
	if p, ok := l.(*pipeListener); ok {
		near, far := net.Pipe()
		p.waiting <- far
		return near, nil
	}
	return net.DialTimeout("tcp", l.Addr().String(), timeout)
}

type pipeListener struct{ waiting chan net.Conn }

func (l *pipeListener) Accept() (net.Conn, error) {
	c, ok := <-l.waiting
	if !ok {
		return nil, net.ErrClosed
	}
	return c, nil
}
func (l *pipeListener) Close() error   { defer func() { _ = recover() }(); close(l.waiting); return nil }
func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// boxDisk is bob's mailbox with n messages.
func boxDisk(t testing.TB, n int) *share.Disk {
	d := share.NewDisk(time.Now)
	for _, dir := range []string{"work", "work/inbox", bobsBox} {
		require.NoError(t, d.Mkdir(dir))
	}
	for i := 1; i <= n; i++ {
		require.NoError(t, d.Create(fmt.Sprintf("%s/%d-node.001", bobsBox, i), []byte(message(i))))
	}
	return d
}

// needs skips the test where a program is not installed; with IPWSIM_NO_SKIP set, as in CI, that is
// a failure.
func needs(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	text := program + " is not installed: what it would check is not checked"
	if os.Getenv("IPWSIM_NO_SKIP") != "" {
		t.Fatal(text)
	}
	t.Skip(text)
	return ""
}

// realBoxes starts both services on the loopback and returns where.
func realBoxes(t *testing.T) (h *loopHost, d *share.Disk, pop3, imap string) {
	h, d = newLoopHost(t, false), boxDisk(t, 3)
	startBoxes(h, d)
	return h, d, h.listener(110).Addr().String(), h.listener(143).Addr().String()
}

func runProgram(t *testing.T, program string, args ...string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, program, args...).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return strings.ReplaceAll(string(out), "\r\n", "\n")
}

// Python's own clients, written by others, agree with the services.
func TestPythonReads(t *testing.T) {
	python := needs(t, "python3")
	_, d, pop3, imap := realBoxes(t)
	const program = `
import sys, poplib, imaplib
host, port = sys.argv[1].split(":")
p = poplib.POP3(host, int(port), timeout=20)
p.user("bob"); p.pass_("pass word")
print(sorted(p.capa()))
print(p.stat(), p.list()[1], p.uidl()[1])
print(p.retr(1)[1])
print(p.top(2, 1)[1])
p.dele(3)
print(p.quit())

host, port = sys.argv[2].split(":")
m = imaplib.IMAP4(host, int(port), timeout=20)
print(m.login("bob", "pass word")[0])
print(m.list())
print(m.select("INBOX"))
print(m.append("INBOX", "(\\Flagged)", None, b"Message-ID: <9.bob@pc>\r\n\r\nhi\r\n")[0])
print(m.noop()[0], m.uid("SEARCH", "FLAGGED"))
print(m.fetch("1", "(UID RFC822)"))
print(m.store("1", "+FLAGS", "\\Deleted"))
print(m.expunge())
print(m.search(None, "ALL"))
print(m.create("Sent")[0])
print(m.close()[0], m.logout()[0])
`
	file := filepath.Join(t.TempDir(), "read.py")
	require.NoError(t, os.WriteFile(file, []byte(program), 0o600))
	require.Equal(t, strings.TrimLeft(`
['AUTH-RESP-CODE', 'EXPIRE', 'PIPELINING', 'RESP-CODES', 'TOP', 'UIDL', 'USER']
(3, 192) [b'1 64', b'2 64', b'3 64'] [b'1 1-node.001', b'2 2-node.001', b'3 3-node.001']
[b'Message-ID: <1.a@client>', b'Subject: number 1', b'', b'line 1', b'.line 2']
[b'Message-ID: <2.a@client>', b'Subject: number 2', b'', b'line 1']
b'+OK bye'
OK
('OK', [b'(\\HasNoChildren) "/" INBOX'])
('OK', [b'2'])
OK
OK ('OK', [b'3'])
('OK', [(b'1 (UID 1 FLAGS (\\Seen \\Recent) RFC822 {64}', b'Message-ID: <1.a@client>\r\nSubject: number 1\r\n\r\nline 1\r\n.line 2\r\n'), b')'])
('OK', [b'1 (FLAGS (\\Deleted \\Seen \\Recent))'])
('OK', [b'1'])
('OK', [b'1 2'])
OK
OK BYE
`, "\n"), runProgram(t, python, file, pop3, imap))
	names, err := d.ReadDir(bobsBox)
	require.NoError(t, err)
	require.Len(t, names, 3, "2, the appended one, and the index's folder")
}

func TestCurlReads(t *testing.T) {
	curl := needs(t, "curl")
	_, _, pop3, imap := realBoxes(t)
	get := func(args ...string) string {
		return runProgram(t, curl, append([]string{"-sS", "--max-time", "20", "-u", "bob:pass word"}, args...)...)
	}
	text := strings.ReplaceAll(message(2), "\r\n", "\n")
	require.Equal(t, "1 64\n2 64\n3 64\n", get("pop3://"+pop3+"/"))
	require.Equal(t, text, get("pop3://"+pop3+"/2"))
	require.Equal(t, text, get("imap://"+imap+"/INBOX;UID=2"))
	file := filepath.Join(t.TempDir(), "mail")
	require.NoError(t, os.WriteFile(file, []byte("Subject: by curl\r\n\r\nhi\r\n"), 0o600))
	get("-T", file, "imap://"+imap+"/INBOX")
	require.Equal(t, "* SEARCH 4\n", get("imap://"+imap+"/INBOX?SUBJECT%20curl"))
}

// Many readers at once on parallel goroutines: what virtual time never does. For the race detector.
func TestReadersInParallel(t *testing.T) {
	h := newLoopHost(t, false)
	startBoxes(h, boxDisk(t, 3))
	for range 4 {
		for by, port := range map[string]uint16{"pop3": 110, "imap": 143} {
			a := reader.Account{Server: netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port), User: "bob", Password: "pass word", Every: time.Hour, Keep: true}
			if by == "imap" {
				reader.NewIMAP(h, a).Start()
			} else {
				reader.NewPOP3(h, a).Start()
			}
		}
	}
	for range 8 {
		if p := <-h.polled; p.Stage != "" {
			require.Contains(t, p.Text, "IN-USE")
		} else {
			require.Equal(t, 3, p.New)
		}
	}
}
