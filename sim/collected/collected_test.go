package collected_test

import (
	"net/netip"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"ipwsim/core/diag"
	"ipwsim/sim/collected"
)

var ip = netip.MustParseAddr

func cp932(t *testing.T, s string) []byte {
	data, err := japanese.ShiftJIS.NewEncoder().String(s)
	require.NoError(t, err)
	return []byte(data)
}

const ipconfigJapanese = `
Windows IP 構成

   ホスト名. . . . . . . . . . . . . . .: ML1

イーサネット アダプタ ローカル エリア接続:

   物理アドレス. . . . . . . . . . . . .: 00-15-5D-18-0A-11
   IP アドレス . . . . . . . . . . . . .: 192.168.24.11
   サブネット マスク . . . . . . . . . .: 255.255.255.0
   デフォルト ゲートウェイ . . . . . . .: fe80::1
                                          192.168.24.1
`

const ipconfigEnglish = "\r\nWindows IP Configuration\r\n\r\n   Host Name . . . . . . . . . . . . : ML1\r\n\r\n" +
	"Ethernet adapter Mail  LAN:\r\n\r\n   Physical Address. . . . . . . . . : 00-15-5D-18-0A-11\r\n" +
	"   Link-local IPv6 Address . . . . . : fe80::1%4(Preferred) \r\n" +
	"   IPv4 Address. . . . . . . . . . . : 192.168.24.11(Preferred) \r\n   Subnet Mask . . . . . . . . . . . : 255.255.255.0\r\n" +
	"   IPv4 Address. . . . . . . . . . . : 192.168.24.10(Duplicate) \r\n   Subnet Mask . . . . . . . . . . . : 255.255.255.255\r\n" +
	"   Default Gateway . . . . . . . . . : 192.168.24.1\r\n" +
	"   DNS Servers . . . . . . . . . . . : ::1\r\n                                       192.168.24.5\r\n" +
	"\r\nTunnel adapter isatap.{1}:\r\n\r\n   Media State . . . . . . . . . . . : Media disconnected\r\n"

func TestIPConfig(t *testing.T) {
	utf16 := func(order unicode.Endianness, bom unicode.BOMPolicy) []byte {
		s, err := unicode.UTF16(order, bom).NewEncoder().String(ipconfigJapanese)
		require.NoError(t, err)
		return []byte(s)
	}
	for name, c := range map[string]struct {
		data    []byte
		adapter string
		gateway int // its line
	}{
		"Japanese, CP932":  {cp932(t, ipconfigJapanese), "ローカル エリア接続", 12},
		"Japanese, UTF-8":  {[]byte(ipconfigJapanese), "ローカル エリア接続", 12},
		"Japanese, UTF-16": {utf16(unicode.LittleEndian, unicode.UseBOM), "ローカル エリア接続", 12},
		"UTF-16BE":         {utf16(unicode.BigEndian, unicode.UseBOM), "ローカル エリア接続", 12},
		"UTF-16LE, no BOM": {utf16(unicode.LittleEndian, unicode.IgnoreBOM), "ローカル エリア接続", 12},
		"UTF-16BE, no BOM": {utf16(unicode.BigEndian, unicode.IgnoreBOM), "ローカル エリア接続", 12},
		"English":          {[]byte(ipconfigEnglish), "Mail  LAN", 14},
	} {
		t.Run(name, func(t *testing.T) {
			got, problems := collected.ParseIPConfig("f", c.data)
			require.Empty(t, problems)
			require.Equal(t, collected.Value{Text: "ML1", Place: collected.Place{File: "f", Line: 4}}, got.Host)
			a, found := got.Adapter(c.adapter)
			require.True(t, found, "%+v", got)
			require.Equal(t, "00-15-5d-18-0a-11", a.MAC.Text)
			require.Equal(t, netip.MustParsePrefix("192.168.24.11/24"), a.Addresses[0].Prefix)
			require.Len(t, a.Gateways, 1)
			require.Equal(t, ip("192.168.24.1"), a.Gateways[0].Addr())
			require.Equal(t, c.gateway, a.Gateways[0].Line)
		})
	}
	got, _ := collected.ParseIPConfig("f", []byte(ipconfigEnglish))
	require.Equal(t, netip.MustParsePrefix("192.168.24.10/32"), got.Adapters[0].Addresses[1].Prefix)
	require.True(t, got.Adapters[0].Addresses[1].Duplicate)
	require.False(t, got.Adapters[0].Addresses[0].Duplicate)
	require.Equal(t, ip("192.168.24.5"), got.Adapters[0].DNS[0].Addr())
	require.Len(t, got.Adapters, 2)
}

func TestARP(t *testing.T) {
	const rows = "  192.168.24.1          00-A0-de-4f-21-c0     dynamic   \r\n  224.0.0.22            01-00-5e-00-00-16     static\r\n  192.168.24.255        ff-ff-ff-ff-ff-ff     static\r\n"
	for _, head := range []string{"\r\nInterface: 192.168.24.11 --- 0x5\r\n  Internet Address      Physical Address      Type\r\n",
		"\r\nインターフェイス: 192.168.24.11 --- 0x5\r\n  インターネット アドレス 物理アドレス           種類\r\n"} {
		got, problems := collected.ParseARP("f", cp932(t, head+rows))
		require.Empty(t, problems)
		require.Equal(t, []collected.Neighbor{{ip("192.168.24.11"), ip("192.168.24.1"), "00-a0-de-4f-21-c0", collected.Place{File: "f", Line: 4}}}, got)
	}
}

func TestRoutes(t *testing.T) {
	got, problems := collected.ParseRoutes("f", cp932(t, `ネットワーク宛先        ネットマスク          ゲートウェイ       インターフェイス  メトリック
          0.0.0.0          0.0.0.0     192.168.24.1    192.168.24.11    271
     192.168.24.0    255.255.255.0         リンク上    192.168.24.11    271
        10.41.0.0      255.255.0.0     192.168.24.2       1
固定ルート:
  なし
 If メトリック ネットワーク宛先      ゲートウェイ
  1    331 ::1/128                  リンク上
`))
	require.Empty(t, problems)
	require.Equal(t, []collected.Route{
		{netip.MustParsePrefix("0.0.0.0/0"), ip("192.168.24.1"), ip("192.168.24.11"), collected.Place{File: "f", Line: 2}},
		{netip.MustParsePrefix("192.168.24.0/24"), netip.Addr{}, ip("192.168.24.11"), collected.Place{File: "f", Line: 3}},
		{netip.MustParsePrefix("10.41.0.0/16"), ip("192.168.24.2"), netip.Addr{}, collected.Place{File: "f", Line: 4}},
	}, got)
}

// Of the routes without a gateway those to the machine's own subnets are taken; Windows 2003 has its own address there.
func TestOnLinkRoutes(t *testing.T) {
	for _, via := range []string{"On-link", "10.0.0.5"} {
		got, problems := collected.ParseRoutes("f", []byte(strings.ReplaceAll(`Network Destination  Netmask  Gateway  Interface  Metric
10.0.0.0 255.0.0.0 VIA 10.0.0.5 20
10.0.0.5 255.255.255.255 VIA 10.0.0.5 20
127.0.0.0 255.0.0.0 127.0.0.1 127.0.0.1 1
224.0.0.0 240.0.0.0 VIA 10.0.0.5 20
0.0.0.0 0.0.0.0 VIA 10.0.0.5 20
Persistent Routes:
  None
`, "VIA", via)))
		require.Empty(t, problems)
		require.Equal(t, []collected.Route{{netip.MustParsePrefix("10.0.0.0/8"), netip.Addr{}, ip("10.0.0.5"), collected.Place{File: "f", Line: 2}}}, got)
	}
}

func TestSystemAndAccounts(t *testing.T) {
	for _, text := range []string{
		"\r\nHost Name:                 ML1\r\nOS Name:                   Windows\r\nOS Version:                6.1.7601 x\r\nDomain:                    corp.example\r\n",
		"\r\nホスト名:               ML1\r\nOS 名:                  Windows\r\nOS バージョン:          6.1.7601 x\r\nドメイン:               corp.example\r\n      ホスト名:   no\r\n",
	} {
		got, problems := collected.ParseSystem("f", cp932(t, text))
		require.Empty(t, problems)
		require.Equal(t, "ML1", got.Host.Text)
		require.Equal(t, collected.Value{Text: "6.1.7601 x", Place: collected.Place{File: "f", Line: 4}}, got.Version)
		require.Equal(t, "corp.example", got.Domain.Text)
	}
	services, problems := collected.ParseServices("f", []byte("SERVICE_NAME: IPWCS\n        START_TYPE         : 2   AUTO_START  (DELAYED)\n        SERVICE_START_NAME : LocalSystem\n"))
	require.Empty(t, problems)
	require.Equal(t, map[string]collected.Service{"IPWCS": {
		Account: collected.Value{Text: "LocalSystem", Place: collected.Place{File: "f", Line: 3}},
		Start:   collected.Value{Text: "AUTO_START (DELAYED)", Place: collected.Place{File: "f", Line: 2}},
	}}, services)
}

func TestPing(t *testing.T) {
	for _, text := range []string{"\nPinging NAS1.example [10.1.2.3] with 32 bytes of data:\n", "\nNAS1.example [10.1.2.3]に ping を送信しています 32 バイトのデータ:\n"} {
		got, problems := collected.ParsePing("f", cp932(t, text))
		require.Empty(t, problems)
		require.Equal(t, []collected.Named{{"NAS1.example", ip("10.1.2.3"), collected.Place{File: "f", Line: 2}}}, got)
	}
}

const task = `<?xml version="1.0" encoding="UTF-16"?>
<Task xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers>
    <EventTrigger><Subscription>*[System[Provider[@Name='IPWCS'] and EventID=100]]</Subscription></EventTrigger>
    <BootTrigger><Enabled>false</Enabled></BootTrigger>
  </Triggers>
  <Actions><Exec><Command>cmd</Command><Arguments>/c C:\表\arpclear.bat 予</Arguments></Exec></Actions>
</Task>
`

// The declaration of a task says UTF-16 whatever the bytes are: those of the console, or of the window's export.
func TestTasks(t *testing.T) {
	got, problems := collected.ParseTasks("f", cp932(t, task))
	require.Empty(t, problems)
	require.Len(t, got, 1)
	require.Equal(t, []string{`cmd /c C:\表\arpclear.bat 予`}, got[0].Commands)
	require.True(t, got[0].Enabled)
	require.True(t, got[0].On100())
	require.False(t, got[0].Boot())
	require.Equal(t, 2, got[0].Line)

	_, problems = collected.ParseTasks("f", []byte("<Tasks>\n<Task><Triggers></Task>\n"))
	require.ErrorContains(t, problems.Err(), "f:2: error: not valid XML")
}

// rule is an English rule for ICMPv4 echo requests.
func rule(enabled, action, profiles, types string) string {
	return "\nRule Name:     R\n------\nEnabled:   " + enabled + "\nDirection:    In\nProfiles:     " + profiles + "\nProtocol:   ICMPv4\n              Type    Code\n              " + types + "       Any \nAction:   " + action + "\n"
}

// portRule is one of seven lines for a port.
func portRule(enabled, action, remote, protocol, ports string) string {
	return "\nRule Name:  R\nEnabled: " + enabled + "\nDirection: In\nProfiles: Private\nLocalIP: Any\nRemoteIP: " + remote + "\nProtocol: " + protocol + "\nLocalPort: " + ports + "\nAction: " + action + "\n"
}

// verbose is the rule as it is of a program, or of Any.
func verbose(program, rule string) string {
	return strings.Replace(rule, "Action:", "Program: "+program+"\nService: Any\nAction:", 1)
}

const private = "Private Profile Settings: \nState    ON\nFirewall Policy     BlockInbound,AllowOutbound\n"

// The pipe of the watchers is SMB's port: what lets it in is a rule for it, of whoever is asked for.
func TestFirewallForThePipe(t *testing.T) {
	const peer = "192.168.10.201"
	smb := portRule("Yes", "Allow", "Any", "TCP", "445")
	for name, c := range map[string]struct {
		text    string
		blocked bool
		line    int
	}{
		"let in":                       {private + smb, false, 5},
		"by number, in a range":        {private + portRule("Yes", "Allow", "LocalSubnet", "6", "80,400-500"), false, 5},
		"not enabled":                  {private + portRule("No", "Allow", "Any", "TCP", "445"), true, 5},
		"another port":                 {private + portRule("Yes", "Allow", "Any", "TCP", "44,446-500,RPC-EPMap"), true, 0},
		"another protocol":             {private + portRule("Yes", "Allow", "Any", "UDP", "445"), true, 0},
		"what blocks goes first":       {private + smb + portRule("Yes", "Block", "Any", "TCP", "445"), true, 15},
		"what blocks others does not":  {private + smb + portRule("Yes", "Block", "192.168.10.7/32", "TCP", "445"), false, 5},
		"a block of others alone":      {private + portRule("Yes", "Block", "192.168.10.7/32", "TCP", "445"), true, 0},
		"on another profile":           {"Public Profile Settings: \nState    ON\n\n" + smb, true, 5},
		"for the peer":                 {private + portRule("Yes", "Allow", "10.0.0.1,192.168.10.200-192.168.10.210", "TCP", "445"), false, 5},
		"for its subnet":               {private + portRule("Yes", "Allow", "192.168.10.0/24", "TCP", "445"), false, 5},
		"for its subnet, by mask":      {private + portRule("Yes", "Allow", "192.168.10.0/255.255.255.0", "TCP", "445"), false, 5},
		"for others":                   {private + portRule("Yes", "Allow", "192.168.11.0/24", "TCP", "445"), true, 5},
		"all of the peer":              {private + portRule("No", "Allow", "Any", "TCP", "445") + portRule("Yes", "Allow", peer+"/32", "Any", ""), false, 15},
		"all of another":               {private + portRule("No", "Allow", "Any", "TCP", "445") + portRule("Yes", "Allow", "10.1.1.1", "Any", ""), true, 5},
		"all ports of some program":    {private + portRule("Yes", "Allow", "Any", "TCP", "Any") + portRule("No", "Allow", "Any", "TCP", "445"), true, 15},
		"a program is blocked":         {private + portRule("Yes", "Block", "Any", "TCP", "Any") + portRule("Yes", "Block", "Any", "UDP", "Any") + smb, false, 25},
		"all ports are blocked":        {private + smb + portRule("Yes", "Block", "Any", "TCP", "Any"), true, 15},
		"everything is blocked":        {private + smb + portRule("Yes", "Block", "Any", "Any", ""), true, 15},
		"not now":                      {private + smb + portRule("No", "Block", "Any", "Any", ""), false, 5},
		"of a program, by its path":    {private + smb + verbose(`C:\x\a.exe`, portRule("Yes", "Block", "Any", "TCP", "Any")), false, 5},
		"of Windows itself":            {private + smb + verbose("System", portRule("Yes", "Block", "Any", "TCP", "Any")), true, 15},
		"of any program":               {private + smb + verbose("Any", portRule("Yes", "Block", "Any", "TCP", "Any")), true, 15},
		"let in for a program":         {private + portRule("No", "Allow", "Any", "TCP", "445") + verbose(`C:\x\a.exe`, portRule("Yes", "Allow", "Any", "TCP", "Any")), true, 5},
		"blocked where nobody is":      {private + smb + strings.Replace(portRule("Yes", "Block", "Any", "Any", ""), "Private", "Domain,Public", 1), false, 5},
		"blocked on one of two":        {"Domain Profile Settings: \n" + private + smb + strings.Replace(portRule("Yes", "Block", "Any", "Any", ""), "Private", "Domain", 1), true, 16},
		"all profiles are shown":       {"Domain Profile Settings: \nState OFF\n" + private + "Public Profile Settings: \nState OFF\n" + smb + strings.Replace(portRule("Yes", "Block", "Any", "TCP", "445"), "Private", "Domain", 1), false, 9},
		"all ports, and no other rule": {private + portRule("Yes", "Allow", "Any", "TCP", "Any"), false, 5},
		"policy: let in":               {strings.Replace(private, "BlockIn", "AllowIn", 1) + portRule("No", "Allow", "Any", "TCP", "445"), false, 3},
		"policy: let in, but for this": {strings.Replace(private, "BlockIn", "AllowIn", 1) + portRule("Yes", "Block", "Any", "TCP", "445"), true, 5},
		"policy: nothing at all":       {strings.Replace(private, "Inbound", "InboundAlways", 1) + smb, true, 3},
		"off":                          {"Private Profile Settings: \nState    OFF\n", false, 2},
		"Japanese":                     {"規則名: R\n有効: はい\n方向: 入力\nプロファイル: ドメイン,プライベート\nローカル IP: 任意\nリモート IP: LocalSubnet\nプロトコル: TCP\nローカル ポート: 139,445\n操作: 許可\n", false, 1},
		"Japanese, all, not enabled":   {"規則名: R\n有効: いいえ\n方向: 入力\nリモート IP: 任意\nプロトコル: TCP\nローカル ポート: 任意\n操作: 許可\n", true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			f, problems := collected.ParseFirewall("f", cp932(t, c.text+"\nOk.\n"))
			require.Empty(t, problems)
			blocked, by, known := f.Blocked(collected.Inbound{Port: 445, From: netip.MustParseAddr(peer), To: ip("192.168.10.200")})
			require.True(t, known)
			require.Equal(t, c.blocked, blocked)
			require.Equal(t, collected.Place{File: "f", Line: c.line}, by)
		})
	}
	f, problems := collected.ParseFirewall("f", []byte(private+"\nOk.\n"))
	require.Empty(t, problems)
	_, _, known := f.Blocked(collected.Inbound{Port: 445})
	require.False(t, known, "without rules nothing is said")
	f, _ = collected.ParseFirewall("f", []byte(private+smb+portRule("Yes", "Block", "192.168.10.7/32", "TCP", "445")+"\nOk.\n"))
	blocked, _, _ := f.Blocked(collected.Inbound{Port: 445})
	require.False(t, blocked, "who is blocked may be nobody that matters")
}

func TestFirewall(t *testing.T) {
	const all = "Domain,Private,Public"
	for name, c := range map[string]struct {
		text    string
		blocked bool
		line    int
	}{
		"let in":                     {rule("Yes", "Allow", all, "8"), false, 2},
		"all types":                  {rule("Yes", "Allow", all, "Any"), false, 2},
		"not enabled":                {rule("No", "Allow", all, "8"), true, 2},
		"replies only":               {rule("Yes", "Allow", all, "0"), true, 0},
		"of a domain alone":          {rule("Yes", "Allow", "Domain", "8"), true, 2},
		"of a domain, which it has":  {"Domain Profile Settings: \nState    ON\n" + rule("Yes", "Allow", "Domain", "8"), false, 4},
		"of another profile":         {"Public Profile Settings: \nState    ON\n" + rule("Yes", "Allow", "Private", "8"), true, 4},
		"what blocks goes first":     {rule("Yes", "Allow", all, "8") + rule("Yes", "Block", all, "8"), true, 12},
		"off":                        {"Public Profile Settings: \nState    OFF\n" + rule("No", "Allow", all, "8"), false, 2},
		"Japanese, off":              {"パブリック プロファイル設定: \n状態    オフ\n", false, 2},
		"Japanese, ICMPv6 no matter": {"規則名:   R\n有効:     はい\n方向:   入力\nプロトコル:   ICMPv6\n操作:  許可\n\n規則名:   S\n有効:     いいえ\n方向:   入力\nプロトコル:   ICMPv4\n操作:  許可\n", true, 7},
	} {
		t.Run(name, func(t *testing.T) {
			f, problems := collected.ParseFirewall("f", cp932(t, c.text+"\nOk.\n"))
			require.Empty(t, problems)
			blocked, by, known := f.Blocked(collected.Inbound{})
			require.True(t, known)
			require.Equal(t, c.blocked, blocked)
			require.Equal(t, collected.Place{File: "f", Line: c.line}, by)
		})
	}
}

// What is no output of the command, or a damaged one, is told with its place.
func TestProblems(t *testing.T) {
	problems := func(_ any, l diag.List) diag.List { return l }
	for want, got := range map[string]diag.List{
		"f: error: found no adapter; expected the output of `ipconfig /all`":    problems(collected.ParseIPConfig("f", []byte("x"))),
		`f:1: error: found "255.0.255.0", expected a subnet mask`:               problems(collected.ParseRoutes("f", []byte("1.0.0.0 255.0.255.0 1.2.3.4 1\n"))),
		"f: error: found no version of Windows; expected":                       problems(collected.ParseSystem("f", nil)),
		"f: error: found no rule; expected the output of `netsh advfirewall":    problems(collected.ParseFirewall("f", nil)),
		"f: error: the file has 16777217 bytes; expected at most 16777216: the": problems(collected.ParsePing("f", make([]byte, 16<<20+1))),
	} {
		require.ErrorContains(t, got.Err(), want)
	}
}

// An address that cannot be read, or its mask, is left out of what ipconfig says: other exports may have it.
func TestWhatIPConfigShowsAndNobodyCanRead(t *testing.T) {
	for text, want := range map[string]string{
		"   IPv4 Address. . : 1O.2.3.4\n   Subnet Mask . . : 255.0.0.0\n":  `f:2: warning: found "1O.2.3.4", expected an IPv4 address`,
		"   IPv4 Address. . : 1.2.3.4\n   Subnet Mask . . : 255.0.255.0\n": `f:3: warning: found "255.0.255.0", expected a subnet mask`,
	} {
		c, problems := collected.ParseIPConfig("f", []byte("Ethernet adapter A:\n"+text+"   NetBIOS over Tcpip. . : Enabled\n"))
		require.NoError(t, problems.Err())
		require.Contains(t, problems.Error(), want)
		require.Empty(t, c.Adapters[0].Addresses)
	}
}

// A neighbour whose address cannot be read is told, and left out.
func TestNeighborsThatNobodyCanRead(t *testing.T) {
	all, problems := collected.ParseARP("f", []byte("Interface: 10.0.0.1 --- 0x2\n  Internet Address      Physical Address      Type\n  10.0.l.4              00-50-56-00-00-04     dynamic   \n  10.0.0.5              00-50-56-00-00-05     dynamic   \n"))
	require.NoError(t, problems.Err())
	require.Contains(t, problems.Error(), `f:3: warning: found "10.0.l.4", expected an IPv4 address`)
	require.Len(t, all, 1)
}

// What a command was refused is told as that.
func TestCommandsThatWereRefused(t *testing.T) {
	for _, text := range []string{"ERROR: Access is denied.\r\n", "エラー: アクセスが拒否されました。\r\n", "The requested operation requires elevation (Run as administrator).\r\n"} {
		s, problems := collected.Read(fstest.MapFS{"m/tasks.xml": {Data: cp932(t, text)}}, "m")
		require.Contains(t, problems.Error(), "m/tasks.xml:1: warning: the command was refused: ")
		require.False(t, s.HasTasks)
	}
}

// A list of tasks says what they start, not on which event.
func TestTasksAsAList(t *testing.T) {
	const english = "\r\nFolder: \\\r\nHostName:      M\r\nTaskName:      \\IPW arpclear\r\nTask To Run:   C:\\T\\arpclear.bat 1 2\r\nScheduled Task State:  Enabled\r\nRun As User:   SYSTEM\r\nSchedule Type: When an event occurs\r\n\r\n" +
		"HostName:      M\r\nTaskName:      \\Microsoft\\Windows\\X\r\nTask To Run:   COM handler\r\nSchedule Type: When an event occurs\r\n"
	const japanese = "\r\nホスト名:      M\r\nタスク名:      \\消去\r\n実行するタスク: C:\\T\\arpclear.bat\r\nスケジュールされたタスクの状態: 無効\r\nスケジュールの種類: システム起動時\r\n"
	s, problems := collected.Read(fstest.MapFS{"m/a.txt": {Data: []byte(english)}, "m/b.txt": {Data: cp932(t, japanese)}}, "m")
	require.Empty(t, problems)
	require.Len(t, s.Tasks, 2)
	require.Equal(t, []string{`C:\T\arpclear.bat 1 2`}, s.Tasks[0].Commands)
	require.True(t, s.Tasks[0].On100() && s.Tasks[0].Enabled && s.Tasks[0].Listed)
	require.Equal(t, collected.Place{File: "m/a.txt", Line: 4}, s.Tasks[0].Place)
	require.True(t, s.Tasks[1].Boot() && !s.Tasks[1].Enabled)
}

// A folder is read by what is in its files, whatever their names.
func TestReadFolder(t *testing.T) {
	s, problems := collected.Read(os.DirFS("../../scenarios/setup/testdata/works"), "wk-a")
	require.Empty(t, problems)
	require.Equal(t, "WK-A", s.IPConfig.Host.Text)
	require.Len(t, s.Neighbors, 5)
	require.Equal(t, []string{"wk-a/notes.txt"}, s.Unread)
	require.Len(t, s.Exports, 3)
	require.True(t, s.HasTasks)
}

// A file that its reader takes as it is, and that is UTF-16, is told by name: nothing can be taken from it.
func TestCopiesInUTF16(t *testing.T) {
	for _, order := range []unicode.Endianness{unicode.BigEndian, unicode.LittleEndian} {
		for _, bom := range []unicode.BOMPolicy{unicode.UseBOM, unicode.IgnoreBOM} {
			data, err := unicode.UTF16(order, bom).NewEncoder().Bytes([]byte("ping 192.168.10.150 -S 192.168.10.202\r\n"))
			require.NoError(t, err)
			s, problems := collected.Read(fstest.MapFS{"m/arpclear.bat": {Data: data}}, "m")
			require.Empty(t, problems)
			_, problems = s.Batches[0].Read()
			require.Contains(t, problems.Error(), "m/arpclear.bat: warning: found UTF-16, of which cmd.exe makes no command")
			for _, name := range []string{"hosts", "smtpip.dat"} {
				_, problems = collected.Read(fstest.MapFS{"m/" + name: {Data: data}}, "m")
				require.NoError(t, problems.Err())
				require.Contains(t, problems.Error(), "m/"+name+": warning: the file is UTF-16")
			}
		}
	}
}

// A rule of one of the product's programs is about what that one serves.
func TestFirewallRulesOfTheProduct(t *testing.T) {
	text := private + verbose(`C:\Program Files\EPOST\MS\epstrs.exe`, portRule("Yes", "Allow", "Any", "TCP", "Any")) + portRule("No", "Allow", "Any", "TCP", "110")
	f, problems := collected.ParseFirewall("f", []byte(text+"\nOk.\n"))
	require.Empty(t, problems)
	for port, want := range map[uint16]bool{25: false, 587: false, 110: true, 143: true, 2525: false} {
		blocked, _, known := f.Blocked(collected.Inbound{Port: port})
		require.True(t, known)
		require.Equal(t, want, blocked, "%d", port)
	}
}
