package mail

import (
	"strconv"
	"strings"
	"time"
)

// zone is a VTIMEZONE: what the clock showed from when on.
type zone struct{ phases []phase }

// phase is standard or daylight time (RFC 5545, 3.6.5).
type phase struct {
	start    time.Time // local
	to, from time.Duration
	yearly   bool
	month    time.Month
	day      time.Weekday
	nth      int // of the weekday in the month, -1 the last, 0 = the date of start
	until    time.Time
}

func (p *phase) take(prop property) {
	switch prop.name {
	case "DTSTART":
		if at, err := time.Parse("20060102T150405", strings.TrimSuffix(strings.TrimSpace(prop.value), "Z")); err == nil {
			p.start = at
		}
	case "TZOFFSETTO":
		p.to = offset(prop.value)
	case "TZOFFSETFROM":
		p.from = offset(prop.value)
	case "RRULE":
		p.rule(prop.value)
	}
}

// offset reads +0100 or -053000.
func offset(s string) time.Duration {
	s = strings.TrimSpace(s)
	if len(s) < 5 || len(s) > 7 {
		return 0
	}
	n, err := strconv.Atoi(s[1:])
	if err != nil {
		return 0
	}
	if len(s) == 5 {
		n *= 100
	}
	d := time.Duration(n/10000)*time.Hour + time.Duration(n/100%100)*time.Minute + time.Duration(n%100)*time.Second
	if d > 24*time.Hour {
		return 0
	}
	if s[0] == '-' {
		return -d
	}
	return d
}

var weekdays = map[string]time.Weekday{"SU": 0, "MO": 1, "TU": 2, "WE": 3, "TH": 4, "FR": 5, "SA": 6}

// rule reads FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU, the only shape in use.
func (p *phase) rule(rule string) {
	for part := range strings.SplitSeq(rule, ";") {
		name, value, _ := strings.Cut(part, "=")
		switch strings.ToUpper(name) {
		case "FREQ":
			p.yearly = strings.EqualFold(value, "YEARLY")
		case "BYMONTH":
			if n, err := strconv.Atoi(value); err == nil && n >= 1 && n <= 12 {
				p.month = time.Month(n)
			}
		case "BYDAY":
			if day, ok := weekdays[strings.ToUpper(value[max(0, len(value)-2):])]; ok && len(value) >= 3 {
				if n, err := strconv.Atoi(value[:len(value)-2]); err == nil && n >= -5 && n <= 5 {
					p.day, p.nth = day, n
				}
			}
		case "UNTIL":
			if at, err := time.Parse("20060102T150405", strings.TrimSuffix(value, "Z")); err == nil {
				p.until = at
			}
		}
	}
}

// onset is the latest beginning at or before the local time; false when there
// is none yet.
func (p *phase) onset(local time.Time) (time.Time, bool) {
	if !p.yearly {
		return p.start, !p.start.After(local)
	}
	for year := local.Year(); year >= local.Year()-1; year-- {
		at := p.in(year)
		if !at.After(local) && !at.Before(p.start) && (p.until.IsZero() || !at.After(p.until)) {
			return at, true
		}
	}
	return p.start, p.start.Year() < local.Year()-1 && !p.until.IsZero() && p.until.Before(local)
}

func (p *phase) in(year int) time.Time {
	month := p.month
	if month == 0 {
		month = p.start.Month()
	}
	h, m, s := p.start.Clock()
	if p.nth == 0 {
		return time.Date(year, month, p.start.Day(), h, m, s, 0, time.UTC)
	}
	first := time.Date(year, month, 1, h, m, s, 0, time.UTC)
	days := (int(p.day)-int(first.Weekday())+7)%7 + 7*(p.nth-1)
	if p.nth < 0 {
		last := first.AddDate(0, 1, -1)
		return last.AddDate(0, 0, -((int(last.Weekday())-int(p.day)+7)%7)+7*(p.nth+1))
	}
	return first.AddDate(0, 0, days)
}

// offset is how far the clock is ahead of UTC at the local time.
func (z *zone) offset(local time.Time) time.Duration {
	var best time.Time
	out, any := z.phases[0].from, false
	for i := range z.phases {
		if at, ok := z.phases[i].onset(local); ok && (!any || at.After(best)) {
			best, out, any = at, z.phases[i].to, true
		}
	}
	return out
}

// windowsZones are names that Microsoft's programs write without describing them.
var windowsZones = map[string]string{
	"gmt standard time": "Europe/London", "w. europe standard time": "Europe/Berlin", "romance standard time": "Europe/Paris",
	"central europe standard time": "Europe/Budapest", "central european standard time": "Europe/Warsaw", "e. europe standard time": "Europe/Chisinau",
	"fle standard time": "Europe/Kyiv", "gtb standard time": "Europe/Bucharest", "turkey standard time": "Europe/Istanbul",
	"russian standard time": "Europe/Moscow", "eastern standard time": "America/New_York", "central standard time": "America/Chicago",
	"mountain standard time": "America/Denver", "pacific standard time": "America/Los_Angeles", "tokyo standard time": "Asia/Tokyo",
	"china standard time": "Asia/Shanghai", "india standard time": "Asia/Kolkata", "korea standard time": "Asia/Seoul",
	"singapore standard time": "Asia/Singapore", "aus eastern standard time": "Australia/Sydney", "israel standard time": "Asia/Jerusalem",
	"arabian standard time": "Asia/Dubai", "e. south america standard time": "America/Sao_Paulo", "utc": "UTC",
}

// knownZone finds a zone by the name that programs write: Europe/Kyiv,
// /vendor/Europe/Kyiv, or Microsoft's.
func knownZone(id string) *time.Location {
	if name := windowsZones[strings.ToLower(strings.TrimSpace(id))]; name != "" {
		id = name
	}
	parts := strings.Split(strings.Trim(id, "/ "), "/")
	if len(id) > 100 || strings.Contains(id, "..") {
		return nil
	}
	for n := max(0, len(parts)-3); n < len(parts); n++ {
		name := strings.Join(parts[n:], "/")
		if name == "" || name == "Local" {
			continue
		}
		if l, err := time.LoadLocation(name); err == nil {
			return l
		}
	}
	return nil
}
