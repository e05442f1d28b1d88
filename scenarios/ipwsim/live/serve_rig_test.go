package live_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ipwsim/scenarios/ipwsim/clitest"
	"ipwsim/scenarios/ipwsim/root"

	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) { clitest.Main(m) }

// screen is what a running command prints.
type screen struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// shows waits until the text is there so many times.
func (s *screen) shows(t testing.TB, times int, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Count(s.String(), text) >= times }, 20*time.Second, 10*time.Millisecond,
		"%q %d times in:\n%s", text, times, s)
}

// at is where a simulated address and port is.
func (s *screen) at(t testing.TB, simulated string) string {
	t.Helper()
	m := regexp.MustCompile(regexp.QuoteMeta(simulated) + ` +is (\S+)`).FindStringSubmatch(s.String())
	require.NotNil(t, m, "%s in:\n%s", simulated, s)
	return m[1]
}

// Ports of the shipped cluster's active node.
const (
	vipSMTP, vipPOP3, vipIMAP = "192.168.10.202:25", "192.168.10.202:110", "192.168.10.202:143"
	anyPorts                  = "--smtp=0 --pop3=0 --imap=0"
)

// serving runs the command on free ports until the test or the returned function ends it.
func serving(t testing.TB, args ...string) (*screen, func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	s := &screen{}
	status := make(chan int, 1)
	args = append(append([]string{"serve"}, strings.Fields(anyPorts)...), args...)
	go func() { status <- root.Execute(ctx, args, s, s) }()
	end := sync.OnceValue(func() int { cancel(); return <-status })
	t.Cleanup(func() { end() })
	s.shows(t, 1, "Ctrl-C ends it\n")
	return s, end
}

// runs runs a program, which must succeed, and returns what it prints.
func runs(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	require.NoError(t, err, "%s %q: %s", name, args, out)
	return string(out)
}

// python runs a part of testdata/people.py.
func python(part, at string) error {
	host, port, err := net.SplitHostPort(at)
	if err != nil {
		return err
	}
	if out, err := exec.Command("python3", "testdata/people.py", part, host, port).CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", part, err, out)
	}
	return nil
}

// dial connects; the connection ends with the test.
func dial(t testing.TB, at string) net.Conn {
	t.Helper()
	c, err := net.DialTimeout("tcp", at, 5*time.Second)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(10*time.Second)))
	return c
}
