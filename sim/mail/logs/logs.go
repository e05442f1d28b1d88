// Package logs is the mail services' logs as they lie in the work folder when a run is over, told from its trace (M5).
package logs

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"ipwsim/sim/trace"
)

// File is a log, its name a path below the work folder.
type File struct {
	Name string
	Data []byte
}

// Files are the logs of the node of that role, whose computer has that name: a folder for each kind of log, in it one
// for each computer, in it a file a day, sorted by name.
//
// Inferred: what is in them and how the files are named; the guide has the folders. They are written down when the run
// is over: during it they are not on the share, and nothing of them crosses the network.
func Files(t *trace.Trace, role, computer string) []File {
	var all []File
	for r := range t.All() {
		if r.Host != role {
			continue
		}
		kinds, text := entry(r.Body)
		now := t.Header.Epoch.Add(r.At)
		for _, kind := range kinds {
			name := path.Join(kind, computer, now.Format("20060102.log"))
			i := slices.IndexFunc(all, func(f File) bool { return f.Name == name })
			if i < 0 {
				i = len(all)
				all = append(all, File{Name: name})
			}
			all[i].Data = fmt.Appendf(all[i].Data, "%s %s\r\n", now.Format("[02/Jan/2006:15:04:05]"), text)
		}
	}
	slices.SortFunc(all, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// sessionLogs are the logs of services that listen.
var sessionLogs = map[string]string{"EPSTRS": "inlog", "EPSTPOP3S": "pop3log", "EPSTIMAP4S": "imap4log"}

// entry is a line with the kinds of log that have it; none for what no service logs. The sender's log has every try.
func entry(b trace.Body) (kinds []string, text string) {
	switch b := b.(type) {
	case trace.MailAccept:
		return []string{"acceptlog"}, fmt.Sprintf("%s from=<%s> to=<%s> message-id=%s size=%d", b.ID, b.From, strings.Join(b.To, ">,<"), b.MessageID, b.Size)
	case trace.MailDeliver:
		return []string{"outlocallog", "senderlog"}, fmt.Sprintf("%s to=<%s> delivered to %s", b.ID, b.To, strings.ReplaceAll(b.Box, "/", `\`))
	case trace.MailRelay:
		return []string{"outlog", "senderlog"}, fmt.Sprintf("%s to=<%s> sent to %v", b.ID, b.To, b.Server)
	case trace.MailRetry:
		return []string{"faillog", "senderlog"}, fmt.Sprintf("%s to=<%s> try %d: %s, again in %v", b.ID, b.To, b.Try, b.Why, b.Next)
	case trace.MailBounce:
		return []string{"faillog", "senderlog"}, fmt.Sprintf("%s to=<%s> given up: %s", b.ID, b.To, b.Why)
	case trace.MailDenied:
		return []string{sessionLogs[b.Service]}, fmt.Sprintf("%v %v user=%s wrong user or password", b.Remote, b.Local, b.User)
	case trace.MailSession:
		if kind := sessionLogs[b.Service]; kind != "" {
			return []string{kind}, fmt.Sprintf("%v %v user=%s %s after %v", b.Remote, b.Local, b.User, b.End, b.Took.Round(time.Millisecond))
		}
	}
	return nil, ""
}
