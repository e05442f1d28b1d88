package trace

import (
	"encoding/binary"
	"math"
	"math/bits"
	"net/netip"
)

// Mask is the subnet mask of a prefix length, 0 to 32.
func Mask(length int) netip.Addr {
	var a [4]byte
	binary.BigEndian.PutUint32(a[:], math.MaxUint32<<(32-length))
	return netip.AddrFrom4(a)
}

// InCommon is the longest prefix length, 0 to 32, of a subnet that both IPv4 addresses are in.
func InCommon(a, b netip.Addr) int {
	x, y := a.As4(), b.As4()
	return bits.LeadingZeros32(binary.BigEndian.Uint32(x[:]) ^ binary.BigEndian.Uint32(y[:]))
}
