package edit

import (
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"ipwsim/core/registry"
	"ipwsim/core/text"
	"ipwsim/sim/audited"
)

// Setting is a value of a registry key, as it shall be.
type Setting struct {
	Key   string
	Value registry.Value
}

// Number is a REG_DWORD.
func Number(key, name string, n int) Setting {
	return Setting{key, registry.NumberValue(name, uint32(n))}
}

// Text is a REG_SZ.
func Text(key, name, said string) Setting {
	return Setting{key, registry.TextValue(name, said)}
}

// Restarted has the service started again so long after each death, of which a day later none is remembered.
func Restarted(service string, after time.Duration) Setting {
	v := registry.RecoveryValue(registry.Startup{Restarts: []time.Duration{after}, Forget: 24 * time.Hour})
	return Setting{registry.ServicesKey + `\` + service, v}
}

// In is the setting at the key that an export of that folder has: a 32-bit product's, where there is that one alone.
func (s Setting) In(f map[string][]byte, folder string) Setting {
	has := func(key string) bool {
		return slices.ContainsFunc(Exports(f, folder), func(name string) bool {
			file, _ := registry.Parse(name, f[name])
			_, has := file.Key(key)
			return has
		})
	}
	if there, is := registry.WOW64(s.Key); is && !has(s.Key) && has(there) {
		s.Key = there
	}
	return s
}

// Exports are the names of the .reg files in that folder of a cluster's files, sorted.
func Exports(f map[string][]byte, folder string) (all []string) {
	for name := range f { // order: sorted below
		if path.Dir(name) == folder && strings.EqualFold(path.Ext(name), ".reg") {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

// Registry sets the value in that export of the folder which has its key; where none has it, the first gets it. It says
// false where there is no export that can be read. The lines are counted in the files as they were before all edits.
func Registry(f, was map[string][]byte, folder string, s Setting) ([]audited.Edit, bool) {
	all := Exports(f, folder)
	if len(all) == 0 {
		return nil, false
	}
	name := all[0]
	for _, other := range all {
		file, _ := registry.Parse(other, f[other])
		if _, has := file.Key(s.Key); has {
			name = other
			break
		}
	}
	file, problems := registry.Parse(name, f[name])
	if problems.Err() != nil {
		return nil, false
	}
	edit := audited.Edit{File: name, New: lineOf(s.Value)}
	i := slices.IndexFunc(file.Keys, func(k registry.Key) bool { return strings.EqualFold(k.Name, s.Key) })
	if i < 0 {
		i = len(file.Keys)
		file.Keys = append(file.Keys, registry.Key{Name: s.Key})
		edit.New = "[" + s.Key + "] " + edit.New
	}
	k := &file.Keys[i]
	edit.Line = lineIn(name, was[name], s)
	if j := slices.IndexFunc(k.Values, func(v registry.Value) bool { return strings.EqualFold(v.Name, s.Value.Name) }); j >= 0 {
		edit.Old = lineOf(k.Values[j])
		k.Values[j] = s.Value
	} else {
		k.Values = append(k.Values, s.Value)
	}
	f[name] = utf8File(file)
	return []audited.Edit{edit}, true
}

// lineIn is where the value stands in that export, or else the first of its key's values, which it goes before; 0: the export
// lacks the key.
func lineIn(name string, data []byte, s Setting) int {
	file, _ := registry.Parse(name, data)
	i := slices.IndexFunc(file.Keys, func(k registry.Key) bool { return strings.EqualFold(k.Name, s.Key) })
	if i < 0 {
		return 0
	}
	k := &file.Keys[i]
	if j := slices.IndexFunc(k.Values, func(v registry.Value) bool { return strings.EqualFold(v.Name, s.Value.Name) }); j >= 0 {
		return k.Values[j].Line
	}
	return k.Line + 1
}

// lineOf is the value as an export has it, on one line.
func lineOf(v registry.Value) string {
	all := string(utf8File(registry.File{Keys: []registry.Key{{Name: "x", Values: []registry.Value{v}}}}))
	_, line, _ := strings.Cut(all, "[x]\r\n")
	return strings.Join(strings.Fields(strings.ReplaceAll(strings.TrimSpace(line), "\\\r\n", "")), " ")
}

// utf8File is the export as scenarios hold it: they are UTF-8.
func utf8File(f registry.File) []byte {
	said, _ := text.DecodeUTF16(f.Format()[2:]) // behind its mark it is what Format has written
	return []byte(said)
}

// Command is what sets the value on a machine.
func (s Setting) Command() string {
	key := strings.Replace(s.Key, "HKEY_LOCAL_MACHINE", "HKLM", 1)
	if n, is := s.Value.Number(); is {
		return fmt.Sprintf(`reg add "%s" /v %s /t REG_DWORD /d %d /f`, key, s.Value.Name, n)
	}
	said, _ := s.Value.Text() // the others are set by commands of their own
	return fmt.Sprintf(`reg add "%s" /v %s /t REG_SZ /d %s /f`, key, s.Value.Name, typed(said))
}

// typed is a text as it is typed at a prompt: cmd.exe puts the value of a variable between two %, unless a ^ outside quotes
// stands before the second one, and a backslash before a quote makes it part of the text.
func typed(said string) string {
	parts := strings.Split(said, "%")
	for i, part := range parts {
		if len(parts) > 1 && !strings.ContainsAny(part, " &|<>^()") {
			continue
		}
		ends := part[len(strings.TrimRight(part, `\`)):]
		parts[i] = `"` + part + ends + `"`
	}
	return strings.Join(parts, "^%")
}
