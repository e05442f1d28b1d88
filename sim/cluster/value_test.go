package cluster

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// accepts says for each value whether convert takes it.
func accepts[T any](t *testing.T, convert func(any) (T, error), want map[string]bool) {
	for text, ok := range want {
		_, err := convert(text)
		require.Equal(t, ok, err == nil, "%s: %v", text, err)
	}
}

func TestC1NetBIOSNameHasAtMost15Characters(t *testing.T) {
	accepts(t, toNetBIOS, map[string]bool{
		"a": true, "hvt162EPST11_15": true, "hvt162EPST11_-16": false, "メールサーバー一号機の予備機十五": false,
		"メールサーバー一号機の予備機五": true, "": false, "a.b": false, `\\a`: false,
	})
}

func TestLatencyIsAtLeast20us(t *testing.T) {
	accepts(t, toLatency, map[string]bool{"20us": true, "19.999us": false, "0s": false, "1s": true})
}

// RFC 3021: a subnet of two addresses has neither a network nor a broadcast address.
func TestC1AddressesAtTheEndsOfASubnet(t *testing.T) {
	accepts(t, toAddress, map[string]bool{
		"10.0.0.0/30": false, "10.0.0.1/30": true, "10.0.0.2/30": true, "10.0.0.3/30": false,
		"10.0.0.0/31": true, "10.0.0.1/31": true, "10.0.0.0/32": true,
		"10.0.0.255/23": true, "10.0.1.0/23": true, "10.0.1.255/23": false,
	})
}

func TestC1AddressesOfOneHost(t *testing.T) {
	accepts(t, toAddress, map[string]bool{
		"169.254.1.1/16": true, "127.0.0.1/8": false, "0.0.0.0/0": false, "239.1.2.3/24": false,
		"255.255.255.255/32": false, "192.168.10.200:25": false, "192.168.010.200/24": false,
		"fe80::1/64": false, "::ffff:10.0.0.1": false, " 10.0.0.1/24": false,
	})
}

func TestN1MACOfOneMachine(t *testing.T) {
	accepts(t, toMAC, map[string]bool{
		"00-15-5d-0a-0b-c8": true, "00:15:5D:0A:0B:C8": true, "02-00-00-00-00-00": true,
		"01-15-5d-0a-0b-c8": false, "00-00-00-00-00-00": false, "00-15-5d-0a-0b-c8-00-00": false,
	})
}

func TestH2NetshTakesEqualTimes(t *testing.T) {
	r, err := toRange([]any{"1s", "1000ms"})
	require.NoError(t, err)
	require.Equal(t, r[0], r[1])
}

func TestWindowsSpeaksEnglishOrJapanese(t *testing.T) {
	accepts(t, toWindowsLanguage, map[string]bool{"en": true, "ja": true, "": false, "JA": false, "de": false})
}

// An answer is taken as the same key of a file is.
func TestAnswer(t *testing.T) {
	for _, c := range []struct {
		node      bool
		key, text string
		want      string // in the problem; "": none
	}{
		{true, "name", "MAIL-1", ""}, {true, "name", "a b", "expected letters, digits, - and _"},
		{true, "address", "10.0.0.1/24", ""}, {true, "address", "abc", "expected IPv4 with a prefix length"}, {false, "address", "10.0.0.1", "has no prefix length"},
		{true, "interface", "イーサネット 2", ""}, {true, "interface", "a\tb", "control character"},
		{false, "unc", `\\NAS\mail`, ""}, {false, "unc", `X:\mail`, "expected a UNC name"},
		{true, "profile", "srv-2008", ""}, {true, "profile", "linux", "unknown profile"}, {true, "profile", "10.0.0.1/24", "expected one of srv-2003, "},
		{false, "profile", "linux", ""}, {false, "profile", "srv-2008", "unknown profile"},
	} {
		if err := Answer(c.node, c.key, c.text); c.want == "" {
			require.NoError(t, err, c.text)
		} else {
			require.ErrorContains(t, err, c.want, c.text)
		}
	}
}
