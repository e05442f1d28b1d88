package collected

import (
	"regexp"
	"strings"

	"ipwsim/core/text"
)

// Cut is a command that a space in its path cuts: the first part is taken for the program, and there is none.
type Cut struct{ Program, Rest string }

// Whole is the command as it was meant.
func (c Cut) Whole() string { return c.Program + " " + c.Rest }

// Shown are the program, the rest and the whole, as a message has them.
func (c Cut) Shown() (program, rest, whole string) {
	return text.Quote(c.Program), text.Quote(c.Rest), text.Quote(c.Whole())
}

// commandXML is what a task starts.
type commandXML struct{ Command, Arguments, WorkingDirectory string }

// does takes a command for what becomes of it.
func (t *Task) does(c commandXML) {
	program, arguments := strings.TrimSpace(c.Command), strings.TrimSpace(c.Arguments)
	folder := strings.TrimRight(strings.Trim(strings.TrimSpace(c.WorkingDirectory), `"`), `\`)
	if folder != "" && bareBatch.MatchString(program) {
		program = folder + `\` + strings.TrimPrefix(strings.Trim(program, `"`), `.\`)
	}
	whole := strings.TrimSpace(program + " " + arguments)
	switch cut := (Cut{program, strings.Trim(arguments, `"`)}); {
	case cut.is():
		t.Cut = append(t.Cut, cut)
	case folder == "" && isBare(program, arguments):
		t.Bare = append(t.Bare, whole)
	default:
		t.Commands = append(t.Commands, whole)
	}
}

var (
	cutPath   = regexp.MustCompile(`(?i)^([a-z]:|%[a-z]+%|\\)?\\[^"]*$`)
	endsInBat = regexp.MustCompile(`(?i)^[^"/%:\\-][^":]*\.(bat|cmd)$`)
)

// is says whether the two parts were one path to a batch file: a path to what has no extension, and is none of Windows'
// own programs, and behind the space no other path or option.
func (c Cut) is() bool {
	name := c.Program[strings.LastIndex(c.Program, `\`)+1:]
	return cutPath.MatchString(c.Program) && !strings.Contains(name, ".") && !isOne(name, "cmd", "powershell", "pwsh", "") &&
		endsInBat.MatchString(c.Rest)
}

var (
	bareBatch = regexp.MustCompile(`(?i)^"?(\.\\)?[^\\/:%"]+\.(bat|cmd)"?$`)
	anyBatch  = regexp.MustCompile(`(?i)\.(bat|cmd)\b`)
	shells    = regexp.MustCompile(`(?i)^"?([^"]*\\)?(cmd|powershell|pwsh)(\.exe)?"?$`)
	goesTo    = regexp.MustCompile(`(?i)\b(cd|chdir|pushd|sl|set-location)\b`)
)

// isBare says whether the command names a batch file and no folder. It begins in Windows' own, where that is not, and the
// product's is not among those in which Windows looks for programs.
func isBare(program, arguments string) bool {
	if shells.MatchString(program) {
		in := strings.ReplaceAll(arguments, `.\`, "")
		return anyBatch.MatchString(in) && !strings.ContainsAny(in, `\:%`) && !goesTo.MatchString(in)
	}
	return bareBatch.MatchString(program)
}

var farDrive = regexp.MustCompile(`(?i)(?:^|[^a-z])([g-z]):\\`)

// FarDrive is the letter of the drive that a command line has a path on, if that may well be one of the network; "": none.
//
// Inferred: the first letters, A to F, are a server's own disks; people give the later ones to folders of others.
func FarDrive(line string) string {
	if m := farDrive.FindStringSubmatch(line); m != nil {
		return strings.ToUpper(m[1])
	}
	return ""
}
