package narrator

import (
	"encoding/binary"
	"fmt"
	"strings"
)

// services are the protocols of mail and of the share by the servers' ports.
var services = map[uint16]string{25: "SMTP", 587: "SMTP", 110: "POP3", 143: "IMAP", 564: "9P"}

// Service is the protocol of the ports of a TCP segment of mail or of the share, and whether the segment
// goes to the server; "" for another's.
func Service(src, dst uint16) (name string, asks bool) {
	if name := services[dst]; name != "" {
		return name, true
	}
	return services[src], false
}

// Said is in a few words what a segment's payload says in the protocol: the verb or the answer of its
// first line, or how much data it is. It holds no control character, and of passwords nothing.
func Said(service string, asks bool, payload []byte) string {
	if service == "9P" {
		return said9P(payload)
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

// messages9P are 9P2000.L's requests by type; each answer is one higher.
var messages9P = map[byte]string{
	6: "lerror", 8: "statfs", 12: "lopen", 14: "lcreate", 16: "symlink", 18: "mknod", 20: "rename", 22: "readlink", 24: "getattr",
	26: "setattr", 30: "xattrwalk", 32: "xattrcreate", 40: "readdir", 50: "fsync", 52: "lock", 54: "getlock", 70: "link", 72: "mkdir",
	74: "renameat", 76: "unlinkat", 100: "version", 102: "auth", 104: "attach", 106: "error", 108: "flush", 110: "walk", 112: "open",
	114: "create", 116: "read", 118: "write", 120: "clunk", 122: "remove", 124: "stat", 126: "wstat",
}

// most9P is a length that no message reaches: longer ones are text from the middle of a message.
const most9P = 1 << 24

// said9P names the message that begins the segment: after a length of 32 bits comes its type. What follows
// it must be messages too, of which the last may go on in the next segment: the middle of a message is none.
func said9P(payload []byte) string {
	first := ""
	for rest := payload; len(rest) >= 7; {
		length, kind := binary.LittleEndian.Uint32(rest), rest[4]
		name := messages9P[kind&^1]
		if name == "" || length < 7 || length >= most9P {
			return dataOf(payload, false)
		}
		if first == "" {
			first = "TR"[kind&1:kind&1+1] + name
		}
		rest = rest[min(int(length), len(rest)):]
	}
	if first == "" {
		return dataOf(payload, false)
	}
	return first
}
