package reader

import (
	"bufio"
	"fmt"
	"maps"
	"net"
	"slices"
	"strings"

	"github.com/knadh/go-pop3"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// POP3 is a person's mail program that reads by POP3. It remembers by UIDL what it has.
type POP3 struct {
	host    mail.Host
	account Account
	has     map[string]string // Message-IDs of messages got that were on the server at the last look, by UIDL
}

// NewPOP3 returns the program; Start starts it.
func NewPOP3(h mail.Host, a Account) *POP3 {
	return &POP3{host: h, account: a, has: map[string]string{}}
}

// Start looks for new mail until the machine ends.
func (r *POP3) Start() { start(r.host, r.account, trace.POP3, r.look) }

// dialer gives go-pop3 a connection in the host's time.
type dialer struct {
	poll *poll
	conn net.Conn // what was given: go-pop3 forgets it when the greeting is bad
}

// Dial is part of pop3.Dialer.
func (d *dialer) Dial(string, string) (c net.Conn, err error) {
	d.conn, err = d.poll.dial()
	return d.conn, err
}

func (r *POP3) look(p *poll) error {
	d := &dialer{poll: p}
	c, err := pop3.New(pop3.Opt{Dialer: d}).NewConn()
	if d.conn != nil {
		defer d.conn.Close()
	}
	if err != nil {
		return err
	}
	p.stage = trace.AtLogin
	if err := c.User(r.account.User); err != nil {
		return err
	}
	if err := c.Pass(r.account.Password); err != nil {
		return err
	}
	p.stage = trace.AtList
	ids, err := uidl(c)
	if err != nil {
		return err
	}
	if err := r.fetch(p, c, ids); err != nil {
		return err
	}
	p.stage = trace.AtQuit
	if err := c.Quit(); err != nil {
		return err
	}
	if !r.account.Keep { // deleted only now (RFC 1939, section 6)
		p.gone = slices.Sorted(maps.Values(r.has))
	}
	return nil
}

// fetch gets what is new, and deletes all unless it is to be kept.
func (r *POP3) fetch(p *poll, c *pop3.Conn, ids []pop3.MessageID) error {
	there := map[string]string{}
	for _, id := range ids {
		messageID, has := r.has[id.UID]
		if !has {
			p.stage = trace.AtFetch
			text, err := c.RetrRaw(id.ID)
			if err != nil {
				return err
			}
			messageID = folder.MessageID(text.Bytes())
			p.got(messageID)
			r.has[id.UID] = messageID
		}
		there[id.UID] = messageID
		if !r.account.Keep {
			p.stage = trace.AtDelete
			if err := c.Dele(id.ID); err != nil {
				return err
			}
		}
	}
	r.has = there
	return nil
}

// uidl lists the messages. The library's own Uidl trusts the server to send two words a line.
func uidl(c *pop3.Conn) (ids []pop3.MessageID, err error) {
	answer, err := c.Cmd("UIDL", true)
	if err != nil {
		return nil, err
	}
	lines := bufio.NewScanner(answer)
	for lines.Scan() {
		var id pop3.MessageID
		if _, err := fmt.Fscan(strings.NewReader(lines.Text()), &id.ID, &id.UID); err != nil {
			return nil, fmt.Errorf("UIDL: found %q, expected a number and an id", lines.Text())
		}
		ids = append(ids, id)
	}
	return ids, nil
}
