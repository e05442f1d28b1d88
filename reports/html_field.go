package reports

import (
	"fmt"
	"io"
	"math"
	"time"
)

// fieldPage is what the template of the field table shows.
type fieldPage struct {
	htmlFrame
	Intro, Scale    string
	Cache, Failover string
	Failback, Seen  string
	Blocks          []fieldBlock
}

type fieldBlock struct {
	Title string
	Rows  []fieldCell
}

// fieldCell is a row with its two waits.
type fieldCell struct {
	Cache, Page string
	Waits       []waitCell
}

type waitCell struct {
	Time, Parts, W, Class string
}

// FieldHTML writes the field table as a page: a block for each server and cure, rows with a Page link
// to it.
func FieldHTML(w io.Writer, rows []FieldRow, opt Options) error {
	return writeHTML(w, "field.html", fieldView(rows, language(opt.Lang)))
}

func fieldView(rows []FieldRow, l lang) fieldPage {
	longest := time.Minute
	for _, r := range rows {
		longest = max(longest, r.Failover.Time, r.Failback.Time)
	}
	v := fieldPage{htmlFrame: newFrame(l, l.say(htmlFieldTitle), true), Intro: l.say(fieldIntro),
		Scale: l.say(htmlFieldScale, l.length(longest)), Cache: l.say(htmlFieldCache),
		Failover: l.say(failover), Failback: l.say(failback), Seen: l.say(htmlFieldSeen)}
	v.Word = "ipwsim" // it is no verdict
	for i, r := range rows {
		if i == 0 || r.Server != rows[i-1].Server || r.Cure != rows[i-1].Cure {
			cure := fieldWithout
			if r.Cure {
				cure = fieldWith
			}
			v.Blocks = append(v.Blocks, fieldBlock{Title: fmt.Sprintf("%s, %s", r.Server, l.say(cure))})
		}
		b := &v.Blocks[len(v.Blocks)-1]
		b.Rows = append(b.Rows, fieldCell{r.Cache, r.Page, []waitCell{r.Failover.cell(l, longest), r.Failback.cell(l, longest)}})
	}
	return v
}

// cell is a wait as a bar on a logarithmic scale.
func (w Wait) cell(l lang, longest time.Duration) waitCell {
	c := waitCell{Time: l.length(w.Time), Class: "quick"}
	switch {
	case w.Time > 10*time.Minute:
		c.Class = "long"
	case w.Time > 40*time.Second:
		c.Class = "slow"
	}
	if w.Open {
		c.Time = l.say(atLeast, c.Time)
	}
	share := math.Log(max(1, w.Time.Seconds())) / math.Log(longest.Seconds())
	c.W = percent(min(1, max(0, share)))
	for _, p := range w.Parts {
		if p.Time >= 50*time.Millisecond {
			if c.Parts != "" {
				c.Parts += l.say(comma)
			}
			c.Parts += partName(l, p.Name) + " " + tenths(p.Time)
		}
	}
	return c
}
