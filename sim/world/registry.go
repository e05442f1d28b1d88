package world

import (
	"net/netip"
	"strconv"
	"strings"

	"ipwsim/core"
	"ipwsim/core/diag"
	"ipwsim/core/registry"
	"ipwsim/sim/console"
	"ipwsim/sim/windows"
)

// logicalIP is the value that EPSTDS reads (M4); all others are the watcher's (W3).
const logicalIP = "LogicalIP"

const deliveryKey = `HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\EPSTDS`

// ReadValue reads the name and data of a registry value of the product, and returns them as the product writes them:
// numbers decimal. It is an error when the product reads no such value, or when the data is not what it may be.
func ReadValue(name, data string) (string, string, error) {
	if strings.EqualFold(name, logicalIP) {
		ip, err := netip.ParseAddr(data)
		if err != nil || !ip.Is4() {
			return "", "", diag.Errorf("found %q, expected an IPv4 address", data)
		}
		return logicalIP, ip.String(), nil
	}
	n, err := strconv.ParseUint(data, 0, 32)
	if err != nil {
		return "", "", diag.Errorf("found %q, expected a number, as 10 or 0xa", data)
	}
	var all core.Settings
	name, err = registry.Set(&all, name, uint32(n))
	return name, strconv.FormatUint(n, 10), err
}

// SetValue changes a registry value of a node, as ReadValue gives it: its service reads it at its next start. It is an
// error when the value is so already.
func (w *World) SetValue(role, name, data string) error {
	n, err := w.Node(role)
	if err != nil {
		return err
	}
	changed := false
	if name == logicalIP {
		mail := w.mailOf(n)
		if mail == nil {
			return ErrNoMail
		}
		ip := netip.MustParseAddr(data)
		changed = mail.settings.Delivery.LogicalIP != ip
		mail.settings.Delivery.LogicalIP = ip
	} else {
		set := n.Settings()
		number, _ := strconv.ParseUint(data, 10, 32)
		if _, err := registry.Set(&set, name, uint32(number)); err != nil {
			return err
		}
		changed = n.SetSettings(set)
	}
	if !changed {
		return diag.Errorf("%s is set so already", role)
	}
	return nil
}

// mailOf are the mail services of the node; nil: none.
func (w *World) mailOf(n *windows.Node) *nodeMail {
	for i, one := range w.nodes {
		if one == n && w.mail != nil {
			return w.services[i]
		}
	}
	return nil
}

// registry is what the console of a node shows of it (W3, M4).
func (w *World) registry(n *windows.Node) []console.Key {
	set := n.Settings()
	logEnabled := 0
	if set.LogEnabled {
		logEnabled = 1
	}
	keys := []console.Key{{Name: registry.SettingsKey, Values: []console.Value{
		console.DWORD("LogEnabled", logEnabled),
		console.DWORD("Interval", int(set.Interval.Seconds())),
		console.DWORD("Balance", int(set.Balance)),
		console.DWORD("ReleaseTime", set.ReleaseTime),
		console.DWORD("PingTimeout", int(set.PingTimeout.Seconds())),
	}}}
	if mail := w.mailOf(n); mail != nil {
		delivery := console.Key{Name: deliveryKey}
		if ip := mail.settings.Delivery.LogicalIP; ip.IsValid() {
			delivery.Values = []console.Value{{Name: logicalIP, Type: "REG_SZ", Data: ip.String()}}
		}
		keys = append(keys, delivery)
	}
	return keys
}
