package diag

import "fmt"

// Text is words for people with what they were made from, so that they can be said in another language too: reports
// have one for each format. It is an error, and what it is made from may be texts again. The zero Text says nothing.
type Text struct {
	Format string
	Args   []any

	made error // in English
}

// Say makes a text as fmt.Errorf does, %w included.
func Say(format string, args ...any) Text { return Text{format, args, fmt.Errorf(format, args...)} }

// Errorf is fmt.Errorf for errors that people read.
func Errorf(format string, args ...any) error {
	t := Say(format, args...)
	return &t // so that errors.Is knows it from others
}

// Aside is a text in brackets behind another, with the blank between them.
func Aside(format string, args ...any) Text { return Say(" (%w)", Say(format, args...)) }

// Word is text that stands as it is in the code of others, or one of few words of a type. Another language may have its
// own for it.
type Word string

// Error is the word.
func (w Word) Error() string { return string(w) }

// Sayer is what has a text, and what such a text may be made from.
type Sayer interface{ Said() Text }

// Said is the text itself.
func (t Text) Said() Text { return t }

// Error is the text in English.
func (t Text) Error() string {
	if t.made == nil {
		return ""
	}
	return t.made.Error()
}

// Unwrap is for errors.Is.
func (t Text) Unwrap() error { return t.made }
