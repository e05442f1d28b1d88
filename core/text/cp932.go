package text

import (
	"cmp"
	"strings"
	"sync"
	"unicode/utf8"

	"ipwsim/core/diag"

	"golang.org/x/text/encoding/japanese"
)

// DecodeCP932 is for CP932 inside other data. ok is false when a byte is no character.
func DecodeCP932(raw []byte) (text string, ok bool) {
	text, problem := decodeCP932(raw)
	return text, problem == nil
}

// decodeCP932 reads character by character, to name the first bad byte.
func decodeCP932(raw []byte) (text string, problem error) {
	var b strings.Builder
	for i := 0; i < len(raw); {
		r, size := cp932Rune(raw[i:])
		if r == utf8.RuneError {
			problem = cmp.Or(problem, diag.Errorf("byte 0x%02x, number %d of the line, is no character in CP932, and the file is not UTF-8 either; "+
				"expected one encoding throughout, with no byte lost", raw[i], i+1))
		}
		b.WriteRune(r)
		i += size
	}
	return b.String(), problem
}

// cp932Rune decodes the first character. A bad one is U+FFFD and one byte long, as what follows may be sound.
func cp932Rune(raw []byte) (r rune, size int) {
	lead := raw[0]
	if lead < utf8.RuneSelf {
		return rune(lead), 1
	}
	size = 1
	if len(raw) > 1 && (lead >= 0x81 && lead <= 0x9f || lead >= 0xe0 && lead <= 0xfc) {
		size = 2
	}
	decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(raw[:size])
	r, width := utf8.DecodeRune(decoded)
	// More than one character is a lone lead byte and its neighbour; 0x80 decodes to a control character.
	if err != nil || width != len(decoded) || r == utf8.RuneError || lead == 0x80 {
		return utf8.RuneError, 1
	}
	return r, size
}

// encodeCP932 writes as Windows does. An error names the first character that CP932 lacks.
func encodeCP932(s string) ([]byte, error) {
	out := make([]byte, 0, len(s))
	for _, r := range s {
		char := runeCP932(r)
		if char == nil {
			return nil, diag.Errorf("CP932 has no character %s", Name(r))
		}
		out = append(out, char...)
	}
	return out, nil
}

// runeCP932 returns nil for a character that CP932 lacks.
func runeCP932(r rune) []byte {
	if r < utf8.RuneSelf {
		return []byte{byte(r)}
	}
	if char, twice := ibmCodes()[r]; twice {
		return char
	}
	char, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(string(r)))
	// A byte under 0x80 is a look-alike, such as a backslash for the yen sign.
	if err != nil || char[0] < utf8.RuneSelf {
		return nil
	}
	return char
}

// ibmCodes are the characters in rows 0xed and 0xee by their code in rows 0xfa to 0xfc. CP932 has them twice;
// Windows writes the latter, golang.org/x/text the former.
var ibmCodes = sync.OnceValue(func() map[rune][]byte {
	codes := map[rune][]byte{}
	for lead := byte(0xfa); lead <= 0xfc; lead++ {
		for trail := 0x40; trail <= 0xfc; trail++ {
			char := []byte{lead, byte(trail)}
			r, size := cp932Rune(char)
			if size != len(char) {
				continue
			}
			other, err := japanese.ShiftJIS.NewEncoder().Bytes([]byte(string(r)))
			if err == nil && (other[0] == 0xed || other[0] == 0xee) {
				codes[r] = char
			}
		}
	}
	return codes
})
