package host

import "gvisor.dev/gvisor/pkg/tcpip/header"

// Firewall is the host's inbound filter: what it blocks is dropped without an answer (H8).
type Firewall struct {
	Closed    bool            // all that nobody on the host asked for: echo requests, and new TCP connections to any port
	BlockEcho bool            // ICMP echo requests
	BlockTCP  map[uint16]bool // connections to these local ports
}

// admits says whether an IPv4 packet passes.
func (fw *Firewall) admits(packet []byte) bool {
	if !fw.Closed && !fw.BlockEcho && len(fw.BlockTCP) == 0 {
		return true
	}
	ip := header.IPv4(packet)
	if !ip.IsValid(len(packet)) {
		return true // netstack counts it
	}
	payload := ip.Payload()
	switch ip.Protocol() {
	case uint8(header.ICMPv4ProtocolNumber):
		return !fw.BlockEcho && !fw.Closed || len(payload) < 1 || header.ICMPv4(payload).Type() != header.ICMPv4Echo
	case uint8(header.TCPProtocolNumber):
		tcp := header.TCP(payload)
		return len(payload) < header.TCPMinimumSize || !fw.BlockTCP[tcp.DestinationPort()] && !(fw.Closed && tcp.Flags() == header.TCPFlagSyn)
	}
	return true
}

func isTCP(packet []byte) bool {
	return len(packet) >= header.IPv4MinimumSize && packet[9] == uint8(header.TCPProtocolNumber)
}
