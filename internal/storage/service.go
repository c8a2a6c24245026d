package storage

import (
	"context"
	"time"

	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/disk"
	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Service measures and tells.
type Service struct {
	DB  *db.DB
	Now func() time.Time
	// Data is the data folder. Files is the folder of the blob store, "" when it
	// is not on a disk of this machine.
	Data, Files string
	// Space asks for the space of a folder; nil = the system.
	Space func(dir string) (disk.Space, error)
}

// Report is all there is to say.
type Report struct {
	Sizes           // zero before the first measurement
	Days    []Sizes // one for each day of the last thirty, oldest first
	Disks   []Disk  // those of this machine
	Growth  *int64  // bytes a day, nil = not known yet
	Warning Warning
}

// DaysLeft is that of the disk that is full first, nil when none will be.
func (r Report) DaysLeft() (least *int64) {
	for _, d := range r.Disks {
		if d.DaysLeft != nil && (least == nil || *d.DaysLeft < *least) {
			least = d.DaysLeft
		}
	}
	return least
}

// MeasureIfDue measures when the newest figures are some hours old. It reads
// much, so one node does it, by a schedule.
func (s *Service) MeasureIfDue(ctx context.Context) (err error) {
	defer errs.Wrap(&err, "measure the data")
	now := s.Now()
	days, err := readDays(ctx, s.DB, now.Add(-measuredEvery))
	if err != nil || len(days) > 0 && !days[len(days)-1].MeasuredAt.After(now) {
		return err
	}
	sizes, err := Measure(ctx, s.DB)
	if err != nil {
		return err
	}
	sizes.MeasuredAt = now
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		if err := saveDay(ctx, tx, sizes); err != nil {
			return err
		}
		return forgetDays(ctx, tx, now.AddDate(-1, 0, 0))
	})
}

// Report reads what was measured, and asks the system for the free space.
func (s *Service) Report(ctx context.Context) (r Report, err error) {
	defer errs.Wrap(&err, "read the size of the data")
	if r.Days, err = readDays(ctx, s.DB, s.Now().Add(-window)); err != nil {
		return r, err
	}
	if len(r.Days) > 0 {
		r.Sizes = r.Days[len(r.Days)-1]
	}
	if perDay, known := growth(r.Days, Sizes.used); known {
		r.Growth = &perDay
	}
	r.Disks, err = s.disks(r.Days)
	r.Warning = warningOf(r.Disks)
	return r, err
}

// disks lists each file system once, with what grows on it.
func (s *Service) disks(days []Sizes) ([]Disk, error) {
	here := func(x Sizes) int64 { // what lies in the data folder
		if s.DB.Dialect == db.SQLite {
			return x.Database
		}
		return 0
	}
	files := func(x Sizes) int64 { return x.Files }
	if s.Files == "" || disk.Same(s.Data, s.Files) {
		all := func(x Sizes) int64 {
			if s.Files == "" {
				return here(x)
			}
			return here(x) + files(x)
		}
		one, err := s.disk("data", s.Data, days, all)
		return []Disk{one}, err
	}
	data, err := s.disk("data", s.Data, days, here)
	if err != nil {
		return nil, err
	}
	other, err := s.disk("files", s.Files, days, files)
	return []Disk{data, other}, err
}

func (s *Service) disk(name, dir string, days []Sizes, of func(Sizes) int64) (Disk, error) {
	ask := s.Space
	if ask == nil {
		ask = disk.Of
	}
	space, err := ask(dir)
	if err != nil {
		return Disk{}, err
	}
	d := Disk{Name: name, Free: int64(space.Free), Total: int64(space.Total), Low: space.Low(), ReadOnly: space.ReadOnly} //nolint:gosec // no disk has 2^63 bytes
	if perDay, known := growth(days, of); known {
		d.DaysLeft = daysLeft(d, perDay)
	}
	return d, nil
}
