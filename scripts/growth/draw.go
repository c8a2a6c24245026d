package main

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/deskbell/deskbell/internal/bench"
)

type point struct{ size, ms float64 }

const (
	columns       = 3
	width, height = 260.0, 190.0 // of one chart with its margins
	left, top     = 40.0, 40.0   // of the plot inside a chart
	plotW, plotH  = 200.0, 110.0
	smallest      = 1e4
	largest       = 1e6
)

// The colours are the console's accent and green; a dash tells the two apart without them.
var looks = []struct{ database, color, dash string }{
	{"SQLite", "#3a4cc0", ""},
	{"PostgreSQL", "#1f7a4d", "5 3"},
}

var ticks = []struct {
	size float64
	name string
}{{1e4, "10 k"}, {1e5, "100 k"}, {1e6, "1 M"}}

func draw(out io.Writer, all []bench.Report) {
	rows := math.Ceil(float64(len(charts)) / columns)
	w, h := columns*width, rows*height+30
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %g %g" width="%g" height="%g" font-family="Inter, Arial, sans-serif" font-size="11" role="img" aria-label="p50 in milliseconds at 10,000, 100,000 and 1,000,000 conversations">`+"\n", w, h, w, h)
	fmt.Fprintf(out, `<rect width="%g" height="%g" fill="#fff"/>`+"\n", w, h)
	for i, c := range charts {
		fmt.Fprintf(out, `<g transform="translate(%g %g)">`+"\n", float64(i%columns)*width, float64(i/columns)*height)
		chart(out, c.title, c.goal, lines(all, c.name))
		fmt.Fprintln(out, "</g>")
	}
	legend(out, h-14)
	fmt.Fprintln(out, "</svg>")
}

func chart(out io.Writer, title string, goal float64, series map[string][]point) {
	highest := goal
	for _, line := range series {
		for _, p := range line {
			highest = math.Max(highest, p.ms)
		}
	}
	highest = ceiling(highest)
	x := func(size float64) float64 {
		return left + plotW*math.Log10(size/smallest)/math.Log10(largest/smallest)
	}
	y := func(ms float64) float64 { return top + plotH*(1-ms/highest) }
	fmt.Fprintf(out, `<text x="%g" y="22" font-weight="600" fill="#1c1b18">%s</text>`+"\n", left, title)
	for _, ms := range []float64{0, highest / 2, highest} {
		fmt.Fprintf(out, `<path d="M%g %gH%g" stroke="#e4e2dc"/><text x="%g" y="%g" text-anchor="end" fill="#6b6860">%g</text>`+"\n", left, y(ms), left+plotW, left-6, y(ms)+4, ms)
	}
	for _, tick := range ticks {
		fmt.Fprintf(out, `<text x="%g" y="%g" text-anchor="middle" fill="#6b6860">%s</text>`+"\n", x(tick.size), top+plotH+16, tick.name)
	}
	if goal > 0 {
		fmt.Fprintf(out, `<path d="M%g %gH%g" stroke="#b3261e" stroke-dasharray="2 3"/><text x="%g" y="%g" text-anchor="end" fill="#b3261e">goal %g ms</text>`+"\n", left, y(goal), left+plotW, left+plotW, y(goal)-4, goal)
	}
	for _, look := range looks {
		plot(out, series[look.database], look.color, look.dash, x, y)
	}
}

func plot(out io.Writer, line []point, color, dash string, x, y func(float64) float64) {
	if len(line) == 0 {
		return
	}
	var at []string
	for _, p := range line {
		at = append(at, fmt.Sprintf("%.1f %.1f", x(p.size), y(p.ms)))
	}
	fmt.Fprintf(out, `<path d="M%s" fill="none" stroke="%s" stroke-width="2" stroke-dasharray="%s"/>`+"\n", strings.Join(at, "L"), color, dash)
	for _, p := range line {
		fmt.Fprintf(out, `<circle cx="%.1f" cy="%.1f" r="3" fill="%s"><title>%.2f ms</title></circle>`+"\n", x(p.size), y(p.ms), color, p.ms)
	}
}

// ceiling is the next of 1, 2, 4, 6, 8, 10, 20 and so on.
func ceiling(v float64) float64 {
	unit := math.Pow(10, math.Floor(math.Log10(v)))
	for _, n := range []float64{1, 2, 4, 6, 8, 10} {
		if n*unit >= v {
			return n * unit
		}
	}
	return 10 * unit
}

func legend(out io.Writer, y float64) {
	at := left
	for _, look := range looks {
		fmt.Fprintf(out, `<path d="M%g %gh24" stroke="%s" stroke-width="2" stroke-dasharray="%s"/><text x="%g" y="%g" fill="#1c1b18">%s, p50 in ms</text>`+"\n", at, y, look.color, look.dash, at+30, y+4, look.database)
		at += 180
	}
}
