// Package filetext reads the words of files that people attach: plain text, csv
// and Markdown, PDF, and the documents and sheets of office programs (docx,
// xlsx).
//
// A file comes from a stranger. What needs more than a look at its bytes is read
// by a process of its own, [Main], which may use so much memory and so much time
// and no more; a file that takes more, or that makes a reader fall over, ends
// that process and nothing else. Nothing in a file is followed: no link, no
// entity, no script.
package filetext
