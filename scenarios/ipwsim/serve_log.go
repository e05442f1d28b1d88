package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"

	"ipwsim/reports/words"
	"ipwsim/sim/trace"
)

// serveLog prints what the trace would record, a line each. It is safe for concurrent use.
type serveLog struct {
	lang words.Lang
	mu   sync.Mutex
	w    io.Writer
}

// of takes the records of a machine.
func (l *serveLog) of(machine string) func(trace.Body) {
	return func(b trace.Body) {
		line := told(l.lang, machine, b)
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
func told(l words.Lang, machine string, b trace.Body) string {
	switch b := b.(type) {
	case trace.MailSession:
		user := ""
		if b.User != "" {
			user = " " + b.User
		}
		return l.Say("serve.session", b.Service, b.Remote, user, b.Local, l.Say("session-end."+string(b.End)), fmt.Sprintf("%.3f", b.Took.Seconds()))
	case trace.MailDenied:
		return l.Say("serve.denied", b.Service, b.Remote, b.User)
	case trace.MailAccept:
		return l.Say("serve.accepted", b.ID, b.From, strings.Join(b.To, ", "), b.Size)
	case trace.MailDeliver:
		return l.Say("serve.delivered", b.ID, b.Box)
	case trace.MailRelay:
		return l.Say("serve.sent", b.ID, b.To, b.Server)
	case trace.MailRetry:
		return l.Say("serve.retry", b.ID, b.To, b.Why, b.Next.Round(time.Second))
	case trace.MailBounce:
		return l.Say("serve.given-up", b.ID, b.To, b.Why)
	case trace.MailTaken:
		return l.Say("serve.taken", machine, b.From, b.To)
	case trace.MailExpunge:
		return l.Say("serve.expunged", b.By, b.Box)
	case trace.Log:
		return b.Text
	}
	return ""
}
