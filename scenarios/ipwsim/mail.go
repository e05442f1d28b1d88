package main

import (
	"slices"

	"ipwsim/reports"
	"ipwsim/scenarios/check"
	"ipwsim/sim/trace"
)

// mailOf is what became of the messages; nil when nobody sent or read any.
func mailOf(t *trace.Trace) *reports.Mail {
	m := &reports.Mail{}
	any := false
	for _, r := range t.Records {
		switch b := r.Body.(type) {
		case trace.MailAccept, trace.MailFetch:
			any = true
			if _, read := b.(trace.MailFetch); read {
				m.Read++
			}
		case trace.MailSend:
			any = true
			if b.Code != 250 || b.Stage != "" {
				m.Failures = failed(m.Failures, b)
			}
		case trace.MailPoll:
			any = true
			if b.Stage != "" {
				m.Unread++
			}
		case trace.MailSession:
			if b.End == "broken" {
				m.Broken++
			}
		}
	}
	if !any {
		return nil
	}
	countCopies(m, check.MailOf(t))
	return m
}

func countCopies(m *reports.Mail, all *check.Mail) {
	m.Again = all.Again
	for _, c := range all.Copies {
		m.Accepted++
		m.Delivered += min(c.InBox, 1)
		m.Relayed += min(c.Taken, 1)
		m.Bounced += min(c.Bounced, 1)
		m.Queued += min(c.Queued, 1)
		if c.Lost() {
			m.Lost++
		}
		if c.Doubled() {
			m.Doubled++
		}
	}
	if delays := all.Delays(); len(delays) > 0 {
		slices.Sort(delays)
		m.Median, m.Longest = delays[len(delays)/2], delays[len(delays)-1]
	}
}

// failed counts a try with those that failed alike, in the order in which each kind first came.
func failed(all []reports.MailFailure, b trace.MailSend) []reports.MailFailure {
	for i := range all {
		if all[i].Stage == b.Stage && all[i].Code == b.Code {
			all[i].Count++
			return all
		}
	}
	return append(all, reports.MailFailure{Stage: b.Stage, Code: b.Code, Count: 1})
}
