package mail

import (
	"strconv"
	"strings"
	"time"
)

var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6,
	"jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11, "dec": 12,
}

var zones = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "met": 60, "mez": 60,
	"cest": 120, "mest": 120, "mesz": 120, "eet": 120, "eest": 180, "msk": 180, "msd": 240, "trt": 180,
	"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420,
	"akst": -540, "akdt": -480, "hst": -600, "jst": 540, "kst": 540, "ist": 330, "sgt": 480, "hkt": 480,
	"aest": 600, "aedt": 660, "awst": 480, "nzst": 720, "nzdt": 780, "brt": -180, "art": -180,
}

// parseDate reads RFC 5322 dates and what is sent in their place: two-digit
// years, missing seconds or zone, ISO 8601, asctime. Zero when unreadable.
func parseDate(s string) time.Time {
	s = strings.TrimSpace(stripComments(s[:min(len(s), 500)]))
	if s == "" {
		return time.Time{}
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02 15:04:05 -0700", "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02"} {
		if t, err := time.Parse(layout, s); err == nil {
			return t
		}
	}
	d := looseDate{zone: -1 << 20}
	for _, tok := range strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '\n' || r == '\r' }) {
		d.token(tok)
	}
	return d.time()
}

type looseDate struct {
	day, year      int
	month          time.Month
	h, m, s        int
	zone           int // minutes east; far below zero: unknown
	clock, bad, pm bool
	yearSet        bool
}

func (d *looseDate) token(tok string) {
	low := strings.ToLower(strings.Trim(tok, "\"'<>"))
	switch {
	case strings.ContainsRune(low, ':') && !d.clock && low[0] >= '0' && low[0] <= '9':
		d.setClock(low)
	case len(low) > 1 && (low[0] == '+' || low[0] == '-') && d.clock:
		d.setZone(low)
	case low == "am" || low == "pm":
		d.setHalf(low)
	case strings.Count(low, "-") == 2 || strings.Count(low, "/") == 2:
		for _, p := range strings.FieldsFunc(low, func(r rune) bool { return r == '-' || r == '/' }) {
			d.token(p)
		}
	default:
		if len(low) >= 3 {
			if mo, ok := months[low[:3]]; ok && d.month == 0 && low[0] > '9' {
				d.month = mo
				return
			}
		}
		if z, ok := zones[strings.Trim(low, ".")]; ok && d.clock {
			if d.zone < -10000 {
				d.zone = z
			} else if z == 0 {
				return
			}
			return
		}
		d.number(low)
	}
}

func (d *looseDate) number(low string) {
	n, err := strconv.Atoi(strings.TrimRight(low, "."))
	if err != nil || n < 0 {
		return
	}
	switch {
	case len(low) == 4 && d.clock && d.yearSet && d.zone < -10000:
		d.setZone("+" + low)
	case d.day == 0 && n >= 1 && n <= 31 && len(low) <= 2:
		d.day = n
	case !d.yearSet && n <= 9999:
		d.year, d.yearSet = n, true
		if len(low) <= 3 { // RFC 5322, 4.3
			if n < 50 {
				d.year = 2000 + n
			} else {
				d.year = 1900 + n
			}
		}
	}
}

func (d *looseDate) setClock(s string) {
	for _, suffix := range []string{"am", "pm"} {
		if strings.HasSuffix(s, suffix) {
			s = strings.TrimSuffix(s, suffix)
			defer d.setHalf(suffix)
		}
	}
	if i := strings.IndexAny(s, "+-"); i > 0 {
		defer d.setZone(s[i:])
		s = s[:i]
	}
	parts := strings.Split(s, ":")
	get := func(i int) int {
		if i >= len(parts) {
			return 0
		}
		p, _, _ := strings.Cut(parts[i], ".")
		n, err := strconv.Atoi(p)
		if err != nil {
			d.bad = true
		}
		return n
	}
	d.h, d.m, d.s, d.clock = get(0), get(1), get(2), true
}

func (d *looseDate) setHalf(s string) {
	if s == "pm" && d.h < 12 {
		d.h += 12
	} else if s == "am" && d.h == 12 {
		d.h = 0
	}
}

func (d *looseDate) setZone(s string) {
	n, err := strconv.Atoi(strings.ReplaceAll(s[1:], ":", ""))
	if err != nil || d.zone > -10000 {
		return
	}
	if len(s) <= 3 {
		n *= 100
	}
	if d.zone = n/100*60 + n%100; s[0] == '-' {
		d.zone = -d.zone
	}
}

func (d *looseDate) time() time.Time {
	if d.bad || d.day == 0 || d.month == 0 || !d.yearSet || d.h > 24 || d.m > 59 || d.s > 60 {
		return time.Time{}
	}
	if d.zone < -10000 || d.zone > 24*60 || d.zone < -24*60 {
		d.zone = 0
	}
	return time.Date(d.year, d.month, d.day, d.h, d.m, d.s, 0, time.FixedZone("", d.zone*60))
}
