package settings

import "strings"

// LocalSystem is the account that services run as unless they are told otherwise.
const LocalSystem = "LocalSystem"

// RightOnShare says whether a service that runs as the account may use the share: Administrator may,
// of whichever computer or domain; LocalSystem may not (C3).
// Inferred: no other account may; the guide knows only these two.
func RightOnShare(account string) bool {
	name := account[strings.LastIndexByte(account, '\\')+1:]
	return strings.EqualFold(name, "Administrator")
}
