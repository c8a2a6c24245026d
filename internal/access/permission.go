package access

import "github.com/deskbell/deskbell/internal/platform/audit"

// Permission is one thing that an agent or an API key may do.
type Permission string

// The permissions. Roles are sets of them, kept as data.
const (
	ConversationsRead   Permission = "conversations:read"
	ConversationsReply  Permission = "conversations:reply"
	ConversationsNote   Permission = "conversations:note"
	ConversationsUpdate Permission = "conversations:update"
	// ConversationsMerge merges, takes merges back and splits.
	ConversationsMerge Permission = "conversations:merge"
	// ConversationsDelete purges spam and trash for good.
	ConversationsDelete Permission = "conversations:delete"
	// ConversationsSeeAll opens every inbox whatever its members are.
	ConversationsSeeAll Permission = "conversations:see_all"
	CustomersRead       Permission = "customers:read"
	CustomersWrite      Permission = "customers:write"
	// CustomersMerge merges customers and takes that back.
	CustomersMerge Permission = "customers:merge"
	// CustomersExport takes out everything known of a customer.
	CustomersExport Permission = "customers:export"
	// CustomersErase deletes everything known of a customer for good.
	CustomersErase Permission = "customers:erase"
	// HoldsManage places and releases legal holds.
	HoldsManage    Permission = "holds:manage"
	InboxesManage  Permission = "inboxes:manage"
	AgentsManage   Permission = "agents:manage"
	TeamsManage    Permission = "teams:manage"
	TagsManage     Permission = "tags:manage"
	RepliesManage  Permission = "replies:manage" // saved replies and macros of everybody
	ViewsManage    Permission = "views:manage"   // views of everybody
	SettingsManage Permission = "settings:manage"
	JobsManage     Permission = "jobs:manage"
	LedgerRead     Permission = "ledger:read"
	MailIngest     Permission = "mail:ingest"
	Metrics        Permission = "metrics"
	APIKeysManage  Permission = "apikeys:manage"
	SearchRead     Permission = "search:read"
	EventsRead     Permission = "events:read"
	AuditRead      Permission = audit.Permission
)

// All lists every permission, in the order in which pages show them.
var All = []Permission{
	ConversationsRead, ConversationsReply, ConversationsNote, ConversationsUpdate, ConversationsMerge, ConversationsDelete, ConversationsSeeAll,
	CustomersRead, CustomersWrite, CustomersMerge, CustomersExport, CustomersErase, HoldsManage, SearchRead, EventsRead, InboxesManage, AgentsManage, TeamsManage, TagsManage,
	RepliesManage, ViewsManage, SettingsManage, JobsManage, LedgerRead, AuditRead, MailIngest, Metrics, APIKeysManage,
}
