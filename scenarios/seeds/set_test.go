package seeds_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/scenarios/seeds"
)

func TestParse(t *testing.T) {
	for text, want := range map[string][]uint64{
		"7": {7}, "0": {0}, "1..3": {1, 2, 3}, "1..3,7": {1, 2, 3, 7}, "9, 1..2": {1, 2, 9}, "1..3,2..4,3": {1, 2, 3, 4},
		"18446744073709551615": {1<<64 - 1}, "18446744073709551614..18446744073709551615": {1<<64 - 2, 1<<64 - 1},
	} {
		s, err := seeds.Parse(text)
		require.NoError(t, err, text)
		require.Equal(t, seeds.Set{Text: text, All: want}, s, "in order, each once")
	}
	for text, want := range map[string]string{
		"":                                    `found "", expected seeds as 1..1000 or 1..200,7`,
		"1,":                                  `found "", expected seeds as 1..1000 or 1..200,7`,
		"1..":                                 `found "1..", expected seeds as 1..1000 or 1..200,7`,
		"-1":                                  `found "-1", expected seeds as 1..1000 or 1..200,7`,
		"07":                                  `found "07", expected seeds as 1..1000 or 1..200,7`,
		"1-9":                                 `found "1-9", expected seeds as 1..1000 or 1..200,7`,
		"18446744073709551616":                `found "18446744073709551616", expected seeds as 1..1000 or 1..200,7`,
		"3..1":                                `found "3..1", expected the smaller seed first`,
		"0..1000000":                          `found "0..1000000", expected at most 1000000 seeds`,
		"0..18446744073709551615":             `found "0..18446744073709551615", expected at most 1000000 seeds`,
		"1..600000,600001..1000001":           `found "1..600000,600001..1000001", expected at most 1000000 seeds`,
		"1..600000,1..18446744073709551615,2": `found "1..600000,1..18446744073709551615,2", expected at most 1000000 seeds`,
	} {
		_, err := seeds.Parse(text)
		require.EqualError(t, err, want)
	}
	s, err := seeds.Parse("1..1000000")
	require.NoError(t, err)
	require.Len(t, s.All, seeds.Most)
}
