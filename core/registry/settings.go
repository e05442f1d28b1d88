package registry

import (
	"strconv"
	"strings"
	"time"

	"ipwsim/core"
	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// SettingsKey is where the watcher's settings are (W3).
const SettingsKey = `HKEY_LOCAL_MACHINE\SOFTWARE\EPOST\IPWCS`

// wow64Key is what a 32-bit program sees in its place: see Usual.
const wow64Key = wow64Keys + `\IPWCS`

// A setting is one value of the key: what it may be and where it goes.
type setting struct {
	name     string
	min, max uint32
	expected diag.Text
	set      func(s *core.Settings, n uint32)
	get      func(s core.Settings) uint32
}

var settings = []setting{
	{"LogEnabled", 0, 1, diag.Say("0 (no log) or 1 (log)"), func(s *core.Settings, n uint32) { s.LogEnabled = n == 1 }, func(s core.Settings) uint32 { return map[bool]uint32{true: 1}[s.LogEnabled] }},
	{"Interval", 1, 86400, diag.Say("1 to 86400 seconds"), func(s *core.Settings, n uint32) { s.Interval = seconds(n) }, func(s core.Settings) uint32 { return uint32(s.Interval / time.Second) }},
	{"Balance", 0, 1, diag.Say("0 (master) or 1 (slave)"), func(s *core.Settings, n uint32) { s.Balance = core.Balance(n) }, func(s core.Settings) uint32 { return uint32(s.Balance) }},
	{"ReleaseTime", 1, 1_000_000, diag.Say("1 to 1000000 intervals"), func(s *core.Settings, n uint32) { s.ReleaseTime = int(n) }, func(s core.Settings) uint32 { return uint32(s.ReleaseTime) }},
	{"PingTimeout", 1, 3600, diag.Say("1 to 3600 seconds"), func(s *core.Settings, n uint32) { s.PingTimeout = seconds(n) }, func(s core.Settings) uint32 { return uint32(s.PingTimeout / time.Second) }},
}

func seconds(n uint32) time.Duration { return time.Duration(n) * time.Second }

// Settings reads the watcher's settings (W3). A value that is not there has its default.
// When the list holds an error the settings are not to be used. Settings that contradict W12 are warned about.
func Settings(f File) (core.Settings, diag.List) {
	p := pass{file: f, out: core.DefaultSettings()}
	if other, found := f.Key(wow64Key); found {
		p.problems.Warnf(f.Name, other.Line, "%s is another key, which the watcher does not read; expected %s", text.Quote(other.Name), SettingsKey)
	}
	if key, found := f.Key(SettingsKey); found {
		p.readKey(key)
	} else {
		p.reportMissingKey()
	}
	p.problems.Sort()
	return p.out, p.problems
}

// Set changes one of the settings, found by its name whatever its case, and returns the name as the product writes it.
// It is an error when the watcher reads no such value, or when the number is not one that it may have.
func Set(to *core.Settings, name string, n uint32) (string, error) {
	for _, s := range settings {
		switch {
		case fold(s.name) != fold(name):
		case n < s.min || n > s.max:
			return "", diag.Errorf("%s is %d (dword:%08x); expected %s", s.name, n, n, s.expected)
		default:
			s.set(to, n)
			return s.name, nil
		}
	}
	return "", diag.Errorf("unknown value %s, which the watcher does not read; %s", text.Quote(name), suggestion(name))
}

// Default is one of the settings that the key does not have, and the number that is in its place (W3).
type Default struct {
	Name   string
	Number uint32
}

// Defaults are the settings of the key that have their defaults, for it has no such value; none if the key is not there.
func (f File) Defaults() (all []Default) {
	key, found := f.Key(SettingsKey)
	for _, s := range settings {
		if _, has := key.Value(s.name); found && !has {
			all = append(all, Default{s.name, s.get(core.DefaultSettings())})
		}
	}
	return all
}

// Line is where a value of the settings key stands, by its name; 0 if it is not there and has its default.
func (f File) Line(name string) int {
	key, _ := f.Key(SettingsKey)
	value, _ := key.Value(name)
	return value.Line
}

type pass struct {
	file     File
	out      core.Settings
	problems diag.List
}

func (p *pass) reportMissingKey() {
	found := diag.Say("no key at all")
	if n := len(p.file.Keys); n > 0 {
		found = diag.Say("%d other, the first %s", n, text.Quote(p.file.Keys[0].Name))
	}
	p.problems.Errorf(p.file.Name, 0, "the key [%s] is not in the file; found %s; expected an export of that key", SettingsKey, found)
}

func (p *pass) readKey(key Key) {
	for _, value := range key.Values {
		p.read(value)
	}
	p.checkTogether()
}

func (p *pass) read(v Value) {
	if v.Name == "" {
		p.problems.Warnf(p.file.Name, v.Line, "the key has a default value, which the watcher does not read; expected only named values")
		return
	}
	for _, s := range settings {
		if fold(s.name) == fold(v.Name) {
			p.apply(s, v)
			return
		}
	}
	p.problems.Warnf(p.file.Name, v.Line, "unknown value %s, which the watcher does not read; %s", text.Quote(v.Name), suggestion(v.Name))
}

func (p *pass) apply(s setting, v Value) {
	n, ok := v.Number()
	switch {
	case !ok:
		p.problems.Errorf(p.file.Name, v.Line, "%s is %s; expected a REG_DWORD of 4 bytes%s", s.name, describe(v), dwordHint(v))
	case n > 0x7fffffff:
		p.problems.Errorf(p.file.Name, v.Line, "%s is dword:%08x, which looks like the negative number %d; expected %s", s.name, n, int32(n), s.expected)
	case n < s.min || n > s.max:
		p.problems.Errorf(p.file.Name, v.Line, "%s is %d (dword:%08x); expected %s", s.name, n, n, s.expected)
	default:
		s.set(&p.out, n)
	}
}

// describe says what a value is that should have been a number.
func describe(v Value) diag.Text {
	if s, ok := v.Text(); ok {
		return diag.Say("the text %s (%s)", text.Quote(s), v.Type)
	}
	return diag.Say("a %s of %d bytes", v.Type, len(v.Data))
}

func dwordHint(v Value) diag.Text {
	s, _ := v.Text()
	n, err := strconv.ParseUint(strings.TrimSpace(s), 10, 31)
	if err != nil {
		return diag.Text{}
	}
	return diag.Say("; did you mean dword:%08x (decimal %d)?", n, n)
}

// checkTogether warns of an interval that a single missed poll could fill (W11, W12).
func (p *pass) checkTogether() {
	if p.problems.Err() != nil || p.out.Interval >= 2*p.out.PingTimeout {
		return
	}
	line := max(p.file.Line("Interval"), p.file.Line("PingTimeout")) // defaults alone do not contradict
	p.problems.Warnf(p.file.Name, line, "Interval is %s and PingTimeout %s, so one lost answer can look like a free address; "+
		"expected Interval at least twice PingTimeout", p.out.Interval, p.out.PingTimeout)
}
