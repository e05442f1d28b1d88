package words_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"ipwsim/reports/words"
)

// kinds are how the kinds of notes begin, and other keys with a part before a point that nothing else is called by.
var kinds = regexp.MustCompile(`^(p[1-9]|why|missing|seen|hint|copy|diff)\.[a-z0-9.-]*$`)

// unknown are the keys that code speaks of and no catalogue has: those that it says, and every string that looks
// like one. One that ends in a point or a dash begins some.
func (s *source) unknown(has func(string) bool) (all []string) {
	for key, file := range s.said {
		if !has(key) {
			all = append(all, key+" in "+file)
		}
	}
	for word, file := range s.literals {
		if kinds.MatchString(word) && !has(word) {
			all = append(all, word+" in "+file)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// known says whether there is such a key, or one that begins so where that is all that code says of it.
func known(t *testing.T) func(string) bool {
	all := texts(t)
	return func(key string) bool {
		if !strings.HasSuffix(key, ".") && !strings.HasSuffix(key, "-") {
			return all[key] != nil
		}
		for k := range all {
			if strings.HasPrefix(k, key) {
				return true
			}
		}
		return false
	}
}

func TestEveryKeyThatCodeSaysIsThere(t *testing.T) {
	require.Empty(t, read(t).unknown(known(t)))
}

// Who says a text gives what it wants filled in, neither less nor more.
func TestEveryTextIsFilled(t *testing.T) {
	for key, values := range read(t).filled {
		for _, n := range values {
			require.Len(t, strings.Fields(verbs(words.English.Say(key))), n, "%s: %s", key, words.English.Say(key))
		}
	}
}

// forms are those of a note's text, each beside the others.
var forms = regexp.MustCompile(`(\.vip)?(\.open)?(\.because)?(\.fault)?$`)

// unused are the keys that nothing can say.
func (s *source) unused(keys []string, made map[string]string) (all []string) {
	used := map[string]bool{}
	for word := range s.literals {
		used[word] = true
		if !begins(word) {
			continue
		}
		for _, key := range keys {
			used[key] = used[key] || strings.HasPrefix(key, word)
		}
	}
	for key := range made {
		used[key] = true
	}
	for _, key := range keys {
		bare := forms.ReplaceAllString(key, "")
		if !used[key] && (bare == key || !used[bare]) {
			all = append(all, key)
		}
	}
	return all
}

// beginning is what code puts before words of its own to make keys.
var beginning = regexp.MustCompile(`^[a-z]+[.-]([a-z-]+-)?$`)

// begins says whether keys begin so, and are of no family whose every word is known.
func begins(word string) bool {
	family := slices.ContainsFunc(families, func(f family) bool { return f.prefix == word })
	return !family && word != "check." && beginning.MatchString(word)
}

func TestEveryKeyIsSaidSomewhere(t *testing.T) {
	require.Empty(t, read(t).unused(slices.Sorted(maps.Keys(texts(t))), made(t)))
}

// The look at the source finds what is there, and would tell of what is not.
func TestTheLookAtTheSourceSees(t *testing.T) {
	s := read(t)
	for _, key := range []string{"failover" /* in a constant */, "p1.late" /* a note's kind */, "seen.no-line", "suite-total"} {
		require.Contains(t, s.literals, key)
	}
	for _, key := range []string{"p4.never-ready", "suite-total", "unused", "all-left", "seen.hits"} {
		require.Contains(t, s.said, key)
	}
	there := known(t)
	none := s.unknown(func(key string) bool { return key != "p1.late" && key != "suite-total" && there(key) })
	require.Subset(t, none, []string{"p1.late in scenarios/check/p1.go", "suite-total in reports/text/suite.go"})
	require.Equal(t, []string{"nobody-says-so", "nobody-says-so.open"}, s.unused([]string{"nobody-says-so", "nobody-says-so.open", "seen.time.open"}, nil))
}
