package reports

// The sentences of the HTML pages, beside those of messages.go.
const (
	// Frame of the pages.
	htmlSkipTo key = messages + iota
	htmlShortHead
	htmlFiguresHead
	htmlColFigure
	htmlColMeasured
	htmlColPromised
	htmlColKept
	htmlOutagesHead
	htmlOutageCause
	htmlOutageParts
	htmlOutageSaw
	htmlShowInChart
	htmlChartHead
	htmlChartLead
	htmlChartKeys
	htmlZoomIn
	htmlZoomOut
	htmlZoomAll
	htmlEarlier
	htmlLater
	htmlSeconds
	htmlNothing
	htmlReadoutHead
	htmlReadoutHint
	htmlStoryHead
	htmlColTime
	htmlColClock
	htmlColWho
	htmlColWhat
	htmlFramesLink
	htmlFramesHead
	htmlFramesLead
	htmlCapturesHint
	htmlBeliefsHead
	htmlChecksHead
	htmlScriptsHead
	htmlRerunHead
	htmlRerunLead
	htmlTermsHead
	htmlWarningsHead
	htmlWeakHead
	htmlBecauseHead
	htmlLegendHead
	htmlColCheck
	htmlColScenario
	htmlColAway
	htmlColVerdict
	htmlSuiteTitle
	htmlBandOf

	// Sentences.
	htmlHours
	htmlMinutes
	htmlWhen
	htmlFromTo
	htmlFromOn
	htmlSpanTitle
	htmlDense
	htmlLead
	htmlReached
	htmlAwayOnce
	htmlAwayTimes
	htmlStillAway
	htmlAwayCause
	htmlAwayMost
	htmlAllHeld
	htmlNoDemand
	htmlShared
	htmlFailoverNote
	htmlFailbackNote
	htmlOutageTitle
	htmlEndedBy
	htmlMoreOutages
	htmlWhyCounting
	htmlWhyOutOfReach
	htmlWhyTentative
	htmlWhyWrongCache
	htmlWhyRouterCache
	htmlWhyWayBack
	htmlWhyBlocked
	htmlWhyClientDown
	htmlStoryAway
	htmlStoryBack
	htmlStoryBelief
	htmlStoryTentative
	htmlStoryPreferred
	htmlStoryDuplicate
	htmlStoryAbsent
	htmlStoryCut
	htmlWatcherSays
	htmlWindowTitle
	htmlWindowFault
	htmlFramesLeft
	htmlFramesCut
	htmlNotArrived
	htmlAll
	htmlLine

	// Lanes.
	htmlGroupHolders
	htmlGroupClients
	htmlGroupBeliefs
	htmlBeliefsNote
	htmlGroupWatchers
	htmlGroupNetwork
	htmlGroupFrames
	htmlAllUp
	htmlSilent
	htmlPolling
	htmlTaking
	htmlHeld
	htmlReleasing
	htmlLinkDown
	htmlOff
	htmlBooting
	htmlStopping
	htmlFrozen
	htmlWatcherOf
	htmlMachineOf
	htmlCableOf
	htmlBeliefOf
	htmlWrongBelief
	htmlPingOf
	htmlPingReply
	htmlPingTimedOut
	htmlPingUnreachable
	htmlPingFailed
	htmlPingLost
	htmlFramesLane
	htmlLegendHeld
	htmlLegendTentative
	htmlLegendBad
	htmlLegendLeaving
	htmlLegendDown
	htmlLegendCalm
	htmlLegendFault

	// Terms.
	htmlTermVIP
	htmlTermVIPText
	htmlTermNodes
	htmlTermNodesText
	htmlTermWatcher
	htmlTermWatcherText
	htmlTermStates
	htmlTermStatesText
	htmlTermARP
	htmlTermARPText
	htmlTermPipe
	htmlTermPipeText
	htmlTermCapture
	htmlTermCaptureText
	htmlTermAnswer
	htmlTermAnswerText
	htmlTermCodes
	htmlFieldTitle
	htmlFieldCache
	htmlFieldScale
	htmlFieldSeen
	htmlTermCodesText

	// Faults in plain words.
	htmlFaultUnplug
	htmlFaultPlug
	htmlFaultFlap
	htmlFaultCut
	htmlFaultMend
	htmlFaultImpair
	htmlFaultShutdown
	htmlFaultPowerOff
	htmlFaultPowerOn
	htmlFaultFreeze
	htmlFaultResume
	htmlFaultStop
	htmlFaultStart
	htmlFaultBlockEcho
	htmlFaultAllowEcho
	htmlFaultBlockPipe
	htmlFaultAllowPipe
	htmlFaultDenyPipe
	htmlFaultGrantPipe

	htmlMessages // one past the last; those of mail follow
)

// htmlCatalogue holds the pages' sentences from key messages on.
var htmlCatalogue = map[key]phrase{
	htmlSkipTo:      {"Skip to the report", "本文へ"},
	htmlShortHead:   {"In short", "概要"},
	htmlFiguresHead: {"Promised and measured", "基準と実測"},
	htmlColFigure:   {"What", "項目"},
	htmlColMeasured: {"Measured", "実測"},
	htmlColPromised: {"Promised", "基準"},
	htmlColKept:     {"Kept?", "判定"},
	htmlOutagesHead: {"When the service was away, and why", "サービスに届かなかった時間とその理由"},
	htmlOutageCause: {"It began with:", "きっかけ:"},
	htmlOutageParts: {"What the time was made of", "時間の内訳"},
	htmlOutageSaw:   {"What ping.exe printed meanwhile:", "その間の ping の表示:"},
	htmlShowInChart: {"Show on the timeline", "経過図で見る"},
	htmlChartHead:   {"Timeline", "経過"},
	htmlChartLead: {"Time runs to the right, in seconds from the start of the run. Point at the lanes to read every state at one moment; drag to move, use the buttons or Ctrl and the wheel to zoom.",
		"右へ時間が進みます (開始からの秒数)。レーンを指すとその時点の状態が表示されます。ドラッグで移動、ボタンまたは Ctrl + ホイールで拡大縮小します。"},
	htmlChartKeys:   {"Keys: ← → move the cursor, + − zoom, 0 shows the whole run.", "キー: ← → カーソル移動、+ − 拡大縮小、0 全体表示。"},
	htmlZoomIn:      {"Zoom in", "拡大"},
	htmlZoomOut:     {"Zoom out", "縮小"},
	htmlZoomAll:     {"Whole run", "全体"},
	htmlEarlier:     {"Earlier", "前へ"},
	htmlLater:       {"Later", "後へ"},
	htmlSeconds:     {"seconds", "秒"},
	htmlNothing:     {"nothing", "なし"},
	htmlReadoutHead: {"At", "時刻"},
	htmlReadoutHint: {"Point at the timeline, or focus it and use the arrow keys: every lane's state at that moment is shown here.",
		"経過図を指すか、フォーカスして矢印キーを押すと、その時点の全レーンの状態がここに表示されます。"},
	htmlStoryHead:  {"What happened, in order", "起きたことの順"},
	htmlColTime:    {"Time", "時刻"},
	htmlColClock:   {"Clock", "時計"},
	htmlColWho:     {"Who", "対象"},
	htmlColWhat:    {"What", "内容"},
	htmlFramesLink: {"frames", "フレーム"},
	htmlFramesHead: {"The frames around each change", "変化の前後のフレーム"},
	htmlFramesLead: {"Each row is one Ethernet frame: an arrow from its sender to those it reached. A dashed arrow with a cross did not arrive. On the right is its place in the captures: file and frame number. Of the frames of mail and of the share only those nearest to each change are shown; the captures have all.",
		"1 行が 1 フレームです。矢印は送信元から届いた先へ向かいます。破線と × は届かなかったもの。右はキャプチャー内の位置 (ファイルとフレーム番号) です。メールと共有フォルダーのフレームは各変化の直近のものだけを示し、キャプチャーには全てあります。"},
	htmlCapturesHint: {"To get these capture files, for Wireshark, run:", "キャプチャーファイル (Wireshark 用) を得るコマンド:"},
	htmlBeliefsHead:  {"Who still looked for the address at the wrong machine", "誤ったマシンを指していた ARP エントリ"},
	htmlChecksHead:   {"What was checked", "検査項目"},
	htmlScriptsHead:  {"What people saw on the machines", "各マシンでの表示"},
	htmlRerunHead:    {"Run it again", "再実行"},
	htmlRerunLead:    {"The same command gives the same run, to the last byte:", "同じコマンドで、最後の 1 バイトまで同じ結果になります:"},
	htmlTermsHead:    {"Words used here", "用語"},
	htmlWarningsHead: {"Warnings", "警告"},
	htmlWeakHead:     {"Shown on purpose, a known weakness:", "意図して再現した弱点:"},
	htmlBecauseHead:  {"What did not hold:", "満たされなかったもの:"},
	htmlLegendHead:   {"Legend", "凡例"},
	htmlColCheck:     {"Check", "項目"},
	htmlColScenario:  {"Scenario", "シナリオ"},
	htmlColAway:      {"Longest time away", "最長の無応答"},
	htmlColVerdict:   {"Verdict", "結果"},
	htmlSuiteTitle:   {"All scenarios", "全シナリオ"},
	htmlBandOf:       {"promised band", "基準の範囲"},

	htmlHours:     {"%s (%s h)", "%s (%s)"},
	htmlMinutes:   {"%s (%s min)", "%s (%s)"},
	htmlWhen:      {"%s (%s)", "%s (%s)"},
	htmlFromTo:    {"From %s to %s.", "%s から %s まで。"},
	htmlFromOn:    {"From %s until the run ended.", "%s から実行終了まで。"},
	htmlSpanTitle: {"%s: %s to %s, %s", "%s: %s から %s、%s"},
	htmlDense:     {"(condensed: zoomed-in details are in the trace)", "(集約表示)"},
	htmlLead: {"The mail service is reached at the address %s. Two machines, %s and %s, share that address: one has it at a time, and the other takes over when it falls silent. This is a simulated run of %s; its clock starts at %s.",
		"メールサービスのアドレスは %s です。%s と %s の 2 台のうち 1 台が保持し、応答がなくなるともう 1 台が引き継ぎます。これは %s のシミュレーションで、時計は %s に始まります。"},
	htmlReached:  {"%s could reach %s the whole time.", "%s は終始 %s に届きました。"},
	htmlAwayOnce: {"%s could not reach %s once: for %s, from %s to %s.", "%s は %s に 1 回届きませんでした: %s、%s から %s まで。"},
	htmlAwayTimes: {"%d times %s could not reach %s, %s in all. The longest: %s, from %s to %s.",
		"%d 回、%s は %s に届きませんでした。合計 %s、最長は %s、%s から %s まで。"},
	htmlAwayMost:  {"Most of that time: %s.", "その大半: %s。"},
	htmlAwayCause: {"It began with: %s.", "きっかけ: %s。"},
	htmlAllHeld:   {"Everything this scenario demands held.", "このシナリオの条件はすべて満たされました。"},
	htmlNoDemand:  {"This scenario demands nothing of its own; the checks that every run must pass held.", "このシナリオ固有の条件はありません。全シナリオ共通の検査には合格しました。"},
	htmlStillAway: {"It was still away when the run ended.", "実行終了時も届いていません。"},
	htmlShared: {"%s and %s both held %s for %s in all, between %s and %s: a split brain. Each answered whoever reached it.",
		"%s と %s が同時に %s を保持していました: 合計 %s、%s から %s の間 (スプリットブレイン)。それぞれが、届いた相手に応答しました。"},
	htmlFailoverNote: {"another machine takes the address", "別のマシンがアドレスを引き継ぐまで"},
	htmlFailbackNote: {"the first machine, back again, has the address", "復帰したマシンがアドレスを取り戻すまで"},
	htmlOutageTitle:  {"%s had no answer for %s", "%s は %s 応答を得られず"},
	htmlEndedBy:      {"It ended when %s answered.", "%s の応答で終了。"},
	htmlMoreOutages:  {"The %d longest of %d are shown.", "%d 件 (最長のもの) を表示、全 %d 件。"},
	htmlWhyCounting: {"No machine had the address. The watcher of the other machine waits until the address has been silent for a whole interval before it takes it.",
		"どのマシンもアドレスを持っていません。もう一方の監視プログラムは、1 間隔のあいだ応答がないことを確かめてから取得します。"},
	htmlWhyOutOfReach: {"A machine had the address, but the network did not lead there.", "アドレスを持つマシンに、ネットワークが届いていません。"},
	htmlWhyTentative: {"The address was new on its machine: Windows first asks the network three times, a second apart, whether somebody else has it, and does not use it meanwhile.",
		"追加直後のアドレスです。Windows は重複がないか 1 秒間隔で 3 回確かめ、その間は使いません。"},
	htmlWhyWrongCache: {"The client still sent to the machine that had the address before: its ARP entry was out of date.",
		"クライアントの ARP エントリが古く、以前のマシンに送り続けていました。"},
	htmlWhyRouterCache: {"The L3 switch still sent to the machine that had the address before: its ARP entry was out of date.",
		"L3 スイッチの ARP エントリが古く、以前のマシンに送り続けていました。"},
	htmlWhyWayBack: {"The request arrived, but the answer went astray: an ARP entry on the way back was out of date.",
		"要求は届きましたが、応答経路の ARP エントリが古く、応答が届きませんでした。"},
	htmlWhyBlocked:    {"The firewall of the machine dropped the requests.", "マシンのファイアウォールが要求を破棄しました。"},
	htmlWhyClientDown: {"The client itself was not on the network.", "クライアント自身がネットワークに接続していません。"},
	htmlStoryAway:     {"gets no answer from %s any more", "%s からの応答がなくなる"},
	htmlStoryBack:     {"gets answers from %s again, after %s", "%s が再び応答 (%s ぶり)"},
	htmlStoryBelief:   {"its ARP entry for %s now points to %s (%s)", "%s の ARP エントリが %s (%s) を指す"},
	htmlStoryTentative: {"its %s is tentative: not used until Windows has checked that nobody else has it",
		"%s は重複検査が済むまで使用不可 (tentative)"},
	htmlStoryPreferred: {"now holds %s and answers for it (preferred)", "%s を保持し応答する (preferred)"},
	htmlStoryDuplicate: {"finds %s in use elsewhere and does not use it (duplicate)", "%s は他で使用中と判明、使わない (duplicate)"},
	htmlStoryAbsent:    {"no longer has %s", "%s を削除"},
	htmlStoryCut:       {"The first %d of %d entries are shown.", "最初の %d 件を表示、全 %d 件。"},
	htmlWatcherSays:    {"the watcher is now %s: %s", "監視プログラム: %s (%s)"},
	htmlWindowTitle:    {"Frames %d: %s to %s", "フレーム %d: %s から %s"},
	htmlWindowFault:    {", around: %s", "、%s の前後"},
	htmlFramesLeft: {"%d more frames are not shown here; echoes that arrived go first. The captures have them all.",
		"あと %d フレームは省略 (届いた echo を優先的に省略)。キャプチャーには全てあります。"},
	htmlFramesCut: {"From %s on there was no room for frames in this page; the captures have them.",
		"%s 以降のフレームはこのページには入りません。キャプチャーにはあります。"},
	htmlNotArrived: {"did not arrive", "届かず"},
	htmlAll:        {"all", "全員"},
	htmlLine:       {"line %d", "%d 行目"},

	htmlGroupHolders:    {"Who has the address", "アドレスの保持"},
	htmlGroupClients:    {"What the clients get", "クライアントから見た応答"},
	htmlGroupBeliefs:    {"To which machine clients and L3 switches send", "クライアントと L3 スイッチの送り先"},
	htmlBeliefsNote:     {"by their ARP entry for the address", "アドレスの ARP エントリによる"},
	htmlGroupWatchers:   {"The watcher on each machine", "各マシンの監視プログラム"},
	htmlGroupNetwork:    {"Machines and cables", "マシンとケーブル"},
	htmlGroupFrames:     {"Frames shown below", "下に示すフレーム"},
	htmlAllUp:           {"All machines and cables were up all the time.", "全マシン、全ケーブルとも終始正常。"},
	htmlSilent:          {"no answer", "応答なし"},
	htmlPolling:         {"polling", "監視中"},
	htmlTaking:          {"taking", "取得中"},
	htmlHeld:            {"held", "保持"},
	htmlReleasing:       {"releasing", "解放中"},
	htmlLinkDown:        {"down", "断"},
	htmlOff:             {"off", "電源断"},
	htmlBooting:         {"booting", "起動中"},
	htmlStopping:        {"stopping", "停止中"},
	htmlFrozen:          {"frozen", "凍結"},
	htmlWatcherOf:       {"watcher of %s", "%s の監視"},
	htmlMachineOf:       {"machine %s", "マシン %s"},
	htmlCableOf:         {"cable of %s", "ケーブル %s"},
	htmlBeliefOf:        {"%s sends to", "%s の送り先"},
	htmlWrongBelief:     {"wrong: %s", "誤り: %s"},
	htmlPingOf:          {"%s pings %s", "%s の ping → %s"},
	htmlPingReply:       {"reply", "応答"},
	htmlPingTimedOut:    {"timed out", "タイムアウト"},
	htmlPingUnreachable: {"host unreachable", "到達不能"},
	htmlPingFailed:      {"could not send", "送信失敗"},
	htmlPingLost:        {"ping: timed out", "ping: タイムアウト"},
	htmlFramesLane:      {"frames", "フレーム"},
	htmlLegendHeld:      {"has the address (preferred, held)", "保持 (preferred, held)"},
	htmlLegendTentative: {"being taken or checked, not usable yet (tentative)", "取得中・重複検査中 (tentative)"},
	htmlLegendBad:       {"duplicate, or sent to the wrong machine", "重複、または誤った送り先"},
	htmlLegendLeaving:   {"releasing, starting or stopping", "解放中、起動中、停止中"},
	htmlLegendDown:      {"down, off or frozen", "断、電源断、凍結"},
	htmlLegendCalm:      {"other states", "その他の状態"},
	htmlLegendFault:     {"while a fault lasts", "障害の継続中"},

	htmlTermVIP: {"Virtual address (VIP)", "仮想アドレス (VIP)"},
	htmlTermVIPText: {"The IP address at which clients reach the mail service. It moves between the two machines.",
		"クライアントがメールサービスに接続するアドレス。2 台の間を移動します。"},
	htmlTermNodes: {"active, standby", "active、standby"},
	htmlTermNodesText: {"The two machines of the cluster. The active one (the master) has the address as long as it can; the standby (the slave) takes it when the active falls silent.",
		"クラスターの 2 台。通常は active (マスター) が保持し、応答がなくなると standby (スレーブ) が取得します。"},
	htmlTermWatcher: {"Watcher (IPWatcher)", "監視プログラム (IPWatcher)"},
	htmlTermWatcherText: {"The program on both machines that pings the address, takes it when it is silent for an interval, and gives it back.",
		"両方のマシンで動き、アドレスを ping し、1 間隔応答がなければ取得し、後で返します。"},
	htmlTermStates: {"tentative, preferred, duplicate", "tentative、preferred、duplicate"},
	htmlTermStatesText: {"The states of an address on a Windows machine: being checked and not used yet; in use; found in use elsewhere and not used.",
		"Windows 上のアドレスの状態: 検査中で未使用、使用中、他で使用中のため不使用。"},
	htmlTermARP: {"ARP entry", "ARP エントリ"},
	htmlTermARPText: {"A machine's note of which network card an IP address belongs to. After the address has moved, an old note leads packets to the wrong machine until it ages or is corrected.",
		"IP アドレスがどのネットワークカードのものかの控え。アドレス移動後、古い控えは期限切れか訂正まで誤ったマシンへ導きます。"},
	htmlTermPipe: {"Pipe", "パイプ"},
	htmlTermPipeText: {"The connection (TCP 445) over which one watcher asks the other to release the address.",
		"監視プログラム同士が解放を依頼する接続 (TCP 445)。"},
	htmlFieldTitle: {"How long a client waits, by kind of server and ARP cache", "サーバーと ARP キャッシュの種類ごとの待ち時間"},
	htmlFieldCache: {"ARP cache", "ARP キャッシュ"},
	htmlFieldScale: {"Bars are on a logarithmic scale from 1 s to %s. Colours: up to 40 s as the vendor measured, up to 10 minutes, longer.",
		"棒は 1 秒から %s までの対数目盛。色: ベンダー実測の 40 秒まで、10 分まで、それ以上。"},
	htmlFieldSeen:  {"see this run", "この実行を見る"},
	htmlTermAnswer: {"Answered, no answer", "応答あり、応答なし"},
	htmlTermAnswerText: {"Whether an echo request (ping) that the client sent at that very moment would be answered. What ping.exe prints lags behind: a time-out shows 4 s after its request.",
		"その瞬間にクライアントが送った ping に応答があるかどうか。ping.exe の表示は遅れます (タイムアウトは要求の 4 秒後)。"},
	htmlTermCodes: {"W12, H3, P1, ...", "W12、H3、P1 など"},
	htmlTermCodesText: {"Numbers of rules: W is how the watcher works, H a Windows machine, N the network; P is a check of every run.",
		"規則の番号: W は監視プログラム、H は Windows、N はネットワーク、P は毎回の検査項目。"},
	htmlTermCapture: {"Capture", "キャプチャー"},
	htmlTermCaptureText: {"A file with every frame of one cable (pcapng), to be opened in Wireshark or tshark.",
		"1 本のケーブルの全フレームを収めたファイル (pcapng)。Wireshark や tshark で開けます。"},

	htmlFaultUnplug:    {"The network cable of %s is pulled", "%s のネットワークケーブルを抜く"},
	htmlFaultPlug:      {"The network cable of %s is plugged in again", "%s のネットワークケーブルを挿す"},
	htmlFaultFlap:      {"The network cable of %s is out for a moment", "%s のネットワークケーブルが一時的に抜ける"},
	htmlFaultCut:       {"The cable of %s carries nothing in one direction any more", "%s のケーブルが片方向だけ不通になる"},
	htmlFaultMend:      {"The cable of %s carries both directions again", "%s のケーブルが回復する"},
	htmlFaultImpair:    {"The cable of %s is disturbed, or no longer", "%s のケーブルの品質が変わる"},
	htmlFaultShutdown:  {"Windows on %s is shut down in order", "%s の Windows をシャットダウンする"},
	htmlFaultPowerOff:  {"%s loses its power", "%s の電源が切れる"},
	htmlFaultPowerOn:   {"%s is switched on", "%s の電源を入れる"},
	htmlFaultFreeze:    {"%s freezes", "%s が凍結する"},
	htmlFaultResume:    {"%s goes on", "%s が再開する"},
	htmlFaultStop:      {"The watcher service on %s is stopped", "%s の監視サービスを停止する"},
	htmlFaultStart:     {"The watcher service on %s is started", "%s の監視サービスを開始する"},
	htmlFaultBlockEcho: {"The firewall of %s blocks ping", "%s のファイアウォールが ping を遮断する"},
	htmlFaultAllowEcho: {"The firewall of %s allows ping", "%s のファイアウォールが ping を許可する"},
	htmlFaultBlockPipe: {"The firewall of %s blocks the watchers' pipe", "%s のファイアウォールがパイプを遮断する"},
	htmlFaultAllowPipe: {"The firewall of %s allows the watchers' pipe", "%s のファイアウォールがパイプを許可する"},
	htmlFaultDenyPipe:  {"%s refuses the other watcher's account", "%s が相手の監視プログラムのアカウントを拒否する"},
	htmlFaultGrantPipe: {"%s accepts the other watcher's account", "%s が相手の監視プログラムのアカウントを受け入れる"},
}
