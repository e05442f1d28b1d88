package collected

import (
	"strings"
	"time"

	"ipwsim/core/diag"
	"ipwsim/core/text"
)

// System is what systeminfo says of a machine.
type System struct {
	Host    Value
	Name    Value // of Windows
	Version Value // as 10.0.20348 and more behind it
	Domain  Value // or the workgroup
	Boot    Value // when Windows started, as it shows it
}

// ParseSystem reads the output of systeminfo.
func ParseSystem(file string, data []byte) (s System, problems diag.List) {
	d, problems := decode(file, data)
	for i, line := range d.lines {
		name, value, ok := label(line)
		if !ok || line[0] == ' ' || value == "" {
			continue
		}
		for _, field := range []struct {
			to     *Value
			labels []string
		}{
			{&s.Host, []string{"Host Name", "ホスト名"}}, {&s.Name, []string{"OS Name", "OS 名"}},
			{&s.Version, []string{"OS Version", "OS バージョン"}}, {&s.Domain, []string{"Domain", "ドメイン"}},
			{&s.Boot, []string{"System Boot Time", "システム起動時間"}},
		} {
			if isOne(name, field.labels...) && !field.to.Found() {
				*field.to = Value{value, d.at(i)}
			}
		}
	}
	if problems.Err() == nil && !s.Version.Found() {
		problems.Errorf(file, 0, "found no version of Windows; expected the output of `systeminfo`, English or Japanese")
	}
	if !s.Domain.Found() {
		d.mayBeCut(&problems, diag.Say("a domain or workgroup"))
	}
	return s, problems
}

// Booted is when Windows started, by its own clock and its date in the order of its language; ok is false if that is not
// known. Of two ways to read it, day or month first, this is the earlier one.
func (s System) Booted() (first time.Time, ok bool) {
	for _, order := range []string{"2006/1/2", "2006-1-2", "1/2/2006", "2/1/2006", "2.1.2006"} {
		for _, clock := range []string{", 15:04:05", ", 3:04:05 PM"} {
			if at, err := time.Parse(order+clock, s.Boot.Text); err == nil && (!ok || at.Before(first)) {
				first, ok = at, true
			}
		}
	}
	return first, ok
}

// Service is what `sc qc` says of a service. A zero Value was not found.
type Service struct {
	Account Value // what it runs as
	Start   Value // when: in sc's words without the number, as AUTO_START or AUTO_START (DELAYED)
	Program Value // its command line
}

// ParseServices reads the output of `sc qc`, of one or more services: what each is set to, by its name.
func ParseServices(file string, data []byte) (all map[string]Service, problems diag.List) {
	d, problems := decode(file, data)
	all = map[string]Service{}
	service, begun := "", Place{}
	for i, line := range d.lines {
		one := all[service]
		switch name, value, _ := label(line); name {
		case "SERVICE_NAME":
			service, begun = value, d.at(i)
		case "START_TYPE":
			words := strings.Fields(value)
			one.Start = Value{strings.Join(words[min(1, len(words)):], " "), d.at(i)}
			all[service] = one
		case "BINARY_PATH_NAME":
			one.Program = Value{value, d.at(i)}
			all[service] = one
		case "SERVICE_START_NAME":
			one.Account = Value{value, d.at(i)}
			all[service] = one
		}
	}
	if !all[service].Account.Found() {
		d.isCut(&problems, begun, diag.Say("the service %s", text.Quote(service)), diag.Word("SERVICE_START_NAME"))
	}
	return all, problems
}
