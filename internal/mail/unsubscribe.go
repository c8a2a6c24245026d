package mail

import "strings"

// Unsubscribe are the fields that bulk mail carries, so that a mail program shows
// a button to leave (RFC 2369, section 3.2) which works with one press (RFC 8058).
// link is a web address, and one press needs https; address takes a mail instead;
// either may be empty.
func Unsubscribe(link, address string) []Field {
	value := ""
	if link != "" {
		value = "<" + link + ">"
	}
	if address != "" {
		if value != "" {
			value += ", "
		}
		value += "<mailto:" + address + "?subject=unsubscribe>"
	}
	fields := []Field{{Name: "Precedence", Value: "bulk"}}
	if value == "" {
		return fields
	}
	fields = append(fields, Field{Name: "List-Unsubscribe", Value: value})
	if strings.HasPrefix(link, "https://") {
		fields = append(fields, Field{Name: "List-Unsubscribe-Post", Value: "List-Unsubscribe=One-Click"})
	}
	return fields
}
