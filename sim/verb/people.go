package verb

import (
	"maps"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/trace"
	"ipwsim/sim/world"
)

// ofPeople is what people at the clients do. A program of theirs goes on until the run ends.
var ofPeople = []*Verb{
	{
		Name: "ping", Target: Client, Rest: "<vip|address>", parse: parsePing,
		Doc: "start `ping -t`",
		act: func(d *doing) error { return d.Ping(d.Target, d.Arg.(pinged).of(d.World)) },
	},
	{
		Name: "send", Target: Client, Rest: "<from> <to>[,<to>...] [every <time>] [count <n>] [each <n>] [size <bytes>] [via <address:port>]", parse: parseSend,
		Doc: "start a mail program that sends one message after the other, each until a server has taken it: every 10s unless said, until the run ends, to each of the recipients in turn, or to so many at once, to the domain's address or the VIP",
		act: func(d *doing) error {
			s := d.Arg.(*sending).Send
			s.Client = d.Target
			return d.StartSending(s)
		},
	},
	{
		Name: "read", Target: Client, Rest: "<pop3|imap> <user> [every <time>] [keep] [via <address:port>]", parse: parseRead,
		Doc: "start a mail program that looks for new mail, every 30s unless said, and deletes what it has read, unless it is to keep it",
		act: func(d *doing) error {
			r := d.Arg.(*reading).Read
			r.Client = d.Target
			return d.StartReading(r)
		},
	},
	{
		Name: "connect", Target: Client, Rest: "<address:port>", parse: parseConnect,
		Doc: "open a connection and wait for a word from the server, as with telnet",
		act: func(d *doing) error { return d.Connect(d.Target, netip.AddrPort(d.Arg.(connected))) },
	},
	{
		Name: "type", Target: Machine, Rest: "<line>", parse: parseTyped,
		Doc: "type the rest of the line at the machine's command prompt, as it stands or in quotes: ipconfig /all, arp -a, arp -d, ping, netsh interface ip show|add|delete address, net start|stop, sc query, reg query|add, type, dir, telnet, ipwcs -entry|-debug|-install (H19). While a command runs, what is typed waits, for the command to read or for its end; ^C is Ctrl-C. Instead of a line `< <file>` types each line of the scenario's own file",
		act: func(d *doing) error {
			c, err := d.Console(d.Target)
			if err != nil {
				return err
			}
			return c.Type(d.Arg.String())
		},
	},
}

// typed is a line that somebody types.
type typed string

func (t typed) String() string { return string(t) }

// parseTyped takes a line as it is, but for quotes around all of it.
func parseTyped(words []string) (Arg, error) {
	line := strings.Join(words, " ")
	if inner, ok := strings.CutPrefix(line, `"`); ok {
		if inner, ok = strings.CutSuffix(inner, `"`); ok && !strings.Contains(inner, `"`) {
			line = inner
		}
	}
	return typed(line), nil
}

// TypedFile is the file whose lines a call types one after the other.
func (c Call) TypedFile() (name string, ok bool) {
	t, is := c.Arg.(typed)
	if !is {
		return "", false
	}
	name, ok = strings.CutPrefix(string(t), "< ")
	return name, ok
}

// Typing is the call with another line.
func (c Call) Typing(line string) Call {
	c.Arg = typed(line)
	return c
}

// pinged is whom a ping is for; the zero Addr is the first VIP.
type pinged netip.Addr

func (p pinged) of(w *world.World) netip.Addr {
	if a := netip.Addr(p); a.IsValid() {
		return a
	}
	return w.VIPs()[0]
}

func (p pinged) String() string {
	if a := netip.Addr(p); a.IsValid() {
		return a.String()
	}
	return "vip"
}

func (p pinged) resolved(w *world.World) (Arg, error) { return pinged(p.of(w)), nil }

func parsePing(words []string) (Arg, error) {
	if len(words) != 1 {
		return nil, errForm
	}
	if words[0] == "vip" {
		return pinged{}, nil
	}
	a, err := netip.ParseAddr(words[0])
	if err != nil || !a.Is4() {
		return nil, diag.Errorf("found target %q, expected `vip` or an IPv4 address", words[0])
	}
	return pinged(a), nil
}

// connected is the server of a connection.
type connected netip.AddrPort

func (c connected) String() string { return netip.AddrPort(c).String() }

func parseConnect(words []string) (Arg, error) {
	if len(words) != 1 {
		return nil, errForm
	}
	at, err := ParseServer(words[0])
	return connected(at), err
}

// ParseServer reads the address and port of a server.
func ParseServer(word string) (netip.AddrPort, error) {
	at, err := netip.ParseAddrPort(word)
	if err != nil || !at.Addr().Is4() || at.Port() == 0 {
		return at, diag.Errorf("found %q, expected an IPv4 address and port, as 192.168.10.202:25", word)
	}
	return at, nil
}

// sendEvery and readEvery are how often programs send and look, unless the scenario says.
const (
	sendEvery = 10 * time.Second
	readEvery = 30 * time.Second
)

// sending is a mail program that sends.
type sending struct{ world.Send }

func parseSend(words []string) (Arg, error) {
	if len(words) < 2 {
		return nil, errForm
	}
	s := &sending{world.Send{From: words[0], To: strings.Split(words[1], ","), Every: sendEvery}}
	for _, a := range append([]string{s.From}, s.To...) {
		if local, domain, ok := strings.Cut(a, "@"); !ok || local == "" || domain == "" || strings.Contains(domain, "@") {
			return nil, diag.Errorf("found %q, expected a mail address, as tanaka@example.com", a)
		}
	}
	return s, options{
		"every": every(&s.Every), "count": count(&s.Count, 1_000_000), "each": count(&s.Each, 100), "size": count(&s.Size, 1<<20), "via": server(&s.Via),
	}.parse(words[2:])
}

func (s *sending) String() string {
	words := []string{s.From, strings.Join(s.To, ","), "every", s.Every.String()}
	if s.Count > 0 {
		words = append(words, "count", strconv.Itoa(s.Count))
	}
	if s.Each > 0 {
		words = append(words, "each", strconv.Itoa(s.Each))
	}
	if s.Size > 0 {
		words = append(words, "size", strconv.Itoa(s.Size))
	}
	return strings.Join(append(words, via(s.Via)...), " ")
}

// reading is a mail program that reads.
type reading struct{ world.Read }

func parseRead(words []string) (Arg, error) {
	if len(words) < 2 || words[0] != string(trace.POP3) && words[0] != string(trace.IMAP) {
		return nil, errForm
	}
	r := &reading{world.Read{By: trace.MailProtocol(words[0]), User: words[1], Every: readEvery}}
	return r, options{"every": every(&r.Every), "keep": {given: &r.Keep}, "via": server(&r.Via)}.parse(words[2:])
}

func (r *reading) String() string {
	words := []string{string(r.By), r.User, "every", r.Every.String()}
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

// option is a word behind the fixed part of a call.
type option struct {
	set   func(value string) error // nil: the word has no value
	given *bool                    // of a word without value
}

type options map[string]option

// parse reads them, each at most once.
func (o options) parse(words []string) error {
	seen := map[string]bool{}
	for len(words) > 0 {
		name := words[0]
		one, ok := o[name]
		switch {
		case !ok:
			known := slices.Sorted(maps.Keys(o))
			return diag.Errorf("found %q%s, expected %s", name, diag.Suggest(name, known), diag.OneOf(known))
		case seen[name]:
			return diag.Errorf("found %s twice, expected it once", name)
		case one.set == nil:
			*one.given = true
			words = words[1:]
		case len(words) < 2:
			return diag.Errorf("found %s at the end, expected its value", name)
		default:
			if err := one.set(words[1]); err != nil {
				return diag.Errorf("%s: %w", name, err)
			}
			words = words[2:]
		}
		seen[name] = true
	}
	return nil
}

func every(d *time.Duration) option {
	return option{set: func(value string) error {
		v, err := time.ParseDuration(value)
		if err != nil || v < 100*time.Millisecond || v > MaxTime {
			return diag.Errorf("found %q, expected a time of at least 100ms, up to 744h", value)
		}
		*d = v
		return nil
	}}
}

func count(n *int, most int) option {
	return option{set: func(value string) error {
		v, err := strconv.Atoi(value)
		if err != nil || v < 1 || v > most {
			return diag.Errorf("found %q, expected a number, 1 to %d", value, most)
		}
		*n = v
		return nil
	}}
}

func server(at *netip.AddrPort) option {
	return option{set: func(value string) (err error) {
		*at, err = ParseServer(value)
		return err
	}}
}
