package mail_test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/netip"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// realHost is this machine: real time, real sockets on 127.0.0.1, goroutines in parallel.
type realHost struct {
	done  chan struct{}
	wg    sync.WaitGroup
	at    chan netip.AddrPort // where it listens
	mu    sync.Mutex
	trace trace.Trace
	open  []net.Listener
}

func newRealHost() *realHost {
	return &realHost{done: make(chan struct{}), at: make(chan netip.AddrPort, 1)}
}

func (h *realHost) Now() time.Time { return time.Now() } // wall clock: the test's subject

func (h *realHost) Listen(netip.AddrPort) (net.Listener, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.open = append(h.open, l)
	h.at <- l.Addr().(*net.TCPAddr).AddrPort()
	return l, nil
}

func (h *realHost) Dial(_ netip.Addr, to netip.AddrPort, timeout time.Duration) (net.Conn, error) {
	return net.DialTimeout("tcp", to.String(), timeout)
}

func (h *realHost) Go(_ string, f func()) { h.wg.Go(f) }

func (h *realHost) Sleep(d time.Duration) bool {
	select {
	case <-time.After(d): // wall clock: the test's subject
		return true
	case <-h.done:
		return false
	}
}

func (h *realHost) Holds(netip.Addr) bool         { return true }
func (h *realHost) Random(name string) *rand.Rand { return rand.New(rand.NewPCG(1, uint64(len(name)))) }

func (h *realHost) Record(b trace.Body) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.trace.Add(0, "real", b)
}

func (h *realHost) close() {
	close(h.done)
	h.mu.Lock()
	for _, l := range h.open {
		_ = l.Close()
	}
	h.mu.Unlock()
	h.wg.Wait()
}

// The same services in real time, with clients that other people wrote.
func TestRealClients(t *testing.T) {
	t.Parallel() // it waits
	h := newRealHost()
	disk := share.NewDisk(time.Now) // wall clock: the test's subject
	node := settings.Node{
		SMTP:    settings.Service{Binds: []settings.Bind{anyPort25}},
		Domains: []settings.Domain{{Name: "test.jp", Users: []settings.User{{Name: "user1"}, {Name: "user2"}, {Name: "user3"}}}},
		Hosts:   map[string][]netip.Addr{"test.jp": {netip.MustParseAddr("127.0.0.1")}},
	}
	mail.NewEPSTRS(h, disk, node, "real").Start()
	mail.NewEPSTDS(h, disk, node, "real").Start()
	at := (<-h.at).String()
	send := func(id, to string) error {
		return smtp.SendMail(at, nil, "s@elsewhere.jp", []string{to}, fmt.Appendf(nil, "Message-ID: <%s>\r\n\r\nhello\r\n", id))
	}
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			for m := range 10 {
				require.NoError(t, send(fmt.Sprintf("%d.%d@go", n, m), "user1@test.jp"))
			}
		})
	}
	wg.Wait()
	require.ErrorContains(t, send("x@go", "nobody@test.jp"), "550")
	want := map[string]int{"inbox/user1": 80}
	t.Run("python", func(t *testing.T) {
		run(t, "python3", "-c", fmt.Sprintf(`import smtplib
s = smtplib.SMTP(%q, timeout=10)
s.sendmail("s@elsewhere.jp", ["user2@test.jp", "user3@test.jp"], "Message-ID: <1@python>\n\n.dots\n")
try:
    s.sendmail("s@elsewhere.jp", ["nobody@test.jp"], "x")
    raise SystemExit("accepted nobody")
except smtplib.SMTPRecipientsRefused as e:
    assert e.recipients["nobody@test.jp"][0] == 550
s.quit()`, at))
		want["inbox/user2"]++
		want["inbox/user3"]++
	})
	t.Run("curl", func(t *testing.T) {
		file := filepath.Join(t.TempDir(), "mail")
		require.NoError(t, os.WriteFile(file, []byte("Message-ID: <1@curl>\r\n\r\nhello\r\n"), 0o600))
		run(t, "curl", "-sS", "--max-time", "10", "smtp://"+at+"/curl", "--mail-from", "s@elsewhere.jp", "--mail-rcpt", "user2@test.jp", "--upload-file", file)
		want["inbox/user2"]++
	})
	got := map[string]int{}
	require.Eventually(t, func() bool {
		stock, err := folder.New(disk, "").Stock()
		clear(got)
		for _, s := range stock {
			got[where(s)]++
		}
		return err == nil && got["queue"] == 0
	}, 10*time.Second, 50*time.Millisecond)
	require.Equal(t, want, got)
	require.Eventually(t, func() bool {
		h.mu.Lock()
		defer h.mu.Unlock()
		ends := map[trace.SessionEnd]int{}
		for _, s := range recorded[trace.MailSession](&h.trace) {
			ends[s.End]++
		}
		return ends[trace.QuitEnd] >= 80 && ends[trace.BrokenEnd] == 1 // SendMail hangs up when it is refused
	}, 10*time.Second, 50*time.Millisecond)
	h.close()
}

// run runs a program of this machine, if it has it.
func run(t *testing.T, name string, args ...string) {
	path, err := exec.LookPath(name)
	if err != nil {
		t.Skipf("%s is not on this machine", name)
	}
	out, err := exec.Command(path, args...).CombinedOutput()
	require.NoError(t, err, strings.TrimSpace(string(out)))
}
