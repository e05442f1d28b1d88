package collected

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/batch"
)

// Played is what commands of tasks do (H10, H11): a batch file does it all, or it is written out as one.
type Played struct {
	Batch
	Heals   bool
	Written bool           // it is what several files do, or the commands themselves
	At      Place          // where a batch file calls that one; the zero Place: a command starts it
	Files   []string       // that are started or called, each once
	Missing []batch.Called // those of them that were not collected
}

// Play is what commands of tasks do, one after the other, with the batch files that they start and those that these call. The
// file is the tasks' own.
func (s *Server) Play(file string, commands []string) (p Played, problems diag.List) {
	var actions []batch.Action
	for _, command := range commands {
		actions = append(actions, s.action(command))
	}
	does, problems := batch.Play(file, actions, func(name string) (string, []byte, bool) {
		b, found := s.Batch(name)
		return b.File, b.Data, found
	})
	p = Played{Batch: Batch{File: file, Name: GuideBatch, Data: does.Format(), Does: does}, Heals: heals(does), Written: true, Missing: does.Missing}
	var healing []Played
	for i, c := range does.Called {
		b, _ := s.Batch(c.Name)
		if b.By = (batch.Start{Path: c.Path, Args: c.Args}); i == 0 {
			p.File, p.Name, p.By.Path = b.File, b.Name, c.Path
		}
		if !slices.Contains(p.Files, c.File) {
			p.Files = append(p.Files, c.File)
		}
		if b.Heals() || b.Name == GuideBatch {
			one := Played{Batch: b, Heals: true, Missing: does.Missing}
			if c.By != file {
				one.At = Place{c.By, c.Line}
			}
			healing = append(healing, one)
		}
	}
	if len(healing) == 1 {
		if one, _ := healing[0].Read(); alike(one.Does, does) {
			own := func(one diag.Problem) bool { return one.File == healing[0].File } // check tells those
			return healing[0], slices.DeleteFunc(problems, own)
		}
	}
	return p, problems
}

// Targets are the addresses that it pings, and where.
func (p Played) Targets() (all []Target) {
	if !p.Written {
		return p.Batch.Targets()
	}
	for _, c := range p.Does.Commands {
		if c.Ping != nil {
			all = append(all, Target{c.Ping.Target, Place{c.File, c.Line}})
		}
	}
	return all
}

// Alike says whether both do the same, as they are started.
func (b Batch) Alike(other Batch) bool {
	one, _ := b.Read()
	two, _ := other.Read()
	return alike(one.Does, two.Does)
}

func heals(b batch.Batch) bool {
	_, flushes := b.Flush()
	return flushes || slices.ContainsFunc(b.Commands, func(c batch.Command) bool { return c.Ping != nil })
}

// alike says whether both do the same.
func alike(a, b batch.Batch) bool {
	return a.Halts == b.Halts && slices.EqualFunc(a.Commands, b.Commands, func(a, b batch.Command) bool { return a.String() == b.String() })
}

// action is a command that names one batch file as a start of that, through whatever program.
func (s *Server) action(command string) batch.Action {
	name := ""
	if len(anyBatch.FindAllString(command, 2)) == 1 {
		name = BatchIn(command)
		for _, b := range s.Batches {
			if _, starts := Starts(command, b.Name); starts {
				name = b.Name
			}
		}
	}
	if _, starts := Starts(command, name); !starts {
		return batch.Action{Line: command}
	}
	return batch.Action{Name: name, Start: Batch{Name: strings.ToLower(name)}.Started(command).By, Line: command}
}
