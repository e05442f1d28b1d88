package mail_test

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/mailtest"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// boxLab is a node with mailboxes on a share, and a client.
type boxLab struct {
	*mailtest.Lab
	t      *testing.T
	node   *mailtest.Machine
	client *mailtest.Machine
	disk   *share.Disk
}

const (
	nodeAddress = "10.0.0.1"
	bobsBox     = "work/inbox/bob"
)

// newBoxLab has three messages in bob's mailbox.
func newBoxLab(t *testing.T) *boxLab {
	l := &boxLab{Lab: mailtest.New(1), t: t}
	t.Cleanup(l.Close)
	l.node = l.Machine("node", nodeAddress+"/24")
	l.client = l.Machine("client", "10.0.0.9/24")
	l.disk = share.NewDisk(l.client.Now)
	for _, dir := range []string{"work", "work/inbox", bobsBox} {
		require.NoError(t, l.disk.Mkdir(dir))
	}
	for i := 1; i <= 3; i++ {
		l.deliver(i)
	}
	return l
}

// deliver puts message i into bob's mailbox.
func (l *boxLab) deliver(i int) {
	require.NoError(l.t, l.disk.Create(fmt.Sprintf("%s/%d-node.001", bobsBox, i), []byte(message(i))))
}

func message(i int) string {
	return fmt.Sprintf("Message-ID: <%d.a@client>\r\nSubject: number %d\r\n\r\nline 1\r\n.line 2\r\n", i, i)
}

// stored are the messages in bob's mailbox.
func (l *boxLab) stored() (names []string) {
	infos, err := l.disk.ReadDir(bobsBox)
	require.NoError(l.t, err)
	for _, i := range infos {
		if !i.IsDir {
			names = append(names, i.Name)
		}
	}
	return names
}

// boxNode is a node with both services on their ports and bob as user.
func boxNode() settings.Node {
	svc := func(port uint16) settings.Service {
		return settings.Service{Installed: true, Binds: []settings.Bind{{Address: netip.IPv4Unspecified(), Port: port}}}
	}
	return settings.Node{
		POP3: svc(110), IMAP: svc(143), Folder: "work",
		Domains: []settings.Domain{{Name: "example.com", Users: []settings.User{{Name: "bob", Password: "pass word"}}}},
	}
}

// talk plays a client's part of a conversation and returns it as it really went. The lines of a script:
//
//	C: text      the client sends a line
//	C= "text"    the client sends just this
//	S: text      the server answers a line
//	S: (closed)  the server closes
//	(wait 5m)    the client waits
func (l *boxLab) talk(at, script string) (went *string) {
	went = new(string)
	l.client.Go("talk", func() {
		c, err := l.client.Dial(netip.Addr{}, netip.MustParseAddrPort(at), time.Minute)
		if err != nil {
			*went = err.Error()
			return
		}
		defer c.Close()
		*went = play(script, c, l.client)
	})
	return went
}

func play(script string, c net.Conn, h mail.Host) string {
	r := bufio.NewReader(c)
	var went strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(script), "\n") {
		line = strings.TrimSpace(line)
		text := line[min(3, len(line)):]
		switch {
		case strings.HasPrefix(line, "C:"):
			_, _ = c.Write([]byte(text + "\r\n"))
		case strings.HasPrefix(line, "C="):
			raw, err := strconv.Unquote(text)
			if err != nil {
				return line + ": " + err.Error()
			}
			_, _ = c.Write([]byte(raw))
		case strings.HasPrefix(line, "S:"):
			_ = c.SetReadDeadline(h.Now().Add(time.Hour))
			answer, err := r.ReadString('\n')
			line = "S: " + stamp.ReplaceAllString(strings.TrimSuffix(answer, "\r\n"), "")
			if err != nil {
				fmt.Fprintln(&went, "S: (closed)")
				return went.String()
			}
		case strings.HasPrefix(line, "(wait "):
			d, err := time.ParseDuration(strings.Trim(line, "(wait )"))
			if err != nil {
				return line + ": " + err.Error()
			}
			h.Sleep(d)
		}
		fmt.Fprintln(&went, shortened(line))
	}
	return went.String()
}

// stamp is what the greeting has for APOP, another each time.
var stamp = regexp.MustCompile(` <\d+\.\d+@\[[\d.]+\]>$`)

// script is a transcript as play gives it back.
func script(s string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(s), "\n") {
		fmt.Fprintln(&b, shortened(line))
	}
	return b.String()
}

// shortened keeps failures readable.
func shortened(line string) string {
	line = strings.TrimSpace(line)
	return line[:min(len(line), 200)]
}

// records are the bodies of one kind in the trace.
func records[T trace.Body](l *mailtest.Lab) (all []T) {
	for _, r := range l.Trace.Records {
		if b, ok := r.Body.(T); ok {
			all = append(all, b)
		}
	}
	return all
}
