package mail

import (
	"net"
	"sync/atomic"
	"time"

	"ipwsim/sim/mail/folder"
	"ipwsim/sim/mail/settings"
	"ipwsim/sim/share"
)

// The limits of EPSTRS. Inferred, all of them: the guide gives none; times and counts are what
// RFC 5321 asks for.
const (
	maxMessage    = 10 << 20 // octets
	maxLine       = 2000     // octets of a message's line; RFC 5321 4.5.3.1.6 asks for 1,000
	maxRecipients = 100      // RFC 5321 4.5.3.1.8
	commandTime   = 5 * time.Minute
	dataTime      = 10 * time.Minute // for a whole message, however slowly it drips
)

// smtpGoodbye begins the answer to QUIT.
const smtpGoodbye = "221 "

// EPSTRS is the service that receives mail by SMTP.
type EPSTRS struct {
	host     Host
	folder   *folder.Folder
	node     settings.Node
	computer string
	domains  mailDomains
	limit    int64        // of a message, in octets
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
	s.host.Go("EPSTRS", func() { prepare(s.host, s.folder) })
	listenAll(s.node.SMTP, sessions{host: s.host, service: "EPSTRS", busy: "421 4.7.0 Too many connections, try again later"}, func(l net.Listener) error {
		for {
			c, err := l.Accept()
			if err != nil {
				return err
			}
			go s.serve(c.(*session))
		}
	})
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
