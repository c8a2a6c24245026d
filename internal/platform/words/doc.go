// Package words says the sentences that the server makes in the language of
// whoever reads them.
//
// English stands in the source, where the sentence is made ([errs.Say] and the
// makers of errors), and is the key. The other languages are the catalogs in
// web/locales/server: Go format to message, in the ICU subset of
// web/src/lib/i18n/icu.ts without select and styles. {0} is the first argument,
// {0, plural, one {..} other {..}} counts it, '{' is a brace.
//
// What is stored, such as why a reply could not be sent, is stored in English.
// [Read] finds the format that it was made with, and so it is read in every
// language, rows that are older than this package included.
package words
