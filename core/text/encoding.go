// Package text reads and writes the text files of Japanese Windows: lines in CP932, UTF-8 or UTF-16.
package text

import (
	"bytes"
	"unicode/utf8"

	"ipwsim/core/diag"
)

// MaxBytes is the largest file accepted; a real one has a few kilobytes.
const MaxBytes = 1 << 20

// Encoding says how a file's bytes stand for characters.
type Encoding int

// The encodings that Detect tells apart.
const (
	ASCII     Encoding = iota // no byte over 0x7f: the same in CP932 and UTF-8
	UTF8                      // without BOM
	UTF8BOM                   // with BOM
	CP932                     // what Japanese Windows calls ANSI
	UTF16LE                   // with BOM, as regedit writes
	UTF16BE                   // with BOM
	UTF16Bare                 // without BOM, either byte order
)

var encodingNames = map[Encoding]diag.Text{
	ASCII: diag.Say("ASCII"), UTF8: diag.Say("UTF-8"), UTF8BOM: diag.Say("UTF-8 with BOM"), CP932: diag.Say("CP932"),
	UTF16LE: diag.Say("UTF-16LE"), UTF16BE: diag.Say("UTF-16BE"), UTF16Bare: diag.Say("UTF-16 without BOM"),
}

// Said is the encoding's usual name.
func (e Encoding) Said() diag.Text { return encodingNames[e] }

// String is the same in English.
func (e Encoding) String() string { return e.Said().Error() }

// IsUTF16 reports whether characters are two bytes wide.
func (e Encoding) IsUTF16() bool { return e == UTF16LE || e == UTF16BE || e == UTF16Bare }

var (
	bomUTF8    = []byte{0xef, 0xbb, 0xbf}
	bomUTF16LE = []byte{0xff, 0xfe}
	bomUTF16BE = []byte{0xfe, 0xff}
)

// Detect decides by the BOM, else by validity as UTF-8; what is left is taken for CP932.
func Detect(data []byte) Encoding {
	switch {
	case bytes.HasPrefix(data, bomUTF8):
		return UTF8BOM
	case bytes.HasPrefix(data, bomUTF16LE):
		return UTF16LE
	case bytes.HasPrefix(data, bomUTF16BE):
		return UTF16BE
	case len(data) >= 2 && (data[0] == 0) != (data[1] == 0):
		return UTF16Bare // one zero byte of the first two: a Latin letter in UTF-16
	case isASCII(data):
		return ASCII
	case utf8.Valid(data):
		return UTF8
	}
	return CP932
}

func isASCII(data []byte) bool {
	for _, b := range data {
		if b >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func withoutBOM(data []byte, enc Encoding) []byte {
	switch enc {
	case UTF8BOM:
		return data[len(bomUTF8):]
	case UTF16LE:
		return data[len(bomUTF16LE):]
	}
	return data
}
