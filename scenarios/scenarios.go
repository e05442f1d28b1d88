// Package scenarios holds the shipped scenario files and the clusters they run on. Its tests run
// every one of them, and the properties that draw their own.
package scenarios

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.txtar testdata/clusters
var files embed.FS

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

// Clusters are the shipped clusters, one folder each.
func Clusters() fs.FS {
	sub, err := fs.Sub(files, "testdata/clusters")
	if err != nil {
		panic(err) // the folder is embedded
	}
	return sub
}
