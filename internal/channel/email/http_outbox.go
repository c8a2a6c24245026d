package email

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
)

// CapturedView is one mail of the demo's outbox in an answer.
type CapturedView struct {
	ID      int64     `json:"id"`
	At      time.Time `json:"at"`
	From    string    `json:"from"`
	To      []string  `json:"to"`
	Subject string    `json:"subject"`
	Text    string    `json:"text"`
	HTML    string    `json:"html" doc:"Sanitised"`
	RawURL  string    `json:"raw_url"`
}

type outboxInput struct {
	ID int64 `path:"id"`
}

type (
	outboxList struct{ Body web.Page[CapturedView] }
	outboxOne  struct{ Body CapturedView }
)

var errNoMailThere = errs.New(errs.NotFound, "There is no such mail.")

func registerOutbox(api *web.API, o *Outbox) {
	web.Register(api, web.Op{Method: "GET", Path: "/outbox", Summary: "What customers would receive (demo)", Tag: "Demo"},
		func(context.Context, *struct{}) (*outboxList, error) {
			list := []CapturedView{}
			for _, c := range o.List() {
				list = append(list, c.view())
			}
			return &outboxList{web.PageOf(list[:min(len(list), 100)], "")}, nil
		})
	web.Register(api, web.Op{Method: "GET", Path: "/outbox/{id}", Summary: "Read a captured mail (demo)", Tag: "Demo"},
		func(_ context.Context, in *outboxInput) (*outboxOne, error) {
			c, ok := o.Get(in.ID)
			if !ok {
				return nil, errNoMailThere
			}
			return &outboxOne{c.view()}, nil
		})
	web.Handle(api, web.Op{Method: "GET", Path: "/outbox/{id}/raw", Summary: "Download a captured mail (demo)", Tag: "Demo",
		Response: &web.Content{Type: "message/rfc822", Text: "The mail"}}, func(w http.ResponseWriter, r *http.Request) error {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		c, ok := o.Get(id)
		if err != nil || !ok {
			return errNoMailThere
		}
		w.Header().Set("Content-Type", "message/rfc822")
		w.Header().Set("Content-Disposition", `attachment; filename="mail.eml"`)
		_, err = w.Write(c.Raw)
		return err
	})
}

func (c Captured) view() CapturedView {
	return CapturedView{ID: c.ID, At: web.Time(c.At), From: c.From, To: append([]string{}, c.To...), Subject: c.Subject, Text: c.Text, HTML: c.HTML,
		RawURL: web.Prefix + "/outbox/" + strconv.FormatInt(c.ID, 10) + "/raw"}
}
