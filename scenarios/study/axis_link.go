package study

import (
	"strings"

	"ipwsim/core/diag"
	"ipwsim/sim/cluster"
	"ipwsim/sim/trace"
)

var findLoss = only("loss", setLink("loss", ""))

// findLink is link.jitter and link.active.jitter.
func findLink(words []string, bp *cluster.Blueprint) (setter, error) {
	if words[0] != "link" || len(words) < 2 || len(words) > 3 {
		return nil, nil
	}
	if len(words) == 2 {
		return setLink(words[1], ""), nil
	}
	var names []string
	for _, c := range bp.Cables() {
		if c.Name == words[1] {
			return setLink(words[2], c.Name), nil
		}
		names = append(names, c.Name)
	}
	return nil, diag.Errorf("there is no cable %.60q; expected one of %s", words[1], strings.Join(names, ", "))
}

// setLink sets an impairment on the cable, or with "" on all.
func setLink(word, cable string) setter {
	return func(value string, c *Cell) (string, error) {
		for _, one := range c.blueprint.Cables() {
			if cable != "" && one.Name != cable {
				continue
			}
			if err := impair(c.blueprint, one, word, value); err != nil {
				return "", err
			}
		}
		return value, nil
	}
}

// impair sets the word for both ends of the cable, beside what disturbs it already.
func impair(bp *cluster.Blueprint, cable trace.Cable, word, value string) error {
	var others []cluster.Impaired
	a, b := cluster.Impaired{Cable: cable.Name, From: cable.A}, cluster.Impaired{Cable: cable.Name, From: cable.B}
	for _, one := range bp.Impaired {
		if one.Cable != cable.Name {
			others = append(others, one)
			continue
		}
		if one.From != b.From {
			a.Impairment = one.Impairment
		}
		if one.From != a.From {
			b.Impairment = one.Impairment
		}
	}
	for _, end := range []*cluster.Impaired{&a, &b} {
		if err := setWord(&end.Impairment, word, value); err != nil {
			return err
		}
		others = append(others, *end)
	}
	bp.Impaired = others
	return nil
}

// setWord is Impairment.Set; 0 takes the setting back.
func setWord(i *cluster.Impairment, word, value string) error {
	if value == "0" || value == "0%" || value == "0s" {
		return i.Clear(word)
	}
	return i.Set(word, value)
}
