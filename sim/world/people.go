package world

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/mail"
	"ipwsim/sim/mail/reader"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/trace"
	"ipwsim/sim/windows"
)

// Ports of the services that people's programs speak with (M1).
const (
	pop3Port = 110
	imapPort = 143
)

// Send is a mail program that sends one message after the other.
type Send struct {
	Client string
	From   string
	To     []string // in turn
	Every  time.Duration
	Count  int            // 0: until the run ends
	Each   int            // recipients of a message; 0: one
	Size   int            // of a message in bytes, about; 0: a line
	Via    netip.AddrPort // the server; the zero AddrPort: the sender's domain's address, or the VIP
}

// Read is a mail program that looks for new mail.
type Read struct {
	Client string
	By     trace.MailProtocol
	User   string // or user@domain
	Every  time.Duration
	Keep   bool
	Via    netip.AddrPort // as of a Send
}

// program starts a process on the client for a mail program.
func (w *World) program(client, what string) (*windows.Process, error) {
	c, err := w.Client(client)
	if err != nil {
		return nil, err
	}
	w.programs++
	return c.StartProcess(fmt.Sprint(what, "/", w.programs)), nil
}

// StartSending starts the program; its messages are named by their number, the sender's account and
// the client.
func (w *World) StartSending(s Send) error {
	if w.mail == nil {
		return ErrNoMail
	}
	p, err := w.program(s.Client, "sender")
	if err != nil {
		return err
	}
	user, domain, _ := strings.Cut(s.From, "@")
	if !s.Via.IsValid() {
		s.Via = netip.AddrPortFrom(w.mail.serverOf(domain), smtpPort)
	}
	mail.Sender{
		Name: fmt.Sprint(user, w.programs), Computer: s.Client, Server: s.Via,
		From: s.From, To: s.To, Each: s.Each, Count: s.Count, Every: s.Every, Size: s.Size,
	}.Start(p)
	return nil
}

// StartReading starts the program.
func (w *World) StartReading(r Read) error {
	if w.mail == nil {
		return ErrNoMail
	}
	p, err := w.program(r.Client, "reader")
	if err != nil {
		return err
	}
	user, domain, _ := strings.Cut(r.User, "@")
	account, known := w.mail.account(user, domain)
	if !known {
		return diag.Errorf("no account is named %q, expected %s", r.User, few(w.mail.accounts()))
	}
	if !r.Via.IsValid() {
		port := uint16(pop3Port)
		if r.By == trace.IMAP {
			port = imapPort
		}
		r.Via = netip.AddrPortFrom(w.mail.serverOf(domain), port)
	}
	a := reader.Account{Server: r.Via, User: r.User, Password: account.Password, Every: r.Every, Keep: r.Keep}
	if r.By == trace.IMAP {
		reader.NewIMAP(p, a).Start()
	} else {
		reader.NewPOP3(p, a).Start()
	}
	return nil
}

// Connect opens a connection from the client, waits for a word from the server, and records what came.
func (w *World) Connect(client string, to netip.AddrPort) error {
	p, err := w.program(client, "connect")
	if err != nil {
		return err
	}
	reader.Knock(p, to)
	return nil
}

// serverOf is where people of the domain find their server: at the address that is the domain's own
// (M5), else at the first VIP.
func (m *mailServer) serverOf(domain string) netip.Addr {
	for _, d := range m.bp.Nodes[0].Domains {
		if strings.EqualFold(d.Name, domain) && d.IP.IsValid() {
			return d.IP
		}
	}
	return m.world.vips[0]
}

// accounts are the addresses of all.
func (m *mailServer) accounts() (all []string) {
	for _, d := range m.bp.Nodes[0].Domains {
		for _, u := range d.Users {
			all = append(all, u.Name+"@"+d.Name)
		}
	}
	return all
}

// few names some of what there is.
func few(all []string) diag.Text {
	const most = 10
	switch {
	case len(all) == 0:
		return diag.Say("one of the cluster, which has none")
	case len(all) > most:
		return diag.Say("one of the cluster's %d, as %s", len(all), all[0])
	}
	return diag.OneOf(all)
}

// account finds a user, of any domain when none is given.
func (m *mailServer) account(user, domain string) (settings.User, bool) {
	for _, d := range m.bp.Nodes[0].Domains {
		for _, u := range d.Users {
			if strings.EqualFold(u.Name, user) && (domain == "" || strings.EqualFold(d.Name, domain)) {
				return u, true
			}
		}
	}
	return settings.User{}, false
}
