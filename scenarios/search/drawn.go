package search

import "io/fs"

// Drawn is a case for others to run: the world and the faults of a seed's number.
type Drawn struct {
	g *ground
	c Case
}

// Draw draws the case of the number as Search does where it has no parent.
func Draw(find func(string) (fs.FS, error), seed uint64, number int) (*Drawn, error) {
	d := &Drawn{g: &ground{find}}
	w := drawWorld(seed, number)
	p, err := d.g.place(w)
	if err != nil {
		return nil, err
	}
	d.c = drawing{tape(seed, number, faultTape), p}.fresh(w)
	return d, nil
}

// Faults is how many there are.
func (d *Drawn) Faults() int { return len(d.c.Faults) }

// Text is the scenario with these of the faults.
func (d *Drawn) Text(keep []int) (string, error) {
	var faults []Fault
	for _, i := range keep {
		faults = append(faults, d.c.Faults[i])
	}
	p, err := d.g.place(d.c.World)
	if err != nil {
		return "", err
	}
	c := newCase(d.c.World, p, faults, d.c.Pull > 0)
	return c.text(p, "Drawn"), nil
}
