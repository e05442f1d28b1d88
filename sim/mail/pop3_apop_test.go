package mail_test

import (
	"bufio"
	"crypto/md5"
	"fmt"
	"net/netip"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/mail"
)

// APOP proves the password without saying it (RFC 1939, section 7): with a stamp that is another each time.
func TestAPOP(t *testing.T) {
	l := newBoxLab(t)
	mail.NewPOP3(l.node, l.disk, boxNode()).Start()
	l.Run(time.Second)
	seen := map[string]bool{}
	for login, want := range map[string]string{
		"bob pass word": "+OK 3 messages\r\n", "bob@example.com pass word": "+OK 3 messages\r\n",
		"bob Pass word": "-ERR [AUTH] wrong user or password\r\n", "nobody pass word": "-ERR [AUTH] wrong user or password\r\n",
	} {
		var said string
		l.client.Go("apop", func() {
			c, err := l.client.Dial(netip.Addr{}, netip.MustParseAddrPort(pop3At), time.Minute)
			require.NoError(t, err)
			defer c.Close()
			in := bufio.NewReader(c)
			greeting, err := in.ReadString('\n')
			require.NoError(t, err)
			stamp := regexp.MustCompile(`<.+>`).FindString(greeting)
			require.False(t, seen[stamp])
			seen[stamp] = true
			user, password, _ := strings.Cut(login, " ")
			fmt.Fprintf(c, "APOP %s %x\r\n", user, md5.Sum([]byte(stamp+password)))
			said, _ = in.ReadString('\n')
		})
		l.Run(time.Minute)
		require.Equal(t, want, said, login)
	}
}
