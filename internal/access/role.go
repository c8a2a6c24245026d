package access

import "github.com/deskbell/deskbell/internal/team"

var agentMay = []Permission{
	ConversationsRead, ConversationsReply, ConversationsNote, ConversationsUpdate, ConversationsMerge,
	CustomersRead, CustomersWrite, CustomersMerge, SearchRead, EventsRead,
}

// added are permissions that came after the first release, for the roles that
// have another one.
var added = []struct{ permission, having Permission }{
	{ConversationsMerge, ConversationsUpdate}, {RepliesManage, TagsManage}, {ViewsManage, TagsManage}, {AuditRead, SettingsManage}, {CustomersMerge, CustomersWrite},
	{CustomersExport, SettingsManage}, {CustomersErase, SettingsManage}, {HoldsManage, SettingsManage},
}

// roles are those of a fresh installation. Afterwards they are data.
func roles() []team.Role {
	role := func(key, name string, may []Permission) team.Role {
		r := team.Role{Key: key, Name: name}
		for _, p := range may {
			r.Permissions = append(r.Permissions, string(p))
		}
		return r
	}
	lead := append(agentMay[:len(agentMay):len(agentMay)], ConversationsDelete, TeamsManage, TagsManage, RepliesManage, ViewsManage, LedgerRead)
	return []team.Role{
		role(team.Owner, "Owner", All),
		role("admin", "Admin", All), // but cannot change owners, see mayManage
		role("lead", "Team lead", lead),
		role("agent", "Agent", agentMay),
		role("light_agent", "Light agent", []Permission{ConversationsRead, ConversationsNote, CustomersRead, SearchRead, EventsRead}),
	}
}
