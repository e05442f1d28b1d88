// Package scenarios holds the shipped scenario files and the clusters they run on. Its tests run
// every one of them, and the properties that draw their own.
package scenarios

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.txtar testdata/clusters testdata/studies
var files embed.FS

// Manual has the pages of the manual that lie here and in the folders below, in both languages.
//
//go:embed *.md */*.md
var Manual embed.FS

// Names are the shipped scenarios, sorted.
func Names() []string {
	entries, _ := fs.ReadDir(files, ".") // an embedded folder can be read
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), ".txtar"); ok {
			names = append(names, name)
		}
	}
	return names
}

// Read returns a shipped scenario's file.
func Read(name string) ([]byte, error) { return files.ReadFile(name + ".txtar") }

// Studies are the shipped studies of the name: the one of it, or all whose names begin with it and a dash, sorted, as
// field-router and field-segment for field; all of them for "".
func Studies(name string) (names []string) {
	entries, _ := fs.ReadDir(files, studies)
	for _, e := range entries {
		one := strings.TrimSuffix(e.Name(), ".toml")
		if one == name {
			return []string{one}
		}
		if name == "" || strings.HasPrefix(one, name+"-") {
			names = append(names, one)
		}
	}
	return names
}

// ReadStudy returns a shipped study's file.
func ReadStudy(name string) ([]byte, error) { return files.ReadFile(studies + "/" + name + ".toml") }

const studies = "testdata/studies"

// Clusters are the shipped clusters, one folder each.
func Clusters() fs.FS {
	sub, err := fs.Sub(files, "testdata/clusters")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}
