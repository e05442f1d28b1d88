package console

import (
	"fmt"
	"path"
	"strings"

	"ipwsim/core/text"
	"ipwsim/sim/windows"
)

// Key is a key of the registry.
type Key struct {
	Name   string // HKEY_LOCAL_MACHINE\...
	Values []Value
}

// Value is a value of a key.
type Value struct{ Name, Type, Data string }

// DWORD is a value of that type.
func DWORD(name string, n int) Value { return Value{name, "REG_DWORD", fmt.Sprintf("0x%x", n)} }

// reg is `reg query KEY [/v NAME]`.
func (c *Console) reg(args []string) {
	if len(args) < 2 || !strings.EqualFold(args[0], "query") || len(args) != 2 && (len(args) != 4 || !strings.EqualFold(args[2], "/v")) {
		c.print(c.in("ERROR: Invalid syntax.\nType \"REG QUERY /?\" for usage.", "エラー: 無効な構文です。\n\"REG QUERY /?\" と入力すると使用法が表示されます。"))
		c.end()
		return
	}
	name := args[1]
	if rest, ok := cutPrefixFold(name, `HKLM\`); ok {
		name = `HKEY_LOCAL_MACHINE\` + rest
	}
	found := false
	for _, key := range c.Registry() {
		if !strings.EqualFold(key.Name, strings.TrimSuffix(name, `\`)) {
			continue
		}
		shown := "\n" + key.Name
		for _, v := range key.Values {
			if len(args) == 2 || strings.EqualFold(v.Name, args[3]) {
				found = true
				shown += "\n    " + v.Name + "    " + v.Type + "    " + v.Data
			}
		}
		if found {
			c.print(shown)
		}
	}
	if !found {
		c.print(c.in("ERROR: The system was unable to find the specified registry key or value.", "エラー: 指定されたレジストリ キーまたは値が見つかりませんでした。"))
	}
	c.end()
}

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
