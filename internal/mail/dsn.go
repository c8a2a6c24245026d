package mail

import (
	"encoding/json"
	"strings"
)

// dsnRecipients reads message/delivery-status (RFC 3464): groups of fields,
// the first about the message, each following about one recipient.
func dsnRecipients(b []byte) []Bounce {
	var out []Bounce
	var cur map[string]string
	last := ""
	flush := func() {
		if len(out) < maxBounces {
			if r, ok := dsnRecipient(cur); ok {
				out = append(out, r)
			}
		}
		cur, last = map[string]string{}, ""
	}
	cur = map[string]string{}
	for _, l := range strings.Split(normalizeText(decodeUndeclared(b, "")), "\n") {
		if strings.TrimSpace(l) == "" {
			flush()
			continue
		}
		if (l[0] == ' ' || l[0] == '\t') && last != "" {
			if len(cur[last]) < 8000 {
				cur[last] += " " + strings.TrimSpace(l)
			}
			continue
		}
		name, at := fieldName([]byte(strings.TrimSpace(l)))
		if name == "" {
			if last != "" && last == "diagnostic-code" && len(cur[last]) < 8000 {
				cur[last] += " " + strings.TrimSpace(l)
			}
			continue
		}
		key := strings.ToLower(name)
		val := strings.TrimSpace(strings.TrimSpace(l)[at:])
		if key == "final-recipient" && cur[key] != "" {
			flush()
		}
		if cur[key] == "" {
			cur[key] = val
		}
		last = key
	}
	flush()
	return out
}

func dsnRecipient(f map[string]string) (Bounce, bool) {
	if f["final-recipient"] == "" && f["original-recipient"] == "" && f["x-actual-recipient"] == "" || f["action"] == "" && f["status"] == "" && f["diagnostic-code"] == "" {
		return Bounce{}, false
	}
	b := Bounce{Action: strings.ToLower(firstWord(f["action"]))}
	for _, key := range []string{"final-recipient", "x-actual-recipient", "original-recipient"} {
		a := typedAddress(f[key])
		if strings.Contains(a, "@") && !strings.HasPrefix(a, "@") && !strings.HasPrefix(a, "/") && !(strings.Contains(a, ":") && f["original-recipient"] != "") {
			b.Recipient = a
			break
		}
	}
	diag := f["diagnostic-code"]
	if typ, rest, ok := strings.Cut(diag, ";"); ok && len(typ) < 24 && !strings.ContainsAny(typ, " ") {
		diag = strings.TrimSpace(rest)
	}
	b.Reason = cutText(decodeRaw(collapseSpace(diag), ""), 1000)
	b.Status = enhancedCode(f["status"])
	if inner := smtpEnhanced(diag); inner != "" && betterStatus(b.Status, inner) {
		b.Status = inner
	}
	if b.Status == "" {
		if code := looseEnhanced(diag); code != "" {
			b.Status = code
		} else if code := smtpCode(diag); code != "" {
			b.Status = code[:1] + ".0.0"
		}
	}
	return b, true
}

// betterStatus: what the other server said is nearer to the truth than the
// reporter's summary, above all where that is general or "expired".
func betterStatus(status, said string) bool {
	return status == "" || !strings.HasSuffix(said, ".0.0")
}

func firstWord(s string) string {
	s = strings.TrimSpace(s)
	if i := strings.IndexAny(s, " \t;("); i > 0 {
		return s[:i]
	}
	return s
}

// typedAddress reads "rfc822; user@host" and its broken forms.
func typedAddress(s string) string {
	if _, rest, ok := strings.Cut(s, ";"); ok && strings.TrimSpace(rest) != "" {
		s = rest
	}
	s = strings.TrimSpace(stripComments(s))
	if strings.HasPrefix(s, "@") {
		if i := strings.IndexByte(s, ':'); i > 0 { // source route
			return s
		}
	}
	if a := bareAddress(strings.Trim(s, "<>\" ")); a != "" {
		return a
	}
	return strings.Trim(s, "<>\" ")
}

func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	return strings.ToValidUTF8(s[:n], "")
}

// failedOnly drops recipients that got the mail. any tells that the report
// named actions at all.
func failedOnly(list []Bounce) (failed []Bounce, any bool) {
	for _, b := range list {
		switch b.Action {
		case "delivered", "relayed", "expanded", "deliverable", "displayed":
			any = true
		default:
			failed = append(failed, b)
			any = true
		}
	}
	return failed, any
}

// sesNotification reads the JSON that Amazon SES sends by way of SNS.
func sesNotification(text string) ([]Bounce, string) {
	text = strings.TrimSpace(text)
	if !strings.HasPrefix(text, "{") || !strings.Contains(text, "otificationType") {
		return nil, ""
	}
	// The lines of the mail were wrapped inside of strings.
	text, _, _ = strings.Cut(text, "\n\n--\n")
	text = strings.NewReplacer("\n ", "", "\n", "").Replace(text)
	var outer struct{ Message string }
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&outer); err == nil && outer.Message != "" {
		text = outer.Message
	}
	var n struct {
		NotificationType string
		Bounce           struct {
			BounceType        string
			BouncedRecipients []struct{ EmailAddress, Action, Status, DiagnosticCode string }
		}
		Complaint struct {
			ComplainedRecipients []struct{ EmailAddress string }
		}
		Mail struct {
			MessageID     string `json:"messageId"`
			CommonHeaders struct {
				MessageID string `json:"messageId"`
			}
		}
	}
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&n); err != nil && n.NotificationType == "" {
		return nil, ""
	}
	id := strings.Trim(n.Mail.CommonHeaders.MessageID, "<>")
	if id == "" {
		id = n.Mail.MessageID
	}
	var out []Bounce
	for _, r := range n.Bounce.BouncedRecipients {
		f := map[string]string{"final-recipient": r.EmailAddress, "action": r.Action, "status": r.Status, "diagnostic-code": r.DiagnosticCode}
		if r.Status == "" {
			f["status"] = map[bool]string{true: "5.0.0", false: "4.0.0"}[n.Bounce.BounceType == "Permanent"]
		}
		if b, ok := dsnRecipient(f); ok && len(out) < maxBounces {
			b.Hard = hardStatus(b.Status, b.Reason)
			b.OriginalMessageID = id
			out = append(out, b)
		}
	}
	for _, r := range n.Complaint.ComplainedRecipients {
		if len(out) < maxBounces {
			out = append(out, Bounce{Recipient: r.EmailAddress, Action: "complaint", Hard: true, OriginalMessageID: id})
		}
	}
	return out, strings.ToLower(n.NotificationType)
}
