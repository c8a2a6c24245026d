package storage

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// Body is the answer. Sizes are in bytes.
type Body struct {
	MeasuredAt   *time.Time `json:"measured_at" doc:"null before the first measurement"`
	Database     int64      `json:"database" doc:"All of it, with the raw mail and the search index that are in it"`
	Files        int64      `json:"files" doc:"Attachments and large mails, which are not in the database"`
	RawMail      int64      `json:"raw_mail"`
	Attachments  int64      `json:"attachments"`
	Search       int64      `json:"search"`
	GrowthPerDay *int64     `json:"growth_per_day" doc:"Over the last 30 days; null until two days were measured"`
	DaysLeft     *int64     `json:"days_left" doc:"Until a disk is so full that nothing is taken in; null when that is not known or nothing grows"`
	Warning      Warning    `json:"warning" enum:",few_days,almost_full,read_only"`
	Disks        []DiskBody `json:"disks"`
	Days         []DayBody  `json:"days" doc:"One for each day of the last 30, oldest first"`
}

// DiskBody is a disk of the machine that answers.
type DiskBody struct {
	Name     string `json:"name" enum:"data,files"`
	Free     int64  `json:"free"`
	Total    int64  `json:"total"`
	DaysLeft *int64 `json:"days_left"`
}

// DayBody is what was measured on a day.
type DayBody struct {
	At       time.Time `json:"at"`
	Database int64     `json:"database"`
	Files    int64     `json:"files"`
}

// Register adds the operation.
func Register(api *web.API, s *Service) {
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/storage", Permission: string(access.SettingsManage), Tag: "Health",
		Summary: "How much room the data takes, and for how many days there is some", Text: "The sizes are measured some times a day; the free space is of this moment."},
		func(ctx context.Context, _ *struct{}) (*struct{ Body Body }, error) {
			r, err := s.Report(ctx)
			return &struct{ Body Body }{r.body()}, err
		})
}

func (r Report) body() Body {
	b := Body{MeasuredAt: web.MaybeTime(r.MeasuredAt), Database: r.Database, Files: r.Files, RawMail: r.RawMail, Attachments: r.Attachments, Search: r.Search,
		GrowthPerDay: r.Growth, DaysLeft: r.DaysLeft(), Warning: r.Warning, Disks: []DiskBody{}, Days: []DayBody{}}
	for _, d := range r.Disks {
		b.Disks = append(b.Disks, DiskBody{d.Name, d.Free, d.Total, d.DaysLeft})
	}
	for _, d := range r.Days {
		b.Days = append(b.Days, DayBody{web.Time(d.MeasuredAt), d.Database, d.Files})
	}
	return b
}
