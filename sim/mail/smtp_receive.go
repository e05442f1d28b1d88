package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// The limits of EPSTRS. Inferred, all of them: the guide gives none; times and counts are what
// RFC 5321 asks for.
const (
	maxMessage    = 10 << 20 // bytes
	maxRecipients = 100      // RFC 5321 4.5.3.1.8
	commandTime   = 5 * time.Minute
	dataTime      = 10 * time.Minute // for a whole message, however slowly it drips
)

// smtpGoodbye begins the answer to QUIT.
const smtpGoodbye = "221 "

// dnsTime is how long a look-up of a name that the hosts file does not have waits in vain (M7).
// Inferred: Windows' resolver gives up after 10 to 15 s, and there is no DNS in a cluster's network.
const dnsTime = 15 * time.Second

// EPSTRS is the service that receives mail by SMTP.
type EPSTRS struct {
	host     Host
	folder   *folder.Folder
	node     settings.Node
	computer string
	domains  mailDomains
	limit    int64        // of a message, in bytes
	count    atomic.Int64 // of this life's acceptances
	accept   func(folder.Envelope, []byte) error
}

// NewEPSTRS returns the service of the computer with that name, not started.
func NewEPSTRS(h Host, fs share.FS, node settings.Node, computer string) *EPSTRS {
	f := folder.New(fs, node.Folder)
	return &EPSTRS{host: h, folder: f, node: node, computer: computer, domains: node.Domains, limit: maxMessage, accept: f.Accept}
}

// Start starts it; it runs until the machine ends. Without the share it listens all the same, and
// takes no mail (C3).
func (s *EPSTRS) Start() {
	server := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &receive{service: s, conn: c}, nil
	}))
	server.Domain = s.computer
	server.MaxMessageBytes = s.limit
	server.MaxRecipients = maxRecipients
	server.ReadTimeout, server.WriteTimeout = commandTime, commandTime
	server.ErrorLog = log.New(io.Discard, "", 0) // what matters is recorded
	s.host.Go("EPSTRS", func() { prepare(s.host, s.folder) })
	listenAll(s.node.SMTP, sessions{host: s.host, service: "EPSTRS", goodbye: smtpGoodbye, library: true}, server.Serve)
}

// prepare makes the work folder as soon as the share lets it; false when the machine has ended.
func prepare(h Host, f *folder.Folder) bool {
	for f.Init() != nil {
		if !h.Sleep(listenRetry) {
			return false
		}
	}
	return true
}

// receive is one client's session.
type receive struct {
	service *EPSTRS
	conn    *smtp.Conn
	from    string
	to      []string
}

func (r *receive) local() netip.Addr  { return tcpAddress(r.conn.Conn().LocalAddr()).Addr() }
func (r *receive) remote() netip.Addr { return tcpAddress(r.conn.Conn().RemoteAddr()).Addr() }

// refusal makes an answer; the code's first digit is the enhanced code's, too.
func refusal(code, subject, detail int, format string, args ...any) error {
	return &smtp.SMTPError{Code: code, EnhancedCode: smtp.EnhancedCode{code / 100, subject, detail}, Message: fmt.Sprintf(format, args...)}
}

// Reset is part of smtp.Session.
func (r *receive) Reset() { r.from, r.to = "", nil }

// Logout is part of smtp.Session.
func (r *receive) Logout() error { return nil }

// Mail is part of smtp.Session.
func (r *receive) Mail(from string, _ *smtp.MailOptions) error {
	if from != "" {
		if _, _, err := splitAddress(from); err != nil {
			return refusal(553, 1, 7, "Sender: %v", err)
		}
	}
	r.from, r.to = from, nil
	return nil
}

// Rcpt is part of smtp.Session.
func (r *receive) Rcpt(to string, _ *smtp.RcptOptions) error {
	local, domain, err := splitAddress(to)
	if err != nil {
		return refusal(553, 1, 3, "Recipient: %v", err)
	}
	all := r.service.domains
	if !all.openAt(r.local()) {
		return refusal(550, 7, 1, "No mail is taken at this address of the server")
	}
	if d, ours := all.find(domain); ours {
		if d.IP.IsValid() && d.IP != r.local() {
			return refusal(550, 7, 1, "Mail for %s is not taken at this address of the server", domain)
		}
		if _, known := all.box(local, domain); !known {
			return refusal(550, 1, 1, "No such user here")
		}
		if !r.service.lookUp(domain) {
			return refusal(421, 3, 2, "The server is going down")
		}
	} else if !mayRelay(r.remote()) {
		return refusal(550, 7, 1, "Relaying denied")
	}
	if !slices.ContainsFunc(r.to, func(have string) bool { return strings.EqualFold(have, to) }) {
		r.to = append(r.to, to) // named twice, a recipient still gets one copy
	}
	return nil
}

// lookUp is the look-up of the domain that the service makes when it takes mail (guide step 18): at
// once from the hosts file, else it waits for DNS in vain. It says false when the machine has ended.
func (s *EPSTRS) lookUp(domain string) bool {
	return len(s.node.Hosts[domain]) > 0 || s.host.Sleep(dnsTime)
}

// Data is part of smtp.Session. The library calls it on a goroutine of its own for BDAT, and waits
// for it there; so it touches the world only once all of the message is there.
func (r *receive) Data(body io.Reader) error {
	if _, chunked := body.(*io.PipeReader); !chunked {
		r.conn.Conn().(*session).within(dataTime)
	}
	message, err := io.ReadAll(body)
	if err != nil {
		return dataRefusal(err)
	}
	if err := checkText(message); err != nil {
		return err
	}
	if !bytes.HasSuffix(message, []byte("\r\n")) {
		message = append(message, '\r', '\n') // BDAT need not end with a line
	}
	s := r.service
	e := folder.Envelope{
		ID:   folder.ID(s.host.Now(), int(s.count.Add(1)), s.computer),
		From: r.from, To: r.to,
	}
	e.Received = fmt.Sprintf("Received: from %s ([%s]) by %s with ESMTP id %s; %s",
		printable(r.conn.Hostname()), r.remote(), s.computer, e.ID, s.host.Now().Format(time.RFC1123Z))
	if err := s.accept(e, message); errors.Is(err, share.ErrFull) {
		return refusal(452, 3, 1, "Not enough space on the disk")
	} else if err != nil {
		return refusal(451, 3, 0, "The mail folder cannot be written now, try again")
	}
	s.host.Record(trace.MailAccept{ID: e.ID, From: e.From, To: e.To, MessageID: folder.MessageID(message), Size: len(message)})
	return nil
}

// dataRefusal answers what could not be read to its end.
func dataRefusal(err error) error {
	switch {
	case errors.Is(err, smtp.ErrDataTooLarge):
		return smtp.ErrDataTooLarge
	case errors.Is(err, smtp.ErrTooLongLine):
		return refusal(554, 6, 0, "A line of the message is too long")
	}
	return refusal(451, 4, 2, "The message broke off")
}

// checkText refuses what would be read as another message elsewhere: a NUL (RFC 5322 4), and a CR
// or LF that is not half of a line's end (RFC 5321 2.3.8), by which mail is smuggled past servers
// that read it as one.
func checkText(message []byte) error {
	if bytes.IndexByte(message, 0) >= 0 {
		return refusal(554, 6, 0, "A message must not hold a NUL character")
	}
	ends := bytes.Count(message, []byte("\r\n"))
	if bytes.Count(message, []byte("\r")) != ends || bytes.Count(message, []byte("\n")) != ends {
		return refusal(554, 6, 0, "The lines of a message end with CR LF, and neither stands alone")
	}
	return nil
}

// printable makes the name that a client gives itself fit for a header line.
func printable(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c <= ' ' || c >= 0x7f || c == '(' || c == ')' || c == ';' {
			b[i] = '?'
		}
	}
	return string(b[:min(len(b), 255)])
}
