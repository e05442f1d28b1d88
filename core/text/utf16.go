package text

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"ipwsim/core/diag"
)

// UTF16File is the text as a file of regedit: UTF-16LE with BOM.
func UTF16File(s string) []byte {
	return append(bytes.Clone(bomUTF16LE), UTF16(s)...)
}

// UTF16 is the text as UTF-16LE without BOM. Bytes that are not UTF-8 become U+FFFD.
func UTF16(s string) []byte {
	units := utf16.Encode([]rune(s))
	out := make([]byte, 0, 2*len(units))
	for _, u := range units {
		out = binary.LittleEndian.AppendUint16(out, u)
	}
	return out
}

// DecodeUTF16 reads UTF-16LE without BOM. ok is false for an odd number of bytes and for half a surrogate pair.
func DecodeUTF16(raw []byte) (text string, ok bool) {
	text, problem := decodeUnits(units(raw))
	return text, problem == nil && len(raw)%2 == 0
}

// LittleEndian is UTF-16 of either byte order, with BOM or without, as UTF-16LE with BOM. Without BOM the order is told by
// where zero bytes are, of which text of any language has some: those of its line ends.
func LittleEndian(data []byte) []byte {
	if bytes.HasPrefix(data, bomUTF16LE) {
		return data
	}
	out := bytes.TrimPrefix(bytes.Clone(data), bomUTF16BE)
	var zeros [2]int // of first and second bytes
	for i, b := range out {
		if b == 0 {
			zeros[i%2]++
		}
	}
	if len(out) < len(data) || zeros[0] > zeros[1] {
		for i := 0; i+1 < len(out); i += 2 {
			out[i], out[i+1] = out[i+1], out[i]
		}
	}
	return append(bytes.Clone(bomUTF16LE), out...)
}

// units leaves an odd last byte out.
func units(raw []byte) []uint16 {
	out := make([]uint16, len(raw)/2)
	for i := range out {
		out[i] = binary.LittleEndian.Uint16(raw[2*i:])
	}
	return out
}

func decodeUTF16(name string, data []byte) ([]Line, diag.List) {
	var problems diag.List
	var lines []Line
	all := units(data)
	for len(all) > 0 {
		raw, end := cutUnits(all)
		all = all[len(raw)+len(end):]
		text, problem := decodeUnits(raw)
		lines = append(lines, Line{text, end})
		if problem != nil {
			problems.Errorf(name, len(lines), "%w", problem)
		}
	}
	if len(data)%2 != 0 {
		problems.Errorf(name, len(lines), "the file ends in half a character, at byte %d; expected an even number of bytes in UTF-16: the file is cut off",
			len(data)+len(bomUTF16LE))
	}
	return lines, problems
}

func cutUnits(all []uint16) (raw []uint16, end string) {
	for i, u := range all {
		if u != '\n' {
			continue
		}
		if i > 0 && all[i-1] == '\r' {
			return all[:i-1], "\r\n"
		}
		return all[:i], "\n"
	}
	return all, ""
}

func decodeUnits(raw []uint16) (text string, problem error) {
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		r := rune(raw[i])
		if utf16.IsSurrogate(r) {
			r = utf8.RuneError
			if i+1 < len(raw) {
				r = utf16.DecodeRune(rune(raw[i]), rune(raw[i+1]))
			}
			if r == utf8.RuneError {
				problem = cmp.Or(problem, diag.Errorf("UTF-16 unit 0x%04x, number %d of the line, is half of a surrogate pair; expected both halves", raw[i], i+1))
			} else {
				i++
			}
		}
		b.WriteRune(r)
	}
	return b.String(), problem
}
