package story

import (
	"fmt"
	"net/netip"
	"path"
	"strings"

	"ipwsim/sim/trace"
)

// Entry names message n that the node accepted.
func Entry(node string, n int) string { return fmt.Sprint(n, "-", node) }

// peer is where a node's connections come from; the zero AddrPort for no node.
func (s *Story) peer(role string) netip.AddrPort {
	if n := s.Header.Node(role); n != nil {
		return netip.AddrPortFrom(n.Address.Addr(), 50000)
	}
	return netip.AddrPort{}
}

// Accepts is the share taking message n into the queue, for a node. Of several recipients the copies still lie in
// queue/tmp.
func (s *Story) Accepts(node string, n int, to ...string) *Story {
	return s.AcceptsAs(Entry(node, n), node, fmt.Sprint(n), to...)
}

// AcceptsAs is Accepts with the entry's and the message's own names.
func (s *Story) AcceptsAs(id, node, messageID string, to ...string) *Story {
	name := id + ".001"
	if len(to) > 1 {
		name = id
		for i := range to {
			s.Add("share", trace.MailFile{Do: trace.FileCreated, File: fmt.Sprintf("queue/tmp/%s.%03d", id, i+1), Peer: s.peer(node)})
		}
	}
	return s.Add("share", trace.MailFile{
		Do: trace.FileMoved, File: "queue/tmp/" + name, To: "queue/" + name, Peer: s.peer(node),
		Mail: &trace.MailEnvelope{From: "a@pc.example", To: to, MessageID: messageID},
	})
}

// Reports is the share taking the report on a copy into the queue: of file 1-active.001, 1-active-r001.001.
func (s *Story) Reports(node, file string) *Story {
	id := strings.Replace(file, ".", "-r", 1)
	return s.Add("share", trace.MailFile{
		Do: trace.FileMoved, File: "queue/tmp/" + id + "~", To: "queue/" + id + ".001", Peer: s.peer(node),
		Mail: &trace.MailEnvelope{To: []string{"a@pc.example"}, MessageID: id},
	})
}

// Moves is the share moving a message's file.
func (s *Story) Moves(from, to string) *Story {
	return s.Add("share", trace.MailFile{Do: trace.FileMoved, File: from, To: to})
}

// Removes is the share removing a message's file.
func (s *Story) Removes(file string) *Story {
	return s.Add("share", trace.MailFile{Do: trace.FileRemoved, File: file})
}

// Takes250 is the server outside taking message n of the entry that a node accepted, from a node.
func (s *Story) Takes250(entry, from, to string) *Story {
	n, _, _ := strings.Cut(entry, "-")
	return s.Add("outside", trace.MailTaken{ID: entry, To: to, MessageID: n, Peer: s.peer(from), Code: 250})
}

// Lies is what the audit finds at a path: a message, in the queue, in queue/tmp or in a mailbox.
func (s *Story) Lies(file string) *Story {
	place, box := trace.InMailbox, path.Dir(file)
	switch box {
	case "queue":
		place, box = trace.InQueue, ""
	case "queue/tmp":
		place, box = trace.InSplit, ""
	}
	id, _, _ := strings.Cut(path.Base(file), ".")
	return s.Add("share", trace.MailStock{Place: place, File: file, Box: box, ID: id})
}
