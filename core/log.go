package core

import (
	"net/netip"
	"strconv"
	"strings"
)

// The log of a start, a check and a stop is the original's (W10), line by line, less what means
// nothing outside its process: the values of pointers and handles, and the lines that hold nothing
// else. What the original's console shows besides, unstamped, is the business of the command that
// runs in the foreground, except the output of the commands run, which stands here like any line.
const (
	logBanner         = "E-POST IP Watcher (1.15) x64"
	logReleasedAll    = "IP released all."
	logConnectPipe    = "ConnectNamedPipe(hPipe)"
	logOptionsRead    = "GetOption end."
	logServiceStopped = "Service Stoped." // sic
	logTerminating    = "dwWait = 0 / bServiceTerminating = 1"
	logCleanup        = "cleanup"
	logClosePipe      = "CloseHandle(hPipe)"
)

// Inferred: every line from here on; the guide's log ends before anything happens to a VIP. They
// follow the address.
const (
	logMissed     = " does not answer."
	logSeen       = " is answered."
	logOverslept  = " was not polled for a while."
	logFree       = " is free."
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

// logEntry is an entry of the table taken apart.
func (m *Machine) logEntry(v *vip) {
	m.log(v.Entry.String())
	m.logOption("-c=", v.Peer)
	m.logOption("-i=", v.name)
	m.logOption("-f=", v.Interface)
	m.log("GetOption() end.")
}

func (m *Machine) logOption(option, value string) {
	m.log(option, value)
	m.log(value)
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

func (m *Machine) logEnd(ev CommandDone) {
	for line := range strings.Lines(ev.Output) {
		if line = strings.TrimSpace(line); line != "" {
			m.log(line)
		}
	}
	m.log("end code is ", strconv.Itoa(ev.Exit))
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
