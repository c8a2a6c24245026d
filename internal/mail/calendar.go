package mail

import (
	"strconv"
	"strings"
	"time"
)

// Invitation is an appointment that a mail asks for, changes or answers
// (RFC 5545, RFC 5546).
type Invitation struct {
	// Method is request, reply, cancel, counter, publish or another of RFC 5546.
	Method  string
	UID     string
	Summary string
	// Start and End are instants; for AllDay only their dates in UTC count, End
	// being the first day after. A zero Start says that there is none.
	Start, End time.Time
	AllDay     bool
	// Floating tells that the time has no zone: it is the reader's own.
	Floating  bool
	Location  string
	Note      string
	Organizer Attendee
	Attendees []Attendee
	// Repeats is daily, weekly, monthly, yearly or "".
	Repeats string
	// Cancelled tells that it does not take place.
	Cancelled bool
}

// Attendee is somebody of an invitation. State is accepted, declined,
// tentative, delegated, needs_action or "".
type Attendee struct {
	Name    string
	Address string
	State   string
}

const (
	calendarBytes = 256 << 10
	calendarLines = 5000
	maxAttendees  = 100
	maxTransition = 50
)

// readCalendar makes the invitation out of the calendar part.
func (w *walker) readCalendar() {
	if len(w.found.calendar) == 0 {
		return
	}
	charset := w.found.zone
	if charset == "" {
		charset = "utf-8"
	}
	w.m.Invitation = ParseInvitation(decodeCharset(charset, w.found.calendar))
}

// property is one line of a calendar.
type property struct {
	name   string
	params map[string]string
	value  string
}

// ParseInvitation reads the first appointment of a calendar; nil when there is
// none. It never fails: what makes no sense is left out.
func ParseInvitation(text string) *Invitation {
	c := calendar{zones: map[string]*zone{}, inv: &Invitation{}}
	for n, line := range unfold(text) {
		if n > calendarLines {
			break
		}
		if p, ok := parseProperty(line); ok {
			c.take(p)
		}
	}
	return c.finish()
}

// unfold joins continued lines (RFC 5545, 3.1).
func unfold(text string) []string {
	var out []string
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			out = append(out, b.String())
			b.Reset()
		}
	}
	for line := range strings.SplitSeq(normalizeText(text), "\n") {
		if line != "" && (line[0] == ' ' || line[0] == '\t') {
			b.WriteString(line[1:])
			continue
		}
		flush()
		b.WriteString(line)
	}
	flush()
	return out
}

// parseProperty takes NAME;PARAM=value;PARAM="a:b":value apart.
func parseProperty(line string) (p property, ok bool) {
	quoted, at, start := false, -1, 0
	for i := 0; i < len(line) && at < 0; i++ {
		switch {
		case line[i] == '"':
			quoted = !quoted
		case quoted:
		case line[i] == ';' || line[i] == ':':
			p.add(line[start:i])
			start = i + 1
			if line[i] == ':' {
				at = i
			}
		}
	}
	if at < 0 || p.name == "" {
		return p, false
	}
	p.value = line[at+1:]
	return p, true
}

func (p *property) add(word string) {
	if p.name == "" {
		p.name = strings.ToUpper(strings.TrimSpace(word))
		return
	}
	name, value, _ := strings.Cut(word, "=")
	if p.params == nil {
		p.params = map[string]string{}
	}
	p.params[strings.ToUpper(strings.TrimSpace(name))] = strings.Trim(value, `" `)
}

// words undoes the escapes of a text value (RFC 5545, 3.3.11).
func (p property) words(limit int) string {
	s := strings.NewReplacer(`\\`, `\`, `\n`, "\n", `\N`, "\n", `\,`, ",", `\;`, ";").Replace(p.value)
	return clipRunes(strings.TrimSpace(s), limit)
}

// calendar reads the properties in their order.
type calendar struct {
	inv    *Invitation
	path   []string
	zones  map[string]*zone
	zone   *zone
	phase  *phase
	start  property
	end    property
	length string
	seen   bool // the appointment has begun
	done   bool // ... and ended: further ones are its exceptions
}

func (c *calendar) take(p property) {
	switch p.name {
	case "BEGIN":
		c.begin(strings.ToUpper(strings.TrimSpace(p.value)))
	case "END":
		if len(c.path) > 0 {
			c.done = c.done || c.path[len(c.path)-1] == "VEVENT"
			c.path = c.path[:len(c.path)-1]
		}
	default:
		c.property(p)
	}
}

func (c *calendar) begin(what string) {
	if len(c.path) >= 10 {
		return
	}
	c.path = append(c.path, what)
	switch what {
	case "VEVENT":
		c.seen = true
	case "VTIMEZONE":
		c.zone, c.phase = &zone{}, nil
	case "STANDARD", "DAYLIGHT":
		if c.zone != nil && len(c.zone.phases) < maxTransition {
			c.zone.phases = append(c.zone.phases, phase{})
			c.phase = &c.zone.phases[len(c.zone.phases)-1]
		}
	}
}

func (c *calendar) property(p property) {
	inside := ""
	if len(c.path) > 0 {
		inside = c.path[len(c.path)-1]
	}
	switch inside {
	case "VCALENDAR":
		if p.name == "METHOD" {
			c.inv.Method = strings.ToLower(clipRunes(strings.TrimSpace(p.value), 20))
		}
	case "VTIMEZONE":
		if p.name == "TZID" && c.zone != nil && len(c.zones) < maxTransition {
			c.zones[strings.TrimSpace(p.value)] = c.zone
		}
	case "STANDARD", "DAYLIGHT":
		if c.phase != nil {
			c.phase.take(p)
		}
	case "VEVENT":
		if !c.done {
			c.event(p)
		}
	}
}

func (c *calendar) event(p property) {
	v := c.inv
	switch p.name {
	case "UID":
		v.UID = clipRunes(strings.TrimSpace(p.value), 300)
	case "SUMMARY":
		v.Summary = collapseSpace(p.words(500))
	case "LOCATION":
		v.Location = collapseSpace(p.words(500))
	case "DESCRIPTION":
		v.Note = p.words(4000)
	case "DTSTART":
		c.start = p
	case "DTEND":
		c.end = p
	case "DURATION":
		c.length = strings.TrimSpace(p.value)
	case "STATUS":
		v.Cancelled = strings.EqualFold(strings.TrimSpace(p.value), "CANCELLED")
	case "ORGANIZER":
		v.Organizer = attendee(p)
		v.Organizer.State = ""
	case "ATTENDEE":
		if a := attendee(p); len(v.Attendees) < maxAttendees && (a.Address != "" || a.Name != "") {
			v.Attendees = append(v.Attendees, a)
		}
	case "RRULE":
		v.Repeats = repeats(p.value)
	}
}

func attendee(p property) Attendee {
	address := strings.TrimSpace(p.value)
	if len(address) >= 7 && strings.EqualFold(address[:7], "mailto:") {
		address = address[7:]
	}
	if !strings.Contains(address, "@") {
		address = p.params["EMAIL"]
	}
	a := Attendee{Name: clipRunes(collapseSpace(p.params["CN"]), 200), Address: clipRunes(cleanControls(address), 254)}
	switch state := strings.ToLower(strings.ReplaceAll(p.params["PARTSTAT"], "-", "_")); state {
	case "accepted", "declined", "tentative", "delegated", "needs_action":
		a.State = state
	}
	return a
}

func repeats(rule string) string {
	for part := range strings.SplitSeq(rule, ";") {
		if name, value, _ := strings.Cut(part, "="); strings.EqualFold(name, "FREQ") {
			switch value = strings.ToLower(value); value {
			case "daily", "weekly", "monthly", "yearly":
				return value
			}
		}
	}
	return ""
}

// finish works the times out once all zones are known.
func (c *calendar) finish() *Invitation {
	v := c.inv
	if !c.seen {
		return nil
	}
	v.Start, v.AllDay, v.Floating = c.instant(c.start)
	v.End, _, _ = c.instant(c.end)
	if v.End.IsZero() && !v.Start.IsZero() {
		v.End = v.Start.Add(duration(c.length))
		if c.length == "" && v.AllDay {
			v.End = v.Start.AddDate(0, 0, 1)
		}
	}
	if v.End.Before(v.Start) {
		v.End = v.Start
	}
	v.Cancelled = v.Cancelled || v.Method == "cancel"
	if v.Start.IsZero() && v.Summary == "" && v.UID == "" {
		return nil
	}
	return v
}

// instant reads a time in UTC, in a zone of the calendar, in a known zone, or
// in none.
func (c *calendar) instant(p property) (at time.Time, allDay, floating bool) {
	value := strings.TrimSpace(p.value)
	if day, err := time.Parse("20060102", value); err == nil {
		return day, true, false
	}
	if at, err := time.Parse("20060102T150405Z", value); err == nil {
		return at, false, false
	}
	local, err := time.Parse("20060102T150405", value)
	if err != nil {
		return time.Time{}, false, false
	}
	id := p.params["TZID"]
	if id == "" {
		return local, false, true
	}
	if z := c.zones[id]; z != nil && len(z.phases) > 0 {
		return local.Add(-z.offset(local)), false, false
	}
	if known := knownZone(id); known != nil {
		return time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), local.Second(), 0, known).UTC(), false, false
	}
	return local, false, true
}

// duration reads P1DT2H30M, at most a year.
func duration(s string) time.Duration {
	s, ok := strings.CutPrefix(strings.ToUpper(strings.TrimPrefix(s, "+")), "P")
	if !ok {
		return 0
	}
	var total time.Duration
	units := map[byte]time.Duration{'W': 7 * 24 * time.Hour, 'D': 24 * time.Hour, 'H': time.Hour, 'M': time.Minute, 'S': time.Second}
	for s = strings.ReplaceAll(s, "T", ""); s != ""; {
		i := 0
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		n, err := strconv.Atoi(s[:i])
		if err != nil || i >= len(s) || n > 1_000_000 {
			break
		}
		total += time.Duration(n) * units[s[i]]
		s = s[i+1:]
	}
	return min(max(total, 0), 366*24*time.Hour)
}
