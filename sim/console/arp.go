package console

import (
	"fmt"
	"net/netip"

	"ipwsim/netstack/host"
	"ipwsim/sim/trace"
)

// arp is `arp -a [address]` and `arp -d [address|*]`.
func (c *Console) arp(args []string) {
	if len(args) == 0 || len(args) > 2 {
		c.arpHelp()
		return
	}
	var ip netip.Addr
	if len(args) == 2 && args[1] != "*" {
		a, err := netip.ParseAddr(args[1])
		if err != nil || !a.Is4() {
			c.print(c.in("ARP: bad argument: ", "ARP: 引数が正しくありません: ") + args[1])
			c.end()
			return
		}
		ip = a
	}
	switch args[0] {
	case "-a", "-g", "/a", "/g":
		c.arpList(ip)
	case "-d", "/d":
		c.Machine.DeleteARP(ip, func(found bool) {
			if !found {
				c.print(c.in("The ARP entry deletion failed: Element not found.", "ARP エントリの削除に失敗しました: 要素が見つかりません。"))
			}
			c.end()
		})
	default:
		c.arpHelp()
	}
}

// arpList shows what the cache would use, of all or of one address.
func (c *Console) arpList(only netip.Addr) {
	nic := c.host.NIC()
	var rows []string
	for _, ip := range nic.Neighbors() {
		mac, state := nic.Neighbor(ip)
		if state >= host.Reachable && state <= host.Probe && (!only.IsValid() || ip == only) {
			rows = append(rows, fmt.Sprintf("  %-21v %-21v %s", ip, trace.MAC(mac), c.in("dynamic   ", "動的        ")))
		}
	}
	if len(rows) == 0 {
		c.print(c.in("No ARP Entries Found.", "ARP エントリが見つかりませんでした。"))
		c.end()
		return
	}
	c.printf(c.in("\nInterface: %v --- 0x4", "\nインターフェイス: %v --- 0x4"), c.Machine.Address().Addr())
	c.print(c.in("  Internet Address      Physical Address      Type", "  インターネット アドレス 物理アドレス           種類"))
	for _, row := range rows {
		c.print(row)
	}
	c.end()
}

func (c *Console) arpHelp() {
	c.print(c.in(
		"\nDisplays and modifies the IP-to-Physical address translation tables used by\naddress resolution protocol (ARP).\n\nARP -a [inet_addr]\nARP -d [inet_addr]",
		"\nアドレス解決プロトコル (ARP) で使用される IP から物理アドレスへの変換テーブルを\n表示および変更します。\n\nARP -a [inet_addr]\nARP -d [inet_addr]"))
	c.end()
}
