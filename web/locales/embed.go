// Package locales holds the words of the product: one JSON catalog per
// language, in the ICU subset that web/src/lib/i18n/icu.ts describes. The
// console loads the same files. Keys that begin with "server." are for the
// program alone and are left out of the console's bundle.
package locales

import "embed"

// Catalogs has en.json, ja.json, tr.json and uk.json, each a flat object from
// key to message with the same keys and arguments in every language.
//
//go:embed *.json
var Catalogs embed.FS
