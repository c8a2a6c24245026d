package notification

import (
	"context"
	"net/http"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/errs"
	"github.com/deskbell/deskbell/internal/platform/web"
	"github.com/deskbell/deskbell/internal/text"
)

// Register adds the operations.
func Register(api *web.API, s *Service) {
	const tag = "Notifications"
	read := string(access.ConversationsRead)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/notifications", Permission: read, Tag: tag, Summary: "List my notifications",
		Text: "Newest first, of 90 days, and only of conversations that I may see now; about inboxes as long as I manage them."}, s.httpList)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/notifications/count", Permission: read, Tag: tag, Summary: "Count my unread notifications",
		Text: "Up to 1,000. The frame `notifications.changed` of the live connection says when to ask again."}, s.httpCount)
	web.Register(api, web.Op{Method: http.MethodPost, Path: "/notifications/read", Permission: read, Tag: tag, Summary: "Mark notifications as read",
		Text: "Give `ids`, a `conversation_id`, or `all` with the time of the newest one that you have seen as `until`. Those of a conversation are also read by whoever reads something new in it."}, s.httpRead)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/me/notification-settings", Tag: tag, Summary: "What I am told"}, s.httpSettings)
	web.Register(api, web.Op{Method: http.MethodPut, Path: "/me/notification-settings", Tag: tag, Summary: "Choose what I am told",
		Text: "Kinds and channels that are not given stay as they are. Not for API keys."}, s.httpSetSettings)
	web.Register(api, web.Op{Method: http.MethodGet, Path: "/me/notification-rhythm", Tag: tag, Summary: "When I am told"}, s.httpRhythm)
	web.Register(api, web.Op{Method: http.MethodPut, Path: "/me/notification-rhythm", Tag: tag, Summary: "Choose when I am told", Text: "Not for API keys."}, s.httpSetRhythm)
	registerPush(api, s)
	registerLeave(api, s)
}

type notificationActor struct {
	Type string `json:"type" enum:"agent,customer,partner,system"`
	ID   int64  `json:"id"`
	Name string `json:"name"`
}

type notificationBody struct {
	ID             int64             `json:"id"`
	Kind           Kind              `json:"kind" enum:"mention,assigned,customer_reply,side_reply,task_assigned,reply_failed,reply_held,draft_taken,inbox_quiet"`
	ConversationID int64             `json:"conversation_id" doc:"0 = it is about an inbox"`
	InboxID        int64             `json:"inbox_id" doc:"0 = it is about a conversation"`
	Number         int64             `json:"number" doc:"Of the conversation"`
	Subject        string            `json:"subject" doc:"Of the conversation, or the name of the inbox"`
	Preview        string            `json:"preview" doc:"The beginning of the message, on one line, or the address of the inbox"`
	MessageID      int64             `json:"message_id"`
	Actor          notificationActor `json:"actor" doc:"Who did it last"`
	Times          int64             `json:"times" doc:"How often it happened while it was unread"`
	At             time.Time         `json:"at" doc:"The last time"`
	Read           bool              `json:"read"`
}

type (
	listIn struct {
		web.List
		Unread bool `query:"unread" doc:"Only those"`
	}
	listOut  struct{ Body web.Page[notificationBody] }
	countOut struct {
		Body struct {
			Unread int64 `json:"unread"`
		}
	}
	readIn struct {
		Body struct {
			IDs            []int64    `json:"ids,omitempty" maxItems:"200"`
			ConversationID int64      `json:"conversation_id,omitempty" minimum:"1" doc:"All of this conversation"`
			All            bool       `json:"all,omitempty"`
			Until          *time.Time `json:"until,omitempty" doc:"With all: nothing newer than this. Default: now"`
		}
	}
)

func (s *Service) httpList(ctx context.Context, in *listIn) (*listOut, error) {
	at, id, some, err := web.ReadCursor(in.Cursor)
	if err != nil {
		return nil, err
	}
	var behind *Place
	if some {
		behind = &Place{web.Millis(at), id}
	}
	list, err := s.List(ctx, in.Unread, behind, in.Limit+1)
	if err != nil {
		return nil, err
	}
	var items []notificationBody
	for _, n := range list {
		items = append(items, notificationBody{
			ID: n.ID, Kind: n.Kind, ConversationID: n.Conversation, InboxID: n.Inbox, Number: n.Conversation, Subject: n.Subject, Preview: text.Preview(n.Text, 160),
			MessageID: n.Message, Actor: notificationActor{n.ActorType, n.ActorID, n.ActorName}, Times: n.Times, At: web.Time(n.At), Read: !n.ReadAt.IsZero(),
		})
	}
	return &listOut{web.Cut(items, in.Limit, func(b notificationBody) string { return web.Cursor(b.At.UnixMilli(), b.ID) })}, nil
}

func (s *Service) httpCount(ctx context.Context, _ *struct{}) (*countOut, error) {
	n, err := s.Unread(ctx)
	if err != nil {
		return nil, err
	}
	out := &countOut{}
	out.Body.Unread = n
	return out, nil
}

// named tells whether exactly one of the three is there.
func (in *readIn) named() bool {
	n := 0
	for _, there := range []bool{len(in.Body.IDs) > 0, in.Body.ConversationID > 0, in.Body.All} {
		if there {
			n++
		}
	}
	return n == 1
}

func (s *Service) httpRead(ctx context.Context, in *readIn) (*countOut, error) {
	var err error
	switch {
	case !in.named():
		return nil, errs.InvalidField("body.ids", "Give either notifications, a conversation or all.")
	case in.Body.ConversationID > 0:
		err = s.MarkConversationRead(ctx, in.Body.ConversationID)
	case !in.Body.All:
		err = s.MarkRead(ctx, in.Body.IDs)
	case in.Body.Until != nil:
		err = s.MarkAllRead(ctx, *in.Body.Until)
	default:
		err = s.MarkAllRead(ctx, s.Now())
	}
	if err != nil {
		return nil, err
	}
	return s.httpCount(ctx, nil)
}

// SettingBody is where an agent is told of a kind, in answers.
type SettingBody struct {
	Kind  Kind `json:"kind" enum:"mention,assigned,customer_reply,side_reply,task_assigned,reply_failed,reply_held,draft_taken,inbox_quiet"`
	App   bool `json:"app" doc:"In the console"`
	Mail  bool `json:"mail" doc:"By mail, a little later, unless I have seen it meanwhile"`
	Push  bool `json:"push" doc:"By the browsers that I allowed to"`
	Sound bool `json:"sound" doc:"By a sound in the console"`
}

type (
	settingsIn struct {
		Body struct {
			Items []settingIn `json:"items" maxItems:"50"`
		}
	}
	settingIn struct {
		Kind  Kind  `json:"kind" enum:"mention,assigned,customer_reply,side_reply,task_assigned,reply_failed,reply_held,draft_taken,inbox_quiet"`
		App   *bool `json:"app,omitempty"`
		Mail  *bool `json:"mail,omitempty"`
		Push  *bool `json:"push,omitempty"`
		Sound *bool `json:"sound,omitempty"`
	}
	settingsOut struct {
		Body struct {
			Items []SettingBody `json:"items"`
		}
	}
	rhythmBody struct {
		TimeZone   string `json:"time_zone" maxLength:"100" doc:"IANA, such as Europe/Istanbul; empty = UTC"`
		Quiet      bool   `json:"quiet" doc:"There are quiet hours: no mail, no push, no sound"`
		QuietFrom  int    `json:"quiet_from" minimum:"0" maximum:"1439" doc:"Minute of the day in that time zone"`
		QuietUntil int    `json:"quiet_until" minimum:"0" maximum:"1439"`
		Mails      Pace   `json:"mails" enum:"soon,hourly,daily" doc:"soon, or in one summary"`
		DailyAt    int    `json:"daily_at" minimum:"0" maximum:"1439" doc:"Minute of the day of the daily summary"`
		PushWords  bool   `json:"push_words" doc:"What people wrote may pass the push service of the browser"`
	}
	rhythmIn  struct{ Body rhythmBody }
	rhythmOut struct{ Body rhythmBody }
)

func (s *Service) httpSettings(ctx context.Context, _ *struct{}) (*settingsOut, error) {
	list, err := s.Settings(ctx)
	return shown(list), err
}

func (s *Service) httpSetSettings(ctx context.Context, in *settingsIn) (*settingsOut, error) {
	change := make([]SettingChange, len(in.Body.Items))
	for i, b := range in.Body.Items {
		change[i] = SettingChange(b)
	}
	list, err := s.SetSettings(ctx, change)
	return shown(list), err
}

func shown(list []Setting) *settingsOut {
	out := &settingsOut{}
	out.Body.Items = make([]SettingBody, len(list))
	for i, one := range list {
		out.Body.Items[i] = SettingBody(one)
	}
	return out
}

func (s *Service) httpRhythm(ctx context.Context, _ *struct{}) (*rhythmOut, error) {
	r, err := s.Rhythm(ctx)
	return &rhythmOut{rhythmBody(r)}, err
}

func (s *Service) httpSetRhythm(ctx context.Context, in *rhythmIn) (*rhythmOut, error) {
	if err := s.SetRhythm(ctx, Rhythm(in.Body)); err != nil {
		return nil, err
	}
	return s.httpRhythm(ctx, nil)
}
