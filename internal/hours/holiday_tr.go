package hours

import (
	"time"

	"github.com/rickar/cal/v2"
)

// turkey are the public holidays of Turkey (law 2429), without the afternoons
// before feasts. The feasts follow the moon; their first days are those of the
// calendar of Diyanet, as far as the dates of the moon are certain, and years
// behind them have none.
var turkey = func() []*cal.Holiday {
	list := []*cal.Holiday{
		onDay("Yılbaşı", time.January, 1, 0),
		onDay("Ulusal Egemenlik ve Çocuk Bayramı", time.April, 23, 0),
		onDay("Emek ve Dayanışma Günü", time.May, 1, 2009),
		onDay("Atatürk’ü Anma, Gençlik ve Spor Bayramı", time.May, 19, 0),
		onDay("Demokrasi ve Millî Birlik Günü", time.July, 15, 2017),
		onDay("Zafer Bayramı", time.August, 30, 0),
		onDay("Cumhuriyet Bayramı", time.October, 29, 0),
	}
	list = append(list, feast("Ramazan Bayramı", 3, map[int]date{
		2026: {time.March, 20}, 2027: {time.March, 9}, 2028: {time.February, 26}, 2029: {time.February, 14}, 2030: {time.February, 4},
	})...)
	return append(list, feast("Kurban Bayramı", 4, map[int]date{
		2026: {time.May, 27}, 2027: {time.May, 16}, 2028: {time.May, 5}, 2029: {time.April, 24}, 2030: {time.April, 13},
	})...)
}()

type date struct {
	month time.Month
	day   int
}

func onDay(name string, month time.Month, day, since int) *cal.Holiday {
	return &cal.Holiday{Name: name, Type: cal.ObservancePublic, Month: month, Day: day, StartYear: since, Func: cal.CalcDayOfMonth}
}

// feast is a holiday for each of its days, of which the first one is given by years.
func feast(name string, days int, first map[int]date) (out []*cal.Holiday) {
	for i := range days {
		out = append(out, &cal.Holiday{Name: name, Type: cal.ObservancePublic, Func: func(_ *cal.Holiday, year int) time.Time {
			if d, ok := first[year]; ok {
				return time.Date(year, d.month, d.day+i, 0, 0, 0, 0, time.UTC)
			}
			return time.Time{}
		}})
	}
	return out
}
