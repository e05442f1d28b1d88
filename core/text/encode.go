package text

import (
	"unicode/utf8"

	"ipwsim/core/diag"
)

// Encode writes text in a byte encoding, without a BOM. An error names the first character that the encoding lacks.
func Encode(s string, enc Encoding) ([]byte, error) {
	switch {
	case !utf8.ValidString(s):
		return nil, diag.Errorf("%s is not valid UTF-8", Quote(s))
	case enc == UTF8 || enc == UTF8BOM:
		return []byte(s), nil
	case enc == CP932:
		return encodeCP932(s)
	}
	return nil, diag.Errorf("text is not written in %s", enc)
}
