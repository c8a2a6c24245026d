package hours

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

const heading = "Business hours"

// Register adds the operations of the package.
func Register(api *web.API, s *Service) {
	h := handler{s}
	read, manage := string(access.ConversationsRead), string(access.InboxesManage)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/business-hours", Permission: read, Tag: heading, Summary: "List the business hours", Text: "The default first."}, h.list)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/business-hours", Permission: manage, Tag: heading, Summary: "Make business hours", Status: http.StatusCreated, Idempotent: true,
		Text: "The first are the default. Inboxes that are named leave the hours that they kept.", Errors: []int{http.StatusConflict}}, h.create)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/business-hours/{id}", Permission: read, Tag: heading, Summary: "Read business hours"}, h.get)
	web.Register(api, web.Op{Method: http.MethodPatch, Path: "/business-hours/{id}", Permission: manage, Tag: heading, Summary: "Change business hours",
		Text: "Absent parts stay; `week`, `own_days` and `inbox_ids` replace all.", Errors: []int{http.StatusConflict}}, h.change)
	web.Register(api, web.Op{Method: http.MethodDelete, Path: "/business-hours/{id}", Permission: manage, Tag: heading, Summary: "Delete business hours",
		Text: "Inboxes that kept them keep the default. The default can be deleted when there are no others.", Errors: []int{http.StatusConflict}}, h.remove)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/business-hours/{id}/restore", Permission: manage, Tag: heading, Summary: "Take the deletion of business hours back",
		Text: "For a day, with the inboxes that have chosen nothing else since.", Status: http.StatusOK, Errors: []int{http.StatusConflict}}, h.restore)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/business-hours/try", Permission: read, Tag: heading, Summary: "See what business hours would mean now", Status: http.StatusOK,
		Text: "Checked as if they were saved; nothing is stored."}, h.try)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/business-hours/openings", Permission: read, Tag: heading, Summary: "Find when the shop is open from some moments on",
		Text: "By the hours of an inbox, or the default. Without business hours the list is empty."}, h.openings)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/public-holidays", Permission: read, Tag: heading, Summary: "List the countries whose public holidays are known"}, h.countries)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/public-holidays/{country}", Permission: read, Tag: heading, Summary: "List the public holidays of a country",
		Text: "Those of this and the next year. What only a part of the country keeps is not among them."}, h.holidays)
}

type handler struct{ s *Service }

type intervalBody struct {
	From string `json:"from" doc:"As in 09:00"`
	To   string `json:"to" doc:"As in 17:00; 24:00 is the end of the day"`
}

type weekBody struct {
	Monday    []intervalBody `json:"monday" required:"false" nullable:"false"`
	Tuesday   []intervalBody `json:"tuesday" required:"false" nullable:"false"`
	Wednesday []intervalBody `json:"wednesday" required:"false" nullable:"false"`
	Thursday  []intervalBody `json:"thursday" required:"false" nullable:"false"`
	Friday    []intervalBody `json:"friday" required:"false" nullable:"false"`
	Saturday  []intervalBody `json:"saturday" required:"false" nullable:"false"`
	Sunday    []intervalBody `json:"sunday" required:"false" nullable:"false"`
}

// days are those of the week as [Week] has them.
func (w *weekBody) days() [7]*[]intervalBody {
	return [7]*[]intervalBody{&w.Sunday, &w.Monday, &w.Tuesday, &w.Wednesday, &w.Thursday, &w.Friday, &w.Saturday}
}

type dayBody struct {
	Date string         `json:"date" doc:"As in 2026-12-24"`
	Name string         `json:"name,omitempty"`
	Open []intervalBody `json:"open" nullable:"false" doc:"Empty = closed"`
}

type setBody struct {
	ID       int64     `json:"id"`
	Name     string    `json:"name"`
	TimeZone string    `json:"time_zone" doc:"IANA, as in Europe/Istanbul"`
	Week     weekBody  `json:"week"`
	Country  string    `json:"country" doc:"ISO 3166-1; empty = no public holidays"`
	OwnDays  []dayBody `json:"own_days" doc:"Dates on which something else holds, be it a public holiday"`
	Default  bool      `json:"default"`
	Inboxes  []int64   `json:"inbox_ids" doc:"Those that keep these hours instead of the default"`
	Now      nowBody   `json:"now"`
	Version  int64     `json:"version"`
}

type nowBody struct {
	Open   bool       `json:"open"`
	Closes *time.Time `json:"closes_at" doc:"Null while closed, and when it is always open"`
	Opens  *time.Time `json:"opens_at" doc:"The next opening, of open hours the one after they close; null when there is none within 400 days"`
}

func nowOf(s *Set, at time.Time) (out nowBody) {
	if out.Open = s.Open(at); out.Open {
		if closes, ok := s.NextClosing(at); ok {
			out.Closes = &closes
		}
	}
	if opens, ok := s.NextOpening(at); ok {
		out.Opens = &opens
	}
	return out
}

func intervalsOf(list []Interval) []intervalBody {
	out := make([]intervalBody, len(list))
	for i, one := range list {
		out[i] = intervalBody{one.From.String(), one.To.String()}
	}
	return out
}

func bodyOf(s *Set, at time.Time) setBody {
	b := setBody{ID: s.ID, Name: s.Name, TimeZone: s.TimeZone, Country: s.Country, OwnDays: []dayBody{}, Default: s.Default, Inboxes: append([]int64{}, s.Inboxes...),
		Now: nowOf(s, at), Version: s.Version}
	for i, day := range b.Week.days() {
		*day = intervalsOf(s.Week[i])
	}
	for _, d := range s.OwnDays {
		b.OwnDays = append(b.OwnDays, dayBody{d.Date, d.Name, intervalsOf(d.Open)})
	}
	return b
}

// audited is what the audit log keeps of a set.
type audited struct {
	Name     string    `json:"name"`
	TimeZone string    `json:"time_zone"`
	Week     weekBody  `json:"week"`
	Country  string    `json:"country"`
	OwnDays  []dayBody `json:"own_days"`
	Default  bool      `json:"default"`
	Inboxes  []int64   `json:"inbox_ids"`
}

func auditedOf(s *Set) any {
	b := bodyOf(s, time.Time{})
	return audited{b.Name, b.TimeZone, b.Week, b.Country, b.OwnDays, b.Default, b.Inboxes}
}

// SetInput is a set in a request; what is left out stays or takes its default.
type SetInput struct {
	Name     *string    `json:"name,omitempty"`
	TimeZone *string    `json:"time_zone,omitempty"`
	Week     *weekBody  `json:"week,omitempty"`
	Country  *string    `json:"country,omitempty"`
	OwnDays  *[]dayBody `json:"own_days,omitempty" nullable:"false" maxItems:"200"`
	Default  *bool      `json:"default,omitempty"`
	Inboxes  *[]int64   `json:"inbox_ids,omitempty" nullable:"false" maxItems:"1000"`
}

// read makes what can be wrong in itself into values; apply puts it on a set.
func (in SetInput) read() (apply func(*Set), err error) {
	var week Week
	var own []OwnDay
	if in.Week != nil {
		for i, day := range in.Week.days() {
			if week[i], err = readIntervals("body.week."+weekdayKeys[i], *day); err != nil {
				return nil, err
			}
		}
	}
	if in.OwnDays != nil {
		for i, d := range *in.OwnDays {
			open, err := readIntervals(fmt.Sprintf("body.own_days[%d].open", i), d.Open)
			if err != nil {
				return nil, err
			}
			own = append(own, OwnDay{d.Date, d.Name, open})
		}
	}
	return func(s *Set) {
		set(&s.Name, in.Name)
		set(&s.TimeZone, in.TimeZone)
		set(&s.Country, in.Country)
		set(&s.Default, in.Default)
		set(&s.Inboxes, in.Inboxes)
		if in.Week != nil {
			s.Week = week
		}
		if in.OwnDays != nil {
			s.OwnDays = own
		}
	}, nil
}

func set[T any](into *T, given *T) {
	if given != nil {
		*into = *given
	}
}

func readIntervals(location string, list []intervalBody) ([]Interval, error) {
	out := make([]Interval, len(list))
	for i, one := range list {
		for part, into := range map[string]*Minute{"from": &out[i].From, "to": &out[i].To} {
			text := map[string]string{"from": one.From, "to": one.To}[part]
			m, ok := ParseMinute(text)
			if !ok {
				return nil, errs.InvalidField(fmt.Sprintf("%s[%d].%s", location, i, part), "Write the time like 09:00.")
			}
			*into = m
		}
	}
	return out, nil
}

type (
	setOut struct{ Body setBody }
	idIn   struct {
		ID int64 `path:"id" minimum:"1"`
	}
	changeIn struct {
		ID   int64 `path:"id" minimum:"1"`
		Body struct {
			SetInput
			Version int64 `json:"version,omitempty" doc:"Refuse with 409 when they have another"`
		}
	}
)

func (h handler) out(s Set, err error) (*setOut, error) {
	if err != nil {
		return nil, err
	}
	return &setOut{bodyOf(&s, h.s.Now())}, nil
}

func (h handler) list(ctx context.Context, _ *struct{}) (*struct{ Body web.Page[setBody] }, error) {
	all, err := h.s.List(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]setBody, len(all))
	for i := range all {
		out[i] = bodyOf(&all[i], h.s.Now())
	}
	return &struct{ Body web.Page[setBody] }{web.PageOf(out, "")}, nil
}

func (h handler) get(ctx context.Context, in *idIn) (*setOut, error) {
	return h.out(h.s.Get(ctx, in.ID))
}

func (h handler) create(ctx context.Context, in *struct{ Body SetInput }) (*setOut, error) {
	apply, err := in.Body.read()
	if err != nil {
		return nil, err
	}
	var s Set
	apply(&s)
	out := &setOut{}
	_, err = h.s.Create(ctx, s, func(tx *db.Tx, s Set) error {
		out.Body = bodyOf(&s, h.s.Now())
		return web.Keep(ctx, tx, out)
	})
	return out, err
}

func (h handler) change(ctx context.Context, in *changeIn) (*setOut, error) {
	apply, err := in.Body.read()
	if err != nil {
		return nil, err
	}
	return h.out(h.s.Change(ctx, in.ID, in.Body.Version, apply))
}

func (h handler) remove(ctx context.Context, in *idIn) (*struct{}, error) {
	return nil, h.s.Delete(ctx, in.ID)
}

func (h handler) restore(ctx context.Context, in *idIn) (*setOut, error) {
	return h.out(h.s.Restore(ctx, in.ID))
}
