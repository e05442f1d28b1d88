package studied

import (
	"encoding/binary"
	"encoding/json"
	"iter"
	"math"
	"reflect"
	"slices"
	"time"
	"unique"
)

// Rows are runs by cell and seed, packed: a study holds all of them.
type Rows []Packed

// All are the rows and their places. Each row is there until the next.
func (rs Rows) All() iter.Seq2[int, *Row] {
	return func(yield func(int, *Row) bool) {
		r := new(Row)
		for i, p := range rs {
			p.unpack(r)
			if !yield(i, r) {
				return
			}
		}
	}
}

// Of are the rows of a cell.
func (rs Rows) Of(cell int) Rows {
	by := func(p Packed, c int) int { return p.Row().Cell - c }
	from, _ := slices.BinarySearchFunc(rs, cell, by)
	to, _ := slices.BinarySearchFunc(rs, cell+1, by)
	return rs[from:to]
}

// Packed is a Row in some 120 bytes; the zero Packed is none. Two are equal when files say the same of their rows.
type Packed struct {
	words   unique.Handle[words] // most rows have the same
	numbers string               // which columns are not 0, a bit each, and these
}

// words are a row's texts, in the order of their columns.
type words [4]string

// Pack packs the row.
func (r Row) Pack() Packed {
	v := reflect.ValueOf(&r).Elem()
	var text words
	var room [192]byte
	word, which, numbers := 0, uint64(0), room[:0]
	for i, c := range columns {
		f := v.Field(i)
		if c.word {
			text[word] = f.String()
			word++
		} else if !f.IsZero() {
			which |= 1 << i
			numbers = appendNumber(numbers, f)
		}
	}
	return Packed{unique.Make(text), string(append(binary.AppendUvarint(nil, which), numbers...))}
}

// Row is the row.
func (p Packed) Row() *Row {
	r := new(Row)
	p.unpack(r)
	return r
}

func (p Packed) unpack(r *Row) {
	*r = Row{}
	var room [192]byte
	in := reader(append(room[:0], p.numbers...))
	text, which := p.words.Value(), in.next()
	v, word := reflect.ValueOf(r).Elem(), 0
	for i, c := range columns {
		if c.word {
			v.Field(i).SetString(text[word])
			word++
		} else if which&(1<<i) != 0 {
			in.number(v.Field(i))
		}
	}
}

// A time is twice its nanoseconds, or one of these.
const (
	asBits = 1 // those of a float, in the next number: a sum, or less than nothing
	asNaN  = 3
)

func appendNumber(b []byte, f reflect.Value) []byte {
	switch {
	case f.CanInt():
		return binary.AppendUvarint(b, uint64(f.Int()))
	case f.CanUint():
		return binary.AppendUvarint(b, f.Uint())
	case !f.CanFloat(): // true
		return b
	}
	v := f.Float()
	if d := time.Duration(math.Round(v * 1e9)); d > 0 && v <= longest && d.Seconds() == v {
		return binary.AppendUvarint(b, uint64(d)<<1)
	}
	if math.IsNaN(v) {
		return binary.AppendUvarint(b, asNaN)
	}
	return binary.AppendUvarint(binary.AppendUvarint(b, asBits), math.Float64bits(v))
}

// reader reads numbers.
type reader []byte

func (in *reader) next() uint64 {
	n, size := binary.Uvarint(*in)
	*in = (*in)[size:]
	return n
}

func (in *reader) number(f reflect.Value) {
	switch {
	case f.CanInt():
		f.SetInt(int64(in.next()))
	case f.CanUint():
		f.SetUint(in.next())
	case !f.CanFloat():
		f.SetBool(true)
	default:
		switch n := in.next(); n {
		case asBits:
			f.SetFloat(math.Float64frombits(in.next()))
		case asNaN:
			f.SetFloat(math.NaN())
		default:
			f.SetFloat(time.Duration(n >> 1).Seconds())
		}
	}
}

// wire is a Packed as one process tells it another.
type wire struct {
	Words   words  `json:"words"`
	Numbers []byte `json:"numbers"`
}

// MarshalJSON is for other processes of this program.
func (p Packed) MarshalJSON() ([]byte, error) {
	return json.Marshal(wire{p.words.Value(), []byte(p.numbers)})
}

// UnmarshalJSON reads what MarshalJSON says.
func (p *Packed) UnmarshalJSON(text []byte) error {
	var w wire
	err := json.Unmarshal(text, &w)
	*p = Packed{unique.Make(w.Words), string(w.Numbers)}
	return err
}
