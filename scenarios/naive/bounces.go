package naive

import (
	"path"
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// bounces are the letters that a node gave up, where the trace tells for what.
func (r *Run) bounces(all []*letter) (out []finding.Bounce) {
	for k, rec := range r.t.Records {
		b, ok := rec.Body.(trace.MailBounce)
		i := r.node(rec.Host)
		if !ok || b.Ground == "" || i < 0 || r.nodes[i].RetryFor == 0 {
			continue
		}
		for _, l := range all {
			if l.record < k && l.ID == b.ID && strings.EqualFold(l.To, b.To) {
				age := r.oldest(rec.Host, k, r.written(l))
				out = append(out, finding.Bounce{
					At: rec.At, Node: rec.Host, To: b.To, Name: l.Name(), Ground: b.Ground, Code: b.Code, Age: age, Most: r.nodes[i].RetryFor,
				})
				break
			}
		}
	}
	return out
}

// notDeleted are the messages that a service told a reader were gone, when fewer files of that number had been taken out of
// mailboxes than it has told by then.
func (r *Run) notDeleted() (out []finding.Kept) {
	for k, rec := range r.t.Records {
		told, is := rec.Body.(trace.MailExpunge)
		if !is || told.ID == "" {
			continue
		}
		gone := 0 // of which nobody was told
		for _, before := range r.t.Records[:k] {
			switch b := before.Body.(type) {
			case trace.MailFile:
				number, _, _ := strings.Cut(path.Base(b.File), ".")
				if b.Do == trace.FileRemoved && strings.Contains("/"+strings.ToLower(path.Dir(b.File))+"/", "/inbox/") && number == told.ID {
					gone++
				}
			case trace.MailExpunge:
				if b.ID == told.ID {
					gone = max(0, gone-1)
				}
			}
		}
		if gone == 0 {
			out = append(out, finding.Kept{At: rec.At, Node: rec.Host, Box: told.Box, ID: told.ID})
		}
	}
	return out
}

// written is when the letter's file was made that came into the queue: its own, or the draft that was moved there.
func (r *Run) written(l *letter) time.Duration {
	moved := r.t.Records[l.record].Body.(trace.MailFile)
	draft := moved.File
	if !strings.Contains(path.Base(moved.To), ".") {
		draft = path.Dir(moved.To) + "/tmp/" + l.file
	}
	at := r.t.Records[l.record].At
	for _, rec := range r.t.Records[:l.record] {
		if b, ok := rec.Body.(trace.MailFile); ok && b.Do == trace.FileCreated && b.File == draft {
			at = rec.At
		}
	}
	return at
}

// oldest is the greatest age that the machine may have taken what was written at a time to have, before the k-th record: its
// clock may have been set forward, and back, and it may go by one that is right.
func (r *Run) oldest(host string, k int, written time.Duration) time.Duration {
	var clock trace.WallClock
	age := func(at time.Duration) time.Duration { return at + clock.Ahead(at) - written }
	most := r.t.Records[k].At - written
	for _, rec := range r.t.Records[:k] {
		if rec.Host != host {
			continue
		}
		if rec.At >= written {
			most = max(most, age(rec.At))
		}
		clock.Take(rec.At, rec.Body)
		if rec.At >= written {
			most = max(most, age(rec.At))
		}
	}
	return max(most, age(r.t.Records[k].At))
}

// bounce wants what was given up to be refused for good, or as old as RetryPeriod, or to have nowhere to go.
func (r *Run) bounce(c *cases, b finding.Bounce) {
	astray := b.Ground == trace.GroundUser || b.Ground == trace.GroundLoop
	if astray || b.Code >= 500 || b.Age >= b.Most {
		c.pass()
		return
	}
	n := finding.Note{
		Kind: "p5.unfounded", Node: b.Node, Client: b.To, Text: b.Name, At: b.At, Until: b.At, Time: b.Age,
		Want: finding.Band{Least: b.Most, Most: b.Most}, N: b.Code,
	}
	if b.Code > 0 {
		n.Kind = "p5.deferred"
	}
	c.fail(n)
}
