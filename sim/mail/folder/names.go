package folder

import (
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Box is the mailbox of a user, a path below the work folder (M5): inbox/<user>, or
// inbox/<domain>/<user> for a domain that is told by the address connected to ("" if not). Names are
// given in lower case. One that Windows could take for another path is fs.ErrInvalid.
func Box(domain, user string) (string, error) {
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

// nameForm leaves out what is a separator, a wildcard or a stream on Windows, and upper case, since
// the same folder must not have two names.
var nameForm = regexp.MustCompile("^[a-z0-9!#$%&'+=^_`{}~.-]{1,128}$")

// devices are names that Windows opens as devices, in any folder and with any extension.
var devices = regexp.MustCompile(`^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$`)

// checkName says what keeps a name in lower case from being a file's or a folder's.
func checkName(s string) error {
	why := ""
	switch {
	case !nameForm.MatchString(s):
		why = "found a character that no name may have, or more than 128; expected lower-case letters, digits and !#$%&'+=^_`{}~.-"
	case strings.HasPrefix(s, ".") || strings.HasSuffix(s, "."):
		why = "found a dot at an end, where Windows would drop it or hide the file"
	case devices.MatchString(s):
		why = "found the name of a device of Windows"
	default:
		return nil
	}
	return fmt.Errorf("name %q: %s: %w", s, why, fs.ErrInvalid)
}

// checkMessage is checkName for the file of a message in a mailbox, in either case.
func checkMessage(name string) error { return checkName(strings.ToLower(name)) }

// The names of the queue. A computer's name is at most 63 characters.
var (
	idForm   = regexp.MustCompile(`^[0-9]{17}-[0-9]{4,}-[a-z0-9-]{1,80}$`)
	copyForm = regexp.MustCompile(`^([0-9]{17}-[0-9]{4,}-[a-z0-9-]{1,80})\.([0-9]{3})$`)
)

// MaxRecipients is how many recipients one acceptance may have.
const MaxRecipients = 999

// ID names an acceptance: when, the how manieth of the service, on which computer. IDs sort by time.
func ID(now time.Time, n int, computer string) string {
	now = now.UTC()
	return fmt.Sprintf("%s%03d-%04d-%s", now.Format("20060102150405"), now.Nanosecond()/1e6, n, plain(computer))
}

// plain is a computer's name, made fit for a file's.
func plain(computer string) string {
	b := []byte(strings.ToLower(computer))
	for i, c := range b {
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9') {
			b[i] = '-'
		}
	}
	return string(slices.Clip(b[:min(len(b), 63)]))
}

// ReportID names the acceptance of the report on a copy that cannot be delivered: always the same
// for the same copy, so that two nodes that give it up make one report.
func ReportID(name string) string {
	id, n, _ := strings.Cut(name, ".")
	return id + "-r" + n
}

// copyName names the n-th copy of an acceptance.
func copyName(id string, n int) string { return fmt.Sprintf("%s.%03d", id, n) }
