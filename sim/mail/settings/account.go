package settings

import (
	"strings"

	"ipwsim/core/diag"
	"ipwsim/core/registry"
)

// LocalSystem is the account that services run as unless they are told otherwise.
const LocalSystem = "LocalSystem"

// RightOnShare says whether a service that runs as the account may use the share: Administrator may,
// of whichever computer or domain; LocalSystem may not (C3).
// Inferred: no other account may; the guide knows only these two.
func RightOnShare(account string) bool {
	name := account[strings.LastIndexByte(account, '\\')+1:]
	return strings.EqualFold(name, "Administrator")
}

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
