package registry

import (
	"encoding/binary"
	"math"
	"strings"
	"time"

	"ipwsim/core/diag"
)

// ServicesKey is where Windows keeps its services, each in a key of its own below.
const ServicesKey = `HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services`

// WatcherService is IPWatcher's name as a service.
//
// Inferred: the guide has its display name, E-POST IP Watcher, and the name of its settings' key.
const WatcherService = "IPWCS"

// GuideAccount is what the guide has the watcher's service and the mail services run as (step 11).
const GuideAccount = `.\Administrator`

// Startup is when Windows starts a service, and what it does when its process has died (H17). The zero Startup is
// automatic, without recovery.
type Startup struct {
	Manual  bool // by hand only
	Delayed bool // a while after the others, at a boot
	// Restarts are what becomes of the first death since the boot, the second and so on, the last one for all that
	// follow: the time until the service is started again, or NoRestart. Empty: it is left dead.
	Restarts []time.Duration
	// Forget is how long after the last death the next one counts as the first again, or Remembers.
	Forget time.Duration
}

// What a service's recovery has in place of a time.
const (
	NoRestart time.Duration = -1 // the death is left at that
	Remembers time.Duration = -1 // deaths are counted until the next boot
)

// Values of a service's key that Windows itself keeps.
const (
	startAutomatic, startManual, startDisabled = 2, 3, 4

	valueStart   = "Start"
	valueDelayed = "DelayedAutostart"
	valueActions = "FailureActions"
	valueAccount = "ObjectName"
	valueProgram = "ImagePath"

	actionRestart = 1 // SC_ACTION_RESTART
)

// startWords are what sc calls the numbers of Start.
var startWords = map[uint32]string{startAutomatic: "AUTO_START", startManual: "DEMAND_START", startDisabled: "DISABLED"}

// delayedWord is what sc has behind the word for an automatic start that is delayed.
const delayedWord = "(DELAYED)"

// StartWord is when the service's key has it started, in the words of `sc qc`, and the line of Start; "" without it.
func (f File) StartWord(service string) (word string, line int) {
	key, _ := f.Key(ServicesKey + `\` + service)
	v, _ := key.Value(valueStart)
	n, _ := v.Number()
	if word = startWords[n]; n == startAutomatic {
		v, _ := key.Value(valueDelayed)
		if delayed, _ := v.Number(); delayed == 1 {
			word += " " + delayedWord
		}
	}
	return word, v.Line
}

// ServiceKey is the key of a service as Windows would have it, by what `sc qc` says: what it runs as, and the word for
// its start.
func ServiceKey(service, account, start string) Key {
	k := Key{Name: ServicesKey + `\` + service}
	for n, word := range startWords { // order: one at most is the word's
		if first, delayed, _ := strings.Cut(start, " "); first == word {
			k.Values = append(k.Values, NumberValue(valueStart, n))
			if delayed == delayedWord {
				k.Values = append(k.Values, NumberValue(valueDelayed, 1))
			}
		}
	}
	return Key{Name: k.Name, Values: append(k.Values, TextValue(valueAccount, account))}
}

// Startup is what the file says of the service. Without the service's key, or a value, it is the zero Startup's.
func (f File) Startup(service string) (Startup, diag.List) {
	var s Startup
	var problems diag.List
	key, found := f.Key(ServicesKey + `\` + service)
	if !found {
		return s, nil
	}
	if v, found := key.Value(valueStart); found {
		n, ok := v.Number()
		switch {
		case ok && n == startAutomatic:
		case ok && n == startManual:
			s.Manual = true
			problems.Warnf(f.Name, v.Line, "%s is 3 (manual), so after a boot %s does not run until somebody starts it (H17); expected 2 (automatic)", valueStart, service)
		case ok && n == startDisabled:
			s.Manual = true
			problems.Warnf(f.Name, v.Line, "%s is 4 (disabled), so after a boot %s does not run (H17), and here it is taken for 3 (manual), for a scenario may start it; expected 2 (automatic)", valueStart, service)
		default:
			problems.Errorf(f.Name, v.Line, "%s is %s; expected 2 (automatic) or 3 (manual)", valueStart, numberOr(v))
		}
	}
	if v, found := key.Value(valueDelayed); found {
		n, ok := v.Number()
		if !ok || n > 1 {
			problems.Errorf(f.Name, v.Line, "%s is %s; expected 0, or 1 for an automatic start that is delayed", valueDelayed, numberOr(v))
		}
		s.Delayed = n == 1 && !s.Manual
	}
	if v, found := key.Value(valueActions); found {
		restarts, forget, ok := actions(v.Data)
		if !ok {
			problems.Errorf(f.Name, v.Line, "%s is a %s of %d bytes that is not the list of actions that Windows writes; expected a header of 20 bytes and 8 for each action", valueActions, v.Type, len(v.Data))
		}
		s.Restarts, s.Forget = restarts, forget
	}
	return s, problems
}

// numberOr says what a value is that should have been another number.
func numberOr(v Value) diag.Text {
	if n, ok := v.Number(); ok {
		return diag.Say("%d", n)
	}
	return describe(v)
}

// actions reads SERVICE_FAILURE_ACTIONS as the registry has it: the seconds after which deaths are forgotten, all ones
// for never, two offsets, the number of actions, a third offset, and each action with its milliseconds.
func actions(data []byte) (restarts []time.Duration, forget time.Duration, ok bool) {
	const header, action = 20, 8
	if len(data) < header || (len(data)-header)%action != 0 || int(binary.LittleEndian.Uint32(data[12:])) != (len(data)-header)/action {
		return nil, 0, false
	}
	for rest := data[header:]; len(rest) > 0; rest = rest[action:] {
		after := NoRestart
		if binary.LittleEndian.Uint32(rest) == actionRestart {
			after = time.Duration(binary.LittleEndian.Uint32(rest[4:])) * time.Millisecond
		}
		restarts = append(restarts, after)
	}
	if len(restarts) == 0 {
		return nil, 0, true
	}
	forget = Remembers
	if period := binary.LittleEndian.Uint32(data); period != math.MaxUint32 {
		forget = time.Duration(period) * time.Second
	}
	return restarts, forget, true
}

// RecoveryValue is what Windows keeps of the deaths' part of a Startup.
func RecoveryValue(s Startup) Value {
	period := uint32(math.MaxUint32)
	if s.Forget != Remembers {
		period = uint32(s.Forget / time.Second)
	}
	data := binary.LittleEndian.AppendUint32(nil, period)
	data = append(data, make([]byte, 8)...) // no message, no command
	data = binary.LittleEndian.AppendUint32(data, uint32(len(s.Restarts)))
	data = binary.LittleEndian.AppendUint32(data, 20)
	for _, after := range s.Restarts {
		action := uint32(actionRestart)
		if after == NoRestart {
			action, after = 0, 0
		}
		data = binary.LittleEndian.AppendUint32(data, action)
		data = binary.LittleEndian.AppendUint32(data, uint32(after/time.Millisecond))
	}
	return Value{Name: valueActions, Type: Binary, Data: data}
}

// Account is what the service runs as, as far as the file says.
func (f File) Account(service string) (account string, line int, found bool) {
	key, _ := f.Key(ServicesKey + `\` + service)
	v, found := key.Value(valueAccount)
	if !found {
		return "", 0, false
	}
	account, found = v.Text()
	return account, v.Line, found
}

// Program is the service's command line, as far as the file says.
func (f File) Program(service string) (line string, at int, found bool) {
	key, _ := f.Key(ServicesKey + `\` + service)
	v, found := key.Value(valueProgram)
	if v.Type == ExpandSZ { // is text, too
		v.Type = SZ
	}
	line, is := v.Text()
	return line, v.Line, found && is
}
