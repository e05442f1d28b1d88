package table

import (
	"bytes"
	"net/netip"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// Parse reads ipwatch.dat (W1): CP932 or UTF-8, CRLF or LF, blank lines allowed. The name is for the problems only.
// It reports every problem, by line; when the list holds an error the Table is empty.
func Parse(name string, data []byte) (Table, diag.List) {
	if problems := text.CheckSize(name, data, diag.Say("one line for each virtual address")); problems != nil {
		return Table{}, problems
	}
	enc := text.Detect(data)
	if enc.IsUTF16() {
		var problems diag.List
		problems.Errorf(name, 0, "the file is %s; expected it saved as ANSI (CP932) or UTF-8", enc)
		return Table{}, problems
	}
	lines, problems := text.Decode(name, data, enc)
	p := parser{name: name, problems: problems, vips: map[netip.Addr]int{}}
	for i, line := range lines {
		p.parseLine(i+1, line.Text)
	}
	p.checkWhole()
	p.problems.Sort()
	if p.problems.Err() != nil {
		return Table{}, p.problems
	}
	return Table{name: name, data: bytes.Clone(data), encoding: enc, rows: p.rows}, p.problems
}

type parser struct {
	name     string
	line     int
	problems diag.List
	used     bool // some line is not blank
	rows     []Row
	vips     map[netip.Addr]int // first line of each
	peers    []place            // peers named by address
}

type place struct {
	addr netip.Addr
	line int
}

func (p *parser) errorf(format string, args ...any) {
	p.problems.Errorf(p.name, p.line, format, args...)
}

// check reports the problem, if there is one.
func (p *parser) check(problem error) (ok bool) {
	if problem != nil {
		p.errorf("%w", problem)
	}
	return problem == nil
}

func (p *parser) parseLine(number int, line string) {
	p.line = number
	if strings.Trim(line, " \t") == "" {
		return
	}
	p.used = true
	if !p.check(text.Invisible(line)) {
		return // the rest would be reported as something it does not look like
	}
	opts, ok := p.split(line)
	if !ok {
		return
	}
	row := Row{Line: number}
	if peer, found := opts.get(optPeer); found {
		p.check(peerProblem(peer))
		p.notePeer(peer)
		row.Peer = peer
	}
	if vip, found := opts.get(optVIP); found {
		addr, problem := parseVIP(vip)
		if p.check(problem) {
			p.noteVIP(addr)
		}
		row.VIP = addr
	}
	if name, found := opts.get(optInterface); found {
		p.check(interfaceProblem(name))
		row.Interface = name
	}
	p.rows = append(p.rows, row) // of no use when something was reported, and then not returned
}

func (p *parser) notePeer(peer string) {
	if addr, err := netip.ParseAddr(strings.TrimPrefix(peer, `\\`)); err == nil {
		p.peers = append(p.peers, place{addr, p.line})
	}
}

func (p *parser) noteVIP(vip netip.Addr) {
	if first, twice := p.vips[vip]; twice {
		p.errorf("-i=%s is in line %d already; expected each virtual address once", vip, first)
		return
	}
	p.vips[vip] = p.line
}

// checkWhole is for what one line cannot show. A node's real address must not be watched (W2).
func (p *parser) checkWhole() {
	if !p.used {
		p.problems.Errorf(p.name, 0, "the table is empty, so there is nothing to watch; expected lines of the form %s", form)
	}
	for _, peer := range p.peers {
		if line, watched := p.vips[peer.addr]; watched {
			p.problems.Errorf(p.name, line, "-i=%s is the real address of a node, the peer of line %d; expected the virtual address", peer.addr, peer.line)
		}
	}
}
