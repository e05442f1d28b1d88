// Package says is what programs of Windows say, in the language of that Windows, and the ping of Linux: texts, and nothing
// of when.
package says

// Language is that of a Windows, whatever language reports are in. The zero value is English.
type Language string

// The languages whose words are known.
const (
	English  Language = "en"
	Japanese Language = "ja"
)

// In is the text that this Windows has.
func (l Language) In(en, ja string) string {
	if l == Japanese {
		return ja
	}
	return en
}
