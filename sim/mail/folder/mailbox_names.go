package folder

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"net/textproto"
	"path"
	"strings"
)

// BoxDir is the folder of a user's mailbox, a path below the work folder (M5): inbox/<user>, or
// inbox/<domain>/<user> for a domain that is told by the address connected to ("" if not).
func BoxDir(domain, user string) (string, error) {
	dir := "inbox"
	if domain != "" {
		if err := checkName(domain); err != nil {
			return "", err
		}
		dir = path.Join(dir, domain)
	}
	if err := checkName(user); err != nil {
		return "", err
	}
	return path.Join(dir, user), nil
}

// checkName refuses what is no plain file name on Windows: what could lead out of the folder, and
// what Windows takes for another name or for a device.
func checkName(name string) error {
	bad := name == "" || len(name) > 200 || strings.Trim(name, " .") != name || strings.ContainsAny(name, `\/:*?"<>|`)
	for _, c := range name {
		bad = bad || c < ' ' || c == 0x7f || c == 0xfffd
	}
	base, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch base = strings.TrimRight(base, " "); base {
	case "CON", "PRN", "AUX", "NUL":
		bad = true
	default:
		device := strings.HasPrefix(base, "COM") || strings.HasPrefix(base, "LPT")
		bad = bad || device && len(base) == 4 && base[3] >= '0' && base[3] <= '9'
	}
	if bad {
		return fmt.Errorf("%q is no file name that can be used: %w", name, fs.ErrInvalid)
	}
	return nil
}

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
