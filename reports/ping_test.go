package reports

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"ipwsim/sim/trace"
)

// lines runs ping.exe's lines through the report and returns what it printed.
func lines(t *testing.T, lang string, sent, received int, all ...trace.PingLine) string {
	t.Helper()
	tr := &trace.Trace{}
	tr.Add(0, "client", trace.PingStart{ID: 1, Target: vip, Bytes: 32})
	for i, l := range all {
		l.ID, l.Seq = 1, i+1
		tr.Add(time.Duration(i)*time.Second, "client", l)
	}
	tr.Add(sec(9), "client", trace.PingEnd{ID: 1, Sent: sent, Received: received})
	out := text(t, Result{Trace: tr}, Options{Lang: lang})
	_, out, _ = strings.Cut(out, "==\n")
	return out
}

var oneOfEach = []trace.PingLine{
	{Outcome: trace.Replied, From: vip, RTT: 999 * time.Microsecond, TTL: 128},
	{Outcome: trace.Replied, From: vip, RTT: 47900 * time.Microsecond, TTL: 127},
	{Outcome: trace.TimedOut},
	{Outcome: trace.HostUnreachable, From: clientIP},
	{Outcome: trace.GeneralFailure},
	{Outcome: trace.Replied, From: vip, RTT: 2712 * time.Millisecond, TTL: 128},
}

func TestPingSpeaksAsWindowsDoes(t *testing.T) {
	require.Equal(t, `
Pinging 192.168.10.202 with 32 bytes of data:
Reply from 192.168.10.202: bytes=32 time<1ms TTL=128
Reply from 192.168.10.202: bytes=32 time=47ms TTL=127
Request timed out.
Reply from 192.168.10.150: Destination host unreachable.
PING: transmit failed. General failure.
Reply from 192.168.10.202: bytes=32 time=2712ms TTL=128

Ping statistics for 192.168.10.202:
    Packets: Sent = 6, Received = 4, Lost = 2 (33% loss),
Approximate round trip times in milli-seconds:
    Minimum = 0ms, Maximum = 2712ms, Average = 919ms
`, lines(t, "en", 6, 4, oneOfEach...))
}

func TestPingSpeaksJapaneseAsWindowsDoes(t *testing.T) {
	require.Equal(t, `
192.168.10.202 に ping を送信しています 32 バイトのデータ:
192.168.10.202 からの応答: バイト数 =32 時間 <1ms TTL=128
192.168.10.202 からの応答: バイト数 =32 時間 =47ms TTL=127
要求がタイムアウトしました。
192.168.10.150 からの応答: 宛先ホストに到達できません。
PING: 転送に失敗しました。一般エラーです。
192.168.10.202 からの応答: バイト数 =32 時間 =2712ms TTL=128

192.168.10.202 の ping 統計:
    パケット数: 送信 = 6、受信 = 4、損失 = 2 (33% の損失)、
ラウンド トリップの概算時間 (ミリ秒):
    最小 = 0ms、最大 = 2712ms、平均 = 919ms
`, lines(t, "ja", 6, 4, oneOfEach...))
}

// An unreachable counts as received, and without an answer there are no times.
func TestPingOfNobody(t *testing.T) {
	require.Equal(t, `
Pinging 192.168.10.202 with 32 bytes of data:
Reply from 192.168.10.150: Destination host unreachable.

Ping statistics for 192.168.10.202:
    Packets: Sent = 1, Received = 1, Lost = 0 (0% loss),
`, lines(t, "en", 1, 1, trace.PingLine{Outcome: trace.HostUnreachable, From: clientIP}))
}

func TestRunsAreFoldedInTheMiddle(t *testing.T) {
	reply := trace.PingLine{Outcome: trace.Replied, From: vip, TTL: 128}
	out := lines(t, "en", 7, 7, reply, reply, reply, reply, reply, reply, reply)
	require.NotContains(t, out, "[", "seven lines are not worth folding")

	out = lines(t, "en", 8, 8, reply, reply, reply, reply, reply, reply, reply, reply)
	require.Contains(t, out, "[... 2 more replies, <1ms ...]\n")
	require.Equal(t, 6, strings.Count(out, "Reply from"))
}

func TestFullFoldsNothing(t *testing.T) {
	out := text(t, cablePull(), Options{Full: true})
	require.NotContains(t, out, "[...")
	require.Equal(t, 140, strings.Count(out, "Reply from 192.168.10.202: bytes=32"))
}

func TestPingCutOffByTheEndIsSaid(t *testing.T) {
	r := cablePull()
	r.Trace.Records = r.Trace.Records[:len(r.Trace.Records)-1]
	out := text(t, r, Options{})
	require.Contains(t, out, "[the run ended while ping was still running]")
	require.NotContains(t, out, "Ping statistics")
}

func TestPingsOfNodesComeAfterThoseOfClients(t *testing.T) {
	r := cablePull()
	for id := range 4 {
		r.Trace.Records = append([]trace.Record{{Host: "active", Body: trace.PingStart{ID: id, Target: clientIP}}}, r.Trace.Records...)
	}
	out := text(t, r, Options{})
	require.Less(t, strings.Index(out, "Ping from client"), strings.Index(out, "Ping from active"))
	require.Contains(t, out, "[... 2 more pings ...]")
}

func TestFaultsAfterAPingAreNotNotedInIt(t *testing.T) {
	r := cablePull()
	r.Trace.Add(sec(180), "", trace.Fault{Verb: "shutdown", Args: []string{"standby"}})
	out := text(t, r, Options{})
	_, rest, _ := strings.Cut(out, "Ping from client")
	transcript, _, _ := strings.Cut(rest, "Ping statistics")
	require.Contains(t, transcript, "[20.000 s  unplug active]")
	require.NotContains(t, transcript, "shutdown")
}

func TestAlternatingLinesAreShortenedAsAWhole(t *testing.T) {
	var all []trace.PingLine
	for range 40 {
		all = append(all, trace.PingLine{Outcome: trace.Replied, From: vip, TTL: 128}, trace.PingLine{Outcome: trace.TimedOut})
	}
	out := lines(t, "en", 80, 40, all...)
	require.Contains(t, out, "[... 20 more lines ...]\n")
	require.Equal(t, 30, strings.Count(out, "Request timed out."))
}
