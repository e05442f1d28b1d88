package batch

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Folder is where a batch file is taken to be where nothing says it: the guide's own folder of the product.
const Folder = `C:\Program Files\EPOST\MS`

// variable is what % begins in a batch file, in the order in which cmd.exe looks for it: two %, all arguments, an argument or
// the file itself, perhaps with what of it is wanted behind a ~, and a name.
var variable = regexp.MustCompile(`%(?:(%)|(\*)|(?:~([A-Za-z]*(?:\$[^:%]*:)?))?([0-9])|([^%]+)%)`)

// expand puts what is known in the place of variables. A loop's own, with two %, stay, and so does what is not known: it does
// not matter to an echo, and command tells of it elsewhere.
func (p *parser) expand(text string) string {
	return variable.ReplaceAllStringFunc(text, func(found string) string {
		m := variable.FindStringSubmatch(found)
		switch {
		case m[1] != "":
			return found
		case m[2] != "":
			return strings.Join(p.args[min(1, len(p.args)):], " ")
		case m[4] != "":
			n, _ := strconv.Atoi(m[4])
			if value, known := p.argument(n, strings.ToLower(m[3]), strings.Contains(found, "~")); known {
				return value
			}
			return found
		}
		if value, known := p.vars[strings.ToLower(m[5])]; known {
			return value
		}
		if strings.EqualFold(m[5], "errorlevel") { // an `if` may ask for it
			return status
		}
		return found
	})
}

// argument is one of the task's or, of number 0, the file, less its quotes and in the parts that are asked for. What Windows
// would look up on a disk is not known, nor is the folder of a path that does not begin with one.
func (p *parser) argument(n int, parts string, bare bool) (value string, known bool) {
	if n >= len(p.args) {
		return "", true
	}
	value = p.args[n]
	if !bare {
		return value, true
	}
	if value = strings.Trim(value, `"`); parts == "" {
		return value, true
	}
	if strings.Trim(parts, "fdpnx") != "" || value != "" && !rooted.MatchString(value) && strings.Trim(parts, "nx") != "" {
		return "", false
	}
	if value == "" {
		return "", true
	}
	return partsOf(value, parts), true
}

var rooted = regexp.MustCompile(`(?i)^[a-z]:\\`)

// partsOf are the drive, folder, name and extension of a path, as far as they are asked for; f is all of them.
func partsOf(path, parts string) (value string) {
	drive, rest := "", path
	if rooted.MatchString(path) {
		drive, rest = path[:2], path[2:]
	}
	at := strings.LastIndex(rest, `\`) + 1
	folder, name := rest[:at], rest[at:]
	extension := ""
	if dot := strings.LastIndex(name, "."); dot >= 0 {
		name, extension = name[:dot], name[dot:]
	}
	for _, part := range []struct{ letter, text string }{{"d", drive}, {"p", folder}, {"n", name}, {"x", extension}} {
		if strings.Contains(parts, part.letter) || strings.Contains(parts, "f") {
			value += part.text
		}
	}
	return value
}

// unknown tells of what is not known in a line that is expanded, and says whether there is such.
func (p *parser) unknown(line string) bool {
	for _, m := range variable.FindAllStringSubmatch(line, -1) {
		switch {
		case m[1] != "" || strings.EqualFold(m[0], status):
		case m[4] != "":
			p.unplayed(line, "%s asks for more of an argument than is known here", typed(m[0]))
			return true
		default:
			p.unplayed(line, "the variable %%%s%% has no value that the file gives it", m[5])
			return true
		}
	}
	return false
}

// lacking tells of arguments that a ping asks for and the task does not give: cmd.exe takes them for nothing.
func (p *parser) lacking(text string) {
	for _, m := range variable.FindAllStringSubmatch(text, -1) {
		if n, err := strconv.Atoi(m[4]); err == nil && n >= len(p.args) || m[2] != "" && len(p.args) <= 1 {
			p.warnf("found %s, for which there is no argument, so it is taken for nothing; expected task_arguments in cluster.toml, if the task has some", typed(m[0]))
		}
	}
}

// shift moves the arguments to the left, from the first that the command names.
func (p *parser) shift(args []string) {
	at := 0
	if len(args) > 0 {
		at, _ = strconv.Atoi(strings.TrimPrefix(args[0], "/"))
	}
	if at < len(p.args) {
		p.args = slices.Delete(slices.Clone(p.args), at, at+1)
	}
}

// Arguments are the words of what stands behind a batch file, as cmd.exe parts them: quotes keep one together, and stay.
func Arguments(text string) (all []string) {
	word, quoted := "", false
	for _, r := range text + " " {
		if r == '"' {
			quoted = !quoted
		}
		switch {
		case quoted || !strings.ContainsRune(blanks+",;=", r):
			word += string(r)
		case word != "":
			all, word = append(all, word), ""
		}
	}
	if word != "" {
		all = append(all, strings.TrimSuffix(word, " "))
	}
	return all
}

// delayedVariable is a variable that is looked up when its command is done.
var delayedVariable = regexp.MustCompile(`!([^!=]+)!`)

// delayedly puts their values in the places of those whose value is known.
func (p *parser) delayedly(text string) string {
	return delayedVariable.ReplaceAllStringFunc(text, func(found string) string {
		if value, known := p.vars[strings.ToLower(strings.Trim(found, "!"))]; known {
			return value
		}
		return found
	})
}
