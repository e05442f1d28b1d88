// Package bugs holds known bugs: broken watchers, drivers, hosts, networks and mail services. None is in the program.
// They are patches of its source, put in by an overlay of the go command in a program of their own, which has all of
// them, each behind a switch that is thrown when it starts. A search that is worth its time finds each.
package bugs

import (
	"embed"
	"slices"
)

// Kind is what a bug is in.
type Kind string

// The kinds.
const (
	Watcher Kind = "watcher"
	Driver  Kind = "driver"
	Host    Kind = "host"
	Network Kind = "network"
	Mail    Kind = "mail"
	VRRP    Kind = "vrrp" // the other watcher
)

// Kinds are all of them, in the order of All.
var Kinds = []Kind{Watcher, Driver, Host, Network, Mail, VRRP}

// Bug is a known one.
type Bug struct {
	Name     string // its own among all
	Kind     Kind
	English  string // what is wrong, one sentence
	Japanese string

	number  int // of its switch, from 1
	patches []patch
}

// Variable is the environment variable that switches a bug on, by its name, in a program that Build has made. Processes
// that the program starts have the same bug.
const Variable = "IPWSIM_BUG"

// Number is that of its switch, from 1.
func (b Bug) Number() int { return b.number }

// Env is the setting that switches the bug on.
func (b Bug) Env() string { return Variable + "=" + b.Name }

//go:embed known/*.txt
var files embed.FS

// All are the known bugs, by kind.
func All() []Bug { return slices.Clone(all) }

var all = mustParse()

func mustParse() (all []Bug) {
	for _, kind := range Kinds {
		name := "known/" + string(kind) + ".txt"
		text, err := files.ReadFile(name)
		var some []Bug
		if err == nil {
			some, err = parse(kind, name, string(text))
		}
		if err != nil {
			panic(err) // the files are part of the program
		}
		all = append(all, some...)
	}
	for i := range all {
		all[i].number = i + 1
	}
	return all
}
