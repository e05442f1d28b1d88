package history

import (
	"math"
	"slices"
)

// mannWhitney is the two-sided p-value of the Mann-Whitney U test (Wilcoxon's rank sum test): how likely two samples
// differ so much in rank when both are drawn from one distribution, whatever it is. worse says that the values of b tend
// to be larger. It is exact for small samples without ties, else by the normal approximation, corrected for ties and
// continuity.
func mannWhitney(a, b []float64) (p float64, worse bool) {
	type one struct {
		v   float64
		ofB bool
	}
	var all []one
	for _, v := range a {
		all = append(all, one{v, false})
	}
	for _, v := range b {
		all = append(all, one{v, true})
	}
	slices.SortFunc(all, func(x, y one) int {
		switch {
		case x.v < y.v:
			return -1
		case x.v > y.v:
			return 1
		}
		return 0
	})
	m, n := float64(len(a)), float64(len(b))
	sum, ties := 0.0, 0.0 // of the ranks of b
	for i := 0; i < len(all); {
		k := i
		for k < len(all) && all[k].v == all[i].v {
			k++
		}
		t := float64(k - i)
		ties += t * (t*t - 1)
		for _, x := range all[i:k] {
			if x.ofB {
				sum += float64(i+1+k) / 2 // the mean of ranks i+1 to k
			}
		}
		i = k
	}
	u, mean := sum-n*(n+1)/2, m*n/2
	if most := 30; ties == 0 && len(a) <= most && len(b) <= most {
		return exactU(len(a), len(b), min(u, m*n-u)), u > mean
	}
	variance := m * n / 12 * (m + n + 1 - ties/((m+n)*(m+n-1)))
	if variance <= 0 { // all alike
		return 1, false
	}
	z := max(0, math.Abs(u-mean)-0.5) / math.Sqrt(variance)
	return math.Erfc(z / math.Sqrt2), u > mean
}

// exactU is twice the probability of a U no larger, by counting: each of the orders of m and n values is as likely.
func exactU(m, n int, u float64) float64 {
	ways := make([][]float64, n+1) // by values of b left, by U; for more and more values of a
	for k := range ways {
		ways[k] = make([]float64, m*n+1)
		ways[k][0] = 1
	}
	for i := 1; i <= m; i++ {
		next := make([][]float64, n+1)
		for k := range next {
			next[k] = make([]float64, m*n+1)
			for v := range next[k] {
				// The largest value is one of a, which k of b precede, or one of b.
				if v >= k {
					next[k][v] += ways[k][v-k]
				}
				if k > 0 {
					next[k][v] += next[k-1][v]
				}
			}
		}
		ways = next
	}
	below, total := 0.0, 0.0
	for v, w := range ways[n] {
		total += w
		if float64(v) <= u {
			below += w
		}
	}
	return min(1, 2*below/total)
}

// fisher is the two-sided p-value of Fisher's exact test: how likely k of n against l of m, or what is no likelier, comes
// by chance where both have one rate.
func fisher(k, n, l, m int64) float64 {
	if n == 0 || m == 0 {
		return 1
	}
	hits := k + l
	share, others := float64(n)/(float64(n)+float64(m)), float64(m)/(float64(n)+float64(m))
	mean := float64(hits) * share
	far := 10 + 40*math.Sqrt(mean*others) // standard deviations, at least: beyond them are no probabilities left
	least, most := max(0, hits-m, int64(mean-far)), min(hits, n, int64(mean+far))
	log := func(x int64) float64 { return choose(n, x) + choose(m, hits-x) - choose(n+m, hits) }
	seen, p := log(k), 0.0
	for x := least; x <= most; x++ {
		if one := log(x); one <= seen+1e-7 {
			p += math.Exp(one)
		}
	}
	return min(1, p)
}

// choose is the logarithm of n over k.
func choose(n, k int64) float64 {
	a, _ := math.Lgamma(float64(n + 1))
	b, _ := math.Lgamma(float64(k + 1))
	c, _ := math.Lgamma(float64(n - k + 1))
	return a - b - c
}
