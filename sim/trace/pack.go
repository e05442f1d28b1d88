package trace

import (
	"encoding/binary"
	"math"
	"reflect"
	"time"
)

// packLen is how many records are packed away at a time. A trace of fewer than two packs is not packed at all.
const packLen = 1 << 14

// pack is a stretch of records in few bytes. Most of what a long run records it has recorded before.
type pack struct {
	data  []byte
	kinds []reflect.Type
	parts []any // strings, addresses
}

// packer packs records. What it meets again is a number from then on.
type packer struct {
	pack
	kindOf map[reflect.Type]int
	partOf map[any]int
	bodyOf map[Body]int
	bodies int
}

func newPack(all []Record) pack {
	p := packer{kindOf: map[reflect.Type]int{}, partOf: map[any]int{}, bodyOf: map[Body]int{}}
	at := time.Duration(0)
	for _, r := range all {
		p.number(int64(r.At - at))
		at = r.At
		p.part(r.Host)
		p.body(r.Body)
	}
	p.data = append(make([]byte, 0, len(p.data)), p.data...)
	return p.pack
}

func (p *packer) number(n int64) { p.data = binary.AppendVarint(p.data, n) }

func (p *packer) part(x any) {
	n, known := p.partOf[x]
	if !known {
		n = len(p.parts)
		p.partOf[x], p.parts = n, append(p.parts, x)
	}
	p.number(int64(n))
}

// body is the number of one that was there before, or the next number and then the body.
func (p *packer) body(b Body) {
	t := reflect.TypeOf(b)
	if t.Comparable() {
		if n, known := p.bodyOf[b]; known {
			p.number(int64(n))
			return
		}
		p.bodyOf[b] = p.bodies
	}
	p.number(int64(p.bodies))
	p.bodies++
	kind, known := p.kindOf[t]
	if !known {
		kind = len(p.kinds)
		p.kindOf[t], p.kinds = kind, append(p.kinds, t)
	}
	p.number(int64(kind))
	p.value(reflect.ValueOf(b))
}

func (p *packer) value(v reflect.Value) {
	switch {
	case v.CanInt():
		p.number(v.Int())
	case v.CanUint():
		p.number(int64(v.Uint()))
	case v.CanFloat():
		p.number(int64(math.Float64bits(v.Float())))
	case v.Kind() == reflect.Bool && v.Bool():
		p.number(1)
	case v.Kind() == reflect.Bool:
		p.number(0)
	case v.Kind() == reflect.Slice && v.IsNil():
		p.number(-1)
	case v.Kind() == reflect.Slice:
		p.number(int64(v.Len()))
		for i := range v.Len() {
			p.value(v.Index(i))
		}
	case open(v.Type()):
		for i := range v.NumField() {
			p.value(v.Field(i))
		}
	default:
		p.part(v.Interface())
	}
}

// open says whether the type is a struct whose fields are ours to read.
func open(t reflect.Type) bool {
	return t.Kind() == reflect.Struct && (t.NumField() == 0 || t.Field(0).IsExported())
}

// unpacker reads a pack.
type unpacker struct {
	*pack
	data   []byte
	bodies []Body
}

// records are the pack's, for nobody else.
func (p *pack) records() []Record {
	u := unpacker{pack: p, data: p.data}
	all := make([]Record, packLen)
	at := time.Duration(0)
	for i := range all {
		at += time.Duration(u.number())
		all[i] = Record{At: at, Host: p.parts[u.number()].(string), Body: u.body()}
	}
	return all
}

func (u *unpacker) number() int64 {
	n, size := binary.Varint(u.data)
	u.data = u.data[size:]
	return n
}

func (u *unpacker) body() Body {
	if n := int(u.number()); n < len(u.bodies) {
		return u.bodies[n]
	}
	v := reflect.New(u.kinds[u.number()]).Elem()
	u.value(v)
	b := v.Interface().(Body)
	u.bodies = append(u.bodies, b)
	return b
}

func (u *unpacker) value(v reflect.Value) {
	switch {
	case v.CanInt():
		v.SetInt(u.number())
	case v.CanUint():
		v.SetUint(uint64(u.number()))
	case v.CanFloat():
		v.SetFloat(math.Float64frombits(uint64(u.number())))
	case v.Kind() == reflect.Bool:
		v.SetBool(u.number() == 1)
	case v.Kind() == reflect.Slice:
		if n := int(u.number()); n >= 0 {
			v.Set(reflect.MakeSlice(v.Type(), n, n))
			for i := range n {
				u.value(v.Index(i))
			}
		}
	case open(v.Type()):
		for i := range v.NumField() {
			u.value(v.Field(i))
		}
	default:
		v.Set(reflect.ValueOf(u.parts[u.number()]))
	}
}
