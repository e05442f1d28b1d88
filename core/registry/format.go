package registry

import (
	"cmp"
	"fmt"
	"strings"

	"ipwsim/core/text"
)

// hexColumn is where regedit breaks lines of hex bytes.
const hexColumn = 77

// Format writes the File as regedit does: UTF-16LE with BOM and CRLF. Comments of the original are not kept.
// Parse reads back the same keys and values, if the names came from Parse.
func (f File) Format() []byte {
	var b strings.Builder
	b.WriteString(header5 + "\r\n\r\n")
	for _, key := range f.Keys {
		b.WriteString("[" + cmp.Or(key.There, key.Name) + "]\r\n")
		for _, value := range key.Values {
			b.WriteString(formatValue(value) + "\r\n")
		}
		b.WriteString("\r\n")
	}
	return text.UTF16File(b.String())
}

func formatValue(v Value) string {
	start := "@="
	if v.Name != "" {
		start = quote(v.Name) + "="
	}
	if n, ok := v.Number(); ok {
		return fmt.Sprintf("%sdword:%08x", start, n)
	}
	if s, ok := v.Text(); ok {
		if _, control := text.Control(s); !control { // a line break would end the line
			return start + quote(s)
		}
	}
	return formatHex(start, v)
}

func quote(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}

func formatHex(start string, v Value) string {
	line := start + "hex:"
	if v.Type != Binary {
		line = fmt.Sprintf("%shex(%x):", start, uint32(v.Type))
	}
	column := len(text.UTF16(line)) / 2
	var b strings.Builder
	b.WriteString(line)
	for i, c := range v.Data {
		fmt.Fprintf(&b, "%02x", c)
		if i == len(v.Data)-1 {
			break
		}
		b.WriteByte(',')
		if column += 3; column >= hexColumn {
			b.WriteString("\\\r\n  ")
			column = 2
		}
	}
	return b.String()
}
