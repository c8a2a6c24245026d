package storage

import "time"

// Sizes are in bytes, as they were measured.
type Sizes struct {
	MeasuredAt  time.Time
	Database    int64 // with the raw mail and the search index that are in it
	Files       int64 // the blob store: attachments and large mails
	RawMail     int64 // estimated from the newest mails on SQLite
	Attachments int64
	Search      int64
}

// used is everything that takes room.
func (s Sizes) used() int64 { return s.Database + s.Files }

const (
	// measuredEvery is how old the figures may become.
	measuredEvery = 6 * time.Hour
	// window is the time over which growth is taken.
	window = 30 * 24 * time.Hour
	// FewDays left are worth a warning.
	FewDays = 30
	// shortest time between two measurements that says something about growth.
	shortest = 20 * time.Hour
	day      = 24 * time.Hour
)

// Growth is in bytes a day between the first and the last of the measurements,
// oldest first; known is false when they are too close together.
func growth(days []Sizes, of func(Sizes) int64) (perDay int64, known bool) {
	if len(days) < 2 {
		return 0, false
	}
	first, last := days[0], days[len(days)-1]
	passed := last.MeasuredAt.Sub(first.MeasuredAt)
	if passed < shortest {
		return 0, false
	}
	return int64(float64(of(last)-of(first)) / passed.Hours() * 24), true
}

// Disk is one file system that the data is on.
type Disk struct {
	Name     string // data or files
	Free     int64
	Total    int64
	Low      bool // less than two per cent are free: nothing is taken in
	ReadOnly bool
	// DaysLeft until nothing is taken in any more, nil = not known, or it does
	// not grow.
	DaysLeft *int64
}

// maxDays is as far as one can look ahead.
const maxDays = 36500

// daysLeft until only the two per cent are free at which the doors close.
func daysLeft(d Disk, perDay int64) *int64 {
	if perDay <= 0 || d.Total == 0 {
		return nil
	}
	days := min(max(d.Free-d.Total/50, 0)/perDay, maxDays)
	return &days
}

// Warning is what an admin should know without having looked.
type Warning string

// The warnings, the worst first.
const (
	ReadOnly   Warning = "read_only"
	AlmostFull Warning = "almost_full"
	DaysShort  Warning = "few_days"
	NoWarning  Warning = ""
)

func warningOf(disks []Disk) Warning {
	worst := NoWarning
	for _, d := range disks {
		switch {
		case d.ReadOnly:
			return ReadOnly
		case d.Low:
			worst = AlmostFull
		case worst == NoWarning && d.DaysLeft != nil && *d.DaysLeft < FewDays:
			worst = DaysShort
		}
	}
	return worst
}
