package search

// MatchSQLite is the query of one page on SQLite.
var MatchSQLite = matchSQLite
