package core

import (
	"fmt"
	"net/netip"
	"strings"
)

// The log of a start, a check and a stop is the original's (W10), line by line. What the original's
// console shows besides, unstamped, is the business of the command that runs in the foreground,
// except the output of the commands run, which stands here as bare lines.
//
// Inferred: the values of handles, which mean nothing outside its process: those of the guide.
const (
	logBanner         = "E-POST IP Watcher (1.15) x64"
	logReleasedAll    = "IP released all."
	logConnectPipe    = "ConnectNamedPipe(hPipe = 000000f4)"
	logOptionsRead    = "GetOption end."
	logServiceStopped = "Service Stoped." // sic
	logTerminating    = "dwWait = 0 / bServiceTerminating = 1"
	logCleanup        = "cleanup"
	logClosePipe      = "CloseHandle(hPipe = 000000f4)"
	logCloseStop      = "CloseHandle(hServerStopEvent = 000000e4)"
	logCloseEvent     = "CloseHandle(hEvents[1] = 000000f0)"
	logFree           = "free(pSD = 00c53c20)"
)

// Inferred: every line from here on; the guide's log ends before anything happens to a VIP, and has
// no line for polls that are missed. They follow the address.
const (
	logSeen       = " is answered."
	logOverslept  = " was not polled for a while."
	logIsFree     = " is free."
	logNotAdded   = " was added without effect."
	logNotDeleted = " could not be deleted."
	logHeld       = " is held."
	logConflict   = " is used by another host."
	logCycle      = " is due for release."
)

func (m *Machine) log(parts ...string) {
	if m.settings.LogEnabled {
		m.do(Log{Text: strings.Join(parts, "")})
	}
}

// logTable is the opening of the table. It is not read again: a change takes effect at the next
// start (W3).
func (m *Machine) logTable() {
	m.log("ipwatch.dat")
	m.log("ipwatch.dat open is success.")
}

// lineAt is where a line of the table lies in the original's memory.
//
// Inferred: from the pointers of the guide's transcript, which are those of what follows each option.
const lineAt = 0x0014eaaf

// logEntry is an entry of the table taken apart.
func (m *Machine) logEntry(v *vip) {
	m.log(v.Entry.String())
	at := m.logOption(lineAt, "-c=", v.Peer)
	m.logOption(at, "-i=", v.name)
	m.logLastOption("-f=", v.Interface)
	m.log("GetOption() end.")
}

// logOption is an option that begins at the pointer; the next begins where it ends.
func (m *Machine) logOption(at int, option, value string) (next int) {
	next = at + len(option) + len(value) + len(" ")
	m.logValue(next, option, value)
	return next
}

func (m *Machine) logLastOption(option, value string) { m.logValue(0, option, value) }

func (m *Machine) logValue(next int, option, value string) {
	m.log(fmt.Sprintf("[%08x] ", next), option, value)
	m.log(value)
	m.log(fmt.Sprintf("p = [%08x]", next))
}

func (m *Machine) logCheck(v *vip) {
	m.log("Check IP addr ", v.name)
	m.log("ipcheck ", v.name)
}

func (m *Machine) logCommand(q queued) {
	switch c := q.command.(type) {
	case AddAddress:
		m.logAddress("Add address", c.Interface, c.VIP)
	case DeleteAddress:
		m.logAddress("Delete address", c.Interface, c.VIP)
	}
	m.log(q.command.String())
}

func (m *Machine) logAddress(what, iface string, ip netip.Addr) {
	m.log(what, ` "`, iface, `" `, ip.String(), ".")
}

// logEnd is what a command printed, and the code. That is not the command's own status: the guide's
// transcript has 0 for an address that was not found, and at the stop 2 for both commands, with an
// empty line for what netsh has to say.
//
// Inferred: 0 at any other time, and 2 at every stop.
func (m *Machine) logEnd(ev CommandDone) {
	code := "0"
	if m.phase == stopping {
		code = "2"
	}
	m.logOutput(ev.Output)
	m.log("end code is ", code)
}

// logOutput has the lines with something in them, or one that is empty.
func (m *Machine) logOutput(output string) {
	if !m.settings.LogEnabled || output == "" {
		return
	}
	said := strings.FieldsFunc(output, func(r rune) bool { return r == '\r' || r == '\n' })
	if m.phase == stopping || len(said) == 0 {
		said = []string{""}
	}
	for _, line := range said {
		m.do(Log{Text: strings.TrimSpace(line), Bare: true})
	}
}

func (m *Machine) logAsk(v *vip) {
	m.log("Ask ", v.Peer, " to release ", v.name, ".")
}

func (m *Machine) logAnswer(v *vip, a Answer) {
	m.log(v.Peer, " answers: ", a.String(), ".")
}

func (m *Machine) logAsked(ip netip.Addr) {
	m.log("Peer asks for ", ip.String(), ".")
}

func (m *Machine) logAnswered(ip netip.Addr, a Answer) {
	m.log("Peer is answered for ", ip.String(), ": ", a.String(), ".")
}
