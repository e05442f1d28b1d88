package trace

import (
	"bytes"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"net/netip"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var (
	vip = netip.MustParseAddr("192.168.10.202")
	gw  = netip.MustParseAddr("192.168.10.1")
	mac = MAC{0, 0x15, 0x5d, 0x0a, 0x0b, 0xc8}

	server = netip.MustParseAddrPort("192.168.10.202:25")
)

// every is one body of each kind, with nothing left zero.
var every = []Body{
	Fault{
		ID: 2, Verb: "cut", Target: "active", Setting: "sw1", For: time.Second, Breaks: true,
		Touches: []Touch{{Part: CutPart, Of: "active", End: "sw1"}}, Ends: []int{1},
	},
	Over{Fault: 2},
	Use{VIP: vip},
	Link{Cable: "active", Up: true},
	Power{State: Frozen},
	Address{IP: vip, State: Duplicate, Owner: mac},
	Neighbor{IP: vip, MAC: mac, State: Reachable},
	Firewall{Rule: EchoRule, Blocked: true},
	Service{Name: Watcher, State: Stopped, Killed: true},
	Config{Master: true, Interval: time.Second, PingTimeout: time.Second, ReleaseTime: time.Minute, VIPs: []netip.Addr{vip}, Table: "LAN"},
	Port{
		Call: CommandBegins, VIP: vip, ID: 1, Does: AddAddress, Interface: "LAN", Exit: 1, State: Tentative, Master: true, Answer: Released,
	},
	Polls{VIP: vip, N: 10, First: time.Second, Last: 28 * time.Second, Answered: true, Heard: 29 * time.Second},
	Adverts{From: vip, N: 10, First: time.Second, Last: 10 * time.Second, Router: 51, Priority: 90, Advert: time.Second, VIPs: []netip.Addr{vip}, Damaged: true},
	Watch{VIP: vip, State: Held, Why: "added", Rule: "W8"},
	Log{Text: `netsh interface ip add address "イーサネット" addr=192.168.10.202`, Bare: true},
	Console{Text: `C:\Users\user>`, Typed: "ipconfig /all"},
	Interface{Name: "イーサネット 2"},
	Clock{Step: -time.Second},
	Drift{PPM: -20000},
	Card{MAC: MAC{2, 0, 0, 0, 0, 10}},
	Command{Does: AddAddress, IP: vip, Line: "netsh", Exit: 1, Took: 50 * time.Millisecond, Missing: true},
	Event{Source: "IPWCS", ID: 100, Text: "LogicalIP Add address 192.168.10.202", IP: vip, MAC: MAC{2, 0, 0, 0, 0, 2}},
	Task{Name: "arpclear.bat", State: TaskSkipped, Trigger: TriggerStartup},
	Pipe{Peer: `\\hvt162EPST12`, VIP: vip, Answer: NoAnswer, Error: "error 53: The network path was not found.", Took: time.Second, Led: vip},
	PingStart{ID: 1, Target: vip, Bytes: 32, Linux: true, Wait: time.Second},
	PingLine{ID: 1, Seq: 2, Outcome: Replied, From: vip, RTT: 400 * time.Microsecond, TTL: 128},
	PingEnd{ID: 1, Sent: 4, Received: 3},
	PortState{Switch: "sw1", Cable: "active", State: Listening},
	Moved{Cable: "active", Switch: "sw2"},
	Astray{Switch: "sw1", Cable: "active", MAC: mac, Over: true},
	Unknown{Switch: "sw1", MAC: mac, Over: true},
	Impairment{Cable: "active", From: "sw1", Cut: true, Loss: 0.05, Duplicate: 0.01, Delay: time.Millisecond},
	Rule{
		Text: "delay 1s icmp echo on active", Verdict: DelayFrame, Delay: time.Second, Some: true, Cable: "active",
		From: "active", To: "client", Type: 0x800, Protocol: "icmp", Form: "echo", Port: 25, Src: vip, Dst: gw,
	},
	RuleOver{Text: "delay 1s icmp echo on active"},
	Connect{Server: server, Outcome: Greeted, Banner: "220 ready", Took: time.Second},
	MailAccept{ID: "1-active", From: "a@example.com", To: []string{"b@example.com"}, MessageID: "1.a@client", Size: 900},
	MailDeliver{ID: "1-active", To: "b@example.com", Box: "inbox/b"},
	MailRelay{ID: "1-active", To: "c@example.net", Server: server},
	MailTaken{ID: "1-active", From: "a@example.com", To: "c@example.net", MessageID: "1.a@client", Peer: server, Code: 250},
	MailFile{Do: FileMoved, File: "queue/tmp/1.001", To: "queue/1.001", Peer: server, Mail: &MailEnvelope{From: "a@example.com", To: []string{"b@example.com"}, MessageID: "1.a@client"}},
	MailRetry{ID: "1-active", To: "c@example.net", Try: 1, Why: "connect: timed out", Next: time.Minute},
	MailBounce{ID: "1-active", To: "c@example.net", Why: "451 later", Ground: GroundAge, Code: 451, Report: "2-active"},
	MailExpunge{Box: "inbox/b", ID: "1-active", MessageID: "1.a@client", By: POP3},
	MailStock{Place: InQueue, File: "queue/2-active.001", Box: "inbox/a", ID: "2-active", To: "a@example.com", MessageID: "2.bounce@active"},
	MailAudit{Messages: 12},
	MailSend{MessageID: "1.a@client", To: "b@example.com, c@example.com", Refused: "c@example.com", Denial: 550, Server: server, Try: 1, Stage: AtDot, Code: 451, Text: "try again", Took: time.Second},
	MailFetch{User: "b", By: IMAP, MessageID: "1.a@client"},
	MailPoll{User: "b", By: IMAP, Server: server, Stage: AtFetch, Text: "unexpected EOF", New: 1, Gone: []string{"1.a@client"}, Took: time.Second},
	MailDenied{Service: "EPSTPOP3S", Local: server, Remote: server, User: "b"},
	MailSession{Service: "EPSTRS", Local: server, Remote: server, User: "b", End: QuitEnd, Took: time.Second},
}

// guide is a trace that holds everything a trace can hold.
func guide() *Trace {
	t := &Trace{
		Header: Header{
			Version: Version, Scenario: "cable-pull", Cluster: "guide", Seed: 7,
			Epoch: time.Date(2025, 2, 7, 16, 19, 27, 0, time.FixedZone("", 9*3600)),
			Nodes: []Node{{
				Role: "active", Name: "hvt162EPST11", Address: netip.MustParsePrefix("192.168.10.200/24"), MAC: mac, Gateway: gw,
				Interface: "イーサネット", Table: "Ethernet", Team: []MAC{{2}, {3}}, Profile: "srv-2012plus", VIPs: []netip.Addr{vip}, Master: true, Interval: 30 * time.Second,
				PingTimeout: 3 * time.Second, ReleaseTime: 30 * time.Minute, Again: true,
				NetshMin: 200 * time.Millisecond, NetshMax: time.Second, DAD: 3 * time.Second, LogicalIP: vip, RetryFor: time.Hour,
				Watcher: &OtherWatcher{Kind: "vrrp", Least: time.Second, Most: time.Minute, Returns: time.Hour, Settles: time.Second,
					VRRP: &VirtualRouter{Router: 51, Priority: 100, Advert: time.Second, Preempt: true}},
				Notices: 10 * time.Second, Tries: []time.Duration{time.Second}, Doubts: true, PublicAfterBoot: time.Minute, PublicAfterLink: time.Second,
				Startup:  Startup{Manual: true, Delayed: true, Restarts: []time.Duration{time.Minute}, Forget: time.Hour},
				CureRest: time.Minute, CureKeep: true, Cure: []CurePing{{Target: gw, Source: vip, Count: 4, After: 4 * time.Second}},
				Tasks: []TaskStart{{Trigger: TriggerStartup, After: time.Second, Every: time.Minute, For: time.Hour}},
			}},
			VIPs:    []VIP{{vip}},
			Clients: []Client{{Name: "client", Address: netip.MustParsePrefix("192.168.10.150/24"), MAC: mac, Gateway: gw, Profile: "linux", Idle: true, Holds: time.Minute, Fixed: true}},
			Routers: []Router{{Name: "r1", Profile: "l3-cisco-ios", Holds: time.Hour, Fixed: true, ProxyARP: true, Interfaces: []RouterInterface{
				{Cable: "r1-sw1", Address: netip.PrefixFrom(gw, 24), MAC: mac},
			}, Routes: []Route{{netip.MustParsePrefix("10.0.0.0/8"), gw}}}},
			Watcher: IPWatcher,
			Cables:  []Cable{{Name: "active", A: "active", B: "sw1"}},

			Others: []Other{{Name: "share", What: "share", Address: netip.MustParsePrefix("192.168.10.210/24"), MAC: mac}},
			Twins:  []string{"active", "standby"},
			Waits:  []string{"sw1"}, Snoops: []Snoop{{Switch: "sw1", MAC: mac, Tracks: true, Delay: time.Second, Suppresses: true, Blocks: true}},
			Inspections: []Inspection{{Switch: "sw1", Bindings: []Binding{{IP: vip, MAC: mac}}}},
		},
		End: 110 * time.Second,
	}
	for i, b := range every {
		t.Add(time.Duration(i-3)*time.Second, "active", b)
	}
	return t
}

func text(t require.TestingT, tr *Trace) string {
	var b bytes.Buffer
	require.NoError(t, tr.Write(&b))
	return b.String()
}

// inZone makes times comparable: reading gives a zone of its own.
func inZone(tr *Trace, zone *time.Location) *Trace {
	tr.Header.Epoch = tr.Header.Epoch.In(zone)
	return tr
}

func TestEveryKindSurvivesTheDisk(t *testing.T) {
	want := guide()
	got, err := Read(strings.NewReader(text(t, want)))
	require.NoError(t, err)
	require.Equal(t, inZone(want, time.UTC), inZone(got, time.UTC))
}

// A field that is zero in the example would not be missed by the test above.
func TestTheExampleIsWithoutZeroes(t *testing.T) {
	requireFull(t, reflect.ValueOf(guide().Header))
	for _, b := range every {
		requireFull(t, reflect.ValueOf(b))
	}
}

// requireFull looks into the package's own structs and into slices of them.
func requireFull(t *testing.T, v reflect.Value) {
	switch {
	case v.Kind() == reflect.Pointer:
		requireFull(t, v.Elem())
	case v.Kind() == reflect.Slice:
		for i := range v.Len() {
			requireFull(t, v.Index(i))
		}
	case v.Kind() == reflect.Struct && v.Type().PkgPath() == reflect.TypeFor[Trace]().PkgPath():
		for i := range v.NumField() {
			require.False(t, v.Field(i).IsZero(), "%v.%s is zero in this test's example", v.Type(), v.Type().Field(i).Name)
			requireFull(t, v.Field(i))
		}
	}
}

func TestEveryBodyOfTheSourceCanBeRead(t *testing.T) {
	var tested, decoded []string
	for _, b := range every {
		tested = append(tested, reflect.TypeOf(b).Name())
		decode := bodies[b.Kind()]
		require.NotNil(t, decode, "Read does not know the kind %q: add %T to bodies", b.Kind(), b)
		got, err := decode([]byte("{}"))
		require.NoError(t, err)
		require.IsType(t, b, got, "bodies decodes %q as another type", b.Kind())
		decoded = append(decoded, b.Kind())
	}
	require.ElementsMatch(t, bodiesInSource(t), tested, "every type with a Kind stands in this test's example")
	require.ElementsMatch(t, slices.Collect(maps.Keys(bodies)), decoded, "bodies has each kind once")
}

// bodiesInSource names the types that have a method Kind.
func bodiesInSource(t *testing.T) (names []string) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv != nil && fn.Name.Name == "Kind" {
				names = append(names, fn.Recv.List[0].Type.(*ast.Ident).Name)
			}
		}
	}
	return names
}

func TestEqualTracesGiveEqualBytes(t *testing.T) {
	require.Equal(t, text(t, guide()), text(t, guide()))
	other := guide()
	other.Records[3].At++
	require.NotEqual(t, text(t, guide()), text(t, other), "a nanosecond shows")
}

func TestOneRecordALine(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(text(t, guide()), "\n"), "\n")
	require.Len(t, lines, len(every)+2, "the header, each record, the end")
	require.Equal(t, `{"t":-2000000000,"host":"active","kind":"over","body":{"fault":2}}`, lines[2])
	require.Equal(t, `{"t":110000000000,"kind":"end","body":{}}`, lines[len(lines)-1])
}

func TestWriteSaysWhatTheDiskSays(t *testing.T) {
	require.ErrorIs(t, guide().Write(full{}), errFull)
	broken := guide()
	broken.Header.Epoch = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	require.Error(t, broken.Write(new(bytes.Buffer)), "a year that JSON does not have")
}

// A trace that was cut off anywhere is not taken for a whole one: in any record, as if it were the first, and after any
// of all.
func TestEveryTruncationIsAnError(t *testing.T) {
	isCut := func(text string) {
		got, err := Read(strings.NewReader(text))
		require.Error(t, err, "cut off after %d bytes: %q", len(text), text)
		require.Nil(t, got)
		require.Contains(t, err.Error(), "record ", "the error says where")
	}
	records := strings.SplitAfter(strings.TrimSuffix(text(t, guide()), "\n"), "\n") // the last newline may be missing
	header, before := "", ""
	for _, record := range records {
		for n := range len(record) {
			isCut(header + record[:n])
		}
		isCut(before)
		if header == "" {
			header = record
		}
		before += record
	}
}

func TestErrorsNameTheRecord(t *testing.T) {
	header := strings.SplitAfter(text(t, guide()), "\n")[0]
	for _, c := range []struct{ name, text, want string }{
		{"nothing", "", "record 1: the trace has no end record; it was cut off"},
		{"no end", header, "record 2: the trace has no end record; it was cut off"},
		{"no header", `{"t":0,"kind":"end"}`, `record 1: found kind "end", expected the header`},
		{"a header without body", `{"t":0,"kind":"header"}`, "record 1: header: unexpected end of JSON input"},
		{"a trace of an older program", `{"kind":"header","body":{"scenario":"x"}}`,
			"record 1: found a trace of version 0, expected 2: another ipwsim wrote it; run the scenario again"},
		{"two headers", header + header, `record 2: unknown kind "header"`},
		{"unknown kind", header + `{"t":0,"kind":"fire"}`, `record 2: unknown kind "fire"`},
		{"no kind", header + `{}`, `record 2: unknown kind ""`},
		{"no object", header + `17`, "record 2: json: cannot unmarshal number into Go value of type trace.line"},
		{"garbage", header + "\x00\xff", `record 2: invalid character '\x00' looking for beginning of value`},
		{"a body of another form", header + `{"t":0,"kind":"power","body":[]}`,
			"record 2: power: json: cannot unmarshal array into Go value of type trace.Power"},
		{"no body", header + `{"t":0,"kind":"power"}`, "record 2: power: unexpected end of JSON input"},
		{"a bad address", header + `{"t":0,"kind":"address","body":{"ip":"1.2.3"}}`,
			`record 2: address: ParseAddr("1.2.3"): IPv4 address too short`},
		{"a header of machines without addresses", strings.NewReplacer(`"192.168.10.202"`, `""`, `"192.168.10.200/24"`, `""`).Replace(header),
			"record 1: header: active: vips: number 1: found \"invalid IP\", expected an IPv4 address\nnodes: number 1: found \"invalid IP\", expected an IPv4 address\nvips: number 1: found \"invalid IP\", expected an IPv4 address"},
		{"a table without an address", header + `{"t":0,"kind":"config","body":{"vips":["::1"]}}`,
			`record 2: config: vips: number 1: found "::1", expected an IPv4 address`},
		{"a bad MAC", header + `{"t":0,"kind":"address","body":{"owner":"1.2.3"}}`,
			`record 2: address: "1.2.3" is not a MAC address of six hexadecimal pairs, as 02-00-00-00-00-01`},
	} {
		_, err := Read(strings.NewReader(c.text))
		require.EqualError(t, err, c.want, c.name)
	}
}

// full is a disk without room.
type full struct{}

var errFull = errors.New("no space left on device")

func (full) Write([]byte) (int, error) { return 0, errFull }
