package mail

import (
	"strings"
	"testing"
	"time"
)

const newYork = `BEGIN:VTIMEZONE
TZID:Shop time
BEGIN:STANDARD
DTSTART:16011104T020000
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010311T020000
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
END:DAYLIGHT
END:VTIMEZONE
`

func event(method, lines string) string {
	return "BEGIN:VCALENDAR\nVERSION:2.0\nMETHOD:" + method + "\n" + newYork + "BEGIN:VEVENT\nUID:u1@c.test\nSUMMARY:Call\n" + lines + "\nEND:VEVENT\nEND:VCALENDAR\n"
}

func TestInvitationTimesAreInstants(t *testing.T) {
	t.Parallel()
	for lines, want := range map[string]string{
		"DTSTART:20260105T090000Z\nDTEND:20260105T100000Z":                             "2026-01-05T09:00:00Z/2026-01-05T10:00:00Z",
		"DTSTART;TZID=Shop time:20260105T090000\nDTEND;TZID=Shop time:20260105T093000": "2026-01-05T14:00:00Z/2026-01-05T14:30:00Z",
		"DTSTART;TZID=Shop time:20260705T090000\nDURATION:PT1H30M":                     "2026-07-05T13:00:00Z/2026-07-05T14:30:00Z",
		"DTSTART;TZID=\"Shop time\":20260308T013000\nDURATION:PT0S":                    "2026-03-08T06:30:00Z/2026-03-08T06:30:00Z",
		"DTSTART;TZID=\"Shop time\":20260308T033000":                                   "2026-03-08T07:30:00Z/2026-03-08T07:30:00Z",
		"DTSTART;TZID=\"Shop time\":20261101T033000":                                   "2026-11-01T08:30:00Z/2026-11-01T08:30:00Z",
		"DTSTART;TZID=Europe/Kyiv:20260705T090000":                                     "2026-07-05T06:00:00Z/2026-07-05T06:00:00Z",
		"DTSTART;TZID=FLE Standard Time:20260105T090000":                               "2026-01-05T07:00:00Z/2026-01-05T07:00:00Z",
		"DTSTART;TZID=/some.vendor/Asia/Tokyo:20260105T090000":                         "2026-01-05T00:00:00Z/2026-01-05T00:00:00Z",
		"DTSTART:20260105T090000":                                                      "2026-01-05T09:00:00Z/2026-01-05T09:00:00Z floating",
		"DTSTART;TZID=Nowhere:20260105T090000":                                         "2026-01-05T09:00:00Z/2026-01-05T09:00:00Z floating",
		"DTSTART;VALUE=DATE:20260105":                                                  "2026-01-05T00:00:00Z/2026-01-06T00:00:00Z all day",
		"DTSTART;VALUE=DATE:20260105\nDTEND;VALUE=DATE:20260108":                       "2026-01-05T00:00:00Z/2026-01-08T00:00:00Z all day",
		"DTSTART:20260105T090000Z\nDTEND:20250105T100000Z":                             "2026-01-05T09:00:00Z/2026-01-05T09:00:00Z",
		"DTSTART:20260105T090000Z\nDURATION:P1W2DT3H":                                  "2026-01-05T09:00:00Z/2026-01-14T12:00:00Z",
		"DTSTART:soon": "0001-01-01T00:00:00Z/0001-01-01T00:00:00Z",
	} {
		v := ParseInvitation(event("REQUEST", lines))
		got := v.Start.Format(time.RFC3339) + "/" + v.End.Format(time.RFC3339)
		if v.Floating {
			got += " floating"
		}
		if v.AllDay {
			got += " all day"
		}
		if got != want {
			t.Errorf("%s: %s, want %s", lines, got, want)
		}
	}
}

func TestInvitationsNamePeopleAndPlace(t *testing.T) {
	t.Parallel()
	v := ParseInvitation(event("REQUEST", `DTSTART:20260105T090000Z
ORGANIZER;CN="Koval, Olha":mailto:olha@c.test
ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Shop:MAILTO:help@shop.test
ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:b@c.test
ATTENDEE;CN=Room 4;EMAIL=room4@c.test:urn:uuid:1
LOCATION:Kyiv\, main street 1\; back door
DESCRIPTION:First line\nsec
 ond line \\ end
RRULE:FREQ=WEEKLY;BYDAY=MO
BEGIN:VALARM
DESCRIPTION:alarm
END:VALARM`))
	if v.Method != "request" || v.Organizer != (Attendee{Name: "Koval, Olha", Address: "olha@c.test"}) || v.Location != "Kyiv, main street 1; back door" ||
		v.Note != "First line\nsecond line \\ end" || v.Repeats != "weekly" || v.Cancelled {
		t.Errorf("%+v", v)
	}
	want := []Attendee{{"Shop", "help@shop.test", "accepted"}, {"", "b@c.test", "needs_action"}, {"Room 4", "room4@c.test", ""}}
	if len(v.Attendees) != 3 || v.Attendees[0] != want[0] || v.Attendees[1] != want[1] || v.Attendees[2] != want[2] {
		t.Errorf("%+v", v.Attendees)
	}
	if c := ParseInvitation(event("CANCEL", "DTSTART:20260105T090000Z")); !c.Cancelled {
		t.Errorf("%+v", c)
	}
	for _, none := range []string{"", "BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:x\nEND:VTODO\nEND:VCALENDAR", "BEGIN:VEVENT\nEND:VEVENT"} {
		if v := ParseInvitation(none); v != nil {
			t.Errorf("%q: %+v", none, v)
		}
	}
}

func TestInvitationsOfAMailAreFound(t *testing.T) {
	t.Parallel()
	m := parse(t, "From: a@b.test\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\nPlease come.\n--b\nContent-Type: text/calendar; method=REQUEST; charset=utf-8\n\n"+
		event("REQUEST", "DTSTART:20260105T090000Z")+"--b--\n")
	if m.Invitation == nil || m.Invitation.Summary != "Call" || m.Text != "Please come." || len(m.Attachments) != 1 {
		t.Errorf("%+v %q %+v", m.Invitation, m.Text, m.Attachments)
	}
}

func FuzzInvitation(f *testing.F) {
	f.Add(event("REQUEST", "DTSTART;TZID=Shop time:20260105T090000\nATTENDEE;CN=\"x:mailto:a@b\nRRULE:FREQ=DAILY"))
	f.Add("BEGIN:VTIMEZONE\nBEGIN:STANDARD\nRRULE:BYDAY=9;BYMONTH=99\nEND:STANDARD")
	f.Add(strings.Repeat("BEGIN:VEVENT\n", 50))
	f.Fuzz(func(t *testing.T, text string) {
		if v := ParseInvitation(text); v != nil && (v.End.Before(v.Start) || len(v.Attendees) > maxAttendees) {
			t.Fatalf("%+v", v)
		}
	})
}
