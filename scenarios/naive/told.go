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
	left, there, stolen := r.leavings(all)
	for k, rec := range r.t.Records {
		b, ok := rec.Body.(trace.MailPoll)
		for i, id := range b.Gone {
			if !ok || id == "" || slices.Contains(b.Gone[:i], id) {
				continue
			}
			user, domain, named := strings.Cut(strings.ToLower(b.User), "@")
			own := slices.ContainsFunc(slices.Concat(left, there, stolen), func(l leaving) bool { return l.below() == domain })
			mine := func(l leaving) bool {
				if named && own && l.below() != domain || named && !own && l.below() != "" {
					return false // another domain's mailbox
				}
				return l.of.MessageID == id && strings.HasPrefix(strings.ToLower(l.of.To), user+"@")
			}
			want := -count(stolen, mine)
			for _, other := range b.Gone {
				if other == id {
					want++
				}
			}
			before := count(left, func(l leaving) bool { return mine(l) && l.record < k })
			if want > before && count(left, mine)+count(there, mine) > before {
				out = append(out, finding.Kept{At: rec.At, Reader: rec.Host, Box: user, ID: id})
			}
		}
	}
	return out
}

// leaving is a letter's file leaving a mailbox by a record, or being there.
type leaving struct {
	record int
	of     *letter
	file   string
}

// below is the domain of the recipient where mailboxes of it are in a folder of their own; else "".
func (l leaving) below() string {
	_, domain, _ := strings.Cut(strings.ToLower(l.of.To), "@")
	if _, box, ok := strings.Cut("/"+strings.ToLower(l.file), "/inbox/"); ok && strings.HasPrefix(box, domain+"/") {
		return domain
	}
	return ""
}

func count(all []leaving, is func(leaving) bool) (n int) {
	for _, l := range all {
		if is(l) {
			n++
		}
	}
	return n
}

// leavings are the files that left mailboxes, those that are there in the end, and those that the share has lost.
func (r *Run) leavings(all []*letter) (left, there, stolen []leaving) {
	for k, rec := range r.t.Records {
		switch x := rec.Body.(type) {
		case trace.MailFile:
			if l := letterAt(all, k, x.File); x.Do == trace.FileRemoved && inMailbox(x.File) && l != nil {
				left = append(left, leaving{k, l, x.File})
			}
		case trace.MailStock:
			if l := letterAt(all, k, x.File); x.Place != trace.Damaged && x.Place != trace.Unfinished && inMailbox(x.File) && l != nil {
				there = append(there, leaving{k, l, x.File})
			}
		}
	}
	for _, l := range all {
		if last, _ := r.put(l); inMailbox(last) && r.stolen(l) {
			stolen = append(stolen, leaving{len(r.t.Records), l, last})
		}
	}
	return left, there, stolen
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
