package naive

import (
	"strings"
	"time"

	"ipwsim/sim/finding"
	"ipwsim/sim/trace"
)

// leftQueue is when somebody had taken out of the queue all that the deed's node may have sent: the letters of the acceptance to
// that address. longAgo: one was there, or it sent none.
func (r *Run) leftQueue(d *deed, all []*letter) time.Duration {
	last := longAgo
	for _, l := range all {
		if d.did != finding.Sent || l.record >= d.k || l.ID != d.letter.ID || !strings.EqualFold(l.To, d.letter.To) {
			continue
		}
		out, there := longAgo, true
		for k := l.record; k < d.k; k++ {
			b, ok := r.t.Records[k].Body.(trace.MailFile)
			switch {
			case !ok:
			case b.Do == trace.FileMoved && l.calls(k, b.To), b.Do == trace.FileCreated && l.calls(k, b.File):
				there = true
			case b.Do == trace.FileRemoved && l.calls(k, b.File):
				there = false
				if isQueue(b.File) {
					out = r.t.Records[k].At
				}
			}
		}
		if there || out == longAgo {
			return longAgo
		}
		last = max(last, out)
	}
	return last
}
