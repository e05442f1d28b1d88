package mail

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"time"

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
