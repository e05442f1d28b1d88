package says

import (
	"fmt"
	"net/netip"
	"strconv"
	"time"
)

// PingHead is what ping.exe begins with.
func (l Language) PingHead(target netip.Addr, bytes int) string {
	return fmt.Sprintf(l.In("Pinging %v with %d bytes of data:", "%v に ping を送信しています %d バイトのデータ:"), target, bytes)
}

// PingReply is an answer.
func (l Language) PingReply(from string, bytes int, rtt time.Duration, ttl int) string {
	return fmt.Sprintf(l.In("Reply from %s: bytes=%d time%s TTL=%d", "%s からの応答: バイト数 =%d 時間 %s TTL=%d"), from, bytes, Trip(Milliseconds(rtt)), ttl)
}

// PingTimedOut is no answer.
func (l Language) PingTimedOut() string {
	return l.In("Request timed out.", "要求がタイムアウトしました。")
}

// PingUnreachable is the word of the machine itself, or of a router; "" for nobody's.
func (l Language) PingUnreachable(from string) string {
	text := l.In("Destination host unreachable.", "宛先ホストに到達できません。")
	if from == "" {
		return text
	}
	return fmt.Sprintf(l.In("Reply from %s: ", "%s からの応答: "), from) + text
}

// PingFailed is a request that could not be sent.
func (l Language) PingFailed() string {
	return l.In("PING: transmit failed. General failure.", "PING: 転送に失敗しました。一般エラーです。")
}

// PingCount is the count of the requests of one ping.exe, an unreachable being received, and the round trips of the
// replies in milliseconds.
type PingCount struct {
	Sent, Received int
	Trips          []int64
}

// PingSummary is the block ping.exe ends with. Windows rounds the loss and the average down, and leaves the times out
// when no echo was answered.
func (l Language) PingSummary(target string, c PingCount) []string {
	lost, percent := c.Sent-c.Received, 0
	if c.Sent > 0 {
		percent = int(float64(lost) / float64(c.Sent) * 100)
	}
	out := []string{
		fmt.Sprintf(l.In("Ping statistics for %s:", "%s の ping 統計:"), target),
		fmt.Sprintf(l.In("    Packets: Sent = %d, Received = %d, Lost = %d (%d%% loss),",
			"    パケット数: 送信 = %d、受信 = %d、損失 = %d (%d%% の損失)、"), c.Sent, c.Received, lost, percent),
	}
	if len(c.Trips) == 0 {
		return out
	}
	least, most, sum := c.Trips[0], c.Trips[0], 0.0
	for _, t := range c.Trips {
		least, most, sum = min(least, t), max(most, t), sum+float64(t)
	}
	return append(out,
		l.In("Approximate round trip times in milli-seconds:", "ラウンド トリップの概算時間 (ミリ秒):"),
		fmt.Sprintf(l.In("    Minimum = %dms, Maximum = %dms, Average = %dms", "    最小 = %dms、最大 = %dms、平均 = %dms"),
			least, most, int64(sum/float64(len(c.Trips)))))
}

// Milliseconds is a round trip as ping.exe counts it.
func Milliseconds(d time.Duration) int64 { return max(0, d.Milliseconds()) }

// Trip is a round trip as ping.exe prints it.
func Trip(ms int64) string {
	if ms == 0 {
		return "<1ms"
	}
	return "=" + strconv.FormatInt(ms, 10) + "ms"
}
