package reports

// What pages, traces and timelines say of mail, beside the text report's summary.
const (
	htmlMailHead key = htmlMessages + iota
	htmlGroupMail
	htmlMailNote
	mailLaneAccept
	mailLaneDeliver
	mailLaneRelay
	mailLaneBounce
	mailLaneRetry
	mailLaneFail
	mailLanePoll
	mailLaneBroken
	mailLegendAccept
	mailLegendFail
	mailLegendPoll
	mailLegendBroken
	mailAcceptText
	mailDeliverText
	mailRelayText
	mailBounceText
	mailRetryText
	mailFailText
	mailPollText
	mailBrokenText
	mailBars
	mailDown
	mailDownOn
	mailDownMore
	mailDownFailed
	mailDownSlow
	mailDownCause
	mailDownAfter
	mailNeverDown
	mailHosts
	mailHost
	htmlTermShare
	htmlTermShareText
	htmlTermStages
	htmlTermStagesText

	mailMessages // one past the last
)

var mailCatalogue = map[key]phrase{
	htmlMailHead:  {"What became of the mail", "メールの行方"},
	htmlGroupMail: {"Mail", "メール"},
	htmlMailNote: {"each lane shows one kind of event; where there are too many for single signs, the height of a bar is how many",
		"レーンごとに 1 種類の出来事。個々に描けないほど多いときは棒の高さが件数"},
	mailLaneAccept:   {"accepted by %s", "%s が受信"},
	mailLaneDeliver:  {"put into mailboxes", "メールボックスへ配送"},
	mailLaneRelay:    {"passed to other servers", "他ドメインへ中継"},
	mailLaneBounce:   {"bounced", "不達通知"},
	mailLaneRetry:    {"delivery put off", "配送の延期"},
	mailLaneFail:     {"%s could not send", "%s の送信失敗"},
	mailLanePoll:     {"%s could not read", "%s の受信失敗"},
	mailLaneBroken:   {"sessions broken at %s", "%s で切断"},
	mailLegendAccept: {"message accepted", "受信"},
	mailLegendFail:   {"try to send that failed", "送信失敗"},
	mailLegendPoll:   {"look for new mail that failed", "受信確認の失敗"},
	mailLegendBroken: {"session broken", "セッション切断"},
	mailAcceptText:   {"accepted: from %s to %s, Message-ID %s", "受信: %s から %s 宛、Message-ID %s"},
	mailDeliverText:  {"in the mailbox of %s, queue entry %s", "%s のメールボックスへ、キュー %s"},
	mailRelayText:    {"the server %s took the copy for %s, queue entry %s", "サーバー %s が %s 宛を受領、キュー %s"},
	mailBounceText:   {"given up for %s: %s", "%s 宛を断念: %s"},
	mailRetryText:    {"for %s, try %d: %s", "%s 宛、%d 回目: %s"},
	mailFailText:     {"to %s, try %d, failed at %s after %s: %s", "%s 宛 %d 回目、%s で失敗 (%s 後): %s"},
	mailPollText:     {"%s by %s, failed at %s after %s: %s", "%s (%s)、%s で失敗 (%s 後): %s"},
	mailBrokenText:   {"%s, with %s, after %s", "%s、相手 %s、%s 後"},
	mailBars:         {"%d between %s and %s", "%d 件、%s から %s"},
	mailDown: {"No mail of %s was accepted at %s from %s to %s: %s.",
		"%s のメールは %s で受信されませんでした: %s から %s まで、%s。"},
	mailDownOn: {"No mail of %s was accepted at %s from %s until the run ended: %s.",
		"%s のメールは %s で受信されませんでした: %s から実行終了まで、%s。"},
	mailDownMore:   {"Shorter times like it: %d, %s in all.", "これより短いもの: %d 回、合計 %s。"},
	mailDownFailed: {"%d of its tries failed (%s)", "%d 回失敗 (%s)"},
	mailDownSlow:   {"it tried and waited", "送信を試みて待機"},
	mailDownCause:  {"It began with: %s.", "きっかけ: %s。"},
	mailDownAfter:  {"The last fault before was: %s.", "直前の障害: %s。"},
	mailNeverDown: {"%s always got an answer at %s when it sent mail: no try failed for a passing reason, and none had to wait a second.",
		"%s のメール送信には %s から常に応答がありました: 一時的な失敗も 1 秒以上の待ちもありません。"},
	mailHosts: {"Mail also needs: %s.", "メールにはほかに次も必要です: %s。"},
	mailHost:  {"%s (%s, %s)", "%s (%s、%s)"},

	htmlTermShare: {"Share, queue, mailbox", "共有フォルダー、キュー、メールボックス"},
	htmlTermShareText: {"Both machines keep accepted messages (the queue) and mailboxes on one file server. A message counts as accepted when the sender was told 250; from then on it must not be lost.",
		"2 台とも受信したメール (キュー) とメールボックスを同じファイルサーバーに置きます。送信側に 250 を返した時点で受信とし、以後は失われてはなりません。"},
	htmlTermStages: {"connect, greeting, mail, rcpt, data, dot", "connect、greeting、mail、rcpt、data、dot"},
	htmlTermStagesText: {"How far a try to send came before it failed: nobody took the connection; no welcome; then the sender, the recipient, the message and its final dot. A number is the server's answer: 4xx means try again later, 5xx means no.",
		"送信がどこで失敗したか: 接続できない、応答がない、送信者、宛先、本文、本文の終わりのドット。数字はサーバーの応答で、4xx は後で再試行、5xx は拒否。"},
}
