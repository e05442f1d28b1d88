package windows

import "ipwsim/sim/says"

// netshText is what netsh says of a command.
type netshText struct{ en, ja string }

// What netsh says: of success, that is an empty line.
var (
	textDone   = netshText{}
	textExists = netshText{"The object already exists.", "オブジェクトは既に存在します。"}
	// Inferred: what it says of an address that no interface can have is Windows' ERROR_INVALID_PARAMETER.
	textParameter = netshText{"The parameter is incorrect.", "パラメーターが間違っています。"}
	textNotFound  = netshText{"Element not found.", "要素が見つかりません。"}
	textFailed    = netshText{"The requested operation failed.", "要求された操作に失敗しました。"}
	textNoRight   = netshText{
		"The requested operation requires elevation (Run as administrator).",
		"要求された操作には管理者特権が必要です (管理者として実行)。",
	}
	textNoInterface = netshText{
		"The filename, directory name, or volume label syntax is incorrect.",
		"ファイル名、ディレクトリ名、またはボリューム ラベルの構文が間違っています。",
	}
)

// in is the text as printed, with the empty line that netsh ends with.
func (t netshText) in(l says.Language) string {
	if t == textDone {
		return "\r\n"
	}
	return l.In(t.en, t.ja) + "\r\n\r\n"
}
