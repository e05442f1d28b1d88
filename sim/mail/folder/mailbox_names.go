package folder

import (
	"bufio"
	"bytes"
	"fmt"
	"net/textproto"
	"path"
	"strings"
	"time"
)

// MessageID is a message's own name, without its brackets; "" when it has none.
func MessageID(message []byte) string {
	// An error means a broken header; what stands before the break counts.
	header, _ := textproto.NewReader(bufio.NewReader(bytes.NewReader(message))).ReadMIMEHeader()
	return strings.Trim(header.Get("Message-Id"), " <>")
}

// QueueID is the queue entry that a message in a mailbox came from; "" for one that a reader put
// there.
func QueueID(name string) string {
	if strings.HasPrefix(name, AppendedPrefix) {
		return ""
	}
	return strings.TrimSuffix(name, path.Ext(name))
}

// AppendedPrefix begins the names of messages that readers put into a mailbox.
const AppendedPrefix = "imap-"

// AppendedName names such a message: on which computer, when, the how manieth of the service. No name is
// given twice, since no service boots within a millisecond.
func AppendedName(now time.Time, n int, computer string) string {
	now = now.UTC()
	return fmt.Sprintf("%s%s-%s%03d-%06d", AppendedPrefix, plain(computer), now.Format("20060102150405"), now.Nanosecond()/1e6, n)
}
