package trace

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"
)

// line is a record on disk: one JSON object a line.
type line struct {
	At   time.Duration   `json:"t"`
	Host string          `json:"host,omitempty"`
	Kind string          `json:"kind"`
	Body json.RawMessage `json:"body,omitempty"`
}

// bodies decodes each kind.
var bodies = map[string]func(json.RawMessage) (Body, error){
	"fault":      decode[Fault],
	"over":       decode[Over],
	"use":        decode[Use],
	"link":       decode[Link],
	"power":      decode[Power],
	"address":    decode[Address],
	"neighbor":   decode[Neighbor],
	"firewall":   decode[Firewall],
	"service":    decode[Service],
	"config":     decode[Config],
	"port":       decode[Port],
	"polls":      decode[Polls],
	"adverts":    decode[Adverts],
	"watch":      decode[Watch],
	"log":        decode[Log],
	"command":    decode[Command],
	"console":    decode[Console],
	"event":      decode[Event],
	"task":       decode[Task],
	"pipe":       decode[Pipe],
	"ping-start": decode[PingStart],
	"ping":       decode[PingLine],
	"ping-end":   decode[PingEnd],
	"port-state": decode[PortState],
	"moved":      decode[Moved],
	"astray":     decode[Astray],
	"unknown":    decode[Unknown],
	"interface":  decode[Interface],
	"card":       decode[Card],
	"clock":      decode[Clock],
	"drift":      decode[Drift],
	"impairment": decode[Impairment],
	"rule":       decode[Rule],
	"rule-over":  decode[RuleOver],

	"connect":      decode[Connect],
	"mail-accept":  decode[MailAccept],
	"mail-deliver": decode[MailDeliver],
	"mail-relay":   decode[MailRelay],
	"mail-taken":   decode[MailTaken],
	"mail-file":    decode[MailFile],
	"mail-retry":   decode[MailRetry],
	"mail-bounce":  decode[MailBounce],
	"mail-expunge": decode[MailExpunge],
	"mail-stock":   decode[MailStock],
	"mail-audit":   decode[MailAudit],
	"mail-send":    decode[MailSend],
	"mail-fetch":   decode[MailFetch],
	"mail-poll":    decode[MailPoll],
	"mail-session": decode[MailSession],
	"mail-denied":  decode[MailDenied],
}

func decode[B Body](raw json.RawMessage) (Body, error) {
	var b B
	if err := json.Unmarshal(raw, &b); err != nil {
		return nil, err
	}
	if c, is := Body(b).(Config); is {
		return b, addresses("vips", c.VIPs)
	}
	return b, nil
}

// addresses refuses what is no IPv4 address.
func addresses(name string, all []netip.Addr) error {
	for i, a := range all {
		if !a.Is4() {
			return fmt.Errorf("%s: number %d: found %q, expected an IPv4 address", name, i+1, a)
		}
	}
	return nil
}

// check refuses machines and VIPs without an IPv4 address: all that reads the trace counts on them.
func (h *Header) check() error {
	var nodes, vips, clients []netip.Addr
	var all []error
	for i := range h.Nodes {
		nodes = append(nodes, h.Nodes[i].Address.Addr())
		all = append(all, addresses(h.Nodes[i].Role+": vips", h.Nodes[i].VIPs))
	}
	for _, v := range h.VIPs {
		vips = append(vips, v.Address)
	}
	for i := range h.Clients {
		clients = append(clients, h.Clients[i].Address.Addr())
	}
	return errors.Join(append(all, addresses("nodes", nodes), addresses("vips", vips), addresses("clients", clients))...)
}

// Write writes the trace as JSON lines: the header, each record, the end. Times are nanoseconds.
// Equal traces give equal bytes.
func (t *Trace) Write(w io.Writer) error {
	bw := bufio.NewWriter(w)
	enc := json.NewEncoder(bw)
	enc.SetEscapeHTML(false)
	put := func(at time.Duration, host, kind string, body any) error {
		raw, err := json.Marshal(body)
		if err != nil {
			return err
		}
		return enc.Encode(line{at, host, kind, raw})
	}
	if err := put(0, "", "header", t.Header); err != nil {
		return err
	}
	for r := range t.All() {
		if err := put(r.At, r.Host, r.Body.Kind(), r.Body); err != nil {
			return err
		}
	}
	if err := put(t.End, "", "end", struct{}{}); err != nil {
		return err
	}
	return bw.Flush()
}

// Read reads what Write wrote. A trace without its end is an error: the run was cut off.
func Read(r io.Reader) (*Trace, error) {
	t := new(Trace)
	dec := json.NewDecoder(r)
	for n := 1; ; n++ {
		var l line
		if err := dec.Decode(&l); errors.Is(err, io.EOF) {
			return nil, fmt.Errorf("record %d: the trace has no end record; it was cut off", n)
		} else if err != nil {
			return nil, fmt.Errorf("record %d: %w", n, err)
		}
		switch {
		case n == 1 && l.Kind != "header":
			return nil, fmt.Errorf("record 1: found kind %q, expected the header", l.Kind)
		case n == 1:
			if err := json.Unmarshal(l.Body, &t.Header); err != nil {
				return nil, fmt.Errorf("record 1: header: %w", err)
			}
			if v := t.Header.Version; v != Version {
				return nil, fmt.Errorf("record 1: found a trace of version %d, expected %d: another ipwsim wrote it; run the scenario again", v, Version)
			}
			if err := t.Header.check(); err != nil {
				return nil, fmt.Errorf("record 1: header: %w", err)
			}
			continue
		case l.Kind == "end":
			t.End = l.At
			return t, nil
		}
		body, ok := bodies[l.Kind]
		if !ok {
			return nil, fmt.Errorf("record %d: unknown kind %q", n, l.Kind)
		}
		b, err := body(l.Body)
		if err != nil {
			return nil, fmt.Errorf("record %d: %s: %w", n, l.Kind, err)
		}
		t.Add(l.At, l.Host, b)
	}
}
