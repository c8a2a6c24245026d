package demo

import (
	"math/rand/v2"
	"slices"
	"time"
)

// byMonth, byWeekday and byHour are how busy the shop is: November stands out,
// Mondays and evenings are strong, nights are quiet.
var (
	byMonth = [13]int{0, 10, 8, 8, 8, 9, 7, 7, 7, 9, 12, 34, 22}
	byDay   = [7]int{11, 18, 15, 14, 14, 13, 9} // Sunday first
	byHour  = [24]int{2, 1, 1, 1, 1, 2, 4, 7, 10, 12, 12, 11, 11, 11, 11, 10, 10, 11, 13, 15, 15, 12, 8, 4}
)

// moments chooses n instants of the last year in ascending order.
func moments(rnd *rand.Rand, now time.Time, n int) []time.Time {
	days := make([]time.Time, 0, 366)
	weights := make([]int, 0, 366)
	sum := 0
	today := now.Truncate(24 * time.Hour)
	for back := 364; back >= 0; back-- {
		day := today.AddDate(0, 0, -back)
		w := byMonth[day.Month()] * byDay[day.Weekday()]
		// The sale: the last week of November.
		if day.Month() == time.November && day.Day() >= 23 {
			w *= 2
		}
		sum += w
		days, weights = append(days, day), append(weights, sum)
	}
	out := make([]time.Time, n)
	for i := range out {
		at, _ := slices.BinarySearch(weights, rnd.IntN(sum)+1)
		out[i] = days[at].Add(clock(rnd))
		if out[i].After(now.Add(-2 * time.Minute)) {
			out[i] = now.Add(-2*time.Minute - time.Duration(rnd.Int64N(int64(6*time.Hour))))
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out
}

func clock(rnd *rand.Rand) time.Duration {
	sum := 0
	for _, w := range byHour {
		sum += w
	}
	n := rnd.IntN(sum)
	for hour, w := range byHour {
		if n -= w; n < 0 {
			return time.Duration(hour)*time.Hour + time.Duration(rnd.Int64N(int64(time.Hour)))
		}
	}
	return 0
}

// working moves an instant in the night to the next morning, where people answer.
func working(at time.Time) time.Time {
	switch {
	case at.Hour() >= 21:
		return at.Truncate(24*time.Hour).AddDate(0, 0, 1).Add(8*time.Hour + time.Duration(at.Minute())*time.Minute)
	case at.Hour() < 7:
		return at.Truncate(24 * time.Hour).Add(8*time.Hour + time.Duration(at.Minute())*time.Minute)
	}
	return at
}
