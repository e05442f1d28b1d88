// Package reports holds the page of the manual about reports. Those that make them are its folders.
package reports

import "embed"

// Manual has that page, in both languages.
//
//go:embed *.md
var Manual embed.FS
