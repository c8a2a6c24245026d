package notification

import (
	"slices"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Pace is how soon a mail about a notification leaves.
type Pace string

// The paces.
const (
	Soon   Pace = "soon"   // a little later, unless it was seen meanwhile
	Hourly Pace = "hourly" // one summary at the full hour
	Daily  Pace = "daily"  // one summary a day
)

// Rhythm says when an agent is told. Minutes are those of a day in their time
// zone. In quiet hours nothing leaves and nothing sounds; what came to pass
// meanwhile is told in one summary when they are over.
type Rhythm struct {
	TimeZone   string // IANA, "" = UTC
	Quiet      bool
	QuietFrom  int
	QuietUntil int
	Mails      Pace
	DailyAt    int
	PushWords  bool // what people wrote may pass the browser's push service
}

const minutesOfDay = 24 * 60

// usual is what holds until an agent chooses.
var usual = Rhythm{QuietFrom: 18 * 60, QuietUntil: 9 * 60, Mails: Soon, DailyAt: 8 * 60}

func (r Rhythm) check() error {
	if _, err := time.LoadLocation(r.TimeZone); err != nil || len(r.TimeZone) > 100 || r.TimeZone == "Local" {
		return errs.InvalidField("body.time_zone", "This time zone is not known. Write it like Europe/Istanbul.")
	}
	if r.Quiet && r.QuietFrom == r.QuietUntil {
		return errs.InvalidField("body.quiet_until", "Quiet hours end at another time than they begin.")
	}
	for _, minute := range []int{r.QuietFrom, r.QuietUntil, r.DailyAt} {
		if minute < 0 || minute >= minutesOfDay {
			return errs.InvalidField("body.quiet_from", "A time of day is between 0 and 1439 minutes.")
		}
	}
	if !slices.Contains([]Pace{Soon, Hourly, Daily}, r.Mails) {
		return errs.InvalidField("body.mails", "Mails leave soon, hourly or daily.")
	}
	return nil
}

// at is the moment in the agent's time zone; one that is unknown by now is UTC.
func (r Rhythm) at(moment time.Time) time.Time {
	zone, err := time.LoadLocation(r.TimeZone)
	if err != nil {
		zone = time.UTC
	}
	return moment.In(zone)
}

// next is the first time of day behind the moment.
func (r Rhythm) next(moment time.Time, minute int) time.Time {
	local := r.at(moment)
	for day := local.Day(); ; day++ {
		at := time.Date(local.Year(), local.Month(), day, minute/60, minute%60, 0, 0, local.Location())
		if at.After(moment) {
			return at.UTC()
		}
	}
}

// QuietUntilAfter tells whether a moment lies in the quiet hours, and when they end.
func (r Rhythm) QuietUntilAfter(moment time.Time) (end time.Time, quiet bool) {
	if !r.Quiet || r.QuietFrom == r.QuietUntil {
		return moment, false
	}
	local := r.at(moment)
	minute := local.Hour()*60 + local.Minute()
	inside := minute >= r.QuietFrom && minute < r.QuietUntil
	if r.QuietFrom > r.QuietUntil { // over midnight
		inside = minute >= r.QuietFrom || minute < r.QuietUntil
	}
	if !inside {
		return moment, false
	}
	return r.next(moment, r.QuietUntil), true
}

// leaves is when a mail goes that becomes due at the moment. Later than that
// means: in a summary.
func (r Rhythm) leaves(moment time.Time) time.Time {
	at := moment
	switch r.Mails {
	case Hourly:
		at = moment.Truncate(time.Hour).Add(time.Hour)
	case Daily:
		at = r.next(moment, r.DailyAt)
	}
	end, _ := r.QuietUntilAfter(at)
	return end
}
