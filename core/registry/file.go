// Package registry reads and writes .reg exports of regedit and finds the watcher's settings in them (W3).
package registry

import (
	"encoding/binary"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// A File is a whole export: its keys in the order of the file.
type File struct {
	Name string // as given to Parse; for problems only
	Keys []Key
}

// A Key has its full name without brackets and its values in the order of the file.
type Key struct {
	Name   string // as in HKEY_LOCAL_MACHINE\SOFTWARE\EPOST
	There  string // what the file calls it, where it is taken for another; "": Name
	Values []Value
	Line   int // from 1
}

// A Value is what the registry holds, however the file spells it.
type Value struct {
	Name string // "" is the key's default value
	Type Type
	Data []byte // numbers little-endian, text UTF-16LE with a final zero
	Line int    // from 1; the first line of a longer value
}

// Type is the registry's number of a value type.
type Type uint32

// The types that a file spells or that have a name of their own here.
const (
	None     Type = 0
	SZ       Type = 1
	ExpandSZ Type = 2
	Binary   Type = 3
	DWORD    Type = 4
	MultiSZ  Type = 7
	QWORD    Type = 11
)

var typeNames = map[Type]string{
	None: "REG_NONE", SZ: "REG_SZ", ExpandSZ: "REG_EXPAND_SZ", Binary: "REG_BINARY",
	DWORD: "REG_DWORD", MultiSZ: "REG_MULTI_SZ", QWORD: "REG_QWORD",
}

// Said is the name that Microsoft's headers give the type.
func (t Type) Said() diag.Text {
	if name, known := typeNames[t]; known {
		return diag.Say("%s", name)
	}
	return diag.Say("type 0x%x", uint32(t))
}

// String is the same in English.
func (t Type) String() string { return t.Said().Error() }

// Number is the value of a REG_DWORD; ok is false for another type or size.
func (v Value) Number() (n uint32, ok bool) {
	if v.Type != DWORD || len(v.Data) != 4 {
		return 0, false
	}
	return binary.LittleEndian.Uint32(v.Data), true
}

// Text is the value of a REG_SZ; ok is false for another type and for text that does not end at its only zero.
func (v Value) Text() (s string, ok bool) {
	if v.Type != SZ {
		return "", false
	}
	s, ok = text.DecodeUTF16(v.Data)
	body, terminated := strings.CutSuffix(s, "\x00")
	return body, ok && terminated && !strings.Contains(body, "\x00")
}

// NumberValue is a REG_DWORD.
func NumberValue(name string, n uint32) Value {
	return Value{Name: name, Type: DWORD, Data: binary.LittleEndian.AppendUint32(nil, n)}
}

// TextValue is a REG_SZ.
func TextValue(name, s string) Value {
	return Value{Name: name, Type: SZ, Data: text.UTF16(s + "\x00")}
}

// Key finds a key by its full name; Windows does not tell case apart.
func (f File) Key(name string) (key Key, found bool) {
	for _, key := range f.Keys {
		if fold(key.Name) == fold(name) {
			return key, true
		}
	}
	return Key{}, false
}

// Value finds a value by its name; Windows does not tell case apart.
func (k Key) Value(name string) (value Value, found bool) {
	for _, value := range k.Values {
		if fold(value.Name) == fold(name) {
			return value, true
		}
	}
	return Value{}, false
}

// fold is how Windows compares names: character by character in upper case.
func fold(name string) string { return strings.ToUpper(name) }
