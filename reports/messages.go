package reports

import "fmt"

// lang is a language of the reports.
type lang int

const (
	english lang = iota
	japanese
)

// language returns the language of the code; English for one it does not know.
func language(code string) lang {
	if code == "ja" {
		return japanese
	}
	return english
}

// say fills in the message in the language.
func (l lang) say(k key, args ...any) string {
	m := k.phrase()
	text := m.en
	if l == japanese {
		text = m.ja
	}
	if len(args) == 0 {
		return text
	}
	return fmt.Sprintf(text, args...)
}

// key names a message.
type key int

// phrase is a message in the languages.
type phrase struct{ en, ja string }

func (k key) phrase() phrase {
	switch {
	case k >= htmlMessages:
		return mailCatalogue[k]
	case k >= messages:
		return htmlCatalogue[k]
	}
	return catalogue[k]
}

const (
	// Small parts.
	inSeconds key = iota
	comma

	// The head of a report.
	passWord
	failWord
	because
	metaFile
	metaSeed
	metaLength
	metaHash
	warning
	runAgain

	// Why a run has not passed.
	noData
	nothingJudged
	noScenarios
	whyExpectation
	whyFail
	whyInconclusive
	whyFigure
	atLine
	seenNothing

	// Figures.
	failover
	failback
	promisedBand
	noPromise
	bandBetween
	bandFrom
	bandTo
	kept
	missed
	neverEnded
	atLeast
	silentFor
	answeredBy

	// Outages, taken apart.
	headOutages
	madeOf
	sawLines
	linesOf
	partCounting
	partOutOfReach
	partTentative
	partWrongCache
	partRouterCache
	partWayBack
	partBlocked
	partClientDown

	// ARP entries that were wrong.
	headBeliefs
	beliefLine
	noNode

	// The field table.
	fieldIntro
	fieldWith
	fieldWithout
	fieldFailover
	fieldFailback
	fieldFree
	fieldTentative
	fieldWrong

	// The timeline.
	headTimeline
	faultsLane
	axisUnit
	oneColumn
	statePreferred
	stateTentative
	stateDuplicate
	stateAnswered
	stateNone

	// Notes of ours in what others printed.
	moreReplies
	moreRepliesRange
	moreTimeouts
	moreUnreachables
	moreFailures
	moreNotes
	moreLines
	morePings
	watchNote
	pingCutOff
	unknownOutcome

	// Sections.
	headPing
	headWatcher
	headCommands
	headChecks
	headExpectations
	seenLine
	commandLine
	commandFailed
	eventLine

	// Task Scheduler.
	taskStarted
	taskFinished
	taskSkipped
	taskTerminated
	taskSwallowed
	triggerStartup

	// Verdicts of checks.
	verdictPass
	verdictFail
	verdictInconclusive
	verdictNotApplied
	verdictExpected
	reason

	// Many scenarios.
	suiteTotal

	// Mail.
	headMail
	mailAccepted
	mailAgain
	mailFates
	mailLost
	mailDelay
	mailClients
	mailFailures
	mailFailed
	mailRefused

	// What ping.exe prints.
	pingHeader
	pingReply
	pingTimedOut
	pingUnreachable
	pingUnreachableBare
	pingGeneralFailure
	pingStatistics
	pingPackets
	pingTripHeader
	pingTrips

	messages // how many there are
)

// catalogue holds every sentence of the text reports. The strings of ping.exe are those of
// Windows, to the blank: scripts in the field match them.
var catalogue = [messages]phrase{
	headMail:     {"Mail", "メール"},
	mailAccepted: {"%d accepted (a message counts once a recipient)", "受信 %d 通 (宛先ごとに 1 通)"},
	mailAgain:    {"%d of the messages sent again after a lost 250", "うち応答 250 を失い再送 %d 通"},
	mailFates: {
		"%d in mailboxes, %d with other domains' servers, %d bounced, %d still queued",
		"メールボックス %d 通、他ドメインのサーバー %d 通、不達通知 %d 通、キュー内 %d 通",
	},
	mailLost:     {"%d lost, %d there more than once", "消失 %d 通、重複 %d 通"},
	mailDelay:    {"delivered %s s after acceptance in the median, %s s at most", "受信から配送まで中央値 %s 秒、最長 %s 秒"},
	mailClients:  {"%d read; %d sessions broken, %d looks for new mail failed", "受信者が読んだ %d 通、切断されたセッション %d、失敗した受信確認 %d"},
	mailFailures: {"tries to send that failed:", "送信の失敗:"},
	mailFailed:   {"%d x %s", "%d 回 %s"},
	mailRefused:  {"%d x %s (%d)", "%d 回 %s (%d)"},

	inSeconds: {"%s s", "%s 秒"},
	comma:     {", ", "、"},

	passWord:   {"PASS", "成功"},
	failWord:   {"FAIL", "失敗"},
	because:    {"because", "理由"},
	metaFile:   {"%s", "%s"},
	metaSeed:   {"seed %d", "シード %d"},
	metaLength: {"%s of virtual time", "仮想時間 %s"},
	metaHash:   {"trace %s", "トレース %s"},
	warning:    {"warning: %s", "警告: %s"},
	runAgain:   {"run again: %s", "再実行: %s"},

	noData:          {"no data: the run left no trace", "データなし: 実行の記録がありません"},
	nothingJudged:   {"no data: no check applied and nothing was expected", "データなし: 判定した項目がありません"},
	noScenarios:     {"no data: no scenario was run", "データなし: シナリオが実行されていません"},
	whyExpectation:  {"%s; seen: %s", "%s / 結果: %s"},
	whyFail:         {"%s: %s", "%s: %s"},
	whyInconclusive: {"%s is inconclusive: %s", "%s は判定不能: %s"},
	whyFigure:       {"%s: %s, promised %s", "%s: %s、基準 %s"},
	atLine:          {"line %d: %s", "%d 行目: %s"},
	seenNothing:     {"nothing", "なし"},

	failover:     {"failover", "フェールオーバー"},
	failback:     {"failback", "フェールバック"},
	promisedBand: {"promised %s", "基準 %s"},
	noPromise:    {"no promise", "基準なし"},
	bandBetween:  {"%s-%s s", "%s-%s 秒"},
	bandFrom:     {"%s s or more", "%s 秒以上"},
	bandTo:       {"%s s or less", "%s 秒以下"},
	kept:         {"ok", "OK"},
	missed:       {"missed", "NG"},
	neverEnded:   {"never ended", "終了せず"},
	atLeast:      {"> %s", "> %s"},
	silentFor:    {"silent %s", "無応答 %s"},
	answeredBy:   {"then %s", "以後 %s"},

	headOutages:     {"Outages, taken apart", "無応答の内訳"},
	madeOf:          {"made of:", "内訳:"},
	sawLines:        {"ping saw:", "ping の表示:"},
	linesOf:         {"%d x %s", "%d 回 %s"},
	partCounting:    {"no node had it", "どのノードも未取得"},
	partOutOfReach:  {"its node out of reach (N1)", "保持ノードに届かない (N1)"},
	partTentative:   {"tentative (H3)", "重複検査中 (H3)"},
	partWrongCache:  {"wrong ARP entry (N3)", "ARP キャッシュの誤り (N3)"},
	partRouterCache: {"wrong ARP entry in a router (N5)", "ルーターの ARP キャッシュの誤り (N5)"},
	partWayBack:     {"wrong ARP entry on the way back (N3)", "応答経路の ARP キャッシュの誤り (N3)"},
	partBlocked:     {"firewall closed (H8)", "ファイアウォール遮断 (H8)"},
	partClientDown:  {"client's own link down", "クライアント側の断"},

	headBeliefs: {"ARP entries that led past the holder (N3)", "保持ノードを指していない ARP エントリ (N3)"},
	beliefLine:  {"led to %s (%s) for %s; the holder was %s", "%s (%s) を指していた: %s、保持は %s"},
	noNode:      {"no node", "ノード以外"},

	fieldIntro: {"Seconds until the client is answered again: after the active node's cable is pulled, and " +
		"after it is plugged in. Beside each, what the silence was made of: nobody had the VIP, " +
		"it was tentative (H3), an ARP cache led elsewhere (N3, N5).",
		"クライアントが再び応答を得るまでの秒数 (active のケーブルを抜いた後、挿した後)。右は無応答の内訳: " +
			"未取得、重複検査中 (H3)、ARP キャッシュの誤り (N3, N5)。"},
	fieldWith:      {"with arpclear.bat", "arpclear.bat あり"},
	fieldWithout:   {"without arpclear.bat", "arpclear.bat なし"},
	fieldFailover:  {"failover", "切替"},
	fieldFailback:  {"failback", "復帰"},
	fieldFree:      {"free", "未取得"},
	fieldTentative: {"DAD", "検査"},
	fieldWrong:     {"cache", "ARP"},

	headTimeline:   {"Timeline", "経過"},
	faultsLane:     {"faults", "操作・障害"},
	axisUnit:       {"seconds", "秒"},
	oneColumn:      {"a column is %s", "1 桁 %s"},
	statePreferred: {"preferred", "優先"},
	stateTentative: {"tentative", "重複検査中"},
	stateDuplicate: {"duplicate", "重複"},
	stateAnswered:  {"answered", "応答あり"},
	stateNone:      {"none", "なし"},

	moreReplies:      {"[... %d more replies, %s ...]", "[... 応答 あと %d 行、%s ...]"},
	moreRepliesRange: {"%s to %s", "%s から %s"},
	moreTimeouts:     {"[... %d more time-outs ...]", "[... タイムアウト あと %d 行 ...]"},
	moreUnreachables: {"[... %d more unreachables ...]", "[... 到達不能 あと %d 行 ...]"},
	moreFailures:     {"[... %d more failures ...]", "[... 送信失敗 あと %d 行 ...]"},
	moreNotes:        {"[... %d more notes ...]", "[... 注記 あと %d 行 ...]"},
	moreLines:        {"[... %d more lines ...]", "[... あと %d 行 ...]"},
	morePings:        {"[... %d more pings ...]", "[... ping あと %d 件 ...]"},
	watchNote:        {"[%s  %s: %s]", "[%s  %s: %s]"},
	pingCutOff:       {"[the run ended while ping was still running]", "[ping の実行中にシナリオが終了しました]"},
	unknownOutcome:   {"[unknown outcome: %s]", "[不明な結果: %s]"},

	headPing:         {"Ping from %s to %s", "%s から %s への ping"},
	headWatcher:      {"Watcher's log on %s", "%s の IPWatcher ログ"},
	headCommands:     {"Commands, events and tasks", "コマンド、イベント、タスク"},
	headChecks:       {"Checks", "検査"},
	headExpectations: {"Expectations that failed", "満たされなかった期待"},
	seenLine:         {"seen: %s", "結果: %s"},
	commandLine:      {"%s (took %s)", "%s (所要 %s)"},
	commandFailed:    {"%s (exit %d, took %s)", "%s (終了コード %d、所要 %s)"},
	eventLine:        {"event %s %d: %s", "イベント %s %d: %s"},

	taskStarted:    {"task %s started by %s", "タスク %s 開始 (契機 %s)"},
	taskFinished:   {"task %s finished", "タスク %s 終了"},
	taskSkipped:    {"task %s skipped for %s: already running, by %s at %s", "タスク %s スキップ (契機 %s): 実行中 (契機 %s、%s から)"},
	taskTerminated: {"task %s terminated by the shutdown", "タスク %s シャットダウンにより中止"},
	taskSwallowed: {"%s: %s was not run for %s at %s: the run begun by %s at %s was still under way, " +
		"and Windows starts no second one (H10)",
		"%s: %s は %s (%s) では実行されていません。%s で %s に始まった実行が続いており、Windows は二つ目を開始しません (H10)"},
	triggerStartup: {"the start of Windows", "Windows の起動"},

	verdictPass:         {"pass", "合格"},
	verdictFail:         {"FAIL", "不合格"},
	verdictInconclusive: {"INCONCLUSIVE", "判定不能"},
	verdictNotApplied:   {"n/a", "対象外"},
	verdictExpected:     {"shown", "再現"},
	reason:              {"reason: %s", "理由: %s"},

	suiteTotal: {"%d scenarios: %d passed, %d failed", "シナリオ %d 件: 成功 %d 件、失敗 %d 件"},

	pingHeader:          {"Pinging %s with %d bytes of data:", "%s に ping を送信しています %d バイトのデータ:"},
	pingReply:           {"Reply from %s: bytes=%d time%s TTL=%d", "%s からの応答: バイト数 =%d 時間 %s TTL=%d"},
	pingTimedOut:        {"Request timed out.", "要求がタイムアウトしました。"},
	pingUnreachable:     {"Reply from %s: Destination host unreachable.", "%s からの応答: 宛先ホストに到達できません。"},
	pingUnreachableBare: {"Destination host unreachable.", "宛先ホストに到達できません。"},
	pingGeneralFailure:  {"PING: transmit failed. General failure.", "PING: 転送に失敗しました。一般エラーです。"},
	pingStatistics:      {"Ping statistics for %s:", "%s の ping 統計:"},
	pingPackets: {"    Packets: Sent = %d, Received = %d, Lost = %d (%d%% loss),",
		"    パケット数: 送信 = %d、受信 = %d、損失 = %d (%d%% の損失)、"},
	pingTripHeader: {"Approximate round trip times in milli-seconds:", "ラウンド トリップの概算時間 (ミリ秒):"},
	pingTrips: {"    Minimum = %dms, Maximum = %dms, Average = %dms",
		"    最小 = %dms、最大 = %dms、平均 = %dms"},
}
