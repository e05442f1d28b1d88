package console

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"ipwsim/sim/trace"
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

// reg is `reg query KEY [/v NAME]` and `reg add KEY /v NAME /t TYPE /d DATA [/f]`.
func (c *Console) reg(args []string) {
	form := ""
	if len(args) > 0 {
		form = strings.ToUpper(args[0])
	}
	switch {
	case form == "QUERY" && len(args) > 1:
		c.regQuery(args[1:])
	case form == "ADD" && len(args) > 1:
		c.regAdd(args[1:])
	default:
		c.regSyntax(form)
	}
}

// regSyntax says that the words are none of that form of reg.
func (c *Console) regSyntax(form string) {
	form = strings.TrimSpace("REG " + form)
	c.print(c.in("ERROR: Invalid syntax.\nType \""+form+" /?\" for usage.", "エラー: 無効な構文です。\n\""+form+" /?\" と入力すると使用法が表示されます。"))
	c.end()
}

// key finds a key by its name, long or short.
func (c *Console) key(name string) (Key, bool) {
	if rest, ok := cutPrefixFold(name, `HKLM\`); ok {
		name = `HKEY_LOCAL_MACHINE\` + rest
	}
	all := c.Registry()
	i := slices.IndexFunc(all, func(k Key) bool { return strings.EqualFold(k.Name, strings.TrimSuffix(name, `\`)) })
	if i < 0 {
		return Key{}, false
	}
	return all[i], true
}

// value finds a value of the key.
func (k Key) value(name string) (Value, bool) {
	i := slices.IndexFunc(k.Values, func(v Value) bool { return strings.EqualFold(v.Name, name) })
	if i < 0 {
		return Value{}, false
	}
	return k.Values[i], true
}

func (c *Console) regQuery(args []string) {
	if len(args) != 1 && (len(args) != 3 || !strings.EqualFold(args[1], "/v")) {
		c.regSyntax("QUERY")
		return
	}
	key, _ := c.key(args[0])
	if len(args) == 3 {
		v, found := key.value(args[2])
		key.Values = []Value{v}
		if !found {
			key.Values = nil
		}
	}
	if len(key.Values) == 0 {
		c.print(c.in("ERROR: The system was unable to find the specified registry key or value.", "エラー: 指定されたレジストリ キーまたは値が見つかりませんでした。"))
		c.end()
		return
	}
	shown := "\n" + key.Name
	for _, v := range key.Values {
		shown += "\n    " + v.Name + "    " + v.Type + "    " + v.Data
	}
	c.print(shown)
	c.end()
}

// regAdd writes a value of the product, without effect until its service starts again (W3). Others are not simulated.
func (c *Console) regAdd(args []string) {
	given := map[string]string{"/t": "REG_SZ"}
	force := false
	for rest := args[1:]; len(rest) > 0; {
		option := strings.ToLower(rest[0])
		switch {
		case option == "/f":
			force, rest = true, rest[1:]
		case slices.Contains([]string{"/v", "/t", "/d"}, option) && len(rest) > 1:
			given[option], rest = rest[1], rest[2:]
		default:
			c.regSyntax("ADD")
			return
		}
	}
	key, known := c.key(args[0])
	if !known { // among others where the product is not installed
		c.aside(c.in("only the keys that the product reads are simulated", "製品が読むキー以外はシミュレートされない"))
		c.end()
		return
	}
	name, data, err := c.ReadValue(given["/v"], given["/d"])
	wanted := "REG_DWORD"
	if name == "LogicalIP" {
		wanted = "REG_SZ"
	}
	switch v, there := key.value(name); {
	case err != nil:
		c.aside(c.in(err.Error(), notRead(key, given["/v"], given["/d"])))
		c.end()
	case !strings.EqualFold(given["/t"], wanted):
		c.aside(fmt.Sprintf(c.in("%s is a %s; what the product makes of another type is not known", "%s は %s。ほかの型を製品がどう扱うかは不明"), name, wanted))
		c.end()
	case there && !force:
		c.ask(fmt.Sprintf(c.in("Value %s exists, overwrite(Yes/No)? ", "値 %s は存在します。上書きしますか? (Yes/No) "), v.Name), func(line string) {
			if answer := strings.ToLower(strings.TrimSpace(line)); answer != "" && strings.HasPrefix("yes", answer) {
				c.write(key, name, data)
				return
			}
			c.print(c.in("The operation was canceled by the user.", "この操作はユーザーによって取り消されました。"))
			c.end()
		})
	default:
		c.write(key, name, data)
	}
}

// notRead says in Japanese why the product does not read the value.
func notRead(key Key, name, data string) string {
	_, there := key.value(name)
	_, err := strconv.ParseUint(data, 0, 32)
	switch {
	case strings.EqualFold(name, "LogicalIP"):
		return strconv.Quote(data) + " は不可。IPv4 アドレスを指定"
	case err != nil:
		return strconv.Quote(data) + " は不可。10 や 0xa のような数値を指定"
	case there:
		return name + " " + data + " は範囲外"
	}
	return name + " は製品が読む値ではない"
}

// aside is a word of the simulator's own.
func (c *Console) aside(text string) { c.print("[" + text + "]") }

// write writes the value as its verb does. One that is so already is no fault.
func (c *Console) write(key Key, name, data string) {
	if old, there := key.value(name); there && (old.Data == data || old.Data == dword(data)) {
		c.added()
		return
	}
	f := trace.Fault{
		Verb: "registry", Target: c.Machine.Name(), Setting: name + " " + data,
		Touches: []trace.Touch{{Part: trace.ValuePart, Of: c.Machine.Name(), End: name}},
	}
	_ = c.Fault(f, func() bool { return c.SetValue(name, data) == nil })
	c.added()
}

// dword is how reg query shows a decimal number.
func dword(data string) string {
	n, err := strconv.Atoi(data)
	if err != nil {
		return ""
	}
	return DWORD("", n).Data
}

func (c *Console) added() {
	c.print(c.in("The operation completed successfully.", "この操作を正しく終了しました。"))
	c.end()
}
