package frames

import (
	"encoding/binary"
	"slices"

	"ipwsim/netstack/wire"
	"ipwsim/sim/finding"
	"ipwsim/sim/narrator"
)

// mostOf is how many frames of mail and of the share are kept after each moment, and as many of those
// just before it: a message makes a hundred frames, which would leave no room for what moves the VIP.
var mostOf = map[finding.FrameKind]int{Mail: 40, Share: 10}

// crowded says whether the frame is TCP of mail or of the share, Mail or Share; "" for others.
func crowded(b []byte) finding.FrameKind {
	const tcp = 6
	if len(b) < wire.HeaderLen+20 || binary.BigEndian.Uint16(b[12:]) != 0x0800 || b[wire.HeaderLen+9] != tcp {
		return ""
	}
	head := wire.HeaderLen + int(b[wire.HeaderLen]&15)*4
	if len(b) < head+4 {
		return ""
	}
	switch service, _ := narrator.Service(binary.BigEndian.Uint16(b[head:]), binary.BigEndian.Uint16(b[head+2:])); service {
	case "":
		return ""
	case narrator.NAS:
		return Share
	}
	return Mail
}

// thin leaves of the frames just before a moment the latest of each crowd.
func (r *Recorder) thin(waiting []*sent) []*sent {
	left := map[finding.FrameKind]int{Mail: mostOf[Mail], Share: mostOf[Share]}
	var all []*sent
	for _, s := range slices.Backward(waiting) {
		if s.crowd != "" {
			if left[s.crowd]--; left[s.crowd] < 0 {
				r.release(s)
				continue
			}
		}
		all = append(all, s)
	}
	slices.Reverse(all)
	return all
}

// room says whether the frame, sent after a moment, is among the first of its crowd.
func (r *Recorder) room(s *sent) bool {
	if s.crowd == "" {
		return true
	}
	r.crowd[s.crowd]++
	return r.crowd[s.crowd] <= mostOf[s.crowd]
}
