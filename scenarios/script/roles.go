package script

import (
	"slices"
	"strings"

	"ipwsim/sim/cluster"
	"ipwsim/sim/verb"
)

// AnyCluster is the cluster of a scenario that fits every one: it names no machine but by its role. Without another it
// is played on the guide's.
const AnyCluster, itsOwn = "any", "guide"

// Roles of clients, as a word of a step or an expectation; people write them as two.
const (
	anyClient  = "any-client"  // the first that uses the VIPs
	eachClient = "each-client" // one after the other
)

// roles makes one word of `any client` and of `each client` at that place, and behind `for`.
func roles(words []string, at int) []string {
	all := slices.Clone(words)
	for i := len(all) - 2; i > 0; i-- {
		word := all[i] + "-" + all[i+1]
		if (i == at || all[i-1] == "for" && all[0] == "expect") && (word == anyClient || word == eachClient) {
			all = slices.Replace(all, i, i+2, word)
		}
	}
	return all
}

// spoken writes the roles as people do.
func spoken(text string) string {
	return strings.NewReplacer(" "+anyClient, " any client", " "+eachClient, " each client").Replace(text)
}

// cast is the scenario with the cluster's clients in their roles.
func (s *Script) cast(bp *cluster.Blueprint) (*Script, error) {
	var each []string
	var first string
	for _, c := range bp.Clients {
		each = append(each, c.Name)
		if first == "" && !c.Idle {
			first = c.Name
		}
	}
	if first == "" && len(each) > 0 {
		first = each[0]
	}
	players := func(word string) []string {
		switch {
		case len(each) == 0 || slices.Contains(each, word): // its own name
		case word == anyClient:
			return []string{first}
		case word == eachClient:
			return each
		}
		return []string{word}
	}
	out := *s
	out.Steps, out.Expects = nil, nil
	for _, st := range s.Steps {
		for _, name := range players(st.Target) {
			one := st
			if name != st.Target {
				words := strings.Fields(st.Call.String())
				words[1] = name
				call, err := verb.Parse(words)
				if err != nil {
					return nil, s.problem(st.Line, "%w", err)
				}
				one.Call = call
			}
			out.Steps = append(out.Steps, one)
		}
	}
	for _, e := range s.Expects {
		out.Expects = append(out.Expects, e.cast(players)...)
	}
	return &out, nil
}

// cast is the expectation of each who plays its role.
func (e Expect) cast(players func(string) []string) (all []Expect) {
	x, _ := lookupExpectation(e.What)
	named := len(e.Args) > 0 && (x.args[0] == "client" || x.args[0] == "machine")
	role := e.Client
	if named {
		role = e.Args[0]
	}
	for _, name := range players(role) {
		one := e
		switch {
		case name == role:
		case named:
			one.Args = append([]string{name}, e.Args[1:]...)
		default:
			one.Client = name
		}
		one.Text = one.text()
		all = append(all, one)
	}
	return all
}
