package text

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Excerpt is a piece of a text on one line and what is marked in it.
type Excerpt struct {
	Text  string
	Marks []Span
}

// Snippet returns the piece of s, about width characters long, that meets most
// words of the query; white space is collapsed and a cut end shows as "…". A
// text without a match gives its beginning.
func (a *Analyzer) Snippet(s string, e Expr, width int) Excerpt {
	s = clip(s, maxHighlighted)
	width = max(width, 8)
	hits := a.hits(s, e)
	marks := merged(hits)
	from, to := window(s, hits, width)
	return excerpt(s, from, to, marks)
}

// window chooses the part of s to show.
func window(s string, hits []hit, width int) (from, to int) {
	if len(hits) == 0 {
		return 0, endOf(s, 0, width)
	}
	// Both ends only move forward, so that many hits cost no more than few.
	met := map[int]int{}
	best, bestAt, end := 0, 0, 0
	reach, runes := hits[0].Start, 0
	for i := range hits {
		if i > 0 {
			runes -= utf8.RuneCountInString(s[hits[i-1].Start:min(hits[i].Start, reach)])
		}
		reach = max(reach, hits[i].Start)
		for end < len(hits) && hits[end].Start >= reach {
			n := utf8.RuneCountInString(s[reach:hits[end].Start])
			if runes+n > width*3/4 && end > i {
				break
			}
			runes += n
			reach = hits[end].Start
			met[hits[end].clause]++
			end++
		}
		if len(met) > best {
			best, bestAt = len(met), i
		}
		if met[hits[i].clause]--; met[hits[i].clause] <= 0 {
			delete(met, hits[i].clause)
		}
	}
	from = startOf(s, hits[bestAt].Start, width/4)
	to = endOf(s, from, width)
	if to == len(s) {
		from = min(from, startOf(s, to, width))
	}
	return from, to
}

// startOf goes up to n characters back from i, to the beginning of a word if
// there is one near.
func startOf(s string, i, n int) int {
	j := i
	for ; n > 0 && j > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(s[:j])
		j -= size
	}
	if j == 0 {
		return 0
	}
	if k := strings.IndexFunc(s[j:i], unicode.IsSpace); k >= 0 {
		_, size := utf8.DecodeRuneInString(s[j+k:])
		return j + k + size
	}
	return j + nextBoundary(s[j:i])
}

// endOf goes n characters forward from i, back to the end of a word if there is
// one near.
func endOf(s string, i, n int) int {
	j := i
	for ; n > 0 && j < len(s); n-- {
		_, size := utf8.DecodeRuneInString(s[j:])
		j += size
	}
	if j == len(s) {
		return j
	}
	if k := strings.LastIndexFunc(s[i:j], unicode.IsSpace); k >= (j-i)*2/3 {
		return i + k
	}
	return i + lastBoundary(s[i:], j-i)
}

func excerpt(s string, from, to int, marks []Span) Excerpt {
	var (
		b   strings.Builder
		out Excerpt
		sp  = true
	)
	if from > 0 {
		b.WriteString("…")
		sp = false
	}
	k := 0
	for k < len(marks) && marks[k].End <= from {
		k++
	}
	open := -1
	for i := from; i < to; {
		if open < 0 && k < len(marks) && i >= marks[k].Start {
			open = b.Len()
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsSpace(r) || unicode.IsControl(r):
			if !sp {
				b.WriteByte(' ')
			}
			sp = true
		case r == utf8.RuneError && n == 1:
			b.WriteString("\uFFFD")
			sp = false
		default:
			b.WriteString(s[i : i+n])
			sp = false
		}
		i += n
		for open >= 0 && (i >= marks[k].End || i >= to) {
			out.Marks = append(out.Marks, Span{open, b.Len()})
			open = -1
			k++
		}
	}
	out.Text = b.String()
	if cut := strings.TrimRight(out.Text, " "); len(cut) < len(out.Text) {
		out.Text = cut
	}
	for i := range out.Marks {
		out.Marks[i].End = min(out.Marks[i].End, len(out.Text))
	}
	out.Marks = slices.DeleteFunc(out.Marks, func(m Span) bool { return m.Start >= m.End })
	if to < len(s) {
		out.Text += "…"
	}
	return out
}
