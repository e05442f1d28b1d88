package core

import (
	"net/netip"
	"time"
)

// Balance is the registry value that decides a node's role (C5).
type Balance int

// A Master takes its VIP back whenever it can; a Slave keeps it only while the master is away.
const (
	Master Balance = 0
	Slave  Balance = 1
)

func (b Balance) String() string {
	if b == Slave {
		return "slave"
	}
	return "master"
}

// Settings are the values under HKLM\SOFTWARE\EPOST\IPWCS (W3), read once at service start.
type Settings struct {
	LogEnabled  bool          // write the iplog folder (W10)
	Interval    time.Duration // monitoring interval (W9); whole seconds, at least 1 s
	Balance     Balance
	ReleaseTime int           // intervals between a slave's releases (W18); at least 1
	PingTimeout time.Duration // time allowed for one echo (W11); whole seconds, at least 1 s

	// AnnounceAgain has a holder whose peer gave the VIP up at its asking announce it and write event 100 once more.
	// It is not the product's: it shows what W22 costs.
	AnnounceAgain bool
}

// DefaultSettings are the values of a fresh installation (W3).
func DefaultSettings() Settings {
	return Settings{
		Interval:    30 * time.Second,
		Balance:     Master,
		ReleaseTime: 60,
		PingTimeout: 3 * time.Second,
	}
}

// ReleaseCycle is the time after which a slave gives its VIP up unasked (W18).
func (s Settings) ReleaseCycle() time.Duration {
	return time.Duration(s.ReleaseTime) * s.Interval
}

// Entry is one line of the monitoring table (W1).
type Entry struct {
	Peer      string     // UNC name of the other node, by name or by address: `\\hvt162EPST12`
	VIP       netip.Addr // the virtual address to watch; IPv4 (C4)
	Interface string     // Windows' name of the interface that carries it
}

// String is the line of ipwatch.dat for the entry.
func (e Entry) String() string {
	return "-c=" + e.Peer + " -i=" + e.VIP.String() + " -f=" + e.Interface
}
