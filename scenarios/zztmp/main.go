package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ipwsim/reports/term"
	"ipwsim/reports/text"
	"ipwsim/reports/words"
	"ipwsim/scenarios"
	"ipwsim/scenarios/script"
	"ipwsim/sim/finding"
)

func main() {
	over := os.Getenv("CLUSTER")
	for _, f := range os.Args[1:] {
		data, err := os.ReadFile(f)
		if err != nil {
			data, err = scenarios.Read(f)
			if err != nil {
				panic(err)
			}
		}
		s, problems := script.Parse(f, data)
		if problems.Err() != nil {
			fmt.Println(problems)
			continue
		}
		run, err := script.Run(context.Background(), s, script.Options{Cluster: func(name string) (fs.FS, error) {
			if over != "" {
				return os.DirFS(over), nil
			}
			if d := filepath.Join(filepath.Dir(f), name); f != filepath.Base(f) || strings.HasSuffix(f, ".txtar") {
				if _, err := os.Stat(d); err == nil {
					return os.DirFS(d), nil
				}
			}
			sub, err := fs.Sub(scenarios.Clusters(), name)
			if err != nil {
				return nil, err
			}
			if _, err := fs.Stat(sub, "."); errors.Is(err, fs.ErrNotExist) {
				return nil, err
			}
			return sub, nil
		}})
		if err != nil {
			fmt.Println(f, "ERR", err)
			continue
		}
		dump(run)
		if os.Getenv("TEXT") != "" {
			l := words.English
			if os.Getenv("TEXT") == "ja" {
				l = words.Japanese
			}
			text.Run(os.Stdout, run, term.Options{Lang: l})
			continue
		}
		fmt.Printf("== %s: %s\n", f, run.Outcome())
		for _, e := range run.Expectations {
			if !e.OK {
				j, _ := json.Marshal(e.Seen)
				h, _ := json.Marshal(e.Hint)
				fmt.Println("   EXPECT", e.Text, "seen", string(j), "hint", string(h))
			}
		}
		for _, r := range run.Results {
			if r.Verdict == finding.Fail || r.Verdict == finding.Inconclusive || os.Getenv("ALL") != "" {
				fmt.Println("  ", r.ID, r.Verdict, "expected", r.Expected, r.Judged)
				for _, x := range r.Findings {
					j, _ := json.Marshal(x)
					fmt.Println("      ", string(j))
				}
				if r.Reason != nil {
					j, _ := json.Marshal(r.Reason)
					fmt.Println("       reason", string(j))
				}
			}
		}
		if run.Facts != nil && os.Getenv("OUT") != "" {
			for _, o := range run.Facts.Outages() {
				f := run.Facts.Fault(o.Cause.Fault)
				line := ""
				if f != nil {
					line = f.Line()
				}
				fmt.Println("   ", o.Client, o.VIP, o.From, o.Length(), "open", o.Open, o.Kind, o.Loss, "cause", o.Cause.Kind, o.Cause.Node, line, "also", o.Also, "parts", o.Parts, o.Saw, "promise", o.Promise)
			}
			for _, b := range run.Facts.Failbacks {
				fmt.Println("    failback", b.Client, b.VIP, b.From, b.Length(), b.Silent, b.Promise)
			}
		}
	}
}
