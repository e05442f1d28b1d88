package audited

// Tried is a change that was made to a copy of the cluster's files, and played again with the same draws.
type Tried struct {
	Change  Change  `json:"change"`
	Class   Class   `json:"class"`
	Verdict Verdict `json:"verdict"`

	Pairs    int         `json:"pairs"`          // of runs, without and with the change, by draw
	Better   int         `json:"better"`         // of Pairs: less silence with it
	Worse    int         `json:"worse"`          // more
	Sign     float64     `json:"significance"`   // the sign test's p of Better against Worse
	Gain     Estimate    `json:"gain"`           // seconds a year that a client has mail which it had not, in the mean of clients and VIPs
	ByUse    []UseCost   `json:"by_use"`         // the same for each client and VIP, most first
	ByFault  []FaultGain `json:"by_fault"`       // which faults it is from, most first; those that do not change are left out
	If       *If         `json:"if,omitempty"`   // how it hangs on what is assumed of clients; nil: nothing is
	Echo     float64     `json:"echo_gain"`      // seconds a year by which echo requests alone are answered again
	Switches float64     `json:"switches_gain"`  // so many moves of a VIP fewer, a year
	Mail     *MailGain   `json:"mail,omitempty"` // nil: no mail was played for it

	After int     `json:"after,omitempty"` // so many changes of Todo, from the first, are made before it, and Gain comes to theirs; 0: none
	Score float64 `json:"score"`           // what Todo is ordered by: Gain, and what mail gains by Plan.Weights, seconds a year
}

// Followed is what the first changes of the list gain together.
type Followed struct {
	Of   int       `json:"of"`             // so many, from the first
	Gain Estimate  `json:"gain"`           // as Tried.Gain
	Left Estimate  `json:"left"`           // of Audit.Year.Mean, seconds a year; what pairs cost beyond their faults stays
	Mail *MailGain `json:"mail,omitempty"` // nil: none of them shows in mail
}

// If is a gain under each assumption of what clients are, seconds a year.
type If struct {
	AsWritten Estimate `json:"as_written"` // the clients are what cluster.toml says
	AsAssumed Estimate `json:"as_assumed"` // those of Plan.Assumed are Plan.As
}

// FaultGain is a part of a gain.
type FaultGain struct {
	Fault   FaultName `json:"fault"`
	Seconds float64   `json:"seconds"` // a year
}

// MailGain is mail without and with a change: while the active node has the VIPs, and while the standby has them, which is
// so for a part of the year.
type MailGain struct {
	Before     MailCost `json:"before"`
	After      MailCost `json:"after"`
	AwayBefore MailCost `json:"away_before"` // while the standby has the VIPs
	AwayAfter  MailCost `json:"away_after"`
	Away       float64  `json:"away"` // part of the year, 0 to 1
}

// MailCost is what mail suffers.
type MailCost struct {
	Messages int     `json:"messages"`         // that were played
	Doubled  float64 `json:"doubled"`          // part of them that came twice, 0 to 1
	Lost     float64 `json:"lost"`             // part of them that came not at all, 0 to 1
	Unread   float64 `json:"unread,omitempty"` // part of them that lie in a mailbox that its reader does not get at, 0 to 1
	Late     float64 `json:"late"`             // seconds until one was taken and delivered, in the mean
}

// Class is what a change is.
type Class string

// The classes.
const (
	Mend   Class = "mend"   // of what the guide, or the files themselves, want otherwise
	Choice Class = "choice" // of what is right either way, and costs something else
)

// Verdict is what a try says.
type Verdict string

// The verdicts. What gains nothing in these plays may still be right, as where check asks for it.
const (
	Gains    Verdict = "gains"
	Asked    Verdict = "asked"   // no gain is sure, and check asks for it
	NoGain   Verdict = "no gain" // the interval holds zero
	Instead  Verdict = "instead" // it would gain, but the list leaves nothing of it to be changed
	Costs    Verdict = "costs"
	Unplayed Verdict = "unplayed" // it could not be tried: the changed files are refused
)

// ChangeKind is what is changed.
type ChangeKind string

// The kinds of changes.
const (
	AddTask         ChangeKind = "task"             // a task that starts arpclear.bat, on Node; To: its triggers
	AddStartup      ChangeKind = "task-startup"     // a task that starts arpclear.bat when Windows starts, on Node
	TaskAtOnce      ChangeKind = "task-at-once"     // the task of Node starts arpclear.bat without the delay From
	TaskLimit       ChangeKind = "task-limit"       // the task of Node is not ended after From
	TaskElevated    ChangeKind = "task-elevated"    // the task of Node has an administrator's rights
	InstallCure     ChangeKind = "cure"             // an arpclear.bat on Node, with its task
	CureEveryVIP    ChangeKind = "cure-vips"        // arpclear.bat of Node serves VIP too
	CureClient      ChangeKind = "cure-client"      // arpclear.bat of Node pings Client, or the router it is behind
	CurePair        ChangeKind = "cure-pair"        // arpclear.bat of Node pings Client from VIP, too
	CureOnce        ChangeKind = "cure-once"        // arpclear.bat of Node pings Client once from each VIP
	CureEnds        ChangeKind = "cure-ends"        // the pings of Client in arpclear.bat of Node end
	CureGoesOn      ChangeKind = "cure-goes-on"     // arpclear.bat of Node waits for no key
	CureOrder       ChangeKind = "cure-order"       // arpclear.bat of Node pings who needs it first; To: the order
	CureFlush       ChangeKind = "cure-flush"       // arpclear.bat of Node empties the ARP cache before each ping
	CurePings       ChangeKind = "cure-pings"       // arpclear.bat of Node pings each only To times: the first one heals
	AllowEcho       ChangeKind = "echo"             // the firewall of Node lets echo requests in
	AllowPipe       ChangeKind = "pipe"             // the firewall of Node lets the pipe in
	AllowMail       ChangeKind = "mail-ports"       // the firewall of Node lets mail in at the ports To
	SameMask        ChangeKind = "same-mask"        // the own address of Node has the mask To of its segment, in place of From
	EitherMask      ChangeKind = "either-mask"      // the same where nobody has told which of the two masks is right
	PrivateNetwork  ChangeKind = "private-network"  // Node's network is never taken for a public one
	WatcherAccount  ChangeKind = "watcher-account"  // IPWCS of Node runs as To
	WatcherStart    ChangeKind = "watcher-start"    // IPWCS of Node starts with Windows
	WatcherRecovery ChangeKind = "watcher-recovery" // IPWCS of Node is started again when it dies
	SameBalance     ChangeKind = "balance"          // Balance of Node
	SameInterval    ChangeKind = "same-interval"    // Interval of Node, as on the other
	SamePingTimeout ChangeKind = "same-ping-timeout"
	SameRelease     ChangeKind = "same-release"
	Interval        ChangeKind = "interval" // of both nodes
	PingTimeout     ChangeKind = "ping-timeout"
	ReleaseTime     ChangeKind = "release-time"
	PortFast        ChangeKind = "port-fast"     // of the switch Node
	L3Announce      ChangeKind = "l3-announce"   // the router Node heeds gratuitous ARP
	L3Age           ChangeKind = "l3-age"        // the router Node forgets ARP entries sooner
	Announce        ChangeKind = "announce"      // Node announces an address that it adds
	Table           ChangeKind = "table"         // ipwatch.dat of Node: the peers, the interface, the VIPs
	LogicalIP       ChangeKind = "logical-ip"    // of EPSTDS on Node
	HostsLine       ChangeKind = "hosts"         // of Node: a line for the domain To at VIP
	MailAccount     ChangeKind = "mail-account"  // the mail service From of Node runs as To
	MailFolders     ChangeKind = "mail-folders"  // the mail services of Node use folders of the share To
	MailDomain      ChangeKind = "mail-domain"   // on Node the domain Client is told by the VIP To, not by From
	MailBinds       ChangeKind = "mail-binds"    // the mail service From of Node listens on To
	MailHidden      ChangeKind = "mail-hidden"   // on Node the addresses To are hidden from the mail service From
	MailStart       ChangeKind = "mail-start"    // the mail service From of Node starts with Windows
	MailRecovery    ChangeKind = "mail-recovery" // the mail services are started again when they die
)

// Change is a change of the cluster's files, and what it is on the machines.
type Change struct {
	Kind   ChangeKind `json:"kind"`
	Node   string     `json:"node,omitempty"`   // role of the node, or name of the switch or router; "": both nodes
	Client string     `json:"client,omitempty"` // whom it is for
	VIP    string     `json:"vip,omitempty"`
	From   string     `json:"from,omitempty"` // the value before
	To     string     `json:"to,omitempty"`   // and after
	Edits  []Edit     `json:"edits"`          // of the cluster's files
	Do     []Do       `json:"do"`             // how it is done on the real machines
}

// Edit is a line of a file that changes: of the file as it is once the changes of Todo before this one are made.
type Edit struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"` // of what is there now, or what an added line goes before; 0: it is added at the end
	Old    string `json:"old,omitempty"`
	New    string `json:"new,omitempty"`    // "": the line goes
	Before string `json:"before,omitempty"` // of an added line: the text of the line that it goes before
}

// Do is a command to type, or a thing to do by hand, on a machine.
type Do struct {
	On      string `json:"on"`                // computer name, or that of a switch or router
	Command string `json:"command,omitempty"` // a Windows command line, for an administrator's prompt; "": Hand
	Hand    Hand   `json:"hand,omitempty"`    // what is done by hand
	File    string `json:"file,omitempty"`    // of EditBatch: the path there, where the file is not called arpclear.bat
}

// Hand is a thing to do that no command line does.
type Hand string

// The things to do by hand.
const (
	CopyBatch    Hand = "copy-batch"    // put arpclear.bat there, as Edits have it
	EditBatch    Hand = "edit-batch"    // change its lines as Edits say
	LiftLimit    Hand = "lift-limit"    // take the limit from the task's time
	Elevate      Hand = "elevate"       // give the task an administrator's rights
	RepeatTask   Hand = "repeat-task"   // have the task that starts with Windows repeat itself, as the guide does
	EditTask     Hand = "edit-task"     // take the delay out of the task's trigger
	EditTable    Hand = "edit-table"    // change ipwatch.dat as Edits say
	EditList     Hand = "edit-list"     // change the list of the mail service as Edits say
	MoveMail     Hand = "move-mail"     // what lies in the folders before goes to the new ones
	EditHosts    Hand = "edit-hosts"    // add the line to %SystemRoot%\System32\drivers\etc\hosts
	RestartIPWCS Hand = "restart-ipwcs" // so that it reads its settings again: at a quiet time, for it releases the VIP
	RenewVIP     Hand = "renew-vip"     // IPWCS is restarted, for a VIP keeps the mask that it was added with
	RestartMail  Hand = "restart-mail"  // the mail service, so that it reads its settings again
	BatchPlace   Hand = "batch-place"   // the command has arpclear.bat where the product's other files are
	BlockRule    Hand = "block-rule"    // a rule that blocks goes before one that allows: disable it
	Password     Hand = "password"      // the command has PASSWORD for the account's; and the account's right
	OnSwitch     Hand = "on-switch"     // a setting of the switch or router: its manual says how
)
