package console

import (
	"encoding/binary"
	"net/netip"
	"strings"

	"ipwsim/sim/trace"
)

// netsh is `netsh interface ip show|add|delete address` and `show config`. Words may be cut short, as netsh allows, and
// be given by position or by name.
func (c *Console) netsh(args []string) {
	if len(args) < 4 || !short(args[0], "interface") || !short(args[1], "ip", "ipv4") {
		c.netshUnknown(args)
		return
	}
	verb, what, rest := strings.ToLower(args[2]), args[3], args[4:]
	switch {
	case verb == "show" && short(what, "addresses", "config"):
		c.netshShow(rest)
	case (verb == "add" || verb == "delete") && short(what, "address"):
		c.netshAddress(verb == "add", rest)
	default:
		c.netshUnknown(args)
	}
}

// short says whether the word is one of these, or the beginning of one.
func short(word string, full ...string) bool {
	for _, f := range full {
		if word != "" && strings.HasPrefix(f, strings.ToLower(word)) {
			return true
		}
	}
	return false
}

func (c *Console) netshUnknown(args []string) {
	c.printf(c.in("The following command was not found: %s.\n", "次のコマンドは見つかりませんでした: %s.\n"), strings.Join(args, " "))
	c.end()
}

func (c *Console) netshAddress(add bool, args []string) {
	named := parameters(args, "name", "address", "mask")
	ip, err := netip.ParseAddr(named["address"])
	if named["name"] == "" || err != nil || !ip.Is4() {
		c.print(c.in("The syntax supplied for this command is not valid. Check help for the correct syntax.\n",
			"このコマンドに指定された構文が有効ではありません。ヘルプで正しい構文を確認してください。\n"))
		c.end()
		return
	}
	if m, given := named["mask"]; given && add && !isMask(m) {
		c.printf(c.in("Invalid mask parameter (%s). It should be a valid IPv4 subnet mask.\n",
			"マスク パラメーター (%s) が無効です。有効な IPv4 サブネット マスクを指定してください。\n"), m)
		c.end()
		return
	}
	c.begin(func() {}) // it goes on in the background
	c.Machine.NetshAddress(add, named["name"], c.Interface, ip, func() { c.byHand(add, ip) }, func(output string) {
		c.print(strings.TrimSuffix(output, "\r\n"))
		c.end()
	})
}

// isMask says whether the text is a subnet mask: ones, then zeros.
func isMask(text string) bool {
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is4() {
		return false
	}
	b := a.As4()
	zeros := ^binary.BigEndian.Uint32(b[:])
	return zeros&(zeros+1) == 0
}

// byHand puts the change of a node's address on record as its verb does, just before it happens (H18).
func (c *Console) byHand(add bool, ip netip.Addr) {
	f := trace.Fault{
		Verb: "delete-address", Target: c.Machine.Name(), Setting: ip.String(),
		Touches: []trace.Touch{{Part: trace.AddressPart, Of: c.Machine.Name(), End: ip.String()}},
	}
	if add {
		f.Verb = "add-address"
	}
	_ = c.Fault(f, func() bool { return true }) // a client has no watcher that could be hindered
}

// parameters are the arguments by their names; netsh knows addr for address.
func parameters(args []string, order ...string) map[string]string {
	all := map[string]string{}
	for i, arg := range args {
		name, value, ok := strings.Cut(arg, "=")
		if !ok {
			if i < len(order) {
				all[order[i]] = arg
			}
			continue
		}
		for _, known := range order {
			if short(name, known) {
				all[known] = value
			}
		}
	}
	return all
}

func (c *Console) netshShow(args []string) {
	if name := parameters(args, "name")["name"]; name != "" && !strings.EqualFold(name, c.Interface) {
		c.print(c.in("The filename, directory name, or volume label syntax is incorrect.\n",
			"ファイル名、ディレクトリ名、またはボリューム ラベルの構文が間違っています。\n"))
		c.end()
		return
	}
	c.printf(c.in("\nConfiguration for interface \"%s\"", "\nインターフェイス \"%s\" の構成"), c.Interface)
	c.print(c.in("    DHCP enabled:                         No", "    DHCP 有効:                            いいえ"))
	for _, p := range c.host.NIC().Addresses() {
		c.print(c.in("    IP Address:                           ", "    IP アドレス:                           ") + p.Addr().String())
		c.printf(c.in("    Subnet Prefix:                        %v (mask %v)", "    サブネット プレフィックス:                        %v (マスク %v)"),
			p.Masked(), trace.Mask(p.Bits()))
	}
	if c.Gateway.IsValid() {
		c.printf(c.in("    Default Gateway:                      %v\n    Gateway Metric:                       256",
			"    デフォルト ゲートウェイ:                      %v\n    ゲートウェイ メトリック:                       256"), c.Gateway)
	}
	c.print(c.in("    InterfaceMetric:                      15", "    インターフェイス メトリック:                      15"))
	c.end()
}
