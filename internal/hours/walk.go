package hours

import (
	"iter"
	"time"
)

// horizon is how far ahead anything is looked for.
const horizon = 400 // days

// span is a time without a break in which the shop is open. One that goes on
// beyond the horizon has no end.
type span struct{ from, to time.Time }

func (s span) endless() bool { return s.to.IsZero() }

// Open tells whether the shop is open at a moment.
func (s *Set) Open(at time.Time) bool {
	for one := range s.spans(at, horizon) {
		return !one.from.After(at)
	}
	return false
}

// NextOpening is the first moment after at at which the shop opens: of one that
// is open, when it does so again. ok is false when it does not within 400 days.
func (s *Set) NextOpening(at time.Time) (opens time.Time, ok bool) {
	for one := range s.spans(at, horizon) {
		if one.from.After(at) {
			return one.from, true
		}
	}
	return time.Time{}, false
}

// OpenFrom is the first moment from at on at which the shop is open, which may
// be at. ok is false when it is not within 400 days.
func (s *Set) OpenFrom(at time.Time) (open time.Time, ok bool) {
	return s.Add(at, 0)
}

// NextClosing is the first moment after at at which the shop closes; of one that
// is closed, after it has opened. ok is false when it does not within 400 days.
func (s *Set) NextClosing(at time.Time) (closes time.Time, ok bool) {
	for one := range s.spans(at, horizon) {
		return one.to, !one.endless()
	}
	return time.Time{}, false
}

// Between is the business time from one moment to a later one, of which the
// first ten years count. It is 0 when to is not after from.
func (s *Set) Between(from, to time.Time) (total time.Duration) {
	if !to.After(from) {
		return 0
	}
	days := min(int(to.Sub(from)/(24*time.Hour))+2, 3660)
	for one := range s.spans(from, days) {
		if !one.from.Before(to) {
			break
		}
		begin, end := one.from, one.to
		if begin.Before(from) {
			begin = from
		}
		if one.endless() || end.After(to) {
			end = to
		}
		total += end.Sub(begin)
	}
	return total
}

// Add is the moment at which so much business time has passed after at. Nothing
// has passed at the next moment at which the shop is open. ok is false when that
// is not within 400 days.
func (s *Set) Add(at time.Time, d time.Duration) (_ time.Time, ok bool) {
	for one := range s.spans(at, horizon) {
		if one.from.Before(at) {
			one.from = at
		}
		if one.endless() || one.to.Sub(one.from) >= d {
			return one.from.Add(d), true
		}
		d -= one.to.Sub(one.from)
	}
	return time.Time{}, false
}

// spans are the times in which the shop is open that end after at, in their
// order. Days that touch at midnight are one.
func (s *Set) spans(at time.Time, days int) iter.Seq[span] {
	return func(yield func(span) bool) {
		loc, _ := zone(s.TimeZone)
		y, m, d := at.In(loc).Date()
		first := time.Date(y, m, d-1, 0, 0, 0, 0, time.UTC)
		plan := planOf(s)
		var held span
		for i := range days + 2 {
			day := first.AddDate(0, 0, i)
			for _, one := range plan.on(day) {
				next := span{moment(day, one.From, loc, false), moment(day, one.To, loc, one.To != endOfDay)}
				if !next.to.After(next.from) || !next.to.After(at) {
					continue // the clocks skip it, or it is over
				}
				if !held.from.IsZero() && !next.from.After(held.to) {
					held.to = later(held.to, next.to)
					continue
				}
				if !held.from.IsZero() && !yield(held) {
					return
				}
				held = next
			}
		}
		if held.from.IsZero() {
			return
		}
		if end := moment(first.AddDate(0, 0, days+1), endOfDay, loc, false); !held.to.Before(end) {
			held.to = time.Time{}
		}
		yield(held)
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// moment is when the clocks of a place show a time of a date. What they skip is
// the moment at which they jump; of what they show twice it is the first or the
// last.
func moment(day time.Time, minute Minute, loc *time.Location, last bool) time.Time {
	wall := day.Add(time.Duration(minute) * time.Minute) // as if it were UTC
	at := time.Date(wall.Year(), wall.Month(), wall.Day(), wall.Hour(), wall.Minute(), 0, 0, loc)
	begin, end := at.ZoneBounds()
	switch shown := clock(at); {
	case shown.After(wall) && !begin.IsZero():
		return begin.UTC()
	case shown.Before(wall) && !end.IsZero():
		return end.UTC()
	}
	if !begin.IsZero() && !last {
		if first := under(wall, begin.Add(-1)); first.Before(begin) {
			return first
		}
	}
	if !end.IsZero() && last {
		if second := under(wall, end); !second.Before(end) {
			return second
		}
	}
	return at.UTC()
}

// under is when clocks would show a time if they went on as they do at a moment.
func under(wall, at time.Time) time.Time {
	_, offset := at.Zone()
	return wall.Add(-time.Duration(offset) * time.Second)
}

// clock is what the clocks show, as if it were UTC.
func clock(at time.Time) time.Time {
	y, m, d := at.Date()
	return time.Date(y, m, d, at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC)
}

// plan says for each date when the shop is open.
type plan struct {
	set  *Set
	own  map[string][]Interval
	free map[int]map[string]bool // public holidays by year
}

func planOf(s *Set) plan {
	p := plan{s, map[string][]Interval{}, map[int]map[string]bool{}}
	for _, d := range s.OwnDays {
		p.own[d.Date] = d.Open
	}
	return p
}

func (p *plan) on(day time.Time) []Interval {
	date := day.Format(time.DateOnly)
	if list, ok := p.own[date]; ok {
		return list
	}
	if p.set.Country != "" && p.holidays(day.Year())[date] {
		return nil
	}
	return p.set.Week[day.Weekday()]
}

func (p *plan) holidays(year int) map[string]bool {
	if p.free[year] == nil {
		p.free[year] = map[string]bool{}
		for _, h := range HolidaysOf(p.set.Country, year) {
			p.free[year][h.Date] = true
		}
	}
	return p.free[year]
}
