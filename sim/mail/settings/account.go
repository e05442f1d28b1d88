package settings

import (
	"slices"
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
)

// LocalSystem is the account that services run as unless they are told otherwise.
const LocalSystem = "LocalSystem"

// Administrators are accounts, besides Administrator, that are known to be administrators on both nodes and to have a
// right on the share, as `CORP\epost`. No file of a node tells of any.
type Administrators []string

// RightOnShare says whether a service that runs as the account may use the share: Administrator may, of whichever computer
// or domain; LocalSystem may not (C3).
// Inferred: no other account may of which nobody says so; the guide knows only these two.
func (a Administrators) RightOnShare(account string) bool {
	return strings.EqualFold(nameOf(account), "Administrator") || slices.ContainsFunc(a, func(b string) bool { return strings.EqualFold(b, account) })
}

// RightOnHost says whether a service that runs as the account may change the machine's addresses: who has a right on the
// share may, and LocalSystem, which is the machine itself (H17).
func (a Administrators) RightOnHost(account string) bool {
	return a.RightOnShare(account) || strings.EqualFold(account, LocalSystem)
}

// Names are theirs without those of computers and domains.
func (a Administrators) Names() (all []string) {
	for _, account := range a {
		all = append(all, nameOf(account))
	}
	return all
}

// nameOf is the account's own name, without that of its computer or domain.
func nameOf(account string) string { return account[strings.LastIndexByte(account, '\\')+1:] }

// OfComputer says whether the account is a local one of the computer of that name, by its name: no other computer knows it,
// so that a service that is to run as it there cannot log on (H17). `.\Administrator` is of whichever computer it stands on.
func OfComputer(account, computer string) bool {
	of, _, named := strings.Cut(account, `\`)
	return named && of != "." && computer != "" && SameComputer(of, computer)
}

// OwnAccounts are the names by which a computer knows its own account of the guide, where there is one of another computer.
func OwnAccounts(computer string) diag.Text {
	return diag.Say("%s, which is %s, or the account of a domain", registry.GuideAccount, computer+strings.TrimPrefix(registry.GuideAccount, "."))
}
