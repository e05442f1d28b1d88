package trace

import (
	"fmt"
	"net"
)

// ParseMAC reads a 48-bit Ethernet address parted by - or :.
func ParseMAC(s string) (MAC, error) {
	hw, err := net.ParseMAC(s)
	if err != nil || len(hw) != 6 || len(s) != len("02-00-00-00-00-01") { // ParseMAC knows other forms too
		return MAC{}, fmt.Errorf("%q is not a MAC address of six hexadecimal pairs, as 02-00-00-00-00-01", s)
	}
	return MAC(hw), nil
}
