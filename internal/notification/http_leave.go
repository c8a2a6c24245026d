package notification

import (
	"net/http"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/platform/words"
)

// registerLeave adds the page behind List-Unsubscribe. Reading it changes
// nothing, because mail filters follow links; the post is what the button of a
// mail program does (RFC 8058, section 3.1) and what the page's own does.
func registerLeave(api *web.API, s *Service) {
	few := web.NewFew(30, time.Minute)
	api.Mux().HandleFunc("GET "+leavePath+"{token}", func(w http.ResponseWriter, r *http.Request) {
		a, err := s.knock(r, few)
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		say := func(t errs.Text) string { return words.Say(a.Locale, t) }
		web.SmallPage{Lang: a.Locale, Title: say(errs.Say("No more mails from Deskbell?")), Button: true, Label: say(errs.Say("Send me no more mails")),
			Text: say(errs.Say("Deskbell will not tell %s by mail any more. The console tells you as before.", a.Email))}.Write(w, http.StatusOK)
	})
	api.Mux().HandleFunc("POST "+leavePath+"{token}", func(w http.ResponseWriter, r *http.Request) {
		a, err := s.knock(r, few)
		if err == nil {
			_, err = s.Leave(r.Context(), r.PathValue("token"))
		}
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		say := func(t errs.Text) string { return words.Say(a.Locale, t) }
		web.SmallPage{Lang: a.Locale, Title: say(errs.Say("You get no more mails")), Text: say(errs.Say("The console tells you as before. You can choose again at any time.")),
			Link: strings.TrimSuffix(s.PublicURL, "/") + "/settings/me", Label: say(errs.Say("Choose what you are told"))}.Write(w, http.StatusOK)
	})
}

// knock counts who comes by network, and tells whose link it is.
func (s *Service) knock(r *http.Request, few *web.Few) (*access.Actor, error) {
	if err := few.TakeAs(web.ClientNetwork(r.Context()), s.Now(), errs.Say("Too many requests. Wait a moment and repeat.")); err != nil {
		return nil, err
	}
	return s.leaver(r.Context(), r.PathValue("token"))
}

func (s *Service) refuse(w http.ResponseWriter, r *http.Request, err error) {
	lang := words.Match(r.Header.Get("Accept-Language"))
	status := http.StatusNotFound
	switch errs.KindOf(err) {
	case errs.TooMany:
		status = http.StatusTooManyRequests
	case errs.Internal:
		status = http.StatusInternalServerError
		s.Log.Error("mails of notifications could not be ended", "error", err)
	}
	web.SmallPage{Lang: lang, Title: "Deskbell", Text: words.Say(lang, errs.TextOf(err))}.Write(w, status)
}
