package live_test

import (
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/ipwsim/clitest"
)

// withSSL is a copy of the shipped cluster whose services listen on their SSL ports too (M2).
func withSSL(t *testing.T) (dir string) {
	dir = t.TempDir()
	shipped, err := fs.Sub(scenarios.Clusters(), "mail")
	require.NoError(t, err)
	require.NoError(t, os.CopyFS(dir, shipped))
	for _, node := range []string{"active", "standby"} {
		for list, line := range map[string]string{"smtpip.dat": "*.*.*.* 465*", "popip.dat": "*.*.*.* 995*", "imapip.dat": "*.*.*.* 993*"} {
			f, err := os.OpenFile(filepath.Join(dir, node, "mail", list), os.O_APPEND|os.O_WRONLY, 0)
			require.NoError(t, err)
			_, err = f.WriteString(line + "\r\n")
			require.NoError(t, err)
			require.NoError(t, f.Close())
		}
	}
	return dir
}

// Clients that other people wrote log in by every mechanism, in plain, after STARTTLS and in TLS from the
// first byte, send, and fetch what was sent.
func TestServeForOutsideClients(t *testing.T) {
	t.Parallel()
	s, end := serving(t, "--cluster", withSSL(t))
	at := func(port string) (host, on string) {
		host, on, err := net.SplitHostPort(s.at(t, "192.168.10.202:"+port))
		require.NoError(t, err)
		return host, on
	}
	dir := t.TempDir()
	refused := make(chan string, 1)
	host, on := at("25")
	go func() { // while the others work, for the answer takes 3 s
		said, err := exec.Command("swaks", "--server", host, "--port", on, "--from", "a@example.com", "--to", "tanaka@example.com", "-au", "boss", "-ap", "guess", "--auth", "PLAIN").CombinedOutput()
		refused <- fmt.Sprint(string(said), err)
	}()
	sent := 0
	t.Run("swaks", func(t *testing.T) {
		swaks := clitest.Needs(t, "swaks")
		for _, way := range []struct{ port, tls string }{{"25", ""}, {"587", "--tls"}, {"465", "--tls-on-connect"}} {
			host, on := at(way.port)
			args := append(strings.Fields(way.tls), "--silent", "2", "--server", host, "--port", on, "--from", "suzuki@example.com", "--to", "tanaka@example.com", "-au", "suzuki")
			for _, mechanism := range []string{"PLAIN", "LOGIN", "CRAM-MD5"} {
				runs(t, swaks, append(args, "--auth", mechanism, "-ap", "pass5678")...)
				sent++
			}
		}
	})
	t.Run("msmtp", func(t *testing.T) {
		msmtp := clitest.Needs(t, "msmtp")
		for _, way := range []struct{ port, begin string }{{"587", "on"}, {"465", "off"}} {
			host, on := at(way.port)
			c := exec.Command(msmtp, "--host="+host, "--port="+on, "--tls=on", "--tls-starttls="+way.begin, "--tls-certcheck=off", "--auth=cram-md5",
				"--user=suzuki", "--passwordeval=echo pass5678", "--from=suzuki@example.com", "--file=/dev/null", "tanaka@example.com")
			c.Stdin = strings.NewReader("Subject: msmtp\n\n.dots\n")
			out, err := c.CombinedOutput()
			require.NoError(t, err, string(out))
			sent++
		}
	})
	t.Run("curl", func(t *testing.T) {
		curl := clitest.Needs(t, "curl")
		message := filepath.Join(dir, "message.txt")
		clitest.WriteText(t, message, "Subject: curl\r\n\r\nhello\r\n")
		for scheme, port := range map[string]string{"smtp": "587", "smtps": "465"} {
			host, on := at(port)
			runs(t, curl, "-sS", "-k", "--ssl-reqd", "--max-time", "10", scheme+"://"+host+":"+on, "--user", "suzuki:pass5678",
				"--mail-from", "suzuki@example.com", "--mail-rcpt", "tanaka@example.com", "--upload-file", message)
			sent++
		}
		s.shows(t, sent, "delivered to inbox/example.com/tanaka")
		for scheme, port := range map[string]string{"pop3": "110", "pop3s": "995"} {
			host, on := at(port)
			list := runs(t, curl, "-sS", "-k", "--ssl-reqd", "--max-time", "10", scheme+"://"+host+":"+on, "--user", "tanaka:pass1234")
			require.Len(t, strings.Split(strings.TrimSpace(list), "\n"), sent)
		}
		host, on := at("993")
		require.Contains(t, runs(t, curl, "-sS", "-k", "--max-time", "10", "imaps://"+host+":"+on, "--user", "tanaka:pass1234"), " INBOX\r\n")
	})
	s.shows(t, sent, "delivered to inbox/example.com/tanaka")
	t.Run("fetchmail", func(t *testing.T) {
		fetchmail := clitest.Needs(t, "fetchmail")
		for _, way := range []struct{ port, protocol, options string }{{"110", "pop3", "sslproto tls1.2+"}, {"110", "apop", "sslproto ''"}, {"995", "pop3", "ssl"}, {"993", "imap", "ssl"}} {
			host, on := at(way.port)
			box, control := filepath.Join(dir, way.protocol+way.port), filepath.Join(dir, "fetchmailrc")
			clitest.WriteText(t, control, fmt.Sprintf("poll %s service %s protocol %s username tanaka password pass1234 keep fetchall no sslcertck %s mda \"cat >> %s\"\n", host, on, way.protocol, way.options, box))
			require.NoError(t, os.Chmod(control, 0o600))
			runs(t, fetchmail, "--fetchmailrc", control, "--pidfile", filepath.Join(dir, "pid"), "--nosyslog", "--idfile", filepath.Join(dir, "ids"))
			got, err := os.ReadFile(box)
			require.NoError(t, err)
			require.Equal(t, sent, strings.Count(string(got), "\nDelivered-To: tanaka@example.com"), way)
		}
	})
	t.Run("getmail", func(t *testing.T) {
		getmail := clitest.Needs(t, "getmail")
		host, on := at("110")
		box := filepath.Join(dir, "getmail")
		// getmail6 forks who delivers before it listens for its end: one that ends at once is waited for in vain, for minutes.
		clitest.WriteText(t, filepath.Join(dir, "rc"), fmt.Sprintf("[retriever]\ntype = SimplePOP3Retriever\nserver = %s\nport = %s\nusername = tanaka\npassword = pass1234\nuse_apop = True\n"+
			"[destination]\ntype = MDA_external\npath = /bin/sh\narguments = (\"-c\", \"sleep 0.3; cat >> '%s'\")\nallow_root_commands = True\n[options]\ndelete = True\n", host, on, box))
		runs(t, getmail, "--getmaildir", dir, "--rcfile", filepath.Join(dir, "rc"))
		got, err := os.ReadFile(box)
		require.NoError(t, err)
		require.Equal(t, sent, strings.Count(string(got), "Delivered-To: tanaka@example.com"))
		s.shows(t, sent, "deleted from inbox/example.com/tanaka")
	})
	t.Run("swaks, refused", func(t *testing.T) {
		clitest.Needs(t, "swaks")
		said := <-refused
		require.Contains(t, said, "<** 535 5.7.8 ")
		require.Contains(t, said, "exit status ")
		s.shows(t, 1, "EPSTRS: wrong user or password from 127.0.0.1")
		s.shows(t, 1, ": boss\n")
	})
	require.Equal(t, cli.ExitPass, end())
}
