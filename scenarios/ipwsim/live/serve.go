package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"os"
	"runtime/debug"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/spf13/cobra"

	"ipwsim/core/diag"
	"ipwsim/reports/term"
	"ipwsim/reports/words"
	"ipwsim/scenarios/ipwsim/cli"
	"ipwsim/scenarios/loopback"
	"ipwsim/sim/cluster"
	"ipwsim/sim/mail"
	"ipwsim/sim/share"
	"ipwsim/sim/trace"
)

// serveFlags are the flags of `ipwsim serve`.
type serveFlags struct {
	cluster, node, folder string
	listen                string
	base                  netip.Addr // listen
	smtp, pop3, imap      uint16
}

// ServeCommand is `ipwsim serve`.
func ServeCommand(lang *cli.Lang) *cobra.Command {
	var f serveFlags
	c := &cobra.Command{
		Use:   "serve",
		Short: "Serve a node's SMTP, POP3 and IMAP4 on this computer, in real time",
		Long: `serve runs the mail services of one node, the very ones that scenarios run, with
the settings of its cluster's files, in real time on the loopback, until Ctrl-C.
Mail programs of this computer can speak with them.

The node is the one that holds the VIP. Each address of it, and of each mail
server outside, is an address of the loopback: the first VIP is --listen, the
others follow (on a system that has only 127.0.0.1 they are free ports of it).
So what is hidden at the real address is hidden here. The first port of each
service is the flag's, further ones are free ports; all are printed. No mail
leaves this computer.

The services speak TLS, with a certificate made at the start: by STARTTLS (SMTP,
not on port 25), by STLS (POP3), and from the first byte on ports with a star in
the bind lists, as 465*.

Exit status: 0 ended by Ctrl-C, 2 could not run.`,
		Example: `  ipwsim serve
  ipwsim serve --cluster ./our-cluster --node standby
  ipwsim serve --folder ./share          keep the mail, and look at the files
  ipwsim serve --smtp 0 --pop3 0 --imap 0
  curl smtp://127.0.0.1:2525 --mail-from me@example.net \
       --mail-rcpt tanaka@example.com --upload-file message.txt
  curl pop3://127.0.0.1:2110/1 --user tanaka:pass1234`,
		Annotations: map[string]string{cli.EndsByInterrupt: "yes"},
		Args:        cli.NothingMore,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := f.check(); err != nil {
				return err
			}
			return serve(c.Context(), c.OutOrStdout(), c.ErrOrStderr(), f, lang.Lang)
		},
	}
	fl := c.Flags()
	fl.StringVar(&f.cluster, "cluster", "mail", "cluster in this `DIR`, or a shipped one")
	fl.StringVar(&f.node, "node", cluster.Active, "`ROLE` of the node, active or standby")
	fl.StringVar(&f.listen, "listen", "127.0.0.1", "loopback `ADDRESS` of the VIP")
	fl.Uint16Var(&f.smtp, "smtp", 2525, "`PORT` of EPSTRS; 0: any free one")
	fl.Uint16Var(&f.pop3, "pop3", 2110, "`PORT` of EPSTPOP3S; 0: any free one")
	fl.Uint16Var(&f.imap, "imap", 2143, "`PORT` of EPSTIMAP4S; 0: any free one")
	fl.StringVar(&f.folder, "folder", "", "the share is this `DIR`, not a temporary one")
	return c
}

func (f *serveFlags) check() error {
	var problems []error
	if f.node != cluster.Active && f.node != cluster.Standby {
		problems = append(problems, diag.Errorf("--node: found %q, expected %s or %s", f.node, cluster.Active, cluster.Standby))
	}
	base, err := netip.ParseAddr(f.listen)
	if err != nil || !base.Is4() || !base.IsLoopback() {
		problems = append(problems, diag.Errorf("--listen: found %q, expected an IPv4 address of the loopback, as 127.0.0.1: these services are not for others to use", f.listen))
	}
	f.base = base
	return errors.Join(problems...)
}

// serveMemory is what the command may take before it tidies up harder, in bytes: what its services hold
// at most (see mail.EPSTRS), with room for what they leave behind.
const serveMemory = 160 << 20

// serve runs the services until the context ends.
func serve(ctx context.Context, out, errOut io.Writer, f serveFlags, lang words.Lang) error {
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(serveMemory))
	bp, err := mailCluster(f.cluster, errOut, lang)
	if err != nil {
		return err
	}
	p := plan(bp, f.node, lang)
	network := loopback.NewNet()
	defer network.Close()
	rows, err := p.open(network, f)
	if err != nil {
		return err
	}
	dir, path, tidy, err := shareFolder(f.folder, lang)
	if err != nil {
		return err
	}
	defer tidy()
	l := &serveLog{w: out, lang: lang}
	node := loopback.NewHost(network, bp.Seed, p.holds, l.of(f.node))
	defer node.End()
	p.print(out, rows)
	fmt.Fprintf(out, "%s  %s\n", term.Pad("TLS", 10), lang.Say("serve.certificate", node.Fingerprint()))
	fmt.Fprintf(out, "%s  %s %s %s\n%s\n", term.Pad(lang.Say("serve.share"), 10), bp.Mail.Share.UNC.Root(), lang.Say("serve.is"), path, lang.Say("serve.end"))

	mail.StartServices(node, func(account string) share.FS {
		if !bp.Mail.Share.Is(p.services.Share) || !bp.Administrators.RightOnShare(account) || !bp.Knows(p.node, account) {
			return share.Nowhere{}
		}
		return dir
	}, p.services, p.node.Name)
	for _, o := range bp.Mail.Outside {
		at := outsideAt(o)
		host := loopback.NewHost(network, bp.Seed, []netip.Addr{at.Addr()}, l.of(o.Name))
		defer host.End()
		mail.NewOutside(host, at).Start()
	}
	<-ctx.Done()
	return nil
}

// mailCluster reads a cluster that has a mail server.
func mailCluster(name string, warn io.Writer, lang words.Lang) (*cluster.Blueprint, error) {
	bp, err := readCluster("--cluster: ", name, warn, lang)
	if err == nil && bp.Mail == nil {
		return nil, diag.Errorf("--cluster: %s has no mail server: its nodes have no mail files, and its cluster.toml no [share]; the shipped cluster mail has all", name)
	}
	return bp, err
}

// shareFolder is the share in the folder, or in a new one; tidy closes it, and removes a new one.
func shareFolder(path string, lang words.Lang) (dir *share.Dir, shown string, tidy func(), err error) {
	remove := func() {}
	if shown = path; path == "" {
		if path, err = os.MkdirTemp("", "ipwsim-share-"); err != nil {
			return nil, "", nil, err
		}
		remove = func() { _ = os.RemoveAll(path) }
		shown = lang.Say("serve.removed", path)
	} else if err := os.MkdirAll(path, 0o755); err != nil {
		return nil, "", nil, diag.Errorf("--folder: %w", err)
	}
	if dir, err = share.OpenDir(path); err != nil {
		remove()
		return nil, "", nil, diag.Errorf("--folder: %w", err)
	}
	return dir, shown, func() { _ = dir.Close(); remove() }, nil
}

// serveLog prints what the trace would record, a line each. It is safe for concurrent use.
type serveLog struct {
	lang words.Lang
	mu   sync.Mutex
	w    io.Writer
}

// of takes the records of a machine.
func (l *serveLog) of(machine string) func(trace.Body) {
	return func(b trace.Body) {
		line := told(l.lang, machine, b)
		if line == "" {
			return
		}
		line = strings.Map(func(r rune) rune { // some of it comes from clients
			if !unicode.IsPrint(r) {
				return '?'
			}
			return r
		}, line)
		l.mu.Lock()
		defer l.mu.Unlock()
		fmt.Fprintf(l.w, "%s  %s\n", time.Now().Format(time.TimeOnly), line)
	}
}

// told is a record in words; "" for one that is not of the services.
func told(l words.Lang, machine string, b trace.Body) string {
	switch b := b.(type) {
	case trace.MailSession:
		user := ""
		if b.User != "" {
			user = " " + b.User
		}
		return l.Say("serve.session", b.Service, b.Remote, user, b.Local, l.Say("session-end."+string(b.End)), fmt.Sprintf("%.3f", b.Took.Seconds()))
	case trace.MailDenied:
		return l.Say("serve.denied", b.Service, b.Remote, b.User)
	case trace.MailAccept:
		return l.Say("serve.accepted", b.ID, b.From, strings.Join(b.To, ", "), b.Size)
	case trace.MailDeliver:
		return l.Say("serve.delivered", b.ID, b.Box)
	case trace.MailRelay:
		return l.Say("serve.sent", b.ID, b.To, b.Server)
	case trace.MailRetry:
		return l.Say("serve.retry", b.ID, b.To, b.Why, b.Next.Round(time.Second))
	case trace.MailBounce:
		return l.Say("serve.given-up", b.ID, b.To, b.Why)
	case trace.MailTaken:
		return l.Say("serve.taken", machine, b.From, b.To)
	case trace.MailExpunge:
		return l.Say("serve.expunged", b.By, b.Box)
	case trace.Log:
		return b.Text
	}
	return ""
}
