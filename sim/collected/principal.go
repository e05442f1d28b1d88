package collected

import (
	"regexp"
	"strings"
)

// Principal is what a task runs as.
type Principal struct {
	User      string // an account's name or SID; "": not said
	Group     string // in place of a user: those of it who are logged on; "": none
	LogonType string // of the account; "": not said
	Highest   bool   // with all the rights that the account has
}

type principalXML struct{ LogonType, UserId, GroupId, RunLevel string }

func (x principalXML) principal() Principal {
	return Principal{
		User: strings.TrimSpace(x.UserId), Group: strings.TrimSpace(x.GroupId), LogonType: strings.TrimSpace(x.LogonType),
		Highest: isOne(strings.TrimSpace(x.RunLevel), "HighestAvailable"),
	}
}

// Attended says whether it runs only while somebody is logged on.
func (p Principal) Attended() bool { return p.LogonType == "InteractiveToken" || p.Group != "" }

// Rights are an administrator's, as a task has them.
type Rights int

// The rights. Windows' own rules: RunLevel is nothing to the built-in Administrator and to SYSTEM, and for others of the
// administrators the highest one lifts the limits of User Account Control (Microsoft's Principal.RunLevel).
const (
	FullRights Rights = iota
	NoRights          // the account is no administrator's
	CutRights         // it may be, and User Account Control takes them from the task
)

var (
	systemAccount  = regexp.MustCompile(`(?i)^(s-1-5-18|(.*\\)?(local)?system)$`)
	serviceAccount = regexp.MustCompile(`(?i)^(s-1-5-(19|20)|(.*\\)?(local|network) ?service)$`)
	builtIn        = regexp.MustCompile(`(?i)^(s-1-5-21-[0-9-]+-500|(.*\\)?administrator)$`)
)

// Rights are those that the task has; where nothing says what it runs as, all.
func (p Principal) Rights() Rights {
	switch {
	case serviceAccount.MatchString(p.User):
		return NoRights
	case p.User == "" || p.Highest || systemAccount.MatchString(p.User) || builtIn.MatchString(p.User):
		return FullRights
	}
	return CutRights
}
