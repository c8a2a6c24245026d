package mail

import (
	"strings"
)

const maxBounces = 200

// noteBounce finds out whether the mail says that another one was not
// delivered, and to whom and why.
func (w *walker) noteBounce() {
	m := w.m
	if m.AutoReply && !w.found.delivery && len(w.found.status) == 0 && !m.Headers.Has("X-Failed-Recipients") && !daemon(m) {
		return
	}
	if w.found.mdn && !w.found.delivery {
		m.automatic("read receipt")
		return
	}
	if !w.mayBounce() {
		return
	}
	if list, kind := sesNotification(m.Text); kind != "" {
		m.automatic("notification of the mail service")
		m.Complaint = kind == "complaint"
		m.Bounce = kind == "bounce"
		m.Bounces = list
		return
	}
	notice, rest := splitNotice(m.Text)
	list := dsnRecipients(w.found.status)
	if len(list) == 0 {
		text := notice
		if daemon(m) { // a bounce of a bounce, or a report inside of the text
			text = cutText(m.Text, originalBytes)
		}
		if strings.Contains(strings.ToLower(text), "final-recipient") {
			list = dsnRecipients([]byte(fieldBlock(text)))
		}
	}
	if len(list) == 0 && daemon(m) && strings.Contains(strings.ToLower(string(w.found.original)), "final-recipient:") {
		list = dsnRecipients([]byte(fieldBlock(string(w.found.original)))) // a bounce passed on by another server
	}
	failed, any := failedOnly(list)
	if any && len(failed) == 0 {
		m.automatic("delivery report")
		return
	}
	if len(failed) == 0 && !w.saysBounce(notice) {
		return
	}
	m.Bounce = true
	original := headerOf(w.found.original)
	if len(original.fields) == 0 {
		original = headerOf([]byte(strings.TrimLeft(rest, "\n -=")))
	}
	w.completeBounces(failed, notice, original)
}

// mayBounce is the cheap test that spares ordinary mail the reading.
func (w *walker) mayBounce() bool {
	m := w.m
	return w.found.report || len(w.found.status) > 0 || m.Headers.Has("X-Failed-Recipients") || daemon(m) || maybeDaemon(m) ||
		containsAny(strings.ToLower(m.Subject), bounceSubjects) || strings.HasPrefix(m.Text, "{") ||
		strings.HasPrefix(strings.ToLower(m.Text[:min(len(m.Text), 40)]), "you are not a member")
}

// completeBounces fills what the report leaves open from the text around it.
func (w *walker) completeBounces(list []Bounce, notice string, original Header) {
	m := w.m
	text := readNotice(notice, w.ownAddresses())
	if len(list) == 0 {
		list = text.bounces(addressesOf(m.Headers.rawAll("X-Failed-Recipients")), original)
	}
	for i := range list {
		b := &list[i]
		if b.Recipient == "" || !strings.Contains(b.Recipient, "@") || strings.HasPrefix(b.Recipient, "@") {
			if r := text.firstRecipient(); r != "" {
				b.Recipient = r
			} else if to := addressesOf(original.Raw("To")); len(to) > 0 {
				b.Recipient = to[0]
			}
		}
		if b.Status == "" || strings.HasSuffix(b.Status, ".0.0") {
			if s := text.statusFor(b.Recipient, len(list) == 1); s != "" && (b.Status == "" || !strings.HasSuffix(s, ".0.0")) {
				b.Status = s
			}
		}
		if b.Reason == "" {
			b.Reason = text.reasonFor(b.Recipient)
		}
		if b.Status == "" {
			b.Status = statusByWords(m.Subject + "\n" + notice)
		}
		if b.Action == "" {
			b.Action = "failed"
		}
		if b.Status[0] == '4' && strings.Contains(strings.ToLower(m.Subject+notice), "delayed") && !strings.Contains(strings.ToLower(notice), "giv") {
			b.Action = "delayed"
		}
		b.Hard = hardStatus(b.Status, b.Reason)
		b.OriginalMessageID = originalID(original)
	}
	if len(list) > maxBounces {
		list = list[:maxBounces]
	}
	m.Bounces = list
}

// ownAddresses are those of the bounce itself: whom it was sent to is the
// sender of the mail that bounced, not its recipient.
func (w *walker) ownAddresses() map[string]bool {
	own := map[string]bool{}
	for _, list := range [][]Address{w.m.To, w.m.FromAll, w.m.ReplyTo} {
		for _, a := range list {
			own[strings.ToLower(a.Address)] = true
		}
	}
	return own
}

func addressesOf(value string) []string {
	var out []string
	for _, a := range parseAddresses(value, "") {
		if strings.Contains(a.Address, "@") {
			out = append(out, a.Address)
		}
	}
	return out
}

// daemon: the sender is a mail server.
func daemon(m *Message) bool {
	local, _, _ := strings.Cut(strings.ToLower(m.From.Address), "@")
	name := strings.ToLower(m.From.Name)
	return strings.HasPrefix(local, "mailer-daemon") || strings.HasPrefix(local, "mailerdaemon") || strings.HasPrefix(local, "maildaemon") || strings.HasPrefix(local, "mdaemon") || local == "mail.delivery.system" || strings.HasPrefix(local, "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e") ||
		strings.Contains(name, "mail delivery s") || strings.Contains(name, "mailer-daemon") || strings.Contains(name, "mail deliver system") || strings.Contains(name, "mailer daemon")
}

// maybeDaemon: a sender that servers use, and people too.
func maybeDaemon(m *Message) bool {
	local, _, _ := strings.Cut(strings.ToLower(m.From.Address), "@")
	return m.From.Address == "" || local == "postmaster" || strings.HasPrefix(local, "postmaster") || local == "root" || local == "no-reply" || local == "noreply" || local == "sysadmin" || local == "mailadmin" || local == "administrator" || strings.HasSuffix(local, "-admin") || local == "bounce" || local == "bounces" || emptyPath(m.Headers) || strings.Contains(strings.ToLower(m.Headers.Raw("Return-Path")), "mailer-daemon")
}

var bounceSubjects = strings.Split("undeliver|delivery status notification|delivery failure|delivery failed|delivery has failed|mail delivery|failure notice|returned mail|returned to sender|returning message|mail system error|message delivery fail|permanent delivery failure|could not be delivered|message not delivered|delivery report|nondeliverable|non-deliverable|non delivery|non-delivery|delivery notification|there was an error sending your mail|undelivered|message status - undeliverable|delivery problem|error sending|returned message|delayed|mail failure|delivery error|"+
	"unzustellbar|nicht zustellbar|nicht zugestellt|zustellung fehlgeschlagen|non remis|échec de la remise|échec de la livraison|non distribué|no se puede entregar|no entregado|no se ha podido entregar|non recapitabile|mancato recapito|onbestelbaar|niet bezorgd|kan inte levereras|kunne ikke leveres|ei voitu toimittaa|niedostarczalne|niedostarczona|nie można dostarczyć|nedoručiteln|nedoručen|kézbesíthetetlen|nem kézbesíthető|не доставлено|недоставлен|не может быть доставлено|не удалось доставить|teslim edilemedi|teslim edilemeyen|配信不能|配信エラー|配信失敗|送信エラー|送信失敗|未配信|未送达|退信|无法投递|無法傳送|系统退信|배달되지|전송 실패|não entregue|não foi possível entregar|nelivrat|αδυναμία παράδοσης|לא ניתן למסירה|تعذر التسليم", "|")

var bouncePhrases = strings.Split("could not be delivered|couldn't be delivered|cannot be delivered|was not delivered|not yet been delivered|has been delayed|exceeds allowed size|delivery failed|wasn't delivered|were not delivered|unable to deliver|not able to deliver|wasn't able to deliver|failed to deliver|delivery to the following recipient|delivering your mail|permanent error|permanent fatal error|delivery errors|delivery has failed|did not reach the following|following address failed|following address(es) failed|following recipients|user unknown|unknown user|returned below|undeliverable|delivery failed|trouble delivering|attempting to deliver|delivery to these recipients|message wasn't delivered|address not found|message blocked|transcript of session|recipient address rejected|not a member of this mailing list|not a member of the mailing|are not member|failure reasons|mailbox is full|mailbox full|quota exceeded|"+
	"trying to deliver the mail|nicht zugestellt werden|konnte nicht zugestellt|n'a pas pu être remis|no se pudo entregar|não pôde ser entregue|non è stato possibile consegnare|kon niet worden bezorgd|не может быть доставлено|не удалось доставить|не було доставлено|送信できません|配信できません|届けできません|送信に失敗|投稿できなかった|メッセージはエラーのため|退回|无法送达|teslim edilemedi", "|")

// saysBounce weighs sender, subject and text.
func (w *walker) saysBounce(notice string) bool {
	m := w.m
	subject := strings.ToLower(m.Subject)
	reply := strings.HasPrefix(subject, "re:") || strings.HasPrefix(subject, "fwd:") || strings.HasPrefix(subject, "fw:") || strings.HasPrefix(subject, "aw:") || strings.HasPrefix(subject, "wg:")
	if m.Headers.Has("X-Failed-Recipients") || w.found.delivery {
		return true
	}
	bySubject := !reply && containsAny(subject, bounceSubjects)
	low := strings.ToLower(notice[:min(len(notice), 6000)])
	byText := containsAny(low, bouncePhrases)
	switch {
	case daemon(m):
		return autoSubmitted(m.Headers) != "auto-replied" || bySubject || byText
	case bySubject && exactBounceSubject(subject):
		return true
	case bySubject || maybeDaemon(m) && !reply:
		// Carriers write about parcels in the same words: a failed mail is named
		// by its recipient, a status or the mail itself.
		return (byText || bySubject && len(w.found.original) > 0) && w.bounceEvidence(notice)
	}
	return byText && strings.Contains(low, "not member") || strings.HasPrefix(low, "you are not a member of this mailing list")
}

// bounceEvidence looks for the mail that failed, a status code (RFC 3463) or a
// recipient who stands on a line of their own.
func (w *walker) bounceEvidence(notice string) bool {
	if len(w.found.original) > 0 || looseEnhanced(notice) != "" || strings.Contains(strings.ToLower(w.m.Headers.Raw("Return-Path")), "mailer-daemon") {
		return true
	}
	n := readNotice(notice, w.ownAddresses())
	_, own, _ := strings.Cut(strings.ToLower(w.m.From.Address), "@")
	for _, r := range n.rcpts {
		if _, domain, _ := strings.Cut(strings.ToLower(r.address), "@"); domain != own || exactPostmaster(w.m.From.Address) {
			return true
		}
	}
	return len(n.weak) > 0 && exactPostmaster(w.m.From.Address)
}

func exactPostmaster(address string) bool {
	local, _, _ := strings.Cut(strings.ToLower(address), "@")
	return local == "postmaster" || local == ""
}

// exactBounceSubject knows subjects that no person writes.
func exactBounceSubject(low string) bool {
	for _, exact := range []string{"undelivered mail returned to sender", "delivery status notification (failure)", "mail delivery failed: returning message to sender", "returned mail: see transcript", "returned mail: user unknown", "failure notice", "undeliverable mail", "undeliverable message"} {
		if strings.HasPrefix(low, exact) {
			return true
		}
	}
	return false
}
