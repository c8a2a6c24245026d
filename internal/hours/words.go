package hours

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Said is what a set says to a customer. What is not the case is empty.
type Said struct {
	Open        bool
	Closes      string // while it is open
	NextOpening string
	Week        string // one line for days that are alike
	TimeZone    string // as people write it: America/New York
}

// Say writes what holds at a moment in a language, and in English where that is
// none of the console's. Times are those of the set's time zone.
func (s *Set) Say(at time.Time, locale string) Said {
	w := wordsOf(locale)
	loc, _ := zone(s.TimeZone)
	out := Said{Open: s.Open(at), Week: w.week(s.Week), TimeZone: strings.ReplaceAll(s.TimeZone, "_", " ")}
	if opens, ok := s.NextOpening(at); ok {
		out.NextOpening = w.moment(opens.In(loc))
	}
	if closes, ok := s.NextClosing(at); ok && out.Open {
		out.Closes = w.closing(closes.In(loc), at.In(loc))
	}
	return out
}

// words are those of one language. Sentences are whole: first is a day, second
// another one, and so on.
type words struct {
	days     [7]string // by time.Weekday
	months   [12]string
	pad      bool // 09:00 instead of 9:00
	dash     string
	comma    string
	moments  func(w *words, at time.Time) string
	two      string // days
	more     string
	every    string
	open     string // days and times
	closed   string
	allDay   string
	titleRow bool // the first letter of a line is written large
}

func wordsOf(locale string) *words {
	base, _, _ := strings.Cut(strings.ToLower(locale), "-")
	if w := languages[base]; w != nil {
		return w
	}
	return languages["en"]
}

func (w *words) clock(m Minute) string {
	if w.pad {
		return m.String()
	}
	return fmt.Sprintf("%d:%02d", m/60, m%60)
}

func minuteOf(at time.Time) Minute { return Minute(at.Hour()*60 + at.Minute()) }

func (w *words) moment(at time.Time) string { return w.moments(w, at) }

// closing is a time alone on the day itself, of which midnight is the end.
func (w *words) closing(closes, now time.Time) string {
	if closes.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return w.clock(minuteOf(closes))
	}
	if before := closes.Add(-time.Minute); minuteOf(closes) == 0 && before.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return w.clock(endOfDay)
	}
	return w.moment(closes)
}

// week joins days that follow each other and are alike, from Monday on.
func (w *words) week(week Week) string {
	var lines []string
	for i := 0; i < 7; {
		j := i + 1
		for j < 7 && slices.Equal(week[(i+1)%7], week[(j+1)%7]) {
			j++
		}
		lines = append(lines, w.line(i, j-1, week[(i+1)%7]))
		i = j
	}
	return strings.Join(lines, "\n")
}

// line says what holds on the days from first to last, Monday being 0.
func (w *words) line(first, last int, list []Interval) string {
	from, to := w.days[(first+1)%7], w.days[(last+1)%7]
	days := from
	switch last - first {
	case 0:
	case 1:
		days = fmt.Sprintf(w.two, from, to)
	case 6:
		days = w.every
	default:
		days = fmt.Sprintf(w.more, from, to)
	}
	if w.titleRow {
		days = upperFirst(days)
	}
	var times []string
	for _, one := range list {
		if one == (Interval{0, endOfDay}) {
			times = append(times, w.allDay)
			continue
		}
		times = append(times, w.clock(one.From)+w.dash+w.clock(one.To))
	}
	if len(times) == 0 {
		return fmt.Sprintf(w.closed, days)
	}
	return fmt.Sprintf(w.open, days, strings.Join(times, w.comma))
}

func upperFirst(s string) string {
	runes := []rune(s)
	return strings.ToUpper(string(runes[:1])) + string(runes[1:])
}

var languages = map[string]*words{
	"en": {
		days: [7]string{"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		months: [12]string{"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
			"November", "December"},
		dash: "–", comma: ", ", two: "%s and %s", more: "%s to %s", every: "Every day", open: "%s %s", closed: "%s closed", allDay: "24 hours",
		moments: func(w *words, at time.Time) string {
			return fmt.Sprintf("%s, %d %s at %s", w.days[at.Weekday()], at.Day(), w.months[at.Month()-1], w.clock(minuteOf(at)))
		},
	},
	"ja": {
		days: [7]string{"日曜日", "月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"},
		dash: "〜", comma: "、", two: "%s・%s", more: "%sから%s", every: "毎日", open: "%s %s", closed: "%s 休業", allDay: "24時間",
		moments: func(w *words, at time.Time) string {
			return fmt.Sprintf("%d月%d日（%s）%s", at.Month(), at.Day(), w.days[at.Weekday()], w.clock(minuteOf(at)))
		},
	},
	"tr": {
		days:   [7]string{"Pazar", "Pazartesi", "Salı", "Çarşamba", "Perşembe", "Cuma", "Cumartesi"},
		months: [12]string{"Ocak", "Şubat", "Mart", "Nisan", "Mayıs", "Haziran", "Temmuz", "Ağustos", "Eylül", "Ekim", "Kasım", "Aralık"},
		pad:    true, dash: "–", comma: ", ", two: "%s ve %s", more: "%s – %s", every: "Her gün", open: "%s %s", closed: "%s kapalı", allDay: "24 saat açık",
		moments: func(w *words, at time.Time) string {
			return fmt.Sprintf("%d %s %s %s", at.Day(), w.months[at.Month()-1], w.days[at.Weekday()], w.clock(minuteOf(at)))
		},
	},
	"uk": {
		days: [7]string{"неділя", "понеділок", "вівторок", "середа", "четвер", "п’ятниця", "субота"},
		months: [12]string{"січня", "лютого", "березня", "квітня", "травня", "червня", "липня", "серпня", "вересня", "жовтня",
			"листопада", "грудня"},
		dash: "–", comma: ", ", two: "%s і %s", more: "%s – %s", every: "щодня", open: "%s %s", closed: "%s зачинено", allDay: "цілодобово", titleRow: true,
		moments: func(w *words, at time.Time) string {
			return fmt.Sprintf("%s, %d %s, %s", w.days[at.Weekday()], at.Day(), w.months[at.Month()-1], w.clock(minuteOf(at)))
		},
	},
}
