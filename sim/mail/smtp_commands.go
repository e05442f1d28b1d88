package mail

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/emersion/go-smtp"

	"ipwsim/sim/trace"
)

// smtpCommand is a command of RFC 5321, 3030, 3207 or 4954.
type smtpCommand struct {
	do   func(t *smtpSession, args string)
	help string // its arguments; "" for none, which are refused then
}

var smtpCommands map[string]smtpCommand

func init() { // HELP names them all
	smtpCommands = map[string]smtpCommand{
		"EHLO":     {func(t *smtpSession, args string) { t.greet(true, args) }, "name"},
		"HELO":     {func(t *smtpSession, args string) { t.greet(false, args) }, "name"},
		"MAIL":     {(*smtpSession).mailFrom, "FROM:<address> [SIZE=octets] [BODY=7BIT|8BITMIME]"},
		"RCPT":     {(*smtpSession).rcptTo, "TO:<address>"},
		"DATA":     {(*smtpSession).data, ""},
		"BDAT":     {(*smtpSession).bdat, "octets [LAST]"},
		"RSET":     {(*smtpSession).rset, ""},
		"NOOP":     {func(t *smtpSession, _ string) { t.ok(250, 0, 0, "Nothing done") }, "[text]"},
		"VRFY":     {(*smtpSession).vrfy, "user"},
		"HELP":     {(*smtpSession).helpWith, "[command]"},
		"QUIT":     {(*smtpSession).quit, ""},
		"AUTH":     {(*smtpSession).auth, "CRAM-MD5|PLAIN|LOGIN [answer]"},
		"STARTTLS": {(*smtpSession).startTLS, ""},
		"EXPN":     {func(t *smtpSession, _ string) { t.refuse(refusal(502, 5, 1, "EXPN is not offered")) }, "list"},
	}
}

// do answers one command line.
func (t *smtpSession) do(line string) {
	verb, args, _ := strings.Cut(line, " ")
	verb = strings.ToUpper(verb)
	command, known := smtpCommands[verb]
	args = strings.TrimRight(args, " ")
	switch {
	case strings.ContainsFunc(line, func(r rune) bool { return r < ' ' || r == 0x7f }):
		t.mistake(refusal(500, 5, 2, "A command has no control characters")) // a CR that stands alone is one
	case !known:
		t.mistake(refusal(500, 5, 1, "Unknown command"))
	case command.help == "" && args != "":
		t.mistake(refusal(501, 5, 4, "%s takes no arguments", verb))
	default:
		command.do(t, args)
	}
}

// greet answers EHLO and HELO, which also forget the message at hand (RFC 5321 4.1.4).
func (t *smtpSession) greet(extended bool, args string) {
	name, _, _ := strings.Cut(args, " ")
	if name == "" {
		t.mistake(refusal(501, 5, 4, "A name for the client is missing"))
		return
	}
	t.reset()
	t.hello, t.extended = name, extended
	welcome := fmt.Sprintf("%s Hello %s", t.service.computer, printable(name))
	if !extended {
		t.lines(250, welcome)
		return
	}
	offers := []string{welcome, "PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES", "CHUNKING",
		fmt.Sprintf("SIZE %d", t.service.limit), fmt.Sprintf("LIMITS RCPTMAX=%d", maxRecipients), authLine}
	if t.mayStartTLS() {
		offers = append(offers, "STARTTLS")
	}
	t.lines(250, append(offers, "HELP")...)
}

// outOfTurn says what a command misses that comes too early or too late; nil: nothing.
func (t *smtpSession) outOfTurn(begun bool) error {
	switch {
	case t.hello == "":
		return refusal(503, 5, 1, "EHLO or HELO comes first")
	case t.chunks != nil:
		return refusal(503, 5, 1, "BDAT has begun the message: BDAT or RSET comes next")
	case begun && !t.mail:
		return refusal(503, 5, 1, "MAIL comes first")
	case !begun && t.mail:
		return refusal(503, 5, 1, "A message is begun already: RCPT, DATA or RSET comes next")
	}
	return nil
}

// argument is the path behind FROM: or TO:, and the parameters behind it.
func argument(args, keyword string) (path string, parameters []string, err error) {
	if len(args) < len(keyword) || !strings.EqualFold(args[:len(keyword)], keyword) {
		return "", nil, refusal(501, 5, 4, "%s<address> is missing", keyword)
	}
	path, rest, err := cutPath(strings.TrimLeft(args[len(keyword):], " "))
	if err != nil {
		return "", nil, refusal(501, 5, 4, "%s %v", keyword, err)
	}
	return path, strings.Fields(rest), nil
}

func (t *smtpSession) mailFrom(args string) {
	if err := t.outOfTurn(false); err != nil {
		t.refuse(err)
		return
	}
	path, parameters, err := argument(args, "FROM:")
	if err == nil {
		err = t.parameters(parameters)
	}
	if err != nil {
		t.mistake(err)
		return
	}
	if path != "" { // "" is the sender of reports
		local, domain, err := splitAddress(path)
		if err != nil {
			t.refuse(refusal(553, 1, 7, "Sender: %v", err))
			return
		}
		path = local + "@" + domainAsSaid(path, domain)
	}
	t.mail, t.from, t.to = true, path, nil
	t.ok(250, 1, 0, "Sender taken")
}

// domainAsSaid is the domain in the client's own spelling.
func domainAsSaid(path, domain string) string { return path[len(path)-len(domain):] }

// parameters reads those of MAIL (RFC 1870, 6152, 4954).
func (t *smtpSession) parameters(all []string) error {
	seen := map[string]bool{}
	for _, p := range all {
		name, value, _ := strings.Cut(strings.ToUpper(p), "=")
		if seen[name] {
			return refusal(501, 5, 4, "%s is there twice", name)
		}
		seen[name] = true
		switch name {
		case "SIZE":
			n, err := strconv.ParseUint(value, 10, 63)
			if err != nil || len(value) > 20 {
				return refusal(501, 5, 4, "SIZE is no number of octets")
			}
			if int64(n) > t.service.limit {
				return errTooLarge
			}
		case "BODY":
			switch value {
			case "7BIT", "8BITMIME":
			case "BINARYMIME":
				return refusal(504, 5, 4, "BINARYMIME is not offered")
			default:
				return refusal(501, 5, 4, "BODY is 7BIT or 8BITMIME")
			}
		case "AUTH": // who sent it first is of no use here
			if value == "" {
				return refusal(501, 5, 4, "AUTH has an address or <>")
			}
		default:
			return refusal(555, 5, 4, "%s is no parameter of MAIL here", printable(name))
		}
	}
	return nil
}

func (t *smtpSession) rcptTo(args string) {
	if err := t.outOfTurn(true); err != nil {
		t.refuse(err)
		return
	}
	path, parameters, err := argument(args, "TO:")
	switch {
	case err != nil:
		t.mistake(err)
		return
	case len(parameters) > 0:
		t.mistake(refusal(555, 5, 4, "%s is no parameter of RCPT here", printable(parameters[0])))
		return
	case len(t.to) >= maxRecipients:
		t.refuse(refusal(452, 5, 3, "A message has at most %d recipients", maxRecipients))
		return
	}
	to, err := t.recipient(path)
	if err != nil {
		t.refuse(err)
		return
	}
	if !slices.ContainsFunc(t.to, func(have string) bool { return strings.EqualFold(have, to) }) {
		t.to = append(t.to, to) // named twice, a recipient still gets one copy
	}
	t.ok(250, 1, 5, "Recipient taken")
}

func (t *smtpSession) rset(string) {
	t.reset()
	t.ok(250, 0, 0, "Forgotten")
}

func (t *smtpSession) vrfy(args string) {
	if args == "" {
		t.mistake(refusal(501, 5, 4, "VRFY takes a user"))
		return
	}
	t.ok(252, 5, 0, "Nobody is told who has an account; send, and see")
}

// helpWith tells the commands, or one's arguments.
func (t *smtpSession) helpWith(args string) {
	verb := strings.ToUpper(args)
	if c, known := smtpCommands[verb]; known {
		t.answer(214, smtp.EnhancedCode{2, 0, 0}, strings.TrimRight(verb+" "+c.help, " "))
		return
	}
	t.lines(214, t.service.computer+" answers", strings.Join(slices.Sorted(maps.Keys(smtpCommands)), " "))
}

func (t *smtpSession) quit(string) {
	t.ok(221, 0, 0, "Bye")
	t.hangUp(trace.QuitEnd)
}
