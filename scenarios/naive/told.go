package naive

import (
	"path"
	"slices"
	"strings"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// toldInVain are the messages that readers were told are deleted, when not so many of that name had left their mailboxes,
// and one left later, or is there in the end.
func (r *Run) toldInVain(all []*letter) (out []finding.Kept) {
	for k, rec := range r.t.Records {
		b, ok := rec.Body.(trace.MailPoll)
		for i, id := range b.Gone {
			if !ok || id == "" || slices.Contains(b.Gone[:i], id) {
				continue
			}
			want := 0
			for _, other := range b.Gone {
				if other == id {
					want++
				}
			}
			user, _, _ := strings.Cut(strings.ToLower(b.User), "@")
			mine := func(k int, file string) bool {
				l := letterAt(all, k, file)
				return l != nil && l.MessageID == id && strings.HasPrefix(strings.ToLower(l.To), user+"@")
			}
			there := false
			for j, later := range r.t.Records {
				switch x := later.Body.(type) {
				case trace.MailFile:
					switch removed := x.Do == trace.FileRemoved && inMailbox(x.File) && mine(j, x.File); {
					case removed && j < k:
						want--
					case removed:
						there = true
					}
				case trace.MailStock:
					there = there || x.Place != trace.Damaged && x.Place != trace.Unfinished && inMailbox(x.File) && mine(j, x.File)
				}
			}
			for _, l := range all {
				if last, _ := r.put(l); inMailbox(last) && mine(len(r.t.Records), last) && r.stolen(l) {
					want-- // the share has lost it
				}
			}
			if want > 0 && there {
				out = append(out, finding.Kept{At: rec.At, Reader: rec.Host, Box: user, ID: id})
			}
		}
	}
	return out
}

func inMailbox(file string) bool {
	return strings.Contains("/"+strings.ToLower(path.Dir(file))+"/", "/inbox/")
}

// letterAt is the letter that a file of the k-th record is; in a mailbox it may have another number.
func letterAt(all []*letter, k int, file string) *letter {
	for _, l := range all {
		if l.calls(k, file) {
			return l
		}
	}
	number, _, _ := strings.Cut(path.Base(file), ".")
	for _, l := range all {
		if inMailbox(file) && l.ID == number && l.belongs(file) {
			return l
		}
	}
	return nil
}
