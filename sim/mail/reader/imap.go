package reader

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ipwsim/sim/mail"
	"ipwsim/sim/mail/folder"
	"ipwsim/sim/trace"
)

// IMAP is a person's mail program that reads by IMAP4. It remembers by UID what it has.
type IMAP struct {
	host    mail.Host
	account Account

	validity string // of what follows
	last     uint64 // the highest UID got
	doomed   []uint64
	names    []string // Message-IDs of those
}

// NewIMAP returns the program; Start starts it.
func NewIMAP(h mail.Host, a Account) *IMAP { return &IMAP{host: h, account: a} }

// Start looks for new mail until the machine ends.
func (r *IMAP) Start() { start(r.host, r.account, trace.IMAP, r.look) }

func (r *IMAP) look(p *poll) error {
	conn, err := p.dial()
	if err != nil {
		return err
	}
	defer conn.Close()
	c, err := newIMAPClient(conn)
	if err != nil {
		return err
	}
	p.stage = trace.AtLogin
	user, err := quoted(r.account.User)
	if err != nil {
		return err
	}
	password, err := quoted(r.account.Password)
	if err != nil {
		return err
	}
	if _, err := c.do("LOGIN " + user + " " + password); err != nil {
		return err
	}
	p.stage = trace.AtList
	uids, err := r.list(c)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(uids, atOnce) {
		p.stage = trace.AtFetch
		if err := r.fetch(p, c, some); err != nil {
			return err
		}
	}
	p.stage = trace.AtDelete
	if err := r.expunge(p, c); err != nil {
		return err
	}
	p.stage = trace.AtQuit
	_, err = c.do("LOGOUT")
	return err
}

// list selects the mailbox and returns the UIDs of new messages.
func (r *IMAP) list(c *imapClient) (fresh []uint64, err error) {
	answers, err := c.do("SELECT INBOX")
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		if _, v, ok := strings.Cut(a.text, "[UIDVALIDITY "); ok && v != r.validity {
			r.validity, r.last, r.doomed, r.names = v, 0, nil, nil // what was known is void
		}
	}
	answers, err = c.do(fmt.Sprintf("UID SEARCH UID %d:*", r.last+1))
	if err != nil {
		return nil, err
	}
	for _, a := range answers {
		numbers, ok := strings.CutPrefix(a.text, "SEARCH")
		for _, n := range strings.Fields(numbers) {
			uid, err := strconv.ParseUint(n, 10, 32)
			if !ok || err != nil {
				return nil, fmt.Errorf("SEARCH: found %q, expected UIDs", a.text)
			}
			if uid > r.last { // "*" is the last message, old or new
				fresh = append(fresh, uid)
			}
		}
	}
	return fresh, nil
}

// atOnce is how many messages the program asks for in one command. Inferred.
const atOnce = 20

// fetch gets messages. One that is gone already is nobody's trouble.
func (r *IMAP) fetch(p *poll, c *imapClient, uids []uint64) error {
	err := c.each("UID FETCH "+setOf(uids)+" (BODY.PEEK[])", func(a imapAnswer) error {
		if a.literal == nil {
			return nil
		}
		uid, err := uidOf(a.text)
		if err != nil || !slices.Contains(uids, uid) {
			return fmt.Errorf("FETCH: found %q, expected one of UID %s", a.text, setOf(uids))
		}
		name := folder.MessageID(a.literal)
		p.got(name)
		r.doomed, r.names = append(r.doomed, uid), append(r.names, name)
		r.last = max(r.last, uid)
		return nil
	})
	var no imapRefusal
	if err != nil && !(errors.As(err, &no) && strings.Contains(string(no), "[EXPUNGEISSUED]")) {
		return err
	}
	r.last = max(r.last, slices.Max(uids))
	return nil
}

// setOf names messages in a command.
func setOf(uids []uint64) string {
	var set []string
	for _, uid := range uids {
		set = append(set, strconv.FormatUint(uid, 10))
	}
	return strings.Join(set, ",")
}

// uidOf is the UID in an answer to FETCH.
func uidOf(answer string) (uint64, error) {
	_, after, _ := strings.Cut(answer, "UID ")
	digits, _, _ := strings.Cut(strings.TrimRight(after, ")"), " ")
	return strconv.ParseUint(digits, 10, 32)
}

// expunge deletes what has been got and is not to be kept.
func (r *IMAP) expunge(p *poll, c *imapClient) error {
	if r.account.Keep || len(r.doomed) == 0 {
		return nil
	}
	if _, err := c.do("UID STORE " + setOf(r.doomed) + ` +FLAGS.SILENT (\Deleted)`); err != nil {
		return err
	}
	if _, err := c.do("EXPUNGE"); err != nil {
		return err
	}
	p.gone, r.doomed, r.names = r.names, nil, nil
	return nil
}
