package capture

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/gopacket/pcapgo"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// sent is a frame as the strict reader below finds it.
type sent struct {
	iface   string // its name
	at      time.Time
	frame   []byte
	comment string
}

// readStrictly reads a file by the format's rules and refuses what they do not foresee: blocks in
// their order, lengths at both ends, paddings of zeros, options that end.
func readStrictly(t require.TestingT, b []byte) []sent {
	var all []sent
	var names []string // of interfaces
	for n := 0; len(b) > 0; n++ {
		require.GreaterOrEqual(t, len(b), 12)
		kind, length := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
		require.Zero(t, length%4)
		require.LessOrEqual(t, int(length), len(b))
		require.Equal(t, length, binary.LittleEndian.Uint32(b[length-4:]))
		body := b[8 : length-4]
		b = b[length:]
		switch {
		case n == 0:
			require.EqualValues(t, blockSection, kind)
			require.EqualValues(t, byteOrderMagic, binary.LittleEndian.Uint32(body))
			options(t, body[16:])
		case kind == blockInterface:
			require.Empty(t, all, "interfaces come first")
			opts := options(t, body[8:])
			require.Equal(t, []byte{9}, opts[optResolution], "nanoseconds")
			names = append(names, string(opts[optName]))
		default:
			require.EqualValues(t, blockPacket, kind)
			all = append(all, packet(t, body, names))
		}
	}
	return all
}

func packet(t require.TestingT, body []byte, interfaces []string) sent {
	word := func(i int) uint64 { return uint64(binary.LittleEndian.Uint32(body[4*i:])) }
	require.Less(t, word(0), uint64(len(interfaces)), "an interface that is described")
	size := int(word(3))
	require.Equal(t, word(3), word(4), "captured whole")
	padded := (size + 3) / 4 * 4
	require.Equal(t, make([]byte, padded-size), body[20+size:20+padded])
	comment := options(t, body[20+padded:])[optComment]
	return sent{interfaces[word(0)], time.Unix(0, int64(word(1)<<32|word(2))).UTC(), body[20 : 20+size], string(comment)}
}

func options(t require.TestingT, b []byte) map[uint16][]byte {
	all := map[uint16][]byte{}
	for {
		code, size := binary.LittleEndian.Uint16(b), int(binary.LittleEndian.Uint16(b[2:]))
		if code == 0 {
			require.Zero(t, size)
			require.Len(t, b, 4, "nothing comes after the end")
			return all
		}
		padded := (size + 3) / 4 * 4
		require.Equal(t, make([]byte, padded-size), b[4+size:4+padded])
		require.NotContains(t, all, code)
		all[code], b = b[4:4+size], b[4+padded:]
	}
}

// Whatever the frames and the comments, two readers find the frames, the times to the nanosecond and
// the comments.
func TestAnyFrameGivesAValidFile(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b bytes.Buffer
		w := pcapng{w: &b}
		require.NoError(t, w.section("ipwsim", "zero is "+rapid.String().Draw(t, "section")))
		most := rapid.IntRange(0, 3).Draw(t, "interfaces")
		for i := range most + 1 {
			require.NoError(t, w.iface(fmt.Sprint(i, rapid.String().Draw(t, "name")), "description"))
		}
		var want []sent
		for range rapid.IntRange(0, 4).Draw(t, "packets") {
			iface := rapid.IntRange(0, most).Draw(t, "interface")
			one := sent{
				iface:   fmt.Sprint(iface),
				at:      epoch.Add(time.Duration(rapid.Int64Range(-1e18, 1e18).Draw(t, "at"))),
				frame:   rapid.SliceOfN(rapid.Byte(), 0, 70).Draw(t, "frame"),
				comment: rapid.OneOf(rapid.String(), rapid.StringN(2000, 2000, -1), rapid.Just("bad \xff")).Draw(t, "comment"),
			}
			require.NoError(t, w.packet(uint32(iface), one.at, one.frame, one.comment))
			want = append(want, one)
		}
		got := readStrictly(t, b.Bytes())
		require.Len(t, got, len(want))
		other, err := pcapgo.NewNgReader(bytes.NewReader(b.Bytes()), pcapgo.DefaultNgReaderOptions)
		require.NoError(t, err)
		for i, x := range want {
			require.True(t, strings.HasPrefix(got[i].iface, x.iface))
			require.True(t, x.at.Equal(got[i].at), "%v %v", x.at, got[i].at)
			require.Equal(t, x.frame, append([]byte{}, got[i].frame...))
			require.True(t, utf8.ValidString(got[i].comment))
			require.True(t, strings.HasPrefix(strings.ToValidUTF8(x.comment, "\ufffd"), got[i].comment))
			if len(x.comment) <= maxComment-3 {
				require.Equal(t, strings.ToValidUTF8(x.comment, "\ufffd"), got[i].comment)
			}
			frame, info, err := other.ReadPacketData()
			require.NoError(t, err)
			require.Equal(t, x.iface, fmt.Sprint(info.InterfaceIndex))
			require.True(t, x.at.Equal(info.Timestamp))
			require.True(t, bytes.Equal(x.frame, frame))
		}
		_, _, err = other.ReadPacketData()
		require.ErrorIs(t, err, io.EOF)
	})
}

func TestYearsThatPcapngCannotHold(t *testing.T) {
	_, n, _ := network()
	for _, year := range []int{1, 1969, 2300} {
		_, err := Start(n, t.TempDir(), time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC), nil)
		require.ErrorContains(t, err, "expected one from 1971 to 2260")
	}
}
