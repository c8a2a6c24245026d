// Package filekind tells files that run when somebody opens them, by their name,
// by their first bytes and by what lies in a zip file. It knows no domain.
package filekind
