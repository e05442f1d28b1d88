package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"ipwsim/sim/trace"
)

// serveLog prints what the trace would record, a line each. It is safe for concurrent use.
type serveLog struct {
	mu sync.Mutex
	w  io.Writer
}

// of takes the records of a machine.
func (l *serveLog) of(machine string) func(trace.Body) {
	return func(b trace.Body) {
		line := told(machine, b)
		if line == "" {
			return
		}
		line = strings.Map(func(r rune) rune { // some of it comes from clients
			if !unicode.IsPrint(r) {
				return '?'
			}
			return r
		}, line)
		l.mu.Lock()
		defer l.mu.Unlock()
		fmt.Fprintf(l.w, "%s  %s\n", time.Now().Format(time.TimeOnly), line)
	}
}

// told is a record in words; "" for one that is not of the services.
func told(machine string, b trace.Body) string {
	switch b := b.(type) {
	case trace.MailSession:
		user := ""
		if b.User != "" {
			user = " " + b.User
		}
		return fmt.Sprintf("%s: session of %v%s with %v: %s after %.3f s", b.Service, b.Remote, user, b.Local, b.End, b.Took.Seconds())
	case trace.MailAccept:
		return fmt.Sprintf("EPSTRS: %s accepted from <%s> for %s, %d bytes", b.ID, b.From, strings.Join(b.To, ", "), b.Size)
	case trace.MailDeliver:
		return fmt.Sprintf("EPSTDS: %s delivered to %s", b.ID, b.Box)
	case trace.MailRelay:
		return fmt.Sprintf("EPSTDS: %s sent for %s to %v", b.ID, b.To, b.Server)
	case trace.MailRetry:
		return fmt.Sprintf("EPSTDS: %s for %s not sent (%s), again in %v", b.ID, b.To, b.Why, b.Next.Round(time.Second))
	case trace.MailBounce:
		return fmt.Sprintf("EPSTDS: %s for %s given up (%s)", b.ID, b.To, b.Why)
	case trace.MailTaken:
		return fmt.Sprintf("%s: took mail from <%s> for %s", machine, b.From, b.To)
	case trace.MailExpunge:
		return fmt.Sprintf("%s: deleted from %s", b.By, b.Box)
	case trace.Log:
		return b.Text
	}
	return ""
}
