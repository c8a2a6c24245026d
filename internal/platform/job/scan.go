package job

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"slices"
	"time"
)

func scan(rows *sql.Rows) ([]Job, error) {
	defer rows.Close()
	var out []Job
	for rows.Next() {
		var j Job
		var payload string
		var runAt, createdAt int64
		if err := rows.Scan(&j.ID, &j.Kind, &j.State, &payload, &j.Summary, &runAt, &j.Attempts, &j.LastError, &createdAt, &j.token); err != nil {
			return nil, err
		}
		j.Payload = json.RawMessage(payload)
		j.RunAt, j.CreatedAt = time.UnixMilli(runAt).UTC(), time.UnixMilli(createdAt).UTC()
		out = append(out, j)
	}
	return out, rows.Err()
}

// sortByID restores the order in which jobs were enqueued: RETURNING has none.
func sortByID(jobs []Job) {
	slices.SortFunc(jobs, func(a, b Job) int { return cmp.Compare(a.ID, b.ID) })
}
