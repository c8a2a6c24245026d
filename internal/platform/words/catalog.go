package words

import (
	"encoding/json"
	"sync"

	"github.com/deskbell/deskbell/web/locales"
)

// Locales are the languages of the product, English first.
var Locales = []string{"en", "ja", "tr", "uk"}

// Catalog is what one language has: Go format to message.
type Catalog map[string]string

// Load reads the catalog of a language other than English.
func Load(locale string) (Catalog, error) {
	text, err := locales.Server.ReadFile("server/" + locale + ".json")
	if err != nil {
		return nil, err
	}
	var c Catalog
	return c, json.Unmarshal(text, &c)
}

// translations of one format, by language.
type translations map[string]message

// known are all formats that any language has. A message that cannot be read
// is left out and said in English; a test keeps such out of the repository.
var known = sync.OnceValue(func() map[string]translations {
	all := map[string]translations{}
	for _, locale := range Locales[1:] {
		c, err := Load(locale)
		if err != nil {
			continue
		}
		for format, text := range c {
			m, err := parse(text)
			if err != nil {
				continue
			}
			if all[format] == nil {
				all[format] = translations{}
			}
			all[format][locale] = m
		}
	}
	return all
})
