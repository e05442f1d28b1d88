package chart

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// columns is how finely very many things are drawn.
const columns = 240

// heap is how much of each class, by name, is in each column.
type heap struct {
	classes, names []string
	amount         [][]float64
}

// of is the row of a class.
func (h *heap) of(class, name string) []float64 {
	i := slices.Index(h.names, name)
	if i < 0 {
		i = len(h.names)
		h.classes, h.names = append(h.classes, class), append(h.names, name)
		h.amount = append(h.amount, make([]float64, columns))
	}
	return h.amount[i]
}

// timed draws what part of each column's time the stretches of each class fill.
func (c *Chart) timed(all []Span) []Path {
	var h heap
	for _, s := range all {
		a, b, ok := c.share(s.From, s.To)
		if !ok || b <= 0 {
			continue
		}
		row := h.of(s.Class, s.Class) // stretches of one class may have very many names
		for i := int(a * columns); i < columns && float64(i) < b*columns; i++ {
			row[i] += min(b*columns, float64(i+1)) - max(a*columns, float64(i))
		}
	}
	h.names = h.namesOf(all)
	return c.steps(&h, 1, 100, "%")
}

// namesOf are the names of the classes: their own where a class has but one.
func (h *heap) namesOf(all []Span) []string {
	names := make([]string, len(h.classes))
	for _, s := range all {
		switch i := slices.Index(h.classes, s.Class); {
		case i < 0:
		case names[i] == "":
			names[i] = s.Name
		case names[i] != s.Name:
			names[i] = "…"
		}
	}
	return names
}

// counted draws how many moments of each class each column has.
func (c *Chart) counted(all []Moment) []Path {
	var h heap
	for _, m := range all {
		if a, _, ok := c.share(m.At, m.At); ok {
			h.of(m.Class, m.Name)[min(columns-1, int(a*columns))]++
		}
	}
	most := 1.0
	for i := range columns {
		sum := 0.0
		for _, row := range h.amount {
			sum += row[i]
		}
		most = max(most, sum)
	}
	return c.steps(&h, most, 1, "×")
}

// steps draws the classes on top of each other, the first at the bottom: most is as high as the lane. What is there
// at all can be seen. The path of each class reaches from the ground, and the later ones stand behind.
func (c *Chart) steps(h *heap, most, scale float64, measure string) (all []Path) {
	const least = 8 // of 100
	ground := make([]float64, columns)
	for k, row := range h.amount {
		c.use(h.classes[k])
		p := Path{Class: h.classes[k], Name: h.names[k], Unit: measure, D: "M0 100"}
		var amounts []string
		before := ""
		for i, x := range row {
			if x > 0 {
				ground[i] = min(100, ground[i]+max(least, math.Round(x/most*100)))
			}
			step, amount := "V"+strconv.Itoa(100-int(ground[i])), strconv.Itoa(int(math.Round(x*scale)))
			if step+amount != before || x > 0 && measure == "×" {
				p.D += step
				amounts = append(amounts, amount)
			} else { // it goes on
				p.D = p.D[:strings.LastIndex(p.D, "H")]
			}
			p.D += "H" + unit(float64(i+1)/columns)
			before = step + amount
		}
		p.D, p.N = p.D+"V100z", strings.Join(amounts, " ")
		all = append(all, p)
	}
	slices.Reverse(all)
	return all
}
