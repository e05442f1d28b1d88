package console

import (
	"net/netip"
	"strings"

	"ipwsim/sim/trace"
)

// labels are those of ipconfig with their dots, in both languages.
type label struct{ en, ja string }

var (
	labelHost     = label{"   Host Name . . . . . . . . . . . . : ", "   ホスト名 . . . . . . . . . . . . . . .: "}
	labelSuffix   = label{"   Primary Dns Suffix  . . . . . . . : ", "   プライマリ DNS サフィックス . . . . . .: "}
	labelNode     = label{"   Node Type . . . . . . . . . . . . : ", "   ノード タイプ . . . . . . . . . . . . .: "}
	labelRouting  = label{"   IP Routing Enabled. . . . . . . . : ", "   IP ルーティング有効 . . . . . . . . . .: "}
	labelWINS     = label{"   WINS Proxy Enabled. . . . . . . . : ", "   WINS プロキシ有効 . . . . . . . . . . .: "}
	labelMedia    = label{"   Media State . . . . . . . . . . . : ", "   メディアの状態. . . . . . . . . . . . .: "}
	labelSpecific = label{"   Connection-specific DNS Suffix  . : ", "   接続固有の DNS サフィックス . . . . . .: "}
	labelAbout    = label{"   Description . . . . . . . . . . . : ", "   説明. . . . . . . . . . . . . . . . . .: "}
	labelMAC      = label{"   Physical Address. . . . . . . . . : ", "   物理アドレス. . . . . . . . . . . . . .: "}
	labelDHCP     = label{"   DHCP Enabled. . . . . . . . . . . : ", "   DHCP 有効 . . . . . . . . . . . . . . .: "}
	labelAuto     = label{"   Autoconfiguration Enabled . . . . : ", "   自動構成有効. . . . . . . . . . . . . .: "}
	labelIPv4     = label{"   IPv4 Address. . . . . . . . . . . : ", "   IPv4 アドレス . . . . . . . . . . . . .: "}
	labelMask     = label{"   Subnet Mask . . . . . . . . . . . : ", "   サブネット マスク . . . . . . . . . . .: "}
	labelGateway  = label{"   Default Gateway . . . . . . . . . : ", "   デフォルト ゲートウェイ . . . . . . . .: "}
	labelNetBIOS  = label{"   NetBIOS over Tcpip. . . . . . . . : ", "   NetBIOS over TCP/IP . . . . . . . . . .: "}
)

// adapter is the make of every machine's network interface.
const adapter = "Microsoft Hyper-V Network Adapter"

// ipconfig is `ipconfig` and `ipconfig /all` (H12).
func (c *Console) ipconfig(args []string) {
	all := len(args) == 1 && (strings.EqualFold(args[0], "/all") || strings.EqualFold(args[0], "-all"))
	if len(args) > 0 && !all {
		c.print(c.in("\nError: unrecognized or incomplete command line.", "\nエラー: コマンド ラインが認識されないか、不完全です。"))
		c.end()
		return
	}
	no, yes := c.in("No", "いいえ"), c.in("Yes", "はい")
	c.print(c.in("\nWindows IP Configuration\n\n", "\nWindows IP 構成\n\n"))
	if all {
		c.line(labelHost, c.Computer)
		c.line(labelSuffix, "")
		c.line(labelNode, c.in("Hybrid", "ハイブリッド"))
		c.line(labelRouting, no)
		c.line(labelWINS, no)
		c.print("")
	}
	c.print(c.in("Ethernet adapter ", "イーサネット アダプター ") + c.Interface + ":\n\n")
	up := c.Machine.Port().Up()
	if !up {
		c.line(labelMedia, c.in("Media disconnected", "メディアは接続されていません"))
	}
	c.line(labelSpecific, "")
	if all {
		c.line(labelAbout, adapter)
		c.line(labelMAC, strings.ToUpper(trace.MAC(c.host.NIC().MAC()).String()))
		c.line(labelDHCP, no)
		c.line(labelAuto, yes)
	}
	if up {
		c.addresses(all)
	}
	c.end()
}

func (c *Console) addresses(all bool) {
	for _, p := range c.host.NIC().Addresses() {
		text := p.Addr().String()
		if all {
			text += c.stateOf(p.Addr()) + " "
		}
		c.line(labelIPv4, text)
		c.line(labelMask, trace.Mask(p.Bits()).String())
	}
	gateway := ""
	if c.Gateway.IsValid() {
		gateway = c.Gateway.String()
	}
	c.line(labelGateway, gateway)
	if all {
		c.line(labelNetBIOS, c.in("Enabled", "有効"))
	}
}

// stateOf is the state of an address (H1).
func (c *Console) stateOf(ip netip.Addr) string {
	switch c.Machine.AddressState(ip) {
	case trace.Preferred:
		return c.in("(Preferred)", "(優先)")
	case trace.Tentative:
		return c.in("(Tentative)", "(仮)")
	case trace.Duplicate:
		return c.in("(Duplicate)", "(重複)")
	}
	return ""
}

func (c *Console) line(l label, value string) { c.print(c.in(l.en, l.ja) + value) }
