package study

import (
	"cmp"
	"slices"
)

// Frontier is the cells of a condition for which no other has both less outage a year and fewer false take-overs,
// or less of one and as much of the other.
type Frontier struct {
	Condition string `json:"condition"`
	Cells     []int  `json:"cells"` // from the least outage to the fewest false take-overs
}

// frontier are those of the cells that are on it. Of equal cells the first counts.
func frontier(all []CellAnswer, cells []int) []int {
	order := slices.Clone(cells)
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(all[a].Outage.Sum(), all[b].Outage.Sum()), cmp.Compare(all[a].False.Sum(), all[b].False.Sum()))
	})
	best := []int{}
	for _, i := range order {
		if len(best) == 0 || all[i].False.Sum() < all[best[len(best)-1]].False.Sum() {
			best = append(best, i)
		}
	}
	return best
}
