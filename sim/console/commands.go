package console

import (
	"slices"
	"strings"
)

// command is a program by its name. It calls end at once or later.
type command func(c *Console, args []string)

// commands are those that a console knows. On a client the product's own are not there.
var commands map[string]command

func init() { // a table, but for commands that list it
	commands = map[string]command{
		"ipconfig": (*Console).ipconfig,
		"arp":      (*Console).arp,
		"ping":     (*Console).ping,
		"netsh":    (*Console).netsh,
		"net":      (*Console).net,
		"sc":       (*Console).sc,
		"reg":      (*Console).reg,
		"type":     (*Console).typeFile,
		"dir":      (*Console).dir,
		"telnet":   (*Console).telnet,
		"ipwcs":    (*Console).ipwcs,
		"hostname": (*Console).hostname,
		"cd":       (*Console).cd,
		"rem":      func(c *Console, _ []string) { c.end() },
	}
}

// Commands are the names of what can be typed.
func Commands() []string {
	var all []string
	for name := range commands { // order: sorted below
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// run runs a line at the prompt.
func (c *Console) run(line string) {
	args := split(line)
	if len(args) == 0 {
		c.later(c.pump)
		return
	}
	name := strings.TrimSuffix(strings.ToLower(strings.TrimPrefix(args[0], `.\`)), ".exe")
	run, ok := commands[name]
	if !ok || name == "ipwcs" && c.Node == nil {
		c.print(c.in("'"+args[0]+"' is not recognized as an internal or external command,\noperable program or batch file.",
			"'"+args[0]+"' は、内部コマンドまたは外部コマンド、\n操作可能なプログラムまたはバッチ ファイルとして認識されていません。"))
		c.end()
		return
	}
	c.begin(nil)
	run(c, args[1:])
}

// split parts a line into its words; quotes hold one together, wherever they stand, and go.
func split(line string) (words []string) {
	var word strings.Builder
	quoted, begun := false, false
	for _, r := range line {
		switch {
		case r == '"':
			quoted, begun = !quoted, true
		case !quoted && (r == ' ' || r == '\t' || r == '\u3000'):
			if begun {
				words = append(words, word.String())
				word.Reset()
			}
			begun = false
		default:
			word.WriteRune(r)
			begun = true
		}
	}
	if begun {
		words = append(words, word.String())
	}
	return words
}

func (c *Console) hostname([]string) {
	c.print(c.Computer)
	c.end()
}

// cd goes to a folder, which need not exist.
func (c *Console) cd(args []string) {
	switch args = slices.DeleteFunc(args, func(a string) bool { return strings.EqualFold(a, "/d") }); {
	case len(args) == 0:
		c.print(c.folder)
	case strings.Contains(args[0], ":"):
		c.folder = args[0]
	default:
		c.print(c.in("The system cannot find the path specified.", "指定されたパスが見つかりません。"))
	}
	c.end()
}
