package audit

import (
	"fmt"
	"io/fs"
	"os"
	"testing"
	"time"

	"ipwsim/scenarios/script"
	"ipwsim/sim/audited"
)

func TestTry(t *testing.T) {
	dir := os.Getenv("AUDIT")
	files, err := (&script.Script{Cluster: "x"}).ClusterFiles(func(string) (fs.FS, error) { return os.DirFS(dir), nil })
	if err != nil {
		t.Fatal(err)
	}
	begun := time.Now()
	a, err := Run(t.Context(), Options{Name: "our-cluster", Folder: dir, Files: files, Seed: 1, Quick: os.Getenv("QUICK") != "", Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("took", time.Since(begun))
	show(a)
}

func show(a *audited.Audit) {
	fmt.Printf("%+v\n", a.Plan)
	fmt.Printf("year %.0f [%.0f %.0f] echo %.0f switches %.1f\n", a.Year.Mean.Value, a.Year.Mean.Low, a.Year.Mean.High, a.Year.Echo, a.Year.Switch)
	for i, r := range a.Rows {
		if i < 16 {
			fmt.Printf("%-40v %8.4f runs %d each %.1f year %.1f [%.1f %.1f] %v\n", r.Faults, r.Rate, r.Runs, r.Each.Mean.Value, r.Year.Value, r.Year.Low, r.Year.High, r.Each.Parts)
		}
	}
	for _, all := range [][]audited.Tried{a.Todo, a.Tried} {
		fmt.Println("----")
		for _, x := range all {
			fmt.Printf("%-8s %-8s %-14s %-8s %s %s>%s score %.1f gain %.1f [%.1f %.1f] echo %.0f sw %.1f +%d -%d\n", x.Class, x.Verdict, x.Change.Kind, x.Change.Node, x.Change.VIP+x.Change.Client, x.Change.From, x.Change.To, x.Score, x.Gain.Value, x.Gain.Low, x.Gain.High, x.Echo, x.Switches, x.Better, x.Worse)
			if x.Mail != nil {
				fmt.Printf("      %+v\n", *x.Mail)
			}
		}
	}
	for _, l := range a.Lint {
		fmt.Println(l.File, l.Line, l.Message, l.Answered)
	}
	for _, s := range a.Stories {
		fmt.Println(s.Name, len(s.Outages))
	}
}
