package trace

import (
	"net/netip"
	"slices"
	"strings"
	"time"
)

// MailProtocol is how a reader gets at a mailbox.
type MailProtocol string

// The protocols of readers.
const (
	POP3 MailProtocol = "pop3"
	IMAP MailProtocol = "imap"
)

// MailStage is how far a client came with a server.
type MailStage string

// The stages: of every client, of one that sends, and of one that reads.
const (
	AtConnect  MailStage = "connect"
	AtGreeting MailStage = "greeting"
	AtMail     MailStage = "mail"
	AtRcpt     MailStage = "rcpt"
	AtData     MailStage = "data"
	AtDot      MailStage = "dot"
	AtLogin    MailStage = "login"
	AtList     MailStage = "list"
	AtFetch    MailStage = "fetch"
	AtDelete   MailStage = "delete"
	AtQuit     MailStage = "quit"
)

// MailPlace is where a message can lie on the share.
type MailPlace string

// The places.
const (
	InQueue    MailPlace = "queue"
	InSplit    MailPlace = "split" // a copy of an acceptance of several recipients that is still to be split
	InMailbox  MailPlace = "mailbox"
	Unfinished MailPlace = "unfinished" // a file under a temporary name that nobody was told of
	Damaged    MailPlace = "damaged"    // a file that is no message
)

// SessionEnd is how a connection to a service ended.
type SessionEnd string

// The ends of connections.
const (
	QuitEnd    SessionEnd = "quit"
	BrokenEnd  SessionEnd = "broken"
	TimeoutEnd SessionEnd = "timeout"
	HiddenEnd  SessionEnd = "hidden" // closed without a banner (M3)
	RefusedEnd SessionEnd = "refused"
)

// MailAccept is a message that EPSTRS has taken: 250 after DATA (M6). It is one queue entry.
type MailAccept struct {
	ID        string   `json:"id"` // of the queue entry, unique in a run
	From      string   `json:"from"`
	To        []string `json:"to"`
	MessageID string   `json:"message_id,omitempty"` // the message's own
	Size      int      `json:"size"`
}

// MailDeliver is EPSTDS having put a copy into a mailbox.
type MailDeliver struct {
	ID  string `json:"id"`
	To  string `json:"to"`
	Box string `json:"box"` // the mailbox's folder on the share
}

// MailRelay is another domain's server having taken a copy.
type MailRelay struct {
	ID     string         `json:"id"`
	To     string         `json:"to"`
	Server netip.AddrPort `json:"server"`
}

// MailTaken is another domain's server having taken a copy, as that server saw it: of one message it
// may take more than it should.
type MailTaken struct {
	ID        string         `json:"id,omitempty"` // of the queue entry, as the message's header has it
	From      string         `json:"from"`
	To        string         `json:"to"`
	MessageID string         `json:"message_id,omitempty"`
	Peer      netip.AddrPort `json:"peer,omitzero"` // who gave it
	Code      int            `json:"code"`          // what was answered
}

// ShareChange is what can happen to a file of the share.
type ShareChange string

// The changes.
const (
	FileCreated ShareChange = "created"
	FileMoved   ShareChange = "moved"
	FileRemoved ShareChange = "removed"
)

// MailFile is a message's file having changed on the share, as its disk saw it: whether or not anybody got the
// answer, and whatever became of who asked.
type MailFile struct {
	Do   ShareChange    `json:"do"`
	File string         `json:"file"`           // its path on the share
	To   string         `json:"to,omitempty"`   // of FileMoved: the new one
	Peer netip.AddrPort `json:"peer,omitzero"`  // who asked
	Mail *MailEnvelope  `json:"mail,omitempty"` // of what moves from queue/tmp into the queue
}

// MailEnvelope is what a file of the queue says of its message.
type MailEnvelope struct {
	From      string   `json:"from"`
	To        []string `json:"to"` // those of the file, in the order of its copies
	MessageID string   `json:"message_id,omitempty"`
}

// MailRetry is EPSTDS putting a delivery off.
type MailRetry struct {
	ID   string        `json:"id"`
	To   string        `json:"to"`
	Try  int           `json:"try"` // from 1
	Why  string        `json:"why"`
	Next time.Duration `json:"next"` // until the next try
}

// BounceGround is what EPSTDS gives a delivery up for.
type BounceGround string

// The grounds.
const (
	GroundAnswer BounceGround = "answer" // the other server's
	GroundAge    BounceGround = "age"    // it was tried for RetryPeriod
	GroundUser   BounceGround = "user"   // there is no such mailbox here
	GroundLoop   BounceGround = "loop"   // it goes round
)

// MailBounce is EPSTDS giving a delivery up and telling its sender.
type MailBounce struct {
	ID     string       `json:"id"`
	To     string       `json:"to"`
	Why    string       `json:"why"`
	Ground BounceGround `json:"ground,omitempty"` // "" where the trace does not tell
	Code   int          `json:"code,omitempty"`   // the other server's answer to the last try; 0: none
	Report string       `json:"report,omitempty"` // the queue entry that tells; "" for a bounce's own
}

// MailExpunge is a message that a reader has deleted from a mailbox.
type MailExpunge struct {
	Box       string       `json:"box"` // the folder of its user
	ID        string       `json:"id"`  // of the queue entry it came from; "" for one that a reader put there
	MessageID string       `json:"message_id,omitempty"`
	By        MailProtocol `json:"by"`
}

// MailStock is a message that lies on the share when the run ends.
type MailStock struct {
	Place     MailPlace `json:"place"`
	File      string    `json:"file"`          // its path on the share
	Box       string    `json:"box,omitempty"` // of InMailbox: the folder of its user
	ID        string    `json:"id"`
	To        string    `json:"to,omitempty"` // in the queue: a recipient not served yet
	MessageID string    `json:"message_id,omitempty"`
}

// MailAudit is the look at the share when the run ends: behind it the MailStock records are whole.
type MailAudit struct {
	Messages int `json:"messages"` // that lie there: so many MailStock records come before it
}

// MailSend is one try of a client to send, as the client saw it end.
type MailSend struct {
	MessageID string         `json:"message_id"`
	To        string         `json:"to"`                // as of Recipients
	Refused   string         `json:"refused,omitempty"` // those of them that the server refused for good, where it took others
	Denial    int            `json:"denial,omitempty"`  // the last answer to those
	Server    netip.AddrPort `json:"server"`
	Try       int            `json:"try"`             // from 1
	Stage     MailStage      `json:"stage,omitempty"` // where it failed
	Code      int            `json:"code,omitempty"`  // the last answer's; 0: none came
	Text      string         `json:"text,omitempty"`
	Took      time.Duration  `json:"took"`
}

// recipientEnd is between recipients in a list.
const recipientEnd = ", "

// Recipients is a list of them in a text, as MailSend has it.
func Recipients(all []string) string { return strings.Join(all, recipientEnd) }

// Taken are the recipients that the server answered with 250. Where it said so of the message too, it is owed to each.
func (m MailSend) Taken() []string {
	all := strings.Split(m.To, recipientEnd)
	if m.Refused == "" {
		return all
	}
	refused := strings.Split(m.Refused, recipientEnd)
	return slices.DeleteFunc(all, func(to string) bool { return slices.Contains(refused, to) })
}

// MailFetch is a reader having got a message.
type MailFetch struct {
	User      string       `json:"user"`
	By        MailProtocol `json:"by"`
	MessageID string       `json:"message_id"`
}

// MailPoll is a reader having looked for new mail, or having tried to.
type MailPoll struct {
	User   string         `json:"user"`
	By     MailProtocol   `json:"by"`
	Server netip.AddrPort `json:"server"`
	Stage  MailStage      `json:"stage,omitempty"` // where it failed
	Text   string         `json:"text,omitempty"`  // why
	New    int            `json:"new,omitempty"`   // messages got
	Gone   []string       `json:"gone,omitempty"`  // Message-IDs of those that the server has said are deleted
	Took   time.Duration  `json:"took"`
}

// MailSession is a connection to a service that has ended, as the service saw it.
type MailSession struct {
	Service string         `json:"service"` // "EPSTRS", "EPSTPOP3S", "EPSTIMAP4S"
	Local   netip.AddrPort `json:"local"`
	Remote  netip.AddrPort `json:"remote"`
	User    string         `json:"user,omitempty"`
	End     SessionEnd     `json:"end"`
	Took    time.Duration  `json:"took"`
}

// MailDenied is a login with a name or password that is wrong, or that came when too many had been.
type MailDenied struct {
	Service string         `json:"service"` // as of MailSession
	Local   netip.AddrPort `json:"local"`
	Remote  netip.AddrPort `json:"remote"`
	User    string         `json:"user"` // as the client has it
}

// ConnectOutcome is what somebody sees who opens a connection and waits.
type ConnectOutcome string

// The outcomes of a connection.
const (
	Greeted      ConnectOutcome = "banner"        // the server said something
	ClosedAtOnce ConnectOutcome = "closed"        // it closed the connection without a word (M3)
	NoBanner     ConnectOutcome = "silent"        // it said nothing for 10 s
	NotConnected ConnectOutcome = "not-connected" // refused, or not reached
)

// Connect is somebody opening a TCP connection to see who answers.
type Connect struct {
	Server  netip.AddrPort `json:"server"`
	Outcome ConnectOutcome `json:"outcome"`
	Banner  string         `json:"banner,omitempty"`
	Took    time.Duration  `json:"took"`
}

func (Connect) Kind() string     { return "connect" }
func (MailAccept) Kind() string  { return "mail-accept" }
func (MailDeliver) Kind() string { return "mail-deliver" }
func (MailRelay) Kind() string   { return "mail-relay" }
func (MailTaken) Kind() string   { return "mail-taken" }
func (MailFile) Kind() string    { return "mail-file" }
func (MailRetry) Kind() string   { return "mail-retry" }
func (MailBounce) Kind() string  { return "mail-bounce" }
func (MailExpunge) Kind() string { return "mail-expunge" }
func (MailStock) Kind() string   { return "mail-stock" }
func (MailAudit) Kind() string   { return "mail-audit" }
func (MailSend) Kind() string    { return "mail-send" }
func (MailFetch) Kind() string   { return "mail-fetch" }
func (MailPoll) Kind() string    { return "mail-poll" }
func (MailSession) Kind() string { return "mail-session" }
func (MailDenied) Kind() string  { return "mail-denied" }
