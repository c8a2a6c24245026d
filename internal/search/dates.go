package search

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/text"
)

// days are the ways to write a day, a month or a year; each stands for its beginning.
var days = []string{"2006-1-2", "2006/1/2", "2.1.2006", "2006年1月2日", "20060102", "2006-1", "2006/1", "1.2006", "2006年1月", "2006", "2006年"}

// relative are the words of four languages for the beginning of a day, week
// (Monday), month or year: how many of them back.
var relative = func() map[string]since {
	out := map[string]since{}
	for s, list := range map[since]string{
		{"day", 0}:   "today, now, 今日, 本日, きょう, bugün, сьогодні",
		{"day", 1}:   "yesterday, 昨日, きのう, dün, вчора, учора",
		{"day", 2}:   "一昨日, おととい, evvelsi gün, önceki gün, позавчора",
		{"week", 0}:  "week, this week, 今週, bu hafta, цей тиждень, цього тижня",
		{"week", 1}:  "last week, 先週, geçen hafta, минулий тиждень, минулого тижня",
		{"month", 0}: "month, this month, 今月, bu ay, цей місяць, цього місяця",
		{"month", 1}: "last month, 先月, geçen ay, минулий місяць, минулого місяця",
		{"year", 0}:  "year, this year, 今年, bu yıl, bu sene, цей рік, цього року",
		{"year", 1}:  "last year, 去年, 昨年, geçen yıl, geçen sene, минулий рік, минулого року, торік",
	} {
		for word := range strings.SplitSeq(list, ", ") {
			out[text.Fold(word)] = s
		}
	}
	return out
}()

type since struct {
	unit string
	back int
}

func (s since) start(now time.Time) time.Time {
	y, m, d := now.Date()
	switch s.unit {
	case "week":
		d -= (int(now.Weekday())+6)%7 + 7*s.back
	case "month":
		m, d = m-time.Month(s.back), 1
	case "year":
		y, m, d = y-s.back, 1, 1
	default:
		d -= s.back
	}
	return time.Date(y, m, d, 0, 0, 0, 0, now.Location())
}

var span = regexp.MustCompile(`^([1-9][0-9]{0,3})([hdw])$`)

// when reads what stands behind before: and after:, in the zone of now. moves
// tells that it is another moment tomorrow.
func when(value string, now time.Time) (at time.Time, moves bool, err error) {
	word := text.Fold(strings.NewReplacer("_", " ", "-", " ").Replace(value))
	if s, ok := relative[strings.Join(strings.Fields(word), " ")]; ok {
		return s.start(now), true, nil
	}
	if m := span.FindStringSubmatch(strings.ToLower(value)); m != nil {
		n, err := strconv.Atoi(m[1])
		hours := map[string]int{"h": 1, "d": 24, "w": 168}[m[2]]
		return now.Add(-time.Duration(n*hours) * time.Hour), true, err
	}
	for _, layout := range days {
		if at, err := time.ParseInLocation(layout, value, now.Location()); err == nil && at.Year() >= 1970 {
			return at, false, nil
		}
	}
	return at, false, errs.InvalidFieldf("query.q", "%q is no date. Write for instance 2026-11-27, 2026-11, 7d, today or \"last week\".", value)
}
