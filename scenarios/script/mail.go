package script

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/sim/world"
)

// Connect is somebody on a client opening a TCP connection to see who answers.
type Connect struct {
	Client string
	Server netip.AddrPort
}

// mailVerbs are the steps of people who use mail.
var mailVerbs = []string{"send", "read", "connect"}

// option is a word behind the fixed part of a step.
type option struct {
	set   func(value string) error // nil: the word has no value
	given *bool                    // of a word without value
}

type options map[string]option

// parse reads them, each at most once.
func (o options) parse(words []string) error {
	seen := map[string]bool{}
	for len(words) > 0 {
		word := words[0]
		one, ok := o[word]
		switch {
		case !ok:
			return fmt.Errorf("found %q%s, expected %s", word, suggest(word, o.names()), choice(o.names()))
		case seen[word]:
			return fmt.Errorf("found %s twice, expected it once", word)
		case one.set == nil:
			*one.given = true
			words = words[1:]
		case len(words) < 2:
			return fmt.Errorf("found %s at the end, expected its value", word)
		default:
			if err := one.set(words[1]); err != nil {
				return fmt.Errorf("%s: %w", word, err)
			}
			words = words[2:]
		}
		seen[word] = true
	}
	return nil
}

func (o options) names() []string { return slices.Sorted(maps.Keys(o)) }

func every(d *time.Duration) option {
	return option{set: func(value string) error {
		v, err := time.ParseDuration(value)
		if err != nil || v < 100*time.Millisecond {
			return fmt.Errorf("found %q, expected a time of at least 100ms", value)
		}
		*d = v
		return nil
	}}
}

func count(n *int, most int) option {
	return option{set: func(value string) error {
		v, err := strconv.Atoi(value)
		if err != nil || v < 1 || v > most {
			return fmt.Errorf("found %q, expected a number, 1 to %d", value, most)
		}
		*n = v
		return nil
	}}
}

func server(at *netip.AddrPort) option {
	return option{set: func(value string) error {
		v, err := netip.ParseAddrPort(value)
		if err != nil || !v.Addr().Is4() || v.Port() == 0 {
			return fmt.Errorf("found %q, expected an IPv4 address and port, as 192.168.10.202:25", value)
		}
		*at = v
		return nil
	}}
}

// sendEvery and readEvery are how often programs send and look, unless the scenario says.
const (
	sendEvery = 10 * time.Second
	readEvery = 30 * time.Second
)

const sendUsage = "send <client> <from> <to>[,<to>...] [every <time>] [count <n>] [size <bytes>] [via <address:port>]"

func (p *parser) send(n int, words []string) (*world.Send, bool) {
	if len(words) < 4 {
		p.errorf(n, "found %q, expected `%s`", strings.Join(words, " "), sendUsage)
		return nil, false
	}
	s := &world.Send{Client: words[1], From: words[2], To: strings.Split(words[3], ","), Every: sendEvery}
	for _, a := range append([]string{s.From}, s.To...) {
		if local, domain, ok := strings.Cut(a, "@"); !ok || local == "" || domain == "" || strings.Contains(domain, "@") {
			p.errorf(n, "send: found %q, expected a mail address, as tanaka@example.com", a)
			return nil, false
		}
	}
	err := options{
		"every": every(&s.Every), "count": count(&s.Count, 1_000_000), "size": count(&s.Size, 1<<20), "via": server(&s.Via),
	}.parse(words[4:])
	if err != nil {
		p.errorf(n, "send: %v", err)
	}
	return s, err == nil
}

const readUsage = "read <client> <pop3|imap> <user> [every <time>] [keep] [via <address:port>]"

func (p *parser) read(n int, words []string) (*world.Read, bool) {
	if len(words) < 4 || words[2] != "pop3" && words[2] != "imap" {
		p.errorf(n, "found %q, expected `%s`", strings.Join(words, " "), readUsage)
		return nil, false
	}
	r := &world.Read{Client: words[1], IMAP: words[2] == "imap", User: words[3], Every: readEvery}
	err := options{"every": every(&r.Every), "keep": {given: &r.Keep}, "via": server(&r.Via)}.parse(words[4:])
	if err != nil {
		p.errorf(n, "read: %v", err)
	}
	return r, err == nil
}

func (p *parser) connect(n int, words []string) (*Connect, bool) {
	if len(words) != 3 {
		p.errorf(n, "found %q, expected `connect <client> <address:port>`", strings.Join(words, " "))
		return nil, false
	}
	c := &Connect{Client: words[1]}
	if err := server(&c.Server).set(words[2]); err != nil {
		p.errorf(n, "connect: %v", err)
		return nil, false
	}
	return c, true
}

// textOfSend is the step as send reads it.
func textOfSend(s *world.Send) string {
	words := []string{"send", s.Client, s.From, strings.Join(s.To, ","), "every", s.Every.String()}
	if s.Count > 0 {
		words = append(words, "count", strconv.Itoa(s.Count))
	}
	if s.Size > 0 {
		words = append(words, "size", strconv.Itoa(s.Size))
	}
	return strings.Join(append(words, via(s.Via)...), " ")
}

// textOfRead is the step as read reads it.
func textOfRead(r *world.Read) string {
	by := "pop3"
	if r.IMAP {
		by = "imap"
	}
	words := []string{"read", r.Client, by, r.User, "every", r.Every.String()}
	if r.Keep {
		words = append(words, "keep")
	}
	return strings.Join(append(words, via(r.Via)...), " ")
}

func via(at netip.AddrPort) []string {
	if !at.IsValid() {
		return nil
	}
	return []string{"via", at.String()}
}
