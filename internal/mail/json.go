package mail

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"time"
)

type jsonAddress struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

type jsonAttachment struct {
	Filename    string `json:"filename"`
	ContentType string `json:"content_type"`
	Size        int64  `json:"size"`
	ContentID   string `json:"content_id"`
	Inline      bool   `json:"inline"`
}

type jsonBounce struct {
	Recipient string `json:"recipient"`
	Status    string `json:"status"`
	Action    string `json:"action"`
	Reason    string `json:"reason"`
	Hard      bool   `json:"hard"`
}

type jsonForwarded struct {
	From    jsonAddress `json:"from"`
	Subject string      `json:"subject"`
}

type jsonMessage struct {
	From        jsonAddress      `json:"from"`
	To          []jsonAddress    `json:"to"`
	Cc          []jsonAddress    `json:"cc"`
	ReplyTo     []jsonAddress    `json:"reply_to"`
	Subject     string           `json:"subject"`
	MessageID   string           `json:"message_id"`
	InReplyTo   string           `json:"in_reply_to"`
	References  []string         `json:"references"`
	Date        string           `json:"date"`
	Text        string           `json:"text"`
	HTMLPresent bool             `json:"html_present"`
	Attachments []jsonAttachment `json:"attachments"`
	ReplyText   string           `json:"reply_text"`
	AutoReply   bool             `json:"is_auto_reply"`
	IsBounce    bool             `json:"is_bounce"`
	Complaint   bool             `json:"is_complaint"`
	Bounce      *jsonBounce      `json:"bounce,omitempty"`
	Bounces     []jsonBounce     `json:"bounces"`
	Forwarded   *jsonForwarded   `json:"forwarded,omitempty"`
	Warnings    []string         `json:"warnings"`
	Error       string           `json:"error"`
}

func jsonAddresses(list []Address) []jsonAddress {
	out := make([]jsonAddress, 0, len(list))
	for _, a := range list {
		out = append(out, jsonAddress(a))
	}
	return out
}

// machineWritten is wider than AutoReply: notifications count as well.
func (m *Message) machineWritten() bool {
	auto := autoSubmitted(m.Headers)
	return m.AutoReply || auto != "" && auto != "no" && !m.Bounce && !m.Complaint
}

// JSON is the message in one line, in the shape that `deskbell mail parse`
// prints; HTML and headers are not in it.
func (m *Message) JSON() []byte {
	j := jsonMessage{
		From: jsonAddress(m.From), To: jsonAddresses(m.To), Cc: jsonAddresses(m.Cc), ReplyTo: jsonAddresses(m.ReplyTo),
		Subject: m.Subject, MessageID: m.MessageID, References: append([]string{}, m.References...),
		Text: m.Text, HTMLPresent: m.HTMLPresent, ReplyText: m.ReplyText, AutoReply: m.machineWritten(), IsBounce: m.Bounce,
		Complaint: m.Complaint, Attachments: []jsonAttachment{}, Bounces: []jsonBounce{}, Warnings: append([]string{}, m.Warnings...),
	}
	for i, id := range m.InReplyTo {
		if i > 0 {
			j.InReplyTo += " "
		}
		j.InReplyTo += id
	}
	if !m.Date.IsZero() && m.Date.Year() <= 9999 {
		j.Date = m.Date.Format(time.RFC3339)
	}
	for _, a := range m.Attachments {
		j.Attachments = append(j.Attachments, jsonAttachment{a.Filename, a.ContentType, a.Size, a.ContentID, a.Inline})
	}
	for _, b := range m.Bounces {
		j.Bounces = append(j.Bounces, jsonBounce{b.Recipient, b.Status, b.Action, b.Reason, b.Hard})
	}
	if len(j.Bounces) > 0 {
		j.Bounce = &j.Bounces[0]
	}
	if m.Forwarded != nil {
		j.Forwarded = &jsonForwarded{jsonAddress(m.Forwarded.From), m.Forwarded.Subject}
	}
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(j); err != nil {
		return []byte(`{"error":"The message cannot be written as JSON."}`)
	}
	return bytes.TrimRight(buf.Bytes(), "\n")
}

// WriteJSON parses one mail from in and writes its JSON and a line end.
func WriteJSON(in io.Reader, out io.Writer) error {
	m, err := Parse(in, Options{})
	if err != nil {
		return err
	}
	_, err = out.Write(append(m.JSON(), '\n'))
	return err
}

// Stream reads one mail per line in base64 and writes one line of JSON for
// each, at once.
func Stream(in io.Reader, out io.Writer) error {
	r := bufio.NewReaderSize(in, 1<<20)
	for {
		line, err := r.ReadBytes('\n')
		if line = bytes.TrimSpace(line); len(line) > 0 || err == nil {
			raw := base64.NewDecoder(base64.StdEncoding, bytes.NewReader(line))
			m, perr := Parse(raw, Options{})
			if perr != nil {
				m.warn("The line is not whole base64: " + perr.Error())
			}
			if _, werr := out.Write(append(m.JSON(), '\n')); werr != nil {
				return werr
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
