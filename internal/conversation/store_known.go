package conversation

import (
	"context"
	"database/sql"

	"github.com/deskbell/deskbell/internal/platform/db"
)

func knownAddresses(ctx context.Context, q db.Queryer, values []any, each func(*sql.Rows) error) error {
	return db.Each(ctx, q, `SELECT i.value FROM customer_identity i WHERE i.kind = 'email' AND i.value IN (`+db.Marks(len(values))+`)
		AND EXISTS (SELECT 1 FROM conversation c WHERE c.customer_id = i.customer_id AND c.status NOT IN ('spam', 'trash')
			AND (i.verified = TRUE OR EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id AND m.kind = 'outbound')))`, values, each)
}
