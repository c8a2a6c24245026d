// Package hours keeps the business hours of the shop: named sets with a time
// zone, a weekly plan, the public holidays of a country and days of the shop's
// own. One set is the default, and an inbox may keep another.
//
// The rules are pure. A day belongs to the time zone of its set, with all that
// clocks do there: a time that the clocks skip is the moment at which they jump;
// of a time that they show twice, opening means the first and closing the second,
// but the end of a day is the first midnight.
//
// Tables: business_hours, business_hours_inbox
//
// Events: none
package hours
