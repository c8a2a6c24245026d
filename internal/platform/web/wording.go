package web

import (
	"regexp"
	"strconv"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// wording turns one message of huma into a sentence that names the part.
type wording struct {
	huma *regexp.Regexp
	// inside says that the first thing found is a part inside of the location.
	inside bool
	say    func(name, found string) errs.Text
}

// wordings are tried in order; found is the last thing that the expression holds.
var wordings = []wording{
	{huma: regexp.MustCompile(`^expected (?:required )?property (\S+) to be present`), inside: true,
		say: func(name, _ string) errs.Text { return errs.Say("%s is missing.", name) }},
	{huma: regexp.MustCompile(`^required \w+ parameter is missing$`),
		say: func(name, _ string) errs.Text { return errs.Say("%s is missing.", name) }},
	{huma: regexp.MustCompile(`^unexpected property$|^unknown query parameter$`),
		say: func(name, _ string) errs.Text { return errs.Say("%s is not known here. Leave it out.", name) }},
	{huma: regexp.MustCompile(`^expected boolean$|^invalid boolean$`),
		say: func(name, _ string) errs.Text { return errs.Say("%s must be true or false.", name) }},
	{huma: regexp.MustCompile(`^expected integer$|^invalid integer$`),
		say: func(name, _ string) errs.Text { return errs.Say("%s must be a whole number.", name) }},
	{huma: regexp.MustCompile(`^expected number$|^invalid float`),
		say: func(name, _ string) errs.Text { return errs.Say("%s must be a number.", name) }},
	{huma: regexp.MustCompile(`^expected string to be RFC 3339 date-time$|^invalid date/time`),
		say: func(name, _ string) errs.Text {
			return errs.Say("%s must be a time such as 2026-11-27T09:00:00Z.", name)
		}},
	{huma: regexp.MustCompile(`^expected string to be RFC 5322 email`),
		say: func(name, _ string) errs.Text { return errs.Say("%s must be an e-mail address.", name) }},
	{huma: regexp.MustCompile(`^expected string to be RFC 3986 uri|^invalid url`),
		say: func(name, _ string) errs.Text { return errs.Say("%s must be a web address.", name) }},
	{huma: regexp.MustCompile(`^expected string$`),
		say: func(name, _ string) errs.Text { return errs.Say("%s must be text.", name) }},
	{huma: regexp.MustCompile(`^expected array$`),
		say: func(name, _ string) errs.Text { return errs.Say("%s must be a list.", name) }},
	{huma: regexp.MustCompile(`^expected object$`),
		say: func(name, _ string) errs.Text { return errs.Say("%s must be a JSON object.", name) }},
	{huma: regexp.MustCompile(`^expected array items to be unique$`),
		say: func(name, _ string) errs.Text { return errs.Say("%s names something twice.", name) }},
	{huma: regexp.MustCompile(`^expected at most one value`),
		say: func(name, _ string) errs.Text { return errs.Say("%s is given more than once.", name) }},
	{huma: regexp.MustCompile(`^expected value to be one of "(.*)"$`),
		say: func(name, found string) errs.Text { return errs.Say("%s must be one of: %s.", name, found) }},
	{huma: regexp.MustCompile(`^expected number >= (\S+)$`),
		say: func(name, found string) errs.Text { return errs.Say("%s must be at least %s.", name, found) }},
	{huma: regexp.MustCompile(`^expected number > (\S+)$`),
		say: func(name, found string) errs.Text { return errs.Say("%s must be more than %s.", name, found) }},
	{huma: regexp.MustCompile(`^expected number <= (\S+)$`),
		say: func(name, found string) errs.Text { return errs.Say("%s must be at most %s.", name, found) }},
	{huma: regexp.MustCompile(`^expected number < (\S+)$`),
		say: func(name, found string) errs.Text { return errs.Say("%s must be less than %s.", name, found) }},
	{huma: regexp.MustCompile(`^expected length >= 1$`),
		say: func(name, _ string) errs.Text { return errs.Say("%s must not be empty.", name) }},
	{huma: regexp.MustCompile(`^expected length >= (\d+)$`),
		say: func(name, found string) errs.Text {
			return errs.Say("%s must have at least %d characters.", name, count(found))
		}},
	{huma: regexp.MustCompile(`^expected length <= (\d+)$`),
		say: func(name, found string) errs.Text {
			return errs.Say("%s may have at most %d characters.", name, count(found))
		}},
	{huma: regexp.MustCompile(`^expected array length >= (\d+)$`),
		say: func(name, found string) errs.Text {
			return errs.Say("%s must have at least %d entries.", name, count(found))
		}},
	{huma: regexp.MustCompile(`^expected array length <= (\d+)$`),
		say: func(name, found string) errs.Text {
			return errs.Say("%s may have at most %d entries.", name, count(found))
		}},
}

func count(digits string) int {
	n, _ := strconv.Atoi(digits) // the expression found digits
	return n
}
