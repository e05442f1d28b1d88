package mail

import "ipwsim/sim/mail/folder"

// BreakAccept makes a broken twin: it takes mail by f instead of into the queue.
func (s *EPSTRS) BreakAccept(f func(folder.Envelope, []byte) error) { s.accept = f }

// BreakDeliver makes a broken twin: it delivers by f instead of by one rename.
func (s *EPSTDS) BreakDeliver(f func(name, box string) error) { s.deliver = f }

// LimitTo makes messages of more bytes too large.
func (s *EPSTRS) LimitTo(bytes int64) { s.limit = bytes }
