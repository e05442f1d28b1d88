package registry

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
)

// The product's keys, and where a 32-bit one has them on 64-bit Windows.
const (
	productKeys = `HKEY_LOCAL_MACHINE\SOFTWARE\EPOST`
	wow64Keys   = `HKEY_LOCAL_MACHINE\SOFTWARE\WOW6432Node\EPOST`
)

// Usual are the exports of one machine with the keys of a 32-bit product as the usual ones, where no export has those;
// that is told. Lines and values stay.
//
// Inferred: the guide is of the 64-bit product; a 32-bit one has the same settings there.
func Usual(exports []File) (all []File, problems diag.List) {
	all = slices.Clone(exports)
	for i, f := range exports {
		var first Key
		all[i].Keys = slices.Clone(f.Keys)
		for j, k := range f.Keys {
			usual, is := moved(k.Name, wow64Keys, productKeys)
			if !is || slices.ContainsFunc(exports, func(f File) bool { _, has := f.Key(usual); return has }) {
				continue
			}
			if first.Name == "" {
				first = k
			}
			all[i].Keys[j].Name, all[i].Keys[j].There = usual, k.Name
		}
		if first.Name != "" {
			problems.Warnf(f.Name, first.Line, "%s is of a 32-bit product on 64-bit Windows, and no export has the usual key; it is taken for that, %s, as all behind it are", first.Name, productKeys)
		}
	}
	return all, problems
}

// WOW64 is where a 32-bit product has that key of the product's on 64-bit Windows; is says whether it is one.
func WOW64(key string) (there string, is bool) { return moved(key, productKeys, wow64Keys) }

// moved is the name of a key that is from, or below that, with to in its place; is says whether it is.
func moved(name, from, to string) (there string, is bool) {
	n := len(from)
	if len(name) < n || !strings.EqualFold(name[:n], from) || len(name) > n && name[n] != '\\' {
		return name, false
	}
	return to + name[n:], true
}
