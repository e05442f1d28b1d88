package settings

import (
	"net/netip"
	"strings"
)

// formatBinds is the list as a file, ASCII with CRLF. ParseBinds reads the same from it.
func formatBinds(binds []Bind) []byte {
	var b strings.Builder
	for _, bind := range binds {
		b.WriteString(bind.String() + "\r\n")
	}
	return []byte(b.String())
}

// formatHidden is the file of the addresses, ASCII with CRLF. ParseHidden reads the same from it.
func formatHidden(addresses []netip.Addr) []byte {
	var b strings.Builder
	for _, a := range addresses {
		b.WriteString(a.String() + "\r\n")
	}
	return []byte(b.String())
}

// formatRelay is the list as a file, ASCII with CRLF. ParseRelay reads the same from it.
func formatRelay(rows []RelayRow) []byte {
	var b strings.Builder
	for _, row := range rows {
		b.WriteString(row.Range.String())
		if row.Denied {
			b.WriteString(" false")
		}
		b.WriteString("\r\n")
	}
	return []byte(b.String())
}
