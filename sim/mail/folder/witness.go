package folder

import (
	"path"
	"regexp"
	"strings"

	"ipwsim/sim/share"
	"ipwsim/sim/share/nas"
	"ipwsim/sim/trace"
)

// draftForm is a message's name in queue/tmp: an acceptance's, a copy's, or a draft of a copy.
var draftForm = regexp.MustCompile(`^([0-9]{17}-[0-9]{4,}-[a-z0-9-]{1,80}~)?[0-9]{17}-[0-9]{4,}-[a-z0-9-]{1,80}(\.[0-9]{3})?$`)

// Witness is a change of the share as a record of a message's file; false when the file is no message that came
// through a queue. read reads a file of the share.
func Witness(c share.Change, read func(name string) ([]byte, error)) (trace.MailFile, bool) {
	name := c.Name
	if c.Op == nas.Rename {
		name = c.To
	}
	dir, base := path.Split(name)
	if before := path.Base(c.Name); strings.Contains("/"+dir, "/inbox/") && draftForm.MatchString(before) {
		base = before // a mailbox may give it another name
	}
	if !strings.HasSuffix(dir, "queue/") && !strings.HasSuffix(dir, "queue/tmp/") && !strings.Contains("/"+dir, "/inbox/") || !draftForm.MatchString(base) {
		return trace.MailFile{}, false
	}
	f := trace.MailFile{File: c.Name, To: c.To, Peer: c.Peer}
	switch c.Op {
	case nas.Create:
		f.Do = trace.FileCreated
	case nas.Remove:
		f.Do = trace.FileRemoved
	case nas.Rename:
		f.Do = trace.FileMoved
		if strings.HasSuffix(path.Dir(c.Name), "queue/tmp") {
			f.Mail = envelopeOf(c.To, read)
		}
	}
	return f, true
}

// envelopeOf reads a file of the queue; nil when it is none.
func envelopeOf(name string, read func(name string) ([]byte, error)) *trace.MailEnvelope {
	data, err := read(name)
	if err != nil {
		return nil
	}
	from, to, rest, err := parse(data, MaxRecipients)
	if err != nil {
		return nil
	}
	if idForm.MatchString(path.Base(name)) { // a list of recipients: the message lies in their copies
		data, _ := read(path.Join(path.Dir(name), "tmp", copyName(path.Base(name), 1)))
		_, _, rest, _ = parse(data, 1)
	}
	return &trace.MailEnvelope{From: from, To: to, MessageID: MessageID(rest)}
}

var receivedID = regexp.MustCompile(`(?is)^Received:.*? id ([0-9]{17}-[0-9]{4,}-[a-z0-9-]{1,80})(;|\s|$)`)

// EntryOf is the queue entry that a message left: as its topmost Received line says, or for a report, which has none,
// its own name; "" for a message of neither kind.
func EntryOf(message []byte) string {
	header := strings.TrimLeft(headerStart(message), "\r\n")
	if m := receivedID.FindStringSubmatch(header); m != nil {
		return m[1]
	}
	id, _, _ := strings.Cut(MessageID(message), "@")
	if idForm.MatchString(id) {
		return id
	}
	return ""
}

// headerStart is the message's first header line, with those that it goes on in.
func headerStart(message []byte) string {
	text := string(message[:min(len(message), 2000)])
	for i := 0; i < len(text); i++ {
		if text[i] == '\n' && i+1 < len(text) && text[i+1] != ' ' && text[i+1] != '\t' {
			return text[:i]
		}
	}
	return text
}
