package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/bench"
)

func TestEveryFigureOfTheReportsIsDrawnInWellFormedSVG(t *testing.T) {
	t.Parallel()
	var all []bench.Report
	for i, size := range []int{1_000_000, 10_000, 100_000} {
		all = append(all, bench.Report{Database: "SQLite", Conversations: size, Results: []bench.Result{{Name: "list", P50: 1.25 + float64(i)}}})
	}
	var out bytes.Buffer
	draw(&out, all)
	d := xml.NewDecoder(bytes.NewReader(out.Bytes()))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"1.25 ms", "2.25 ms", "3.25 ms", "goal 3 ms"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is not drawn", want)
		}
	}
	if l := lines(all, "list")["SQLite"]; l[0].size != 10_000 || l[2].size != 1_000_000 {
		t.Errorf("the sizes are not in order: %v", l)
	}
}

func TestTheScaleEndsAtARoundNumberAboveTheHighest(t *testing.T) {
	t.Parallel()
	for v, want := range map[float64]float64{0.9: 1, 1: 1, 3: 4, 4.5: 6, 11: 20, 43: 60} {
		if got := ceiling(v); got < want-1e-9 || got > want+1e-9 {
			t.Errorf("ceiling(%g) = %g, want %g", v, got, want)
		}
	}
}
