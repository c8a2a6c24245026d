package web

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// inputProblem words what huma found wrong. The values are left out: they may be passwords.
func inputProblem(ctx context.Context, status int, message string, causes []error) *Problem {
	p := &Problem{Type: "about:blank", Status: status, RequestID: RequestID(ctx)}
	text := ofRequest(status, message)
	var names []string
	for _, err := range causes {
		var large *http.MaxBytesError
		if errors.As(err, &large) {
			p.Status, text, names = http.StatusRequestEntityTooLarge, tooLarge(large.Limit), nil
			break
		}
		if d, ok := err.(huma.ErrorDetailer); ok {
			field := ofInput(status, d.ErrorDetail())
			p.Errors = append(p.Errors, field)
			names = append(names, nameOf(field.Location))
		}
	}
	switch {
	case len(names) == 1:
		text = p.Errors[0].Text
	case len(names) > 1:
		text = errs.Say("Some parts of the input are wrong: %s.", strings.Join(names, ", "))
	}
	p.Errors = sayFields(ctx, p.Errors)
	p.Title, p.Detail = http.StatusText(p.Status), Say(ctx, text)
	return p
}

// ofRequest words what is wrong with a request as a whole.
func ofRequest(status int, message string) errs.Text {
	switch {
	case status == http.StatusInternalServerError:
		return errs.TextOf(nil)
	case status == http.StatusRequestEntityTooLarge:
		return errs.Say("This is too large for this operation.")
	case status == http.StatusRequestTimeout:
		return tooSlow
	case message == "request body is required":
		return errs.Say("The body of the request is empty.")
	case status == http.StatusUnsupportedMediaType:
		return errs.Say("The body of the request must be JSON.")
	}
	return errs.Say("This request cannot be understood.")
}

// ofInput words what is wrong with one part of the input, and names that part.
func ofInput(status int, d *huma.ErrorDetail) errs.Field {
	if d.Location == "body" && status == http.StatusUnsupportedMediaType {
		return errs.FieldOf(d.Location, ofRequest(status, d.Message))
	}
	if d.Location == "body" && status == http.StatusBadRequest {
		return errs.FieldOf(d.Location, errs.Say("The body of the request is not valid JSON."))
	}
	for _, w := range wordings {
		found := w.huma.FindStringSubmatch(d.Message)
		if found == nil {
			continue
		}
		location := d.Location
		if w.inside {
			location += "." + found[1]
		}
		return errs.FieldOf(location, w.say(nameOf(location), found[len(found)-1]))
	}
	return errs.FieldOf(d.Location, errs.Say("The value of %s does not fit here.", nameOf(d.Location)))
}

// nameOf is the name of a part as its user wrote it: "imap.port" for "body.imap.port".
func nameOf(location string) string {
	_, name, inside := strings.Cut(location, ".")
	if !inside {
		return location
	}
	return name
}
