package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"github.com/deskbell/deskbell/internal/platform/errs"
)

// Primary result codes of SQLite, https://sqlite.org/rescode.html.
const (
	sqliteBusy     = 5
	sqliteReadonly = 8
	sqliteIOErr    = 10
	sqliteCorrupt  = 11
	sqliteFull     = 13
)

// InWords says in plain words what keeps the database from working, such as a
// full disk; every other error is returned as it is.
func InWords(err error) error {
	if err == nil {
		return nil
	}
	var told *errs.Error
	if errors.As(err, &told) || errors.Is(err, context.Canceled) {
		return err
	}
	if text := sentence(err); !text.IsZero() {
		return errs.Said(errs.Unavailable, text).Because(err)
	}
	return err
}

// ofTransaction is [InWords] for errors that surely come from the database, as
// those of a broken connection do.
func ofTransaction(err error) error {
	var network net.Error
	if errors.As(err, &network) && !errors.Is(err, context.DeadlineExceeded) {
		var told *errs.Error
		if !errors.As(err, &told) {
			return errs.Said(errs.Unavailable, away).Because(err)
		}
	}
	return InWords(err)
}

var away = errs.Say("The database does not answer. Nothing is lost; try again in a moment.")

func sentence(err error) errs.Text {
	var lite *sqlite.Error
	var pg *pgconn.PgError
	var connect *pgconn.ConnectError
	switch {
	case errors.As(err, &lite):
		return sqliteSentence(lite.Code() & 0xff)
	case errors.As(err, &pg):
		return postgresSentence(pg.Code)
	case errors.As(err, &connect), errors.Is(err, driver.ErrBadConn):
		return away
	}
	return errs.Text{}
}

func sqliteSentence(code int) errs.Text {
	switch code {
	case sqliteFull:
		return errs.Say("The disk is full. Nothing was changed; make room and try again.")
	case sqliteReadonly:
		return errs.Say("The database cannot be written: the disk is read-only, or the file belongs to somebody else.")
	case sqliteIOErr:
		return errs.Say("The disk answers with errors. Nothing was changed; look at the disk.")
	case sqliteCorrupt:
		return errs.Say("The database file is damaged. Stop the program and restore a backup.")
	case sqliteBusy:
		return errs.Say("The database is busy. Try again in a moment.")
	}
	return errs.Text{}
}

// postgresSentence speaks of the classes of PostgreSQL's errors, appendix A of its manual.
func postgresSentence(code string) errs.Text {
	switch {
	case code == "53100":
		return errs.Say("The disk of the database server is full. Nothing was changed; make room and try again.")
	case code == "25006":
		return errs.Say("The database server takes no changes at the moment: it is a read-only copy.")
	case strings.HasPrefix(code, "08"), strings.HasPrefix(code, "57P"), strings.HasPrefix(code, "53"):
		return errs.Say("The database server is not available. Nothing is lost; try again in a moment.")
	}
	return errs.Text{}
}
