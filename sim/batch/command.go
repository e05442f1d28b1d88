package batch

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
)

// quiet are the commands that change nothing that anything here depends on.
var quiet = []string{
	"echo", "echo.", "echo:", "title", "cls", "chcp", "color", "endlocal", "cd", "chdir", "pushd", "popd", "prompt", "ver",
	"hostname", "ipconfig", "netstat", "nbtstat", "route", "type", "dir", "whoami",
}

// command does what a command does here.
func (p *parser) command(words []string) {
	line, args := strings.Join(words, " "), words[1:]
	switch name := program(words[0]); {
	case strings.Contains(line, "←") && !slices.Contains(quiet, name):
		p.warnf("found %s, so the line does nothing; expected nothing more: the arrows in the guide's example are its remarks, not part of the file",
			typed(line[strings.Index(line, "←"):]))
	case len(p.commands) >= maxCommands:
		p.ended = true
		p.warnf("found more than %d commands, of which the rest is not played", maxCommands)
	case name == "set":
		p.set(line, strings.Join(args, " "))
	case name == "exit":
		p.exits(args)
	case name == "setlocal":
		p.delayed = p.delayed || len(args) > 0 && strings.EqualFold(args[0], "enabledelayedexpansion")
	case name == "call" && len(args) > 0 && p.starts(line, args, true):
	case p.starts(line, words, false):
	case !slices.Contains(quiet, name) && p.unknown(line):
	case name == "call" && len(args) > 0 && strings.HasPrefix(args[0], ":"):
		p.calls(line, args)
	case name == "call" && len(args) > 0:
		p.command(args)
	case name == "cmd" && len(args) > 1 && strings.EqualFold(args[0], "/c"):
		p.apart(line, false, func(q *parser) { q.statement(strings.Join(args[1:], " ")) })
	case name == "start":
		p.start(line, args)
	case name == "shift":
		p.shift(args)
	case name == "goto" && len(args) == 1 && strings.EqualFold(args[0], ":eof"):
		p.ends()
	case name == "goto" && p.goes(args):
	case name == "goto":
		p.unplayed(line, "it goes back up, or only the run knows whether it does")
	case name == "pause":
		p.halts(line)
	case name == "arp":
		p.arp(line, args)
	case name == "netsh":
		p.netsh(line, args)
	case name == "timeout":
		p.timeout(line, args)
	case name == "ping":
		p.ping(line, args)
	case !slices.Contains(quiet, name):
		p.warnf("found %s%s, which is not played; expected %s", typed(line), didYouMean(name), form)
	}
}

// start begins a program, and the batch goes on: after `start` stand a title in quotes, options with a slash, and the program.
func (p *parser) start(line string, args []string) {
	at, waits, titles := slices.IndexFunc(args, p.startable), false, 0
	for _, word := range args[:max(at, 0)] {
		waits = waits || strings.EqualFold(word, "/wait")
		if !strings.HasPrefix(word, "/") {
			titles++
		}
	}
	if at < 0 || titles > 1 {
		p.unplayed(line, "`start` is of %s, behind a title and options", "arp, cmd, netsh, ping, timeout")
		return
	}
	args = args[at:]
	before := len(p.commands)
	ended, halted := p.ended, p.halted
	if !p.starts(line, args, true) {
		p.command(args)
	}
	if waits {
		return
	}
	p.halted = halted
	for _, c := range p.commands[before:] {
		if c.Ping != nil {
			c.Ping.Apart = true
			ended = ended || c.Ping.Count == 0 // the task never ends
		}
	}
	if p.ended = ended; !ended { // nothing else that is begun so keeps the batch from going on
		p.end = 0
	}
	begun := slices.DeleteFunc(p.commands[before:], func(c Command) bool { return c.Wait > 0 || c.Halt })
	p.commands = p.commands[:before+len(begun)]
}

// startable says whether the word is a program that a batch may call, and that is played.
func (p *parser) startable(word string) bool {
	return p.files != nil && isBatch(word) || slices.Contains([]string{"arp", "cmd", "netsh", "ping", "timeout"}, program(word))
}

// program is a command's name, of its file or not.
func program(word string) string {
	word = strings.ToLower(word[strings.LastIndexAny(word, `\/`)+1:])
	return strings.TrimSuffix(strings.TrimSuffix(word, ".exe"), ".com")
}

func didYouMean(name string) diag.Text {
	if n, ok := diag.Nearest(name, []string{"arp", "ping", "netsh", "timeout", "rem", "echo"}); ok {
		return diag.Aside("did you mean %s?", n)
	}
	return diag.Text{}
}

func (p *parser) add(c Command) {
	c.File, c.Line = p.inner, p.line
	p.commands = append(p.commands, c)
}

// halts has the batch wait for a key.
//
// Inferred: in a task nobody can press one, so it waits for ever.
func (p *parser) halts(line string) {
	switch {
	case p.all:
		return
	case p.maybe > 0:
		p.add(Command{Halt: true})
	default:
		p.quits, p.stuck = true, true
		p.ends()
		p.halted = true
	}
	p.warnf("found %s, behind which nothing is done: nobody presses a key in a task, so it runs on, and nothing starts it again (H10)", typed(line))
}

// exits ends the batch, or with /b what has been called.
func (p *parser) exits(args []string) {
	if len(args) == 0 || !strings.EqualFold(args[0], "/b") {
		p.quits = true
	}
	p.ends()
}

// hangs tells of a command that never ends: the task runs on, and Task Scheduler starts no second one (H10).
func (p *parser) hangs(line string, why diag.Text) {
	p.quits, p.stuck = true, true
	p.ends()
	p.warnf("found %s, behind which nothing is done: %s", typed(line), why)
}

// ends ends the batch, or in a branch leaves that to the run.
func (p *parser) ends() {
	switch {
	case p.depth > 0 && p.maybe > p.within:
		p.torn, p.unsure = true, true
	case p.depth > 0:
		p.ended, p.end = true, p.line
	case p.all:
	case p.maybe > 0:
		p.unsure = true
		p.add(Command{End: true})
	default:
		p.ended, p.end = true, p.line
	}
}

// set gives a variable its value. One that is set in a branch, or to what is not known, is not known from then on.
func (p *parser) set(line, text string) {
	if m := counting.FindStringSubmatch(text); m != nil && p.maybe == 0 {
		if p.count(strings.ToLower(m[1]), m[2], m[3], m[4], m[5]) {
			return
		}
	}
	name, value, ok := strings.Cut(text, "=")
	if !ok || strings.HasPrefix(name, "/") {
		if words := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(blanks+"+-*/", r) }); ok && len(words) > 1 {
			delete(p.vars, strings.ToLower(words[1]))
		}
		p.unplayed(line, "only `set <name>=<value>` is")
		return
	}
	if p.vars[strings.ToLower(name)] = value; p.maybe > 0 || strings.Contains(value, "%") {
		delete(p.vars, strings.ToLower(name))
	}
}

// counting is the `set /a` of who counts: N+=1, N=N+1, N=5.
var counting = regexp.MustCompile(`(?i)^/a\s+([a-z_]\w*)\s*([+-]?)=\s*([a-z_]\w*|-?\d+)\s*(?:([+-])\s*(\d+))?$`)

// count gives a variable a number, if those that it is made of are known.
func (p *parser) count(name, by, first, then, second string) bool {
	number := func(s string) (int, bool) {
		if value, known := p.vars[strings.ToLower(s)]; known {
			s = value
		}
		n, err := strconv.Atoi(s)
		return n, err == nil
	}
	signed := func(sign string, n int) int {
		if sign == "-" {
			return -n
		}
		return n
	}
	n, known := number(first)
	if more, is := number(second); is {
		n += signed(then, more)
	}
	if by != "" {
		was, is := number(name)
		n, known = was+signed(by, n), known && is
	}
	if known {
		p.vars[name] = strconv.Itoa(n)
	}
	return known
}

func (p *parser) arp(line string, args []string) {
	switch {
	case len(args) > 0 && strings.EqualFold(args[0], "-d") && (len(args) == 1 || len(args) == 2 && args[1] == "*"):
		p.add(Command{})
	case len(args) > 0 && (strings.EqualFold(args[0], "-a") || strings.EqualFold(args[0], "-g")): // shows
	default:
		p.warnf("found %s, which is not played; expected `arp -d` or `arp -d *`", typed(line))
	}
}

// netsh knows the emptying of the ARP cache, with words shortened as netsh allows, and an interface or not.
func (p *parser) netsh(line string, args []string) {
	is := func(i int, words ...string) bool {
		return i < len(args) && slices.ContainsFunc(words, func(w string) bool {
			return len(args[i]) >= 2 && strings.HasPrefix(w, strings.ToLower(args[i]))
		})
	}
	switch {
	case !is(0, "interface") || !is(1, "ip", "ipv4"):
	case is(2, "show"):
		return
	case is(2, "delete") && is(3, "arpcache", "neighbors"):
		p.add(Command{Netsh: true})
		return
	}
	p.warnf("found %s, which is not played; expected `netsh interface ip delete arpcache`", typed(line))
}

// maxWait is the longest that timeout.exe waits.
const maxWait = 99_999 * time.Second

// timeout waits.
//
// Inferred: it waits in a task too. Where its input is redirected it ends at once instead, which people report of
// services; the batch is then as one without it.
func (p *parser) timeout(line string, args []string) {
	for _, word := range args {
		word = strings.ToLower(word)
		if word == "/t" || word == "-t" || word == "/nobreak" || word == "-nobreak" {
			continue
		}
		seconds, err := strconv.Atoi(strings.TrimPrefix(word, "/t:"))
		switch {
		case err == nil && seconds == -1:
			p.halts(line)
			return
		case err != nil || seconds < 0 || time.Duration(seconds) > maxWait/time.Second:
			p.warnf("found %s, which is not played; expected `timeout /t <seconds> /nobreak`, 0 to 99999", typed(line))
			return
		case seconds > 0:
			p.add(Command{Wait: time.Duration(seconds) * time.Second})
		}
		return
	}
	p.warnf("found %s, which is not played; expected `timeout /t <seconds> /nobreak`, 0 to 99999", typed(line))
}
