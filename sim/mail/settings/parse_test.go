package settings

import (
	"bytes"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"ipwsim/core/golden"
	"ipwsim/core/text"
)

var (
	anyIP = netip.IPv4Unspecified()
	vip   = netip.MustParseAddr("192.168.10.202")
)

// M2: the lines of the guide's step 10, with a port of its remark to step 8.
func TestM2ABindList(t *testing.T) {
	got, problems := ParseBinds("smtpip.dat", []byte("*.*.*.* 25\r\n\r\n\t192.168.10.202  587 \r\n"))
	require.Empty(t, problems)
	require.Equal(t, []BindRow{{Bind{Address: anyIP, Port: 25}, 1}, {Bind{Address: vip, Port: 587}, 3}}, got)
}

func TestM3HiddenAddresses(t *testing.T) {
	got, problems := ParseHidden("hiddenpopip.dat", []byte("\n192.168.10.202\n127.0.0.1"))
	require.Empty(t, problems)
	require.Equal(t, []HiddenRow{{vip, 2}, {netip.MustParseAddr("127.0.0.1"), 3}}, got)
}

// M7: several names on a line, in any case, behind comments in CP932.
func TestM7Hosts(t *testing.T) {
	got, problems := ParseHosts("hosts", golden.Read(t, "testdata/good/hosts/windows.dat"))
	require.Empty(t, problems)
	require.Equal(t, []HostRow{
		{vip, []string{"example.com", "mail.example.com"}, 5},
		{netip.MustParseAddr("::1"), []string{"localhost"}, 6},
	}, got)
	require.Equal(t, map[string][]netip.Addr{"example.com": {vip}, "mail.example.com": {vip}}, hostTable(got), "IPv4 only (C4)")
}

// M5: what Account Manager exports, and the least of it.
func TestM5Accounts(t *testing.T) {
	got, problems := ParseAccounts("example.com.idx", golden.Read(t, "testdata/good/accounts/exported-cp932.idx"))
	require.Empty(t, problems)
	require.Equal(t, []UserRow{{User{"tanaka", "pass1234"}, 1}, {User{"suzuki", "pass 5678"}, 2}}, got)
}

// The forms of the maker's description of "relay per machine".
func TestRelayPerMachine(t *testing.T) {
	got, problems := ParseRelay("effect.dat", []byte("10.*.*.*\r\n192.168.1.0/28 false\n 192.168.*.*\n203.0.113.5 only\n"))
	require.Empty(t, problems)
	require.Equal(t, []RelayRow{
		{netip.MustParsePrefix("10.0.0.0/8"), false, 1}, {netip.MustParsePrefix("192.168.1.0/28"), true, 2},
		{netip.MustParsePrefix("192.168.0.0/16"), false, 3}, {netip.MustParsePrefix("203.0.113.5/32"), false, 4},
	}, got)
	for client, want := range map[string][2]bool{
		"10.1.2.3": {true, false}, "192.168.1.5": {false, true}, "192.168.1.16": {true, false}, "203.0.113.5": {true, false},
		"172.16.0.1": {}, "203.0.113.6": {}, "127.0.0.1": {},
	} {
		relay, denied := Relay(got).May(netip.MustParseAddr(client))
		require.Equal(t, want, [2]bool{relay, denied}, client)
	}
	for client, want := range map[string]bool{"10.1.2.3": true, "172.16.0.1": true, "127.0.0.1": true, "169.254.0.1": true, "203.0.113.5": false, "8.8.8.8": false} {
		relay, denied := Relay(nil).May(netip.MustParseAddr(client))
		require.Equal(t, want, relay, "own networks: %s", client)
		require.False(t, denied)
	}
}

func TestAFileOverOneMebibyteIsAnError(t *testing.T) {
	for name, parse := range parsers {
		_, problems := parse("big", bytes.Repeat([]byte("\n"), text.MaxBytes+1))
		require.EqualError(t, problems.Err(), "big: error: the file has 1048577 bytes; expected at most 1048576: the file of one mail server", name)
	}
}

func TestC3UNCNames(t *testing.T) {
	for s, want := range map[string]UNC{
		`\\EPOST-TEC\cl_mail`:          {"EPOST-TEC", "cl_mail", ""},
		`\\EPOST-TEC\cl_mail\`:         {"EPOST-TEC", "cl_mail", ""},
		`\\192.168.10.150\cl_mail\db\`: {"192.168.10.150", "cl_mail", "db"},
		`\\s\メール\a b\c`:                {"s", "メール", "a b/c"},
	} {
		got, problem := ParseUNC(s)
		require.NoError(t, problem)
		require.Equal(t, want, got)
	}
	for s, problem := range map[string]string{
		``:                 "does not begin with two backslashes",
		`X:\mail`:          "does not begin with two backslashes",
		`//EPOST-TEC/mail`: "does not begin with two backslashes",
		`¥¥EPOST-TEC¥mail`: "has the yen sign ¥ (U+00A5)",
		`\\EPOST-TEC`:      "names no share",
		`\\EPOST-TEC\`:     "names no share",
		`\\\mail`:          "has an empty part",
		`\\s\mail\\db`:     "has an empty part",
		`\\s\mail\..\x`:    "begins or ends with a dot",
		`\\s\mail\x.`:      "begins or ends with a dot",
		`\\s\c:\x`:         "has the character :",
		"\\\\s\\m\x00":     "has a control character",
	} {
		_, got := ParseUNC(s)
		require.ErrorContains(t, got, problem, s)
		require.ErrorContains(t, got, "expected", s)
	}
}

// C3, step 7.
func TestC3WhoHasARightOnTheShare(t *testing.T) {
	for account, want := range map[string]bool{
		`.\Administrator`: true, `Administrator`: true, `HVT162EPST11\administrator`: true,
		LocalSystem: false, `NT AUTHORITY\NetworkService`: false, `.\mail`: false, `Administrator\x`: false, "": false,
		`CORP\epost`: true, `corp\EPOST`: true, `.\epost`: false, `epost`: false,
	} {
		require.Equal(t, want, Administrators{`CORP\epost`}.RightOnShare(account), account)
	}
}

var anyBind = rapid.Custom(func(t *rapid.T) Bind {
	a := netip.AddrFrom4([4]byte{10, rapid.Byte().Draw(t, "b"), rapid.Byte().Draw(t, "c"), rapid.Byte().Draw(t, "d")})
	if rapid.Bool().Draw(t, "any") {
		a = anyIP
	}
	return Bind{a, rapid.Uint16Min(1).Draw(t, "port"), rapid.Bool().Draw(t, "SSL")}
})

func TestAnyFileIsReadBackAsWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		binds := rapid.SliceOfNDistinct(anyBind, 1, 9, rapid.ID[Bind]).Draw(t, "binds")
		bindRows, problems := ParseBinds("", formatBinds(binds))
		require.NoError(t, problems.Err())
		require.Len(t, bindRows, len(binds))
		for i, row := range bindRows {
			require.Equal(t, BindRow{binds[i], i + 1}, row)
		}
		users := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z0-9]([-._]?[a-z0-9]){4,9}`), 1, 9, rapid.ID[string]).Draw(t, "users")
		var all []User
		for _, name := range users {
			all = append(all, User{name, rapid.StringMatching(`[a-z *"<田]{0,9}[A-Z]`).Draw(t, "password")})
		}
		userRows, problems := ParseAccounts("", FormatAccounts(all))
		require.Empty(t, problems)
		require.Len(t, userRows, len(all))
		for i, row := range userRows {
			require.Equal(t, UserRow{all[i], i + 1}, row)
		}
	})
}
