package console

import (
	"slices"
	"strings"

	"ipwsim/sim/trace"
)

// service is the product's name of the watcher's service.
const service = "E-POST IP Watcher"

// displayed are the product's names of its mail services.
//
// Inferred: without the slips of the guide's list.
var displayed = map[string]string{
	"EPSTRS": "E-POST SMTP Receiver", "EPSTDS": "E-POST SMTP Delivery Agent", "EPSTPOP3S": "E-POST POP3 Server", "EPSTIMAP4S": "E-POST IMAP4rev1 Server",
}

// MailService is a mail service of a node.
type MailService struct {
	Name        string
	Runs        func() bool
	Start, Stop func() bool
}

// winService is a service of the product, as Windows' service control manager has it.
type winService struct {
	name, display string
	state         func() trace.ServiceState
	verbs         [2]string // of the faults that stop and start it
	setting       string    // and what they say besides
	touch         trace.Touch
	start, stop   func() bool
}

// services are those that the machine has.
func (c *Console) services() (all []*winService) {
	if c.Node == nil {
		return nil
	}
	all = append(all, &winService{
		name: trace.Watcher, display: service, state: c.Node.ServiceState, verbs: [2]string{"stop-service", "start-service"},
		touch: trace.Touch{Part: trace.WatcherPart, Of: c.Machine.Name()}, start: c.Node.StartService, stop: c.Node.StopService,
	})
	for _, m := range c.Mail() {
		all = append(all, &winService{
			name: m.Name, display: displayed[m.Name], verbs: [2]string{"stop-mail", "start-mail"}, setting: m.Name,
			touch: trace.Touch{Part: trace.MailPart, Of: c.Machine.Name(), End: m.Name}, start: m.Start, stop: m.Stop,
			state: func() trace.ServiceState {
				if m.Runs() {
					return trace.Running
				}
				return trace.Stopped
			},
		})
	}
	return all
}

// service is the first that is so; nil: none.
func (c *Console) service(so func(*winService) bool) *winService {
	all := c.services()
	if i := slices.IndexFunc(all, so); i >= 0 {
		return all[i]
	}
	return nil
}

// doTo starts or stops the service as its verb does.
func (c *Console) doTo(s *winService, start bool) bool {
	act, verb := s.stop, s.verbs[0]
	if start {
		act, verb = s.start, s.verbs[1]
	}
	return c.fault(trace.Fault{Verb: verb, Setting: s.setting, Breaks: !start, Touches: []trace.Touch{s.touch}}, act)
}

// do does what a fault's verb says to the node's watcher.
func (c *Console) do(verb string, act func() bool) bool {
	return c.fault(trace.Fault{
		Verb: verb, Breaks: verb == "stop-service", Touches: []trace.Touch{{Part: trace.WatcherPart, Of: c.Machine.Name()}},
	}, act)
}

// fault does what the fault says to the node, and otherwise ends the command: Windows shuts down, since all else was
// seen before.
func (c *Console) fault(f trace.Fault, act func() bool) bool {
	f.Target = c.Machine.Name()
	if c.Fault(f, act) == nil {
		return true
	}
	c.print(c.in("System error 1115 has occurred.\n\nA system shutdown is in progress.\n",
		"システム エラー 1115 が発生しました。\n\nシステムをシャットダウンしています。\n"))
	c.end()
	return false
}

// scStates are the numbers and names of sc.
var scStates = map[trace.ServiceState]string{
	trace.Stopped: "1  STOPPED", trace.StartPending: "2  START_PENDING", trace.StopPending: "3  STOP_PENDING", trace.Running: "4  RUNNING",
}

// sc is `sc query NAME`, by the short name.
func (c *Console) sc(args []string) {
	if len(args) != 2 || !strings.EqualFold(args[0], "query") {
		c.aside(c.in("only sc query NAME is simulated", "sc query NAME だけがシミュレートされる"))
		c.end()
		return
	}
	s := c.service(func(s *winService) bool { return strings.EqualFold(args[1], s.name) })
	if s == nil {
		c.print("[SC] EnumQueryServicesStatus:OpenService FAILED 1060:\n\n" +
			c.in("The specified service does not exist as an installed service.\n", "指定されたサービスはインストールされたサービスとして存在しません。\n"))
		c.end()
		return
	}
	accepts := "(NOT_STOPPABLE, NOT_PAUSABLE, IGNORES_SHUTDOWN)"
	if s.state() == trace.Running {
		accepts = "(STOPPABLE, NOT_PAUSABLE, ACCEPTS_SHUTDOWN)"
	}
	c.printf(`
SERVICE_NAME: %s
        TYPE               : 10  WIN32_OWN_PROCESS
        STATE              : %s
                                %s
        WIN32_EXIT_CODE    : 0  (0x0)
        SERVICE_EXIT_CODE  : 0  (0x0)
        CHECKPOINT         : 0x0
        WAIT_HINT          : 0x0`, s.name, scStates[s.state()], accepts)
	c.end()
}
