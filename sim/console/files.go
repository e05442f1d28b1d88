package console

import (
	"path"
	"strings"

	"ipwsim/core/text"
	"ipwsim/sim/windows"
)

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

// typeFile is `type FILE...` of the product's files; a name may have * and ?.
func (c *Console) typeFile(args []string) {
	for _, arg := range args {
		found := c.matching(arg)
		if len(found) == 0 {
			c.print(c.in("The system cannot find the file specified.", "指定されたファイルが見つかりません。"))
		}
		for _, f := range found {
			if strings.ContainsAny(arg, "*?") {
				c.print("\n" + f.Name + "\n\n\n")
			}
			c.print(decoded(f.Data))
		}
	}
	if len(args) == 0 {
		c.print(c.in("The syntax of the command is incorrect.", "コマンドの構文が誤っています。"))
	}
	c.end()
}

// dir lists the product's files below a folder, their names only, as dir /b does.
func (c *Console) dir(args []string) {
	folder := ""
	for _, arg := range args {
		if !strings.HasPrefix(arg, "/") {
			folder = c.below(arg)
		}
	}
	seen := map[string]bool{}
	for _, f := range c.Files() {
		rest, ok := cutPrefixFold(f.Name, folder)
		if name, _, _ := strings.Cut(strings.TrimPrefix(rest, `\`), `\`); ok && !seen[name] {
			seen[name] = true
			c.print(name)
		}
	}
	if len(seen) == 0 {
		c.print(c.in("File Not Found", "ファイルが見つかりません"))
	}
	c.end()
}

// below is a path below the product's folder.
func (c *Console) below(name string) string {
	if !strings.Contains(name, ":") && !strings.EqualFold(c.folder, windows.ProductFolder) {
		name = c.folder + `\` + name
	}
	rest, _ := cutPrefixFold(name, windows.ProductFolder)
	return strings.Trim(strings.TrimPrefix(rest, `.\`), `\`)
}

// matching are the files of a name.
func (c *Console) matching(name string) (all []windows.File) {
	pattern := strings.ToLower(strings.ReplaceAll(c.below(name), `\`, "/"))
	for _, f := range c.Files() {
		if ok, err := path.Match(pattern, strings.ToLower(strings.ReplaceAll(f.Name, `\`, "/"))); err == nil && ok {
			all = append(all, f)
		}
	}
	return all
}

// decoded is the text of a file, in the encoding of a Japanese Windows unless it is UTF-8.
func decoded(data []byte) string {
	if text.Detect(data) == text.CP932 {
		if s, ok := text.DecodeCP932(data); ok {
			return s
		}
	}
	return strings.TrimPrefix(string(data), "\ufeff")
}
