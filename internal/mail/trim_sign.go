package mail

import (
	"regexp"
	"strings"
)

// mobileRe matches the line a program adds for itself: "Sent from my iPhone".
var mobileRe = regexp.MustCompile(`(?i)^[\s*_(<\[>]*(?:` + strings.Join([]string{
	`sent (?:wirelessly )?(?:from|via|using|with|by) (?:my |the |a )?(?:\S+\s*){1,9}`,
	`sent from (?:\[?\w+\]?\S*\s*){1,6}`,
	`from my (?:i?phone|ipad|android|mobile|galaxy|blackberry)\b.{0,30}`,
	`get outlook for (?:ios|android|mac).*`, `get \[outlook for .*`,
	`(?:von|gesendet (?:von|mit|aus|über)|diese nachricht wurde von) .{0,80}(?:gesendet|iphone|ipad|android|handy|mobil|outlook|samsung|mail|blackberry|smartphone|app)\b.{0,60}`,
	`(?:envoyé|envoye) (?:depuis|de|à partir|avec|sans fil|par) .{0,90}`, `télécharger outlook pour .*`, `obtenez outlook pour .*`, `obtenir outlook pour .*`,
	`enviado (?:desde|do|a partir do|de|con|pelo|via|mediante) .{0,80}`, `obtener outlook para .*`, `obter o outlook para .*`,
	`inviato (?:da|dal|con|tramite) .{0,80}`, `scarica outlook per .*`, `ottieni outlook per .*`,
	`(?:verzonden|verstuurd) (?:vanaf|met|vanuit|via|door) .{0,80}`, `outlook voor (?:ios|android).*`, `outlook downloaden voor .*`,
	`(?:skickat|skickades) (?:från|med|via) .{0,80}`, `(?:sendt|sent) (?:fra|med|via) (?:min|mit|mitt|outlook|mail|yahoo|samsung).{0,60}`,
	`lähetetty .{0,60}`, `hanki outlook .*`, `hämta outlook .*`, `hent outlook .*`, `skaffa outlook .*`, `få outlook .*`,
	`(?:wysłane|wysłano) (?:z|za pomocą|ze|przez) .{0,80}`, `pobierz outlook .*`, `odesláno z .{0,60}`, `odoslané z .{0,60}`, `získejte outlook .*`,
	`(?:отправлено|послано) (?:с|из|от|через|при помощи) .{0,80}`, `скачать outlook .*`, `отримати outlook .*`, `завантажити outlook .*`,
	`(?:надіслано|відправлено) (?:з|із|зі|за допомогою|через) .{0,80}`, `получить outlook .*`,
	`.{0,40}(?:iphone|ipad|android|outlook|yahoo|samsung)\S* ?(?:'?(?:umdan|ımdan|dan|den|tan|ten|ndan|imden)) gönderildi.{0,20}`, `(?:iphone|ipad|android|samsung|yahoo).{0,50} gönderildi`, `.{0,40}için outlook'?.{0,20} (?:edinin|indirin)`,
	`(?:trimis|expediat) (?:de pe|din|cu|de la) .{0,60}`, `elküldve .{0,60}`, `az iphone-omról küldve`, `στάλθηκε από .{0,60}`, `poslano (?:z|s|iz) .{0,60}`, `изпратено от .{0,60}`, `послато са .{0,60}`,
	`נשלח מ.{0,40}`, `أرسلت من .{0,40}`, `أُرسلت من .{0,40}`, `تم الإرسال من .{0,40}`, `dikirim dari .{0,60}`, `được gửi từ .{0,60}`, `ส่งจาก.{0,40}`,
	`(?:从|從)我的.{0,30}(?:发送|傳送|寄出|发出)`, `发自我的.{0,30}`, `發自我的.{0,30}`, `发自.{0,20}(?:iphone|ipad|手机|邮箱).{0,10}`, `.{0,20}(?:iphone|ipad|android|携帯|スマートフォン|ドコモ).{0,10}(?:から|より)送信.{0,10}`, `나의 .{0,20}에서 보냄`, `.{0,20}(?:iphone|ipad|android|갤럭시|스마트폰)에서 보냄.{0,10}`,
	`<<sent by .{0,40}`, `sent by galaxy.{0,10}`, `someone from mobile`, `enviat des de .{0,60}`, `saadetud minu .{0,40}`, `išsiųsta iš .{0,40}`, `nosūtīts no .{0,40}`,
}, "|") + `)[\s*_)>.!\]]*$`)

// mobileSignature tells a line like "Sent from my iPhone". A sentence that
// goes on behind a comma with a verb is somebody's own.
func mobileSignature(s string) bool {
	if len(s) < 8 || len(s) > 200 {
		return false
	}
	if !mobileWord(s) || !mobileRe.MatchString(s) {
		return false
	}
	low := strings.ToLower(s)
	if i := strings.Index(low, ", "); i > 0 && !containsAny(low[i:], []string{"excuse", "typo", "brief", "sorry", "errors", "entschuldig", "désolé", "sistema"}) {
		return false
	}
	return true
}

// mobileWord is the cheap test before the expression.
func mobileWord(s string) bool {
	low := strings.ToLower(s[:min(len(s), 120)])
	return containsAny(low, []string{"sent", "sendt", "from my", "outlook", "envo", "envia", "inviat", "verzonden", "verstuurd", "skicka", "lähetetty", "wysła", "odesl", "odosl", "отправлено", "послано", "надіслано", "відправлено", "gönderildi", "trimis", "expediat", "küldve", "στάλθηκε", "poslano", "изпратено", "послато", "נשלח", "رسلت", "الإرسال", "dikirim", "được gửi", "ส่งจาก", "传送", "傳送", "发送", "寄出", "发自", "發自", "送信", "보냄", "someone from mobile", "von mein", "nachricht wurde", "gesendet", "saadetud", "išsiųsta", "nosūtīts"})
}

// delimiter tells the line above a signature: "-- " and what stands for it.
func delimiter(s string) bool {
	switch s {
	case "--", "---", "––", "-- ", "- -", "__":
		return true
	}
	if len(s) < 2 {
		return false
	}
	for i := 0; i < len(s); i++ {
		if s[i] != s[0] || s[0] != '-' && s[0] != '_' && s[0] != '=' {
			return false
		}
	}
	return true
}

var closings = strings.Split("thanks|thank you|thx|regards|best|cheers|kind regards|best regards|warm regards|sincerely|yours|mit freundlichen|viele grüße|liebe grüße|beste grüße|gruß|grüße|mfg|cordialement|bien à vous|merci|saludos|un saludo|gracias|atentamente|saluti|cordiali saluti|grazie|groeten|groet|met vriendelijke|bedankt|hälsningar|mvh|med vänlig|med venlig|vennlig hilsen|hilsen|terveisin|pozdrawiam|pozdrowienia|z poważaniem|s pozdravem|с уважением|спасибо|з повагою|дякую|saygılarımla|teşekkürler|iyi günler|よろしくお願い|敬具|此致|谢谢|감사합니다|üdvözlettel|obrigado|obrigada|atenciosamente|abraço|cu stimă|με εκτίμηση|בברכה|trân trọng|salam|hormat", "|")

func closing(s string) bool {
	low := strings.ToLower(strings.TrimLeft(s, "*_- "))
	for _, c := range closings {
		if strings.HasPrefix(low, c) {
			return true
		}
	}
	return false
}

const (
	maxSignatureLines = 14
	maxDrops          = 60
)

// dropSignatures removes signatures at the end of what is left.
func (t *trimmer) dropSignatures() {
	for range maxDrops {
		if !t.dropTrailing() {
			return
		}
	}
}

// dropTrailing takes one signature off the end; false when there is none.
func (t *trimmer) dropTrailing() bool {
	last := t.lastKept()
	if last < 0 {
		return false
	}
	if t.droppableLine(last) {
		if !t.keptBefore(last) {
			return false
		}
		t.drop(last, last+1)
		return true
	}
	lines := 0
	for i := last; i >= 0 && lines <= maxSignatureLines; i-- {
		switch t.kind[i] {
		case kindBlank, kindDropped:
			continue
		case kindQuote, kindAttribution, kindHeader:
			return false
		}
		if t.lines[i].flags&flagSignature != 0 {
			first := i
			for first > 0 && t.lines[first-1].flags&flagSignature != 0 {
				first--
			}
			if t.keptBefore(first) {
				t.drop(first, last+1)
				return true
			}
			return false
		}
		if delimiter(t.bare[i]) {
			if t.keptBefore(i) && t.signatureLike(i+1, last+1) {
				t.drop(i, last+1)
				return true
			}
			return false
		}
		lines++
	}
	return t.valediction(last)
}

// signatureLike: it begins with a short line, has no list and at most one
// paragraph, the usual disclaimer.
func (t *trimmer) signatureLike(from, to int) bool {
	long, seen := 0, false
	for i := from; i < to; i++ {
		s := t.bare[i]
		if s == "" || t.kind[i] == kindDropped {
			continue
		}
		n := len([]rune(s))
		if !seen && n > 70 || strings.HasPrefix(s, "- ") || strings.HasPrefix(s, "* ") {
			return false
		}
		seen = true
		if n > 120 {
			long++
		}
	}
	return long <= 1
}

// droppableLine: a lone line at the end that carries nothing.
func (t *trimmer) droppableLine(i int) bool {
	return t.kind[i] == kindRule || mobileSignature(t.bare[i])
}

// valedictions are greetings that carry nothing else; thanks are words.
var valedictions = map[string]bool{}

func init() {
	for _, v := range strings.Split("regards|best regards|kind regards|warm regards|best|best wishes|with best regards|with kind regards|sincerely|sincerely yours|yours sincerely|yours faithfully|yours truly|yours|respectfully|cheers|br|kr|rgds|mit freundlichen grüßen|mit freundlichem gruß|freundliche grüße|mit besten grüßen|beste grüße|viele grüße|liebe grüße|herzliche grüße|schöne grüße|mfg|lg|vg|gruß|grüße|"+
		"cordialement|bien cordialement|bien à vous|sincères salutations|meilleures salutations|salutations|saludos|un saludo|saludos cordiales|atentamente|un cordial saludo|saluti|cordiali saluti|distinti saluti|un saluto|met vriendelijke groet|met vriendelijke groeten|vriendelijke groet|groet|groeten|mvg|hälsningar|med vänliga hälsningar|vänliga hälsningar|mvh|med venlig hilsen|venlig hilsen|hilsen|med vennlig hilsen|vennlig hilsen|terveisin|ystävällisin terveisin|parhain terveisin|pozdrawiam|z poważaniem|z wyrazami szacunku|pozdrowienia|s pozdravem|s přátelským pozdravem|s pozdravom|lep pozdrav|lijep pozdrav|pozdrav|srdačan pozdrav|üdvözlettel|tisztelettel|cu stimă|cu respect|atenciosamente|cumprimentos|com os melhores cumprimentos|atentamente|abraço|abraços|με εκτίμηση|"+
		"с уважением|с наилучшими пожеланиями|всего доброго|з повагою|з найкращими побажаннями|saygılarımla|saygılar|saygılarımızla|iyi çalışmalar|以上|敬具|此致|此致敬礼|顺祝商祺|감사합니다|בברכה|مع تحياتي|تحياتي|trân trọng|salam|hormat saya|с поважением|поздрави|pagarbiai|lugupidamisega|ar cieņu|salutacions|agur", "|") {
		valedictions[v] = true
	}
}

// valediction drops "Regards," on a line of its own at the end, with the few
// short lines of name and office below it.
func (t *trimmer) valediction(last int) bool {
	lines := 0
	for i := last; i >= 0 && lines < 7; i-- {
		switch t.kind[i] {
		case kindBlank, kindDropped:
			continue
		case kindText:
		default:
			return false
		}
		low := strings.ToLower(strings.Trim(t.bare[i], " *_,.!-–—、。，"))
		if valedictions[low] {
			if !t.keptBefore(i) || lines == 0 && !t.html && len(low) < 3 {
				return false
			}
			t.drop(i, last+1)
			return true
		}
		if lines++; len([]rune(t.bare[i])) > 50 || strings.ContainsAny(t.bare[i], "?") || strings.HasSuffix(t.bare[i], ".") && strings.Count(t.bare[i], " ") > 3 {
			return false
		}
	}
	return false
}

func (t *trimmer) lastKept() int {
	for i := min(t.term, len(t.kind)) - 1; i >= 0; i-- {
		if t.kind[i] != kindDropped && t.kind[i] != kindBlank {
			return i
		}
	}
	return -1
}

func (t *trimmer) keptBefore(i int) bool {
	for k := i - 1; k >= 0; k-- {
		if t.kind[k] == kindText || t.kind[k] == kindQuote {
			return true
		}
	}
	return false
}
