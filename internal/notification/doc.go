// Package notification tells agents what concerns them: that somebody mentioned
// them, gave them a conversation or answered in one of theirs, and that a reply
// of theirs did not get through.
//
// Tables: notification, notification_setting
package notification
