package text

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"ipwsim/core/diag"
)

// A Line is one line of a file and its end.
type Line struct {
	Text string
	End  string // "\r\n" or "\n"; "" only in a last line that has no end
}

// Decode cuts a file into lines. The encoding is what Detect said; UTF-16BE and UTF-16 without BOM are not read.
// Bytes that are no character are errors, at most one a line, and become U+FFFD in the text.
func Decode(name string, data []byte, enc Encoding) ([]Line, diag.List) {
	data = withoutBOM(data, enc)
	if enc == UTF16LE {
		return decodeUTF16(name, data)
	}
	var problems diag.List
	var lines []Line
	for len(data) > 0 {
		raw, end := cutLine(data)
		data = data[len(raw)+len(end):]
		text, problem := decodeLine(raw, enc)
		lines = append(lines, Line{text, end})
		if problem != nil {
			problems.Errorf(name, len(lines), "%w", problem)
		}
	}
	return lines, problems
}

// cutLine is safe in CP932 too: no second byte of a character is a line feed or carriage return.
func cutLine(data []byte) (raw []byte, end string) {
	i := bytes.IndexByte(data, '\n')
	if i < 0 {
		return data, ""
	}
	if i > 0 && data[i-1] == '\r' {
		return data[:i-1], "\r\n"
	}
	return data[:i], "\n"
}

func decodeLine(raw []byte, enc Encoding) (text string, problem error) {
	if enc == CP932 {
		return decodeCP932(raw)
	}
	for i := 0; i < len(raw); {
		r, size := utf8.DecodeRune(raw[i:])
		if r == utf8.RuneError && size == 1 {
			return strings.ToValidUTF8(string(raw), "\uFFFD"), diag.Errorf(
				"byte 0x%02x, number %d of the line, is not UTF-8, which the file's BOM announces; expected UTF-8 throughout", raw[i], i+1)
		}
		i += size
	}
	return string(raw), nil
}

// CheckSize reports a file over MaxBytes. The hint says what to give instead.
func CheckSize(name string, data []byte, hint diag.Text) diag.List {
	return CheckSizeUpTo(name, int64(len(data)), MaxBytes, hint)
}

// CheckSizeUpTo is CheckSize with another limit in bytes, of a file that may be too large to be read.
func CheckSizeUpTo(name string, size, most int64, hint diag.Text) diag.List {
	var problems diag.List
	if size > most {
		problems.Errorf(name, 0, "the file has %d bytes; expected at most %d: %w", size, most, hint)
	}
	return problems
}
