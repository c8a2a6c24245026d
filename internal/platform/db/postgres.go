package db

import (
	"context"
	"fmt"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// A node can lose its connection without a word. Both sides give up after this:
// the node, so that it does not hang, and PostgreSQL, so that a transaction
// that nobody will end holds no locks and does not hold up the feed.
const givenUp = 10 * time.Second

// ParseURL reads the URL of a PostgreSQL for a connection that notices when the
// other side is gone.
func ParseURL(text string) (*pgx.ConnConfig, error) {
	cfg, err := pgx.ParseConfig(text)
	if err != nil {
		return nil, err
	}
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = givenUp
	}
	dialer := &net.Dialer{
		Timeout:         cfg.ConnectTimeout,
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: givenUp / 2, Interval: givenUp / 4, Count: 2},
		Control:         unanswered,
	}
	cfg.DialFunc = dialer.DialContext
	return cfg, nil
}

// prepare has PostgreSQL give up too, unless the URL says otherwise. It is not
// said while connecting, where poolers refuse what they do not know.
func prepare(ctx context.Context, c *pgx.Conn, set map[string]string) error {
	for _, name := range []string{"idle_in_transaction_session_timeout", "tcp_user_timeout"} {
		if _, already := set[name]; already {
			continue
		}
		if _, err := c.Exec(ctx, "SELECT set_config($1, $2, false)", pgx.QueryExecModeExec, name, strconv.FormatInt(givenUp.Milliseconds(), 10)); err != nil {
			return fmt.Errorf("set %s: %w", name, err)
		}
	}
	return nil
}

func openPostgres(ctx context.Context, cfg Config) (*DB, error) {
	parsed, err := ParseURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	p := stdlib.OpenDB(*parsed, stdlib.OptionAfterConnect(func(ctx context.Context, c *pgx.Conn) error {
		return prepare(ctx, c, parsed.RuntimeParams)
	}))
	n := cfg.MaxConn
	if n == 0 {
		n = 16
	}
	p.SetMaxOpenConns(n)
	p.SetMaxIdleConns(n)
	p.SetConnMaxIdleTime(5 * time.Minute)
	if err := p.PingContext(ctx); err != nil {
		p.Close()
		return nil, fmt.Errorf("connect to PostgreSQL: %w", err)
	}
	one := newPool(p, Postgres)
	return &DB{Dialect: Postgres, write: one, read: one}, nil
}
