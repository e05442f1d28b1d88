package setup_test

import (
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"ipwsim/core/diag"
	"ipwsim/scenarios/setup"
	"ipwsim/sim/collected"
)

// Whatever one of the files holds, what is made of it is TOML, in lines that a name cannot break.
func FuzzMake(f *testing.F) {
	const server = "testdata/works/wk-a/"
	entries, err := os.ReadDir(server)
	if err != nil {
		f.Fatal(err)
	}
	for i, e := range entries {
		data, err := os.ReadFile(server + e.Name())
		if err != nil {
			f.Fatal(err)
		}
		f.Add(uint8(i), data)
	}
	other, err := fs.Sub(os.DirFS("testdata/works"), ".")
	if err != nil {
		f.Fatal(err)
	}
	whole, problems := collected.Read(other, "wk-b")
	if problems.Err() != nil {
		f.Fatal(problems)
	}
	f.Fuzz(func(t *testing.T, which uint8, data []byte) {
		m := fstest.MapFS{}
		for i, e := range entries {
			m["wk-a/"+e.Name()] = &fstest.MapFile{Data: data}
			if i != int(which)%len(entries) {
				own, err := os.ReadFile(server + e.Name())
				if err != nil {
					t.Fatal(err)
				}
				m["wk-a/"+e.Name()].Data = own
			}
		}
		s, problems := collected.Read(m, "wk-a")
		if problems.Err() != nil {
			return
		}
		made, _, err := setup.Make([2]*collected.Server{s, whole}, setup.Options{Name: "ours", Say: func(t diag.Text) string { return t.Error() }})
		if err != nil {
			t.Fatal(err)
		}
		_, problems = load(made)
		for _, p := range problems {
			if p.File == "cluster.toml" && (strings.Contains(p.Message, "not valid TOML") || strings.Contains(p.Message, "not UTF-8")) {
				t.Errorf("%v\n%s", p, made.Files["cluster.toml"])
			}
		}
	})
}
