package narrator

import (
	"fmt"
	"strings"

	"ipwsim/sim/share/nas"
)

// NAS is the share's protocol as a service.
const NAS = "NAS"

// services are the protocols of mail and of the share by the servers' ports.
var services = map[uint16]string{25: "SMTP", 587: "SMTP", 110: "POP3", 143: "IMAP", nas.Port: NAS}

// Service is the protocol of the ports of a TCP segment of mail or of the share, and whether the segment
// goes to the server; "" for another's.
func Service(src, dst uint16) (name string, asks bool) {
	if name := services[dst]; name != "" {
		return name, true
	}
	return services[src], false
}

// Said is in a few words what a segment's payload says in the protocol: the verb or the answer of its
// first line, or how much data it is; of the share, the operation, its file, and how it went. It holds
// no control character, and of passwords nothing.
func Said(service string, asks bool, payload []byte) string {
	if service == NAS {
		return saidNAS(asks, payload)
	}
	line, _, _ := strings.Cut(string(payload[:min(len(payload), 512)]), "\n")
	line = strings.TrimRight(line, "\r")
	if line == "" || strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r > '~' }) || !speech(service, asks, line) {
		return dataOf(payload, service == "SMTP" && asks)
	}
	if asks {
		line = withoutSecret(service, line)
	}
	const most = 80
	if len(line) > most {
		line = line[:most] + ".."
	}
	return line
}

// dataOf is a piece of a message; a sender's may end with the final dot.
func dataOf(payload []byte, sent bool) string {
	if sent && endsWithDot(payload) {
		if len(payload) == len(".\r\n") {
			return "the final dot"
		}
		return fmt.Sprintf("message data, %d bytes, and the final dot", len(payload))
	}
	return fmt.Sprintf("data, %d bytes", len(payload))
}

// endsWithDot says whether a message ends here. A dot that is alone in its segment counts: EPSTRS's
// clients end no other line there.
func endsWithDot(payload []byte) bool {
	s := string(payload[max(0, len(payload)-5):])
	return s == ".\r\n" || s == "\r\n.\r\n"
}

// verbs are the protocols' commands.
var verbs = map[string][]string{
	"SMTP": {"EHLO", "HELO", "MAIL FROM:", "RCPT TO:", "DATA", "RSET", "NOOP", "QUIT", "VRFY", "EXPN", "HELP", "AUTH", "STARTTLS"},
	"POP3": {"USER", "PASS", "APOP", "AUTH", "CAPA", "STAT", "LIST", "UIDL", "RETR", "TOP", "DELE", "RSET", "NOOP", "QUIT", "STLS"},
	"IMAP": {"CAPABILITY", "NOOP", "LOGOUT", "STARTTLS", "AUTHENTICATE", "LOGIN", "ENABLE", "SELECT", "EXAMINE", "CREATE", "DELETE",
		"RENAME", "SUBSCRIBE", "UNSUBSCRIBE", "LIST", "LSUB", "NAMESPACE", "STATUS", "APPEND", "IDLE", "CHECK", "CLOSE", "UNSELECT", "EXPUNGE",
		"SEARCH", "FETCH", "STORE", "COPY", "MOVE", "UID", "ID"},
}

// speech says whether the line is a command or an answer, and no part of a message.
func speech(service string, asks bool, line string) bool {
	switch {
	case asks && service == "IMAP":
		tag, rest, _ := strings.Cut(line, " ")
		return tag != "" && startsWithVerb(service, rest)
	case asks:
		return startsWithVerb(service, line)
	case service == "SMTP":
		return len(line) >= 3 && strings.Trim(line[:3], "0123456789") == "" && (len(line) == 3 || line[3] == ' ' || line[3] == '-')
	case service == "POP3":
		return strings.HasPrefix(line, "+OK") || strings.HasPrefix(line, "-ERR")
	}
	_, rest, _ := strings.Cut(line, " ")
	return strings.HasPrefix(line, "* ") || strings.HasPrefix(line, "+ ") ||
		strings.HasPrefix(rest, "OK ") || strings.HasPrefix(rest, "NO ") || strings.HasPrefix(rest, "BAD ")
}

func startsWithVerb(service, line string) bool {
	upper := strings.ToUpper(line)
	for _, v := range verbs[service] {
		rest, ok := strings.CutPrefix(upper, v)
		if ok && (rest == "" || rest[0] == ' ' || strings.HasSuffix(v, ":")) {
			return true
		}
	}
	return false
}

// withoutSecret cuts off what follows the verbs that carry a password.
func withoutSecret(service, line string) string {
	words := strings.Fields(line)
	at := 0
	if service == "IMAP" {
		at = 1
	}
	if len(words) <= at+1 {
		return line
	}
	switch strings.ToUpper(words[at]) {
	case "PASS", "APOP", "AUTH", "LOGIN", "AUTHENTICATE":
		return strings.Join(words[:at+1], " ") + " .."
	}
	return line
}

// saidNAS names the message that begins in the segment, whose data may go on in the next ones: what does
// not begin a message is data.
func saidNAS(asks bool, payload []byte) string {
	m, data, err := nas.Begin(payload)
	if err != nil || asks != (m.Code == nas.Ask) {
		return dataOf(payload, false)
	}
	text := fmt.Sprintf("%v %s", m.Op, plain(m.Name))
	if m.Op == nas.Rename && asks {
		text += " -> " + plain(m.To)
	}
	if !asks {
		text += ": " + m.Code.String()
	}
	if data > 0 && m.Code <= nas.Done {
		text += fmt.Sprintf(", %d bytes", data)
	}
	return text
}

// plain is a name without what a reader's terminal could take for more than that, cut to a line.
func plain(name string) string {
	const most = 120
	text := strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, name[:min(len(name), most)])
	if len(name) > most {
		text += ".."
	}
	return text
}
