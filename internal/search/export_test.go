package search

// MatchSQLite is the query of one page on SQLite, WalkText the one without words.
var (
	MatchSQLite = matchSQLite
	WalkText    = walkText
)
