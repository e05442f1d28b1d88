package reader

import (
	"io"
	"net"
	"strings"
	"testing"

	"github.com/knadh/go-pop3"
	"github.com/stretchr/testify/require"
)

// canned is a connection on which the server has said all that it will.
type canned struct {
	net.Conn
	io.Reader
}

func (c canned) Read(p []byte) (int, error)  { return c.Reader.Read(p) }
func (c canned) Write(p []byte) (int, error) { return len(p), nil }
func (c canned) Close() error                { return nil }

// Whatever an IMAP4 server says, the client gets an answer or an error.
func FuzzIMAPClient(f *testing.F) {
	f.Add("* OK hi\r\n* SEARCH 1 2\r\na1 OK done\r\n")
	f.Add("* OK hi\r\n* 1 FETCH (BODY[] {3}\r\nabc)\r\na1 OK done\r\n")
	f.Add("* OK hi\r\n* 1 FETCH (BODY[] {99999999999999999999}\r\n")
	f.Add("* OK hi\r\n* 1 FETCH (BODY[] {1000}\r\nabc")
	f.Add("* BYE\r\n")
	f.Add("* OK " + strings.Repeat("x", 70000))
	f.Fuzz(func(t *testing.T, server string) {
		c, err := newIMAPClient(canned{Reader: strings.NewReader(server)})
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

type cannedDialer string

func (d cannedDialer) Dial(string, string) (net.Conn, error) {
	return canned{Reader: strings.NewReader(string(d))}, nil
}
