package finding

// Phrase is a text in the languages of reports, with the names of what fills it in braces: "{target} is frozen".
type Phrase struct{ En, Ja string }
