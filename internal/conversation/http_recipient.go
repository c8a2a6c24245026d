package conversation

import (
	"encoding/json"
	"net/mail"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// Recipient is somebody a message goes to, as the API takes it: an object with
// address and name, or a string such as "Eva <eva@example.com>".
type Recipient struct{ Name, Address string }

// Schema describes both forms.
func (Recipient) Schema(huma.Registry) *huma.Schema {
	return &huma.Schema{OneOf: []*huma.Schema{
		{Type: huma.TypeString, Description: "An address, with or without a name"},
		{Type: huma.TypeObject, Required: []string{"address"}, AdditionalProperties: false, Properties: map[string]*huma.Schema{
			"name": {Type: huma.TypeString}, "address": {Type: huma.TypeString},
		}},
	}}
}

// UnmarshalJSON reads both forms. Whether the address can be one is checked where it is used.
func (r *Recipient) UnmarshalJSON(b []byte) error {
	var text string
	if json.Unmarshal(b, &text) == nil {
		*r = Recipient{Address: strings.TrimSpace(text)}
		if parsed, err := mail.ParseAddress(text); err == nil {
			*r = Recipient{parsed.Name, parsed.Address}
		}
		return nil
	}
	var object struct {
		Name    string `json:"name"`
		Address string `json:"address"`
	}
	err := json.Unmarshal(b, &object)
	*r = Recipient(object)
	return err
}

func persons(list []Recipient) []Person {
	out := make([]Person, len(list))
	for i, r := range list {
		out[i] = Person(r)
	}
	return out
}
