package cluster

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/sim/trace"
)

// impairedDraft is an [[impairment]].
type impairedDraft struct {
	cable     field[string]
	from      field[string]
	fromGiven bool
	set       Impairment
}

func (d *draft) readImpairments(top *section) {
	impairments, _ := top.tables("impairment")
	for _, s := range impairments {
		var i impairedDraft
		i.cable = get(&s, "cable", toLabel)
		i.from, i.fromGiven = optional(&s, "from", toLabel)
		right := true
		for _, word := range ImpairmentWords() {
			f, given := optional(&s, word, func(v any) (Impairment, error) { return i.set, setImpairment(&i.set, word, v) })
			right = right && (!given || f.ok)
		}
		if err := i.set.Check(); right && err != nil {
			d.errorf(s.line(), "impairment: %w", err)
		}
		if right && i.set == (Impairment{}) {
			d.errorf(s.line(), "impairment: it disturbs nothing; expected some of %s", strings.Join(ImpairmentWords(), ", "))
		}
		s.close()
		d.impaired = append(d.impaired, i)
	}
}

func setImpairment(i *Impairment, word string, v any) error {
	s, ok := v.(string)
	if !ok {
		return diag.Errorf(`expected a string, as "5%%" or "10ms", not %s`, describe(v))
	}
	return i.Set(word, s)
}

// checkImpairments wants cables that are there, and ends of theirs.
func (d *draft) checkImpairments() {
	ends := map[string][2]string{}
	var names []string
	add := func(c trace.Cable) {
		ends[c.Name] = [2]string{c.A, c.B}
		names = append(names, c.Name)
	}
	for _, m := range d.machines() {
		add(trace.Cable{Name: m.label.Error(), A: m.label.Error(), B: m.plugged.v})
	}
	for _, t := range d.trunks {
		add(trace.Cable{Name: Trunk{t.a.v, t.b.v}.Name(), A: t.a.v, B: t.b.v})
	}
	for _, r := range d.routers {
		for _, m := range r.interfaces {
			add(trace.Cable{Name: m.label.Error(), A: r.label.Error(), B: m.plugged.v})
		}
	}
	for _, i := range d.impaired {
		e, known := ends[i.cable.v]
		switch {
		case !i.cable.ok:
		case !known:
			d.errorf(i.cable.line, "impairment.cable: there is no cable %s; expected one of %s%s",
				i.cable.v, strings.Join(names, ", "), didYouMean(i.cable.v, names))
		case i.fromGiven && i.from.ok && i.from.v != e[0] && i.from.v != e[1]:
			d.errorf(i.from.line, "impairment.from: %s is no end of the cable %s; expected %s or %s", i.from.v, i.cable.v, e[0], e[1])
		}
	}
}

// Impairment is what a cable does to frames (N1). The zero value does nothing.
type Impairment struct {
	Loss      float64       // percent of the frames that vanish, 0 to 100
	Latency   time.Duration // added to the cable's own, 0 to MaxDelay, as all delays
	Jitter    time.Duration // adds 0..Jitter; frames stay in order
	Duplicate float64       // percent that arrive twice
	Reorder   float64       // percent that are held back; needs Hold
	Hold      time.Duration // they are late by 0..Hold, and later ones overtake
}

// MaxDelay bounds each delay of an impairment.
const MaxDelay = time.Minute

// disturbance is a word of an impairment with its value: of Percent and Delay one is set.
type disturbance struct {
	word    string
	Percent func(*Impairment) *float64
	Delay   func(*Impairment) *time.Duration
}

// disturbances in the order in which an impairment prints them.
var disturbances = []disturbance{
	{"loss", func(i *Impairment) *float64 { return &i.Loss }, nil},
	{"latency", nil, func(i *Impairment) *time.Duration { return &i.Latency }},
	{"jitter", nil, func(i *Impairment) *time.Duration { return &i.Jitter }},
	{"duplicate", func(i *Impairment) *float64 { return &i.Duplicate }, nil},
	{"reorder", func(i *Impairment) *float64 { return &i.Reorder }, nil},
	{"hold", nil, func(i *Impairment) *time.Duration { return &i.Hold }},
}

// ImpairmentWords are the settings of an impairment.
func ImpairmentWords() []string {
	var words []string
	for _, s := range disturbances {
		words = append(words, s.word)
	}
	return words
}

func disturbanceOf(word string) (disturbance, error) {
	for _, s := range disturbances {
		if s.word == word {
			return s, nil
		}
	}
	return disturbance{}, diag.Errorf("unknown setting %q, expected some of %s", word, strings.Join(ImpairmentWords(), ", "))
}

// Set reads one setting, as loss and 5%, or latency and 10ms.
func (i *Impairment) Set(word, value string) error {
	s, err := disturbanceOf(word)
	if err != nil {
		return err
	}
	if s.Delay != nil {
		d, err := time.ParseDuration(value)
		if err != nil || d <= 0 || d > MaxDelay {
			return diag.Errorf("found %q, expected a time above 0, up to %v, as 10ms", value, MaxDelay)
		}
		*s.Delay(i) = d
		return nil
	}
	number, isPercent := strings.CutSuffix(value, "%")
	p, err := strconv.ParseFloat(number, 64)
	if !isPercent || err != nil || !(p > 0 && p <= 100) { // so that NaN fails too
		return diag.Errorf("found %q, expected a percentage above 0%%, up to 100%%, as 5%%", value)
	}
	*s.Percent(i) = p
	return nil
}

// Check says what is wrong with settings that each are right.
func (i Impairment) Check() error {
	if (i.Reorder > 0) != (i.Hold > 0) {
		return diag.Errorf("reorder and hold go together: which frames are held back, and for how long")
	}
	return nil
}

// Words are the settings as Set reads them; "none" when there is none.
func (i Impairment) Words() []string {
	var words []string
	for _, s := range disturbances {
		switch {
		case s.Delay != nil && *s.Delay(&i) > 0:
			words = append(words, s.word, s.Delay(&i).String())
		case s.Percent != nil && *s.Percent(&i) > 0:
			words = append(words, s.word, strconv.FormatFloat(*s.Percent(&i), 'g', -1, 64)+"%")
		}
	}
	if words == nil {
		return []string{"none"}
	}
	return words
}

// ParseImpairment reads what Words writes.
func ParseImpairment(words []string) (i Impairment, err error) {
	if len(words) == 1 && words[0] == "none" {
		return i, nil
	}
	if len(words) == 0 || len(words)%2 != 0 {
		return i, diag.Errorf("found %d words, expected each setting with its value, as loss 5%%", len(words))
	}
	seen := map[string]bool{}
	for pair := range slices.Chunk(words, 2) {
		if seen[pair[0]] {
			return i, diag.Errorf("found %s twice, expected it once", pair[0])
		}
		seen[pair[0]] = true
		if _, err := disturbanceOf(pair[0]); err != nil {
			return i, err
		}
		if err := i.Set(pair[0], pair[1]); err != nil {
			return i, diag.Errorf("%s: %w", pair[0], err)
		}
	}
	return i, i.Check()
}

// String is what ParseImpairment reads, in a line.
func (i Impairment) String() string { return strings.Join(i.Words(), " ") }

// Clear takes one setting back.
func (i *Impairment) Clear(word string) error {
	s, err := disturbanceOf(word)
	switch {
	case err != nil:
		return err
	case s.Delay != nil:
		*s.Delay(i) = 0
	default:
		*s.Percent(i) = 0
	}
	return nil
}
