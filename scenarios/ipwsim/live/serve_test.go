package live_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/smtp"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

// Independent clients speak with the services that scenarios run: they send, list, fetch and delete,
// and see refused what is to be refused (M1, M3, M5, M6).
func TestServe(t *testing.T) {
	t.Parallel()
	curl := clitest.Needs(t, "curl")
	clitest.Needs(t, "python3")
	s, end := serving(t)
	smtpAt, pop3At, imapAt := s.at(t, vipSMTP), s.at(t, vipPOP3), s.at(t, vipIMAP)
	message := filepath.Join(t.TempDir(), "message.txt")
	clitest.WriteText(t, message, "Message-ID: <1@curl>\r\n\r\nfrom curl\r\n")

	require.NoError(t, smtp.SendMail(smtpAt, nil, "me@example.net", []string{"tanaka@example.com"}, []byte("Message-ID: <1@go>\r\n\r\nfrom Go\r\n")))
	require.ErrorContains(t, smtp.SendMail(smtpAt, nil, "me@example.net", []string{"nobody@example.com"}, nil), "550")
	require.NoError(t, python("send", smtpAt))
	send := []string{"-sS", "--max-time", "10", "smtp://" + smtpAt, "--mail-from", "me@example.net", "--upload-file", message, "--mail-rcpt"}
	runs(t, curl, append(send, "TANAKA@Example.com")...)
	out, err := exec.Command(curl, append(send, "nobody@example.com")...).CombinedOutput()
	require.Error(t, err)
	require.Contains(t, string(out), "550")

	t.Run("what nobody should send", func(t *testing.T) {
		for _, c := range []struct{ at, begin, want string }{
			{smtpAt, "NOOP ", "500"},
			{pop3At, "USER ", "-ERR"},
			{imapAt, "a LOGIN ", `\* BYE`},
		} {
			conn := dial(t, c.at)
			_, _ = io.WriteString(conn, c.begin+strings.Repeat("x", 100_000)+"\r\n") // it may be closed by then
			said, _ := io.ReadAll(conn)
			require.Regexp(t, `\n`+c.want+` [^\n]*\r\n$`, string(said), "a line of 100,000 octets is refused, and the connection closed")
		}
	})
	t.Run("hidden addresses", func(t *testing.T) {
		for _, port := range []string{"25", "587", "110", "143"} {
			said, err := io.ReadAll(dial(t, s.at(t, "192.168.10.200:"+port)))
			require.NoError(t, err)
			require.Empty(t, string(said), "closed without a banner (M3)")
		}
		s.shows(t, 4, ": hidden after ")
	})

	s.shows(t, 2, "delivered to inbox/example.com/tanaka")
	s.shows(t, 1, "delivered to inbox/example.com/suzuki")
	t.Run("readers", func(t *testing.T) {
		t.Run("curl", func(t *testing.T) {
			read := func(user string, args ...string) string {
				return runs(t, curl, append([]string{"-sS", "--max-time", "10", "--user", user}, args...)...)
			}
			require.Len(t, strings.Split(strings.TrimSpace(read("tanaka:pass1234", "pop3://"+pop3At)), "\n"), 2)
			require.Contains(t, read("tanaka:pass1234", "pop3://"+pop3At+"/1")+read("tanaka:pass1234", "pop3://"+pop3At+"/2"), "\r\n\r\nfrom curl\r\n")
			require.Contains(t, read("tanaka:pass1234", "imap://"+imapAt+"/INBOX;MAILINDEX=1"), "\r\n\r\nfrom Go\r\n")
			require.Contains(t, read("suzuki:pass5678", "imap://"+imapAt), " INBOX\r\n")
		})
		t.Run("python", func(t *testing.T) {
			said := make(chan error, 2)
			for part, at := range map[string]string{"pop3": pop3At, "imap": imapAt} { // at once: each waits 3 s for an answer
				go func() { said <- python(part, at) }()
			}
			require.NoError(t, errors.Join(<-said, <-said))
		})
	})
	s.shows(t, 1, "outside: took mail from <suzuki@example.com> for someone@example.net")
	require.Equal(t, cli.ExitPass, end())
}

// The cluster's files decide: without its hidden list the real address answers, and without a right on
// the share no mail is taken (C3).
func TestServeFollowsTheFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	shipped, err := fs.Sub(scenarios.Clusters(), "mail")
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(dir, shipped))
	require.NoError(t, os.Remove(filepath.Join(dir, "active", "mail", "hiddenpopip.dat")))
	services := filepath.Join(dir, "active", "mail", "services.reg")
	data, err := os.ReadFile(services)
	require.NoError(t, err)
	utf16 := func(s string) string { return strings.Join(strings.Split(s, ""), "\x00") }
	clitest.WriteText(t, services, strings.Replace(string(data), utf16(`.\\Administrator`), utf16("LocalSystem"), 1)) // EPSTRS
	s, end := serving(t, "--cluster", dir)
	require.Contains(t, s.String(), dir+"/active/mail/services.reg")
	banner, err := bufio.NewReader(dial(t, s.at(t, "192.168.10.200:110"))).ReadString('\n')
	require.NoError(t, err)
	require.Regexp(t, `^\+OK EPSTPOP3S ready <[^>]+>\r\n$`, banner)
	require.ErrorContains(t, smtp.SendMail(s.at(t, vipSMTP), nil, "me@example.net", []string{"tanaka@example.com"}, []byte("\r\n")), "451")
	require.Equal(t, cli.ExitPass, end())
}

// What was accepted is on the share, whatever becomes of the node (M6): the other one delivers it.
func TestServeKeepsTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "share")
	s, end := serving(t, "--folder", dir)
	require.NoError(t, smtp.SendMail(s.at(t, vipSMTP), nil, "me@example.net", []string{"tanaka@example.com"}, []byte("\r\nhello\r\n")))
	require.Equal(t, cli.ExitPass, end())

	s, end = serving(t, "--folder", dir, "--node", "standby")
	require.Contains(t, s.String(), "standby (hvt162EPST12) of cluster mail, which holds 192.168.10.202\n")
	require.Eventually(t, func() bool {
		box, err := os.ReadDir(filepath.Join(dir, "inbox", "example.com", "tanaka"))
		return err == nil && len(box) == 1
	}, 20*time.Second, 10*time.Millisecond)
	require.Equal(t, cli.ExitPass, end())
}

// process is the command in a process of its own.
func process(t *testing.T, tmp string) (*screen, *exec.Cmd) {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	s := &screen{}
	c := exec.Command(self, append([]string{"serve"}, strings.Fields(anyPorts)...)...)
	c.Env = append(os.Environ(), clitest.AsCommand+"=1", "TMPDIR="+tmp, "GORACE=atexit_sleep_ms=0")
	c.Stdout, c.Stderr = s, s
	require.NoError(t, c.Start())
	t.Cleanup(func() { _ = c.Process.Kill() })
	s.shows(t, 1, "Ctrl-C ends it\n")
	return s, c
}

// Ctrl-C in the middle of sessions ends the command before the first of them would, and leaves nothing behind.
func TestServeEndsAtOnce(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(sig.String(), func(t *testing.T) {
			t.Parallel()
			tmp := t.TempDir()
			s, c := process(t, tmp)
			var open []net.Conn
			for at, said := range map[string]struct{ send, until string }{
				vipSMTP: {"EHLO me\r\nMAIL FROM:<me@example.net>\r\nRCPT TO:<tanaka@example.com>\r\nDATA\r\nhalf a mess", "354 "},
				vipPOP3: {"USER tanaka\r\nPASS wrong\r\n", "+OK"}, // the answer to PASS takes 3 s
				vipIMAP: {"a LOGIN tanaka pass1234\r\nb SELECT INBOX\r\nc IDLE\r\n", "+ "},
			} {
				conn := dial(t, s.at(t, at))
				answers := bufio.NewReader(conn)
				_, err := answers.ReadString('\n')
				require.NoError(t, err)
				_, err = io.WriteString(conn, said.send)
				require.NoError(t, err)
				for line := ""; !strings.HasPrefix(line, said.until); {
					line, err = answers.ReadString('\n')
					require.NoError(t, err)
				}
				open = append(open, conn)
			}
			idle := dial(t, s.at(t, vipPOP3))
			start := time.Now()
			require.NoError(t, c.Process.Signal(sig))
			defer time.AfterFunc(5*time.Second, func() { _ = c.Process.Kill() }).Stop()
			require.NoError(t, c.Wait(), "exit status 0; it printed:\n%s", s)
			require.Less(t, time.Since(start), 2*time.Second, "it waits for no session")
			for _, conn := range append(open, idle) {
				_, _ = io.ReadAll(conn) // returns: it was closed
			}
			left, err := os.ReadDir(tmp)
			require.NoError(t, err)
			require.Empty(t, left, "the temporary share is removed")
		})
	}
}

// One clear error, and nothing half-started.
func TestServeRefuses(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	port := fmt.Sprint(taken.Addr().(*net.TCPAddr).Port)
	file := filepath.Join(t.TempDir(), "file")
	clitest.WriteText(t, file, "")
	for want, args := range map[string]string{
		"--imap: 127.0.0.1:" + port + " is in use by another program; expected a free port, or 0 for any\n": "--smtp 0 --pop3 0 --imap " + port,
		`--node: found "third", expected active or standby` + "\n":                                          "--node third",
		`--listen: found "0.0.0.0", expected an IPv4 address of the loopback`:                               "--listen 0.0.0.0",
		`--listen: found "localhost", expected an IPv4 address`:                                             "--listen localhost",
		`--cluster: found "mails", expected a cluster's folder or a shipped cluster (did you mean "mail"?)`: "--cluster mails",
		"--cluster: guide has no mail server":                                                               "--cluster guide",
		"--folder: mkdir " + file + ": not a directory\n":                                                   anyPorts + " --folder " + file,
		`--smtp: found "70000", expected a whole number from 0 to 65535`:                                    "--smtp 70000",
		`found "now", expected nothing after ipwsim serve`:                                                  "now",
	} {
		got := clitest.Run(append([]string{"serve"}, strings.Fields(args)...)...)
		require.Equal(t, cli.ExitError, got.Status, args)
		require.Contains(t, got.Err, want)
		require.Empty(t, got.Out, args)
	}
	left, err := os.ReadDir(tmp)
	require.NoError(t, err)
	require.Empty(t, left)
}
