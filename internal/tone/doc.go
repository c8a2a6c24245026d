// Package tone keeps the tone guide: the rules of a shop about how its people
// write to customers. A rule is a hint that is shown while somebody writes, or a
// must, about which the console asks before it sends; sending all the same stays
// possible and is counted by rule, never by person.
//
// What the rules say of a text is found in package text/tone; this one knows in
// which conversation it is written and what the customer wrote last.
//
// Tables: tone_rule, tone_ignored
//
// Events: none
package tone
