package study

import (
	"cmp"
	"slices"
)

// frontier are the cells for which no other has both less outage a year and fewer false take-overs, or
// less of one and as much of the other, from the least outage on. Of equal cells the first counts.
func frontier(cells []CellAnswer) []int {
	order := make([]int, len(cells))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(cells[a].Outage.Sum(), cells[b].Outage.Sum()), cmp.Compare(cells[a].False.Sum(), cells[b].False.Sum()))
	})
	best := []int{}
	for _, i := range order {
		if len(best) == 0 || cells[i].False.Sum() < cells[best[len(best)-1]].False.Sum() {
			best = append(best, i)
		}
	}
	return best
}
