package db

import (
	"strconv"
	"strings"
)

// Dialect is the database in use.
type Dialect int

// The two databases.
const (
	SQLite Dialect = iota
	Postgres
)

func (d Dialect) String() string {
	if d == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// ForUpdate locks the rows that a SELECT returns until the transaction ends.
// SQLite has one writer, so there is nothing to lock.
func (d Dialect) ForUpdate() string {
	if d == Postgres {
		return " FOR UPDATE"
	}
	return ""
}

// ForKeyShare keeps others from [Dialect.ForUpdate] on the rows that a SELECT
// returns, and lets them change all but the key.
func (d Dialect) ForKeyShare() string {
	if d == Postgres {
		return " FOR KEY SHARE"
	}
	return ""
}

// SkipLocked is [Dialect.ForUpdate] that passes over rows locked by others.
func (d Dialect) SkipLocked() string {
	if d == Postgres {
		return " FOR UPDATE SKIP LOCKED"
	}
	return ""
}

// Using makes SQLite walk an index that its planner, which keeps no statistics,
// passes over. It follows the name of the table; PostgreSQL decides by itself.
func (d Dialect) Using(index string) string {
	if d == Postgres {
		return ""
	}
	return " INDEXED BY " + index
}

// Settled is a condition that holds for feed rows below which no transaction
// can still commit (house rule "feed order is commit order").
func (d Dialect) Settled(xid string) string {
	if d == Postgres {
		return xid + " < pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
	}
	return "1 = 1"
}

// Now is the database's clock in milliseconds.
func (d Dialect) Now() string {
	if d == Postgres {
		return "(extract(epoch from clock_timestamp()) * 1000)::bigint"
	}
	return "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
}

// rebind turns "?" outside of quotes into $1, $2, ... for PostgreSQL.
func (d Dialect) rebind(sql string) string {
	if d == SQLite || !strings.Contains(sql, "?") {
		return sql
	}
	var b strings.Builder
	b.Grow(len(sql) + 16)
	quoted, n := false, 0
	for _, c := range []byte(sql) {
		switch {
		case c == '\'':
			quoted = !quoted
			b.WriteByte(c)
		case c == '?' && !quoted:
			n++
			b.WriteByte('$')
			b.WriteString(strconv.Itoa(n))
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Marks is "?, ?, ?" for n values of an IN list.
func Marks(n int) string {
	if n <= 0 {
		return "NULL"
	}
	return strings.Repeat("?, ", n-1) + "?"
}
