package settings

import (
	"net/netip"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/core/text"
)

// Where a node's registry has what is its own (guide, steps 13 and 17).
//
// Inferred: the guide shows dialog boxes for all but LogicalIP. Windows itself keeps a service's key
// and its ObjectName; MailSpoolDir and MailInBoxDir are the names in EMWAC's mail services, from
// which the product's come; the other names below are ours.
const (
	servicesKey = registry.ServicesKey
	ProductKey  = `HKEY_LOCAL_MACHINE\SOFTWARE\EPOST\MS`
	domainsKey  = ProductKey + `\Domains` // a key below it for each domain

	valueWork     = "MailSpoolDir" // the work folder
	valueInbox    = "MailInBoxDir" // the mailbox folder, with %USERNAME%
	valueAccounts = "AccountDir"   // the account folder
	valueIP       = "IP"           // of a domain told by the address connected to; absent: common mailboxes

	valueAccount   = "ObjectName"
	valueLogicalIP = "LogicalIP"
	valueInterval  = "RetryInterval" // minutes
	valuePeriod    = "RetryPeriod"   // hours
)

// Values with folders, and all three of them.
const (
	WorkFolder    = valueWork
	InboxFolder   = valueInbox
	AccountFolder = valueAccounts
)

var Folders = []string{valueWork, valueInbox, valueAccounts}

// belowWork is where mailboxes are, below the work folder (M5).
const belowWork = `\inbox\%USERNAME%`

// FolderOn is that folder on a share, as the guide has it (step 5).
func FolderOn(root, value string) string {
	return root + map[string]string{valueInbox: belowWork, valueAccounts: `\db\`}[value]
}

// WorkOf is the work folder of mailboxes that are in inbox of it; "": they are elsewhere.
func WorkOf(inbox string) string {
	inbox = strings.TrimSuffix(inbox, `\`)
	if cut := len(inbox) - len(belowWork); cut > 0 && strings.EqualFold(inbox[cut:], belowWork) {
		return inbox[:cut]
	}
	return ""
}

// The services by name (M1).
const (
	SMTPName     = "EPSTRS"
	DeliveryName = "EPSTDS"
	POP3Name     = "EPSTPOP3S"
	IMAPName     = "EPSTIMAP4S"
)

// Services are all of them.
var Services = []string{SMTPName, DeliveryName, POP3Name, IMAPName}

// What EPSTDS does when its key does not say: the maker's FAQ has both as defaults, and the period
// for a machine that does not answer. Inferred: the interval stays the same from try to try; the
// product can be told so.
const (
	defaultInterval, mostInterval = 2, 24 * 60  // minutes
	defaultPeriod, mostPeriod     = 24, 30 * 24 // hours
)

// readRegistry fills in what the exports say.
func (n *NodeFiles) readRegistry(e exports) {
	e.checkOnce()
	n.readService(e, SMTPName, &n.smtp, &n.Node.SMTP)
	n.readService(e, POP3Name, &n.pop3, &n.Node.POP3)
	n.readService(e, IMAPName, &n.imap, &n.Node.IMAP)
	n.readDelivery(e)
	n.readFolders(e)
	n.readDomains(e)
	n.checkStray(e)
}

func (n *NodeFiles) readService(e exports, name string, files *serviceFiles, s *Service) {
	files.name = name
	files.account, s.Startup, s.Installed = n.registered(e, name)
	s.Account = files.account.text
}

// registered finds a service's key, when Windows starts it, and the account it runs as, Windows' own default included.
func (n *NodeFiles) registered(e exports, name string) (account setting, start registry.Startup, installed bool) {
	key, at, installed := e.key(servicesKey + `\` + name)
	if !installed {
		return setting{}, start, false
	}
	start = e.startup(name)
	account, _ = e.text(key, at, valueAccount)
	if !account.found {
		account.text = LocalSystem
	}
	return account, start, true
}

func (n *NodeFiles) readDelivery(e exports) {
	d := &n.Node.Delivery
	n.deliveryAccount, d.Startup, d.Installed = n.registered(e, DeliveryName)
	d.Account = n.deliveryAccount.text
	key, at, _ := e.key(servicesKey + `\` + DeliveryName)
	d.RetryAfter = time.Duration(e.number(key, at, valueInterval, defaultInterval, mostInterval)) * time.Minute
	d.RetryFor = time.Duration(e.number(key, at, valuePeriod, defaultPeriod, mostPeriod)) * time.Hour
	n.logicalIP, _ = e.text(key, at, valueLogicalIP)
	d.LogicalIP = n.address(e, valueLogicalIP, n.logicalIP)
}

// address is that of a value, or the zero Addr when there is none.
func (n *NodeFiles) address(e exports, name string, s setting) netip.Addr {
	if !s.found {
		return netip.Addr{}
	}
	a, problem := hostAddress(s.text)
	if problem != nil {
		e.problems.Errorf(s.at.file, s.at.line, "%s: %w", name, problem)
	}
	return a
}

// readFolders wants the three folders (guide, step 5).
func (n *NodeFiles) readFolders(e exports) {
	key, at, found := e.key(ProductKey)
	if !found {
		e.problems.Errorf(n.Folder, 0, "no .reg export has the key [%s]; expected it, with %s, %s and %s", ProductKey, valueWork, valueInbox, valueAccounts)
		return
	}
	n.work = n.folder(e, key, at, valueWork, diag.Say(`the mail work folder, as in \\EPOST-TEC\cl_mail`))
	n.inbox = n.folder(e, key, at, valueInbox, diag.Say(`the mailbox folder, as in \\EPOST-TEC\cl_mail\inbox\%%USERNAME%%`))
	n.accounts = n.folder(e, key, at, valueAccounts, diag.Say(`the account folder, as in \\EPOST-TEC\cl_mail\db\`))
	if n.work.unc.Server != "" {
		n.Node.Share, n.Node.Folder = n.work.unc.Root(), n.work.unc.Path
	}
	n.checkInbox(e)
}

// folderSetting is the name of a folder; its UNC is the zero UNC for one on a drive.
type folderSetting struct {
	setting
	unc UNC
}

func (n *NodeFiles) folder(e exports, key registry.Key, at place, name string, expected diag.Text) (f folderSetting) {
	s, ok := e.text(key, at, name)
	if ok && !s.found {
		e.missing(key, at, name, expected)
	}
	if !s.found || drive(s.text) {
		return folderSetting{setting: s}
	}
	unc, problem := ParseUNC(s.text)
	if problem != nil {
		e.problems.Errorf(s.at.file, s.at.line, "%s: %w", name, problem)
		s.found = false
	}
	return folderSetting{s, unc}
}

// checkInbox refuses mailboxes that the simulated services would not find (M5).
func (n *NodeFiles) checkInbox(e exports) {
	if !n.work.found || !n.inbox.found {
		return
	}
	if n.workByInbox() != "" {
		return // checkFolders tells
	}
	want := strings.TrimSuffix(n.work.text, `\`) + belowWork
	if !strings.EqualFold(strings.TrimSuffix(n.inbox.text, `\`), want) {
		e.problems.Errorf(n.inbox.at.file, n.inbox.at.line, "%s is %s; expected %s: mailboxes elsewhere than in inbox of the work folder are not simulated",
			valueInbox, text.Quote(n.inbox.text), want)
	}
}

// workByInbox is the work folder where the mailboxes are, on a share, and the one that is set is on a drive; "": not so.
func (n *NodeFiles) workByInbox() string {
	if !drive(n.work.text) || n.inbox.unc.Server == "" {
		return ""
	}
	return WorkOf(n.inbox.text)
}

// domain is a domain with its places.
type domain struct {
	name string
	at   place // of its key
	ip   setting
}

func (n *NodeFiles) readDomains(e exports) {
	for _, name := range e.keysBelow(domainsKey) {
		key, at, _ := e.key(domainsKey + `\` + name)
		if problem := DomainProblem(name); problem != nil {
			e.problems.Errorf(at.file, at.line, "domain %s: %w; expected a name as in example.com", text.Quote(name), problem)
			continue
		}
		ip, _ := e.text(key, at, valueIP)
		d := domain{strings.ToLower(name), at, ip}
		n.domains = append(n.domains, d)
		n.Node.Domains = append(n.Node.Domains, Domain{Name: d.name, IP: n.address(e, valueIP, ip)})
	}
}

// DomainProblem says why a name is no mail domain's (RFC 5321, 2.3.5).
func DomainProblem(name string) error {
	if len(name) > 253 {
		return diag.Errorf("is longer than 253 characters")
	}
	for _, label := range strings.Split(name, ".") {
		switch bad := strings.IndexFunc(label, func(r rune) bool { return !letterOrDigit(r) && r != '-' }); {
		case label == "":
			return diag.Errorf("has an empty part")
		case len(label) > 63:
			return diag.Errorf("has a part longer than 63 characters")
		case bad >= 0:
			return diag.Errorf("has the character %s", text.Name([]rune(label[bad:])[0]))
		case label[0] == '-' || label[len(label)-1] == '-':
			return diag.Errorf("has a part that begins or ends with a hyphen")
		}
	}
	return nil
}

// checkStray warns of a LogicalIP that EPSTDS does not read.
func (n *NodeFiles) checkStray(e exports) {
	right := servicesKey + `\` + DeliveryName
	for _, f := range e.files {
		for _, key := range f.Keys {
			if v, found := key.Value(valueLogicalIP); found && !strings.EqualFold(key.Name, right) {
				e.problems.Warnf(f.Name, v.Line, "%s in [%s] is not read by anyone; expected it in [%s] (guide, step 13)", valueLogicalIP, key.Name, right)
			}
		}
	}
}
