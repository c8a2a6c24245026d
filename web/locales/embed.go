// Package locales holds the words of the product, one JSON catalog for each
// language, in the ICU subset that web/src/lib/i18n/icu.ts describes.
//
// en.json, ja.json, tr.json and uk.json are the console's: key to message. The
// folder server has what the program itself says to people, Go format to
// message; English stands in the source and has no file. The console is given
// those sentences ready and never loads that folder.
package locales

import "embed"

// Server has server/ja.json, server/tr.json and server/uk.json.
//
//go:embed server/*.json
var Server embed.FS
