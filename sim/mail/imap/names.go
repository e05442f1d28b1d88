package imap

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"ipwsim/sim/mail/folder"
)

// utf7 is how RFC 3501, section 5.1.3, writes base64 in a mailbox's name.
var utf7 = base64.NewEncoding("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,").WithPadding(base64.NoPadding)

// encodeName writes a mailbox's name in modified UTF-7.
func encodeName(name string) string {
	var b strings.Builder
	for name != "" {
		i := strings.IndexFunc(name, func(r rune) bool { return r < ' ' || r > '~' })
		if i < 0 {
			i = len(name)
		}
		b.WriteString(strings.ReplaceAll(name[:i], "&", "&-"))
		if name = name[i:]; name == "" {
			break
		}
		end := strings.IndexFunc(name, func(r rune) bool { return r >= ' ' && r <= '~' })
		if end < 0 {
			end = len(name)
		}
		var units []byte
		for _, u := range utf16.Encode([]rune(name[:end])) {
			units = append(units, byte(u>>8), byte(u))
		}
		b.WriteString("&" + utf7.EncodeToString(units) + "-")
		name = name[end:]
	}
	return b.String()
}

// decodeName reads one; fs.ErrInvalid for what encodeName never writes. A name in UTF-8 is taken as it
// is, INBOX in any case of letters.
func decodeName(name string) (string, error) {
	if strings.EqualFold(name, folder.Inbox) {
		return folder.Inbox, nil
	}
	if !utf8.ValidString(name) {
		return "", fs.ErrInvalid
	}
	var b strings.Builder
	for rest := name; rest != ""; {
		before, after, shifted := strings.Cut(rest, "&")
		b.WriteString(before)
		if !shifted {
			break
		}
		code, after, ok := strings.Cut(after, "-")
		units, err := utf7.DecodeString(code)
		if !ok || err != nil || len(units)%2 != 0 {
			return "", fmt.Errorf("mailbox %q: %w", name, fs.ErrInvalid)
		}
		if code == "" {
			b.WriteByte('&')
		}
		var all []uint16
		for i := 0; i < len(units); i += 2 {
			all = append(all, uint16(units[i])<<8|uint16(units[i+1]))
		}
		b.WriteString(string(utf16.Decode(all)))
		rest = after
	}
	if s := b.String(); strings.ContainsFunc(name, func(r rune) bool { return r > '~' }) || encodeName(s) == name {
		return s, nil
	}
	return "", fmt.Errorf("mailbox %q: %w", name, fs.ErrInvalid)
}

// matches says whether a name fits LIST's pattern: "*" is anything, "%" anything within a level.
func matches(name, pattern string) bool {
	for pattern != "" {
		if c := pattern[0]; c == '*' || c == '%' {
			rest := strings.TrimLeft(pattern, "*%")
			across := strings.Contains(pattern[:len(pattern)-len(rest)], "*")
			for i := 0; i <= len(name); i++ {
				if matches(name[i:], rest) {
					return true
				}
				if i < len(name) && name[i] == '/' && !across {
					return false
				}
			}
			return false
		}
		if name == "" || name[0] != pattern[0] {
			return false
		}
		name, pattern = name[1:], pattern[1:]
	}
	return name == ""
}
