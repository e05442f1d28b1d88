package mail

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/knadh/go-pop3"
	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// canned is a connection on which the other side has said all that it will.
type canned struct {
	net.Conn
	io.Reader
	said bytes.Buffer
}

func (c *canned) Read(p []byte) (int, error)       { return c.Reader.Read(p) }
func (c *canned) Write(p []byte) (int, error)      { return c.said.Write(p) }
func (c *canned) LocalAddr() net.Addr              { return &net.TCPAddr{} }
func (c *canned) RemoteAddr() net.Addr             { return &net.TCPAddr{} }
func (c *canned) Close() error                     { return nil }
func (c *canned) SetDeadline(time.Time) error      { return nil }
func (c *canned) SetReadDeadline(time.Time) error  { return nil }
func (c *canned) SetWriteDeadline(time.Time) error { return nil }

// Whatever an IMAP4 server says, the client gets an answer or an error.
func FuzzIMAPClient(f *testing.F) {
	f.Add("* OK hi\r\n* SEARCH 1 2\r\na1 OK done\r\n")
	f.Add("* OK hi\r\n* 1 FETCH (BODY[] {3}\r\nabc)\r\na1 OK done\r\n")
	f.Add("* OK hi\r\n* 1 FETCH (BODY[] {99999999999999999999}\r\n")
	f.Add("* OK hi\r\n* 1 FETCH (BODY[] {1000}\r\nabc")
	f.Add("* BYE\r\n")
	f.Add("* OK " + strings.Repeat("x", 70000))
	f.Fuzz(func(t *testing.T, server string) {
		c, err := newIMAPClient(&canned{Reader: strings.NewReader(server)})
		if err != nil {
			return
		}
		if _, err := c.do("UID SEARCH 1:*"); err == nil {
			require.Contains(t, server, "a1 OK")
		}
	})
}

// Whatever a POP3 server says to UIDL, the reader gets numbers with ids, or an error.
func FuzzUIDL(f *testing.F) {
	f.Add("+OK\r\n+OK\r\n1 a\r\n2 b\r\n.\r\n")
	f.Add("+OK\r\n+OK\r\n1\r\n.\r\n")
	f.Add("+OK\r\n+OK\r\nx y z\r\n.\r\n")
	f.Add("+OK\r\n-ERR\r\n")
	f.Fuzz(func(t *testing.T, server string) {
		c, err := pop3.New(pop3.Opt{Dialer: cannedDialer(server)}).NewConn()
		if err != nil {
			return
		}
		ids, err := uidl(c)
		if err != nil {
			require.Empty(t, ids)
		}
		for _, id := range ids {
			require.NotEmpty(t, id.UID)
		}
	})
}

// Whatever a POP3 client sends, the session ends, each answer is one of the two that there are, and
// only QUIT deletes.
func FuzzPOP3(f *testing.F) {
	const login = "USER bob\r\nPASS x\r\n"
	f.Add("")
	f.Add(login + "STAT\r\nLIST\r\nUIDL\r\nRETR 1\r\nTOP 1 0\r\nDELE 1\r\nRSET\r\nNOOP\r\nCAPA\r\n")
	f.Add(login + "DELE 1\r\nQUIT\r\n")
	f.Add(login + "LIST 99999999999999999999\r\nTOP 1 99999999999999999999\r\n\x00\xff\r\n\n\n")
	f.Fuzz(func(t *testing.T, client string) {
		h := &stillHost{}
		disk := share.NewDisk(h.Now)
		for _, dir := range []string{"inbox", "inbox/bob"} {
			require.NoError(t, disk.Mkdir(dir))
		}
		box := folder.OpenMailbox(disk, "inbox/bob")
		require.NoError(t, box.Append("1.001", []byte("Subject: x\r\n\r\n.\r\n")))
		p := NewPOP3(h, disk, settings.Node{Domains: []settings.Domain{{Name: "example.com", Users: []settings.User{{Name: "bob", Password: "x"}}}}})
		c := &canned{Reader: strings.NewReader(client)}
		p.serve((&sessions{limits: &limits{}, host: h, service: "EPSTPOP3S"}).session(c))
		require.True(t, strings.HasPrefix(c.said.String(), "+OK"))
		require.NotEmpty(t, h.recorded)
		require.Equal(t, "mail-session", h.recorded[len(h.recorded)-1].Kind())
		if all, err := box.List(); err != nil || len(all) != 1 {
			require.Contains(t, strings.ToUpper(client), "QUIT")
		}
		require.Empty(t, p.locked)
	})
}

// stillHost is a machine whose time stands still.
type stillHost struct {
	Host
	recorded []trace.Body
}

func (h *stillHost) Now() time.Time           { return time.Unix(0, 0) }
func (h *stillHost) Sleep(time.Duration) bool { return true }
func (h *stillHost) Record(b trace.Body)      { h.recorded = append(h.recorded, b) }

type cannedDialer string

func (d cannedDialer) Dial(string, string) (net.Conn, error) {
	return &canned{Reader: strings.NewReader(string(d))}, nil
}
