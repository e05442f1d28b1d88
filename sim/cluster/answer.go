package cluster

import "ipwsim/sim/profile"

// Answer says what is wrong with a text as the value of a key of cluster.toml, of a node or of another machine; nil for
// nothing, and for a key that is no text's. It knows the shipped profiles alone.
func Answer(node bool, key, text string) error {
	var err error
	switch {
	case key == "name" && node:
		_, err = toNetBIOS(text)
	case key == "address":
		_, err = toAddress(text)
	case key == "interface":
		_, err = toLine(text)
	case key == "unc":
		_, err = toUNC(text)
	case key == "profile" && node:
		_, err = toProfile(profile.Servers, true)(text)
	case key == "profile":
		_, err = toProfile(profile.Neighbors, true)(text)
	}
	return err
}
