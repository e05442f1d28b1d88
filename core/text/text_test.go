package text_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/text"
)

func TestDetect(t *testing.T) {
	for rule, tt := range map[string]struct {
		data string
		want text.Encoding
	}{
		"nothing":               {"", text.ASCII},
		"only ASCII":            {"abc\r\n", text.ASCII},
		"valid UTF-8":           {"イー", text.UTF8},
		"BOM of UTF-8":          {"\xef\xbb\xbfabc", text.UTF8BOM},
		"BOM, but not UTF-8":    {"\xef\xbb\xbf\x83", text.UTF8BOM},
		"neither: CP932":        {"\x83\x43\x81\x5b", text.CP932},
		"BOM of UTF-16LE":       {"\xff\xfea\x00", text.UTF16LE},
		"BOM of UTF-16BE":       {"\xfe\xff\x00a", text.UTF16BE},
		"UTF-16LE without BOM":  {"a\x00b\x00", text.UTF16Bare},
		"UTF-16BE without BOM":  {"\x00a\x00b", text.UTF16Bare},
		"two zeros are no text": {"\x00\x00", text.ASCII},
	} {
		t.Run(rule, func(t *testing.T) {
			require.Equal(t, tt.want, text.Detect([]byte(tt.data)))
		})
	}
}

// The codes are those of Windows' WideCharToMultiByte for characters that CP932 has more than once.
func TestCP932IsWrittenAsWindowsWritesIt(t *testing.T) {
	for char, want := range map[string]string{
		"髙": "\xfb\xfc", "﨑": "\xfa\xb1", "ⅰ": "\xfa\x40", "Ⅰ": "\x87\x54", "￢": "\x81\xca", "∵": "\x81\xe6", "㈱": "\x87\x8a",
		"表": "\x95\x5c", `\`: `\`, "ｱ": "\xb1",
	} {
		got, err := text.Encode(char, text.CP932)
		require.NoError(t, err)
		require.Equal(t, want, string(got), char)
	}
}

func TestCP932HasNoLookAlikes(t *testing.T) {
	for _, char := range []string{"¥", "‾", "한", "\u0080", "\uFFFD"} {
		_, err := text.Encode(char, text.CP932)
		require.ErrorContains(t, err, "CP932 has no character", char)
	}
}

func TestCP932BadBytes(t *testing.T) {
	for raw, want := range map[string]string{
		"a\x83":     "a\uFFFD", // a lead byte and nothing
		"\x83\"b":   "\uFFFD\"b",
		"\xfe\x80":  "\uFFFD\uFFFD",
		"\xa0\xb1":  "\uFFFDｱ",
		"\x95\x5ca": "表a",
	} {
		got, ok := text.DecodeCP932([]byte(raw))
		require.Equal(t, want, got)
		require.Equal(t, want == "表a", ok)
	}
}

func TestDecodeKeepsLineEndsAndNamesBadLines(t *testing.T) {
	lines, problems := text.Decode("f", []byte("\x83\x43\r\n\x83\r\n\n\xffx"), text.CP932)
	require.Equal(t, []text.Line{{Text: "イ", End: "\r\n"}, {Text: "\uFFFD", End: "\r\n"}, {Text: "", End: "\n"}, {Text: "\uFFFDx"}}, lines)
	require.Len(t, problems, 2)
	require.Equal(t, 2, problems[0].Line)
	require.Equal(t, 4, problems[1].Line)
}

func TestUTF16IsReadBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.String().Draw(t, "text")
		got, ok := text.DecodeUTF16(text.UTF16(want))
		require.True(t, ok)
		require.Equal(t, want, got)
	})
}

func TestUTF16BadUnits(t *testing.T) {
	for _, raw := range []string{"\x3d\xd8", "\x00\xdc", "\x3d\xd8a\x00", "a\x00b"} {
		_, ok := text.DecodeUTF16([]byte(raw))
		require.False(t, ok)
	}
	got, ok := text.DecodeUTF16([]byte("\x3d\xd8\x00\xde\xfd\xff"))
	require.True(t, ok)
	require.Equal(t, "😀\uFFFD", got)
}

func TestQuoteShowsWhatCannotBeSeen(t *testing.T) {
	require.Equal(t, `"\\peer<U+0000> x<U+3000>"`, text.Quote("\\\\peer\x00 x\u3000"))
}
