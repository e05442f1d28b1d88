package share

import (
	"encoding/binary"
	"errors"
	"time"
)

// A list goes over the wire as size[8], -1 for a folder; time[8] in nanoseconds since 1970; length[2]
// name, for each of what it lists.
const infoHeader = 18

func appendInfos(b []byte, all ...Info) []byte {
	for _, i := range all {
		size := i.Size
		if i.IsDir {
			size = -1
		}
		b = binary.BigEndian.AppendUint64(b, uint64(size))
		b = binary.BigEndian.AppendUint64(b, uint64(i.ModTime.UnixNano()))
		b = binary.BigEndian.AppendUint16(b, uint16(len(i.Name)))
		b = append(b, i.Name...)
	}
	return b
}

var errCutList = errors.New("a list that ends within an entry")

func parseInfos(b []byte) (all []Info, err error) {
	for len(b) > 0 {
		if len(b) < infoHeader {
			return nil, errCutList
		}
		end := infoHeader + int(binary.BigEndian.Uint16(b[16:]))
		if len(b) < end {
			return nil, errCutList
		}
		size := int64(binary.BigEndian.Uint64(b))
		at := time.Unix(0, int64(binary.BigEndian.Uint64(b[8:]))).UTC()
		all = append(all, Info{Name: string(b[infoHeader:end]), Size: max(size, 0), ModTime: at, IsDir: size < 0})
		b = b[end:]
	}
	return all, nil
}
