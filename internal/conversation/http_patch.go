package conversation

import (
	"encoding/json"
)

// PatchBody is [ChangeBody] that tells null from absent: null takes the
// assignee, the team or the snooze away.
type PatchBody struct{ ChangeBody }

// UnmarshalJSON notes what is null.
func (b *PatchBody) UnmarshalJSON(data []byte) error {
	if err := json.Unmarshal(data, &b.ChangeBody); err != nil {
		return err
	}
	var given map[string]json.RawMessage
	if err := json.Unmarshal(data, &given); err != nil {
		return err
	}
	for name, into := range map[string]**int64{"assignee_id": &b.AssigneeID, "team_id": &b.TeamID} {
		if string(given[name]) == "null" {
			*into = new(int64)
		}
	}
	return nil
}
