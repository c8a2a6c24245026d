package mail

import "strings"

// The words by which mail programs in about thirty languages introduce what
// they quote. All lower case.

// wroteWords end or form the verb of "On <date> <name> wrote:".
var wroteWords = []string{
	"wrote", "writes", "schrieb", "schreibt", "geschrieben", "a écrit", "écrit", "écrivait", "escribió", "escribio", "ha escrito", "va escriure", "ha escrit", "escribiu",
	"ha scritto", "scrisse", "scrive", "schreef", "geschreven", "geskryf", "skrev", "kirjoitti", "kirjutas", "napisał", "napisała", "napisał(a)", "pisze",
	"napsal", "napsala", "napsal(a)", "píše", "napísal", "napísala", "napísal(a)", "napisal", "napisala", "napisal(a)", "zitat von", "quoting", "citando", "citerar", "je napisao", "je napisala", "napisao", "napisala", "je napisal", "је написао", "написао",
	"написал", "написала", "написал(а)", "пишет", "писал", "писала", "написав", "написала", "пише", "написа", "напісаў",
	"yazdı", "yazdi", "şunu yazdı", "şöyle yazdı", "tarihinde şunları yazdı", "a scris", "írta", "ezt írta", "escreveu", "έγραψε", "έγραψεν",
	"rašė", "parašė", "rakstīja", "shkroi", "skrifaði", "idatzi zuen", "menulis", "đã viết", "เขียน", "เขียนว่า", "כתב", "כתבה", "كتب", "نوشت", "लिखा",
	"写道", "寫道", "写到", "撰写", "撰寫", "来信", "のメール", "書きました", "のメッセージ", "wrote", "作成", "작성", "썼습니다", "님이 작성", "쓰다", "さんは書きました", "于",
}

// startWords begin an attribution.
var startWords = map[string]bool{
	"on": true, "at": true, "in": true, "le": true, "am": true, "op": true, "el": true, "il": true, "em": true, "den": true, "vào": true, "lúc": true,
	"w": true, "dnia": true, "dňa": true, "dne": true, "d": true, "dana": true, "pe": true, "pada": true, "ngày": true, "στις": true, "den:": true,
	"la": true, "na": true, "в": true, "у": true, "від": true, "от": true, "tarihinde": true, "a": true, "data": true, "po": true, "på": true,
	"pt.,": true, "mnt": true, "tor": true, "vào:": true, "ב-": true, "בתאריך": true, "في": true, "wt.,": true, "dia": true, "ti": true, "ke": true, "ma": true, "to": true, "su": true, "kl": true, "zo": true, "quoting": true, "citando": true, "zitat": true, "citeren": true, "cytowanie": true, "quote": true, "время": true, "среда,": true,
}

func containsWrote(low string) bool {
	for _, w := range wroteWords {
		if i := strings.LastIndex(low, w); i >= 0 && wordAt(low, i, len(w)) {
			return true
		}
	}
	return false
}

// wordAt: no letters of the same script are glued to low[i:i+n].
func wordAt(low string, i, n int) bool {
	if low[i] >= 0xe3 || n > 0 && low[i] >= 0xd7 && low[i] <= 0xe0 { // CJK and the like are written without blanks
		return true
	}
	if i > 0 && isLetterByte(low[i-1]) {
		// "<a@b.c>wrote:" has no blank
		return false
	}
	if j := i + n; j < len(low) && isLetterByte(low[j]) {
		return false
	}
	return true
}

func isLetterByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= 0xc3 }

// headerLabels name the fields of a quoted header.
var headerLabels = map[string]byte{}

const (
	labelFrom = 'f'
	labelDate = 'd'
	labelTo   = 't'
	labelSubj = 's'
	labelCc   = 'c'
	labelMisc = 'm'
)

func init() {
	add := func(kind byte, list string) {
		for _, w := range strings.Split(list, "|") {
			headerLabels[strings.TrimSpace(w)] = kind
		}
	}
	add(labelFrom, "from|von|de|da|van|från|fra|frá|lähettäjä|od|от|от кого|від|від кого|od koho|kimden|gönderen|发件人|寄件者|寄件人|發件人|差出人|送信者|送信元|发自|보낸 사람|보낸사람|발신|feladó|expéditeur|mittente|remitente|remetente|afzender|avsändare|avsender|afsender|absender|nadawca|odesílatel|odosielateľ|pošiljatelj|expeditor|de la|από|αποστολέας|מאת|من|از|จาก|từ|người gửi|dari|saatja|kellelt|nuo|siuntėjas|no|sūtītājs|адправнік|ад|од|пошиљалац|nga|cc from|remitent|nork|sender|expeditorul|expéditeur(s)|отправитель|відправник|šalje|šaljet|pošiljatelj|pošiljalac|nadawcy|absender/in|avsändaren|gửi từ|寄件人員|作者|작성자|автор|подател|odesilatel|φορέας|Από|Pošiljatelj|Prepošiljatelj")
	add(labelDate, "sent|date|date sent|sent on|sent at|gesendet|gesendet am|datum|envoyé|envoyé le|date d'envoi|enviado|enviado el|enviada el|enviado em|enviada em|enviado a las|fecha|fecha de envío|data|inviato|data invio|verzonden|verzonden op|verstuurd|skickat|skickades|datum och tid|sendt|dato|sendt dato|lähetetty|päiväys|päivämäärä|wysłano|wysłane|data wysłania|odesláno|odoslané|dátum|poslano|trimis|dată|отправлено|дата|дата отправки|надіслано|відправлено|дата надсилання|gönderildi|gönderilme tarihi|tarih|gönderim tarihi|发送时间|发送日期|日期|时间|傳送時間|寄件日期|傳送日期|時間|送信日時|日時|日付|送信日|보낸 날짜|보낸날짜|날짜|전송|elküldve|küldve|küldés dátuma|στάλθηκε|ημερομηνία|נשלח|תאריך|تاريخ|التاريخ|تم الإرسال|تاریخ|วันที่|ส่งเมื่อ|ngày|đã gửi|ngày gửi|dikirim|tanggal|saadetud|kuupäev|išsiųsta|nosūtīts|datums|адпраўлена|изпратено|sent date|time|enviat|data d'enviament|bidalia|expediat|gönderme tarihi|gönderim zamanı|dne|kelt|date d'envoi|sent time|надсилання|час|lähetysaika|verzenddatum|sendedatum|data:|dikirim pada|waktu|tid|tidspunkt|skickat den|data e orës|odoslaná|poslané|poslana|отправлен|послано|poslato|datum slanja|послата|küldés ideje|დრო")
	add(labelTo, "to|an|à|a|para|per|aan|till|til|vastaanottaja|do|komu|prima|za|către|кому|до|kime|alıcı|收件人|收件者|宛先|送信先|받는 사람|받는사람|수신|címzett|destinataire|destinatario|destinatário|ontvanger|mottagare|modtager|mottaker|empfänger|adresat|odbiorca|příjemce|príjemca|primatelj|destinatar|προς|אל|إلى|الى|به|ถึง|đến|tới|người nhận|kepada|ke|saaja|kellele|kam|gavėjas|каму|recipients|recipient|destinatarul|prima|pre|получатель|одержувач|primatelji|送信先|受信者|받는이|για|за|pour|pentru|adressaat|destinatarios|destinatários|destinataires|mottagare:|προς:|مستلم|người nhận:|sampai|címzettek|příjemci|odbiorcy|til:|per a|nori")
	add(labelSubj, "subject|betreff|objet|asunto|oggetto|onderwerp|ämne|emne|efni|aihe|temat|předmět|predmet|zadeva|subiect|тема|konu|主题|主旨|主題|件名|題名|제목|tárgy|assunto|θέμα|נושא|الموضوع|موضوع|เรื่อง|chủ đề|tiêu đề|perihal|subjek|teema|tema|tēma|assumpte|gaia|относно|тэма|naslov|subiectul|sujet|aihe:|predmet správy|tytuł|titel|件名:|titre")
	add(labelCc, "cc|copie à|copie|copia|kopie|kopia|kopi|kopio|копия|копія|抄送|副本|cópia|bilgi|参照|참조|másolatot kap|κοιν.|עותק|نسخة|bcc|kopija|dw|udw|ccn|cci|cco|в копии|kopie (cc)|kopie:|másolat|kópia|másolat:|kopija (cc)|copie conformă|kopírovat|bcc|cc (copy)")
	add(labelMisc, "reply-to|reply to|importance|priority|attachments|attachment|antwort an|wichtigkeit|anlagen|pièces jointes|répondre à|importancia|allegati|bijlagen|mailed-by|signed-by|cc/bcc|message-id|x-mailer|organization|organisation|添付ファイル|附件|重要性|返信先|odpowiedz do|załączniki|newsgroups|security|prioritás|responder a|bijlage|bilagor|vedlegg|prioritet")
}

// originalWords make "----- Original Message -----".
var originalWords = []string{
	"original message", "original-nachricht", "ursprüngliche nachricht", "originalnachricht", "weitergeleitete nachricht", "message d'origine", "message original", "message initial", "mensaje original", "mensagem original", "messaggio originale", "messaggio inoltrato",
	"oorspronkelijk bericht", "oorspronkelijke bericht", "origineel bericht", "doorgestuurd bericht", "originalmeddelande", "ursprungligt meddelande", "ursprungligt meddelande", "oprindelig meddelelse", "oprindelig besked", "original melding", "opprinnelig melding", "alkuperäinen viesti", "wiadomość oryginalna", "oryginalna wiadomość", "wiadomość pierwotna",
	"původní zpráva", "původní e-mail", "původní email", "pôvodný e-mail", "pôvodná správa", "izvorna poruka", "originalna poruka", "izvirno sporočilo", "mesaj original", "mesajul original", "исходное сообщение", "исходное письмо", "оригинальное сообщение", "пересылаемое сообщение", "пересланное сообщение", "перенаправленное сообщение", "вихідне повідомлення", "оригінальне повідомлення", "початкове повідомлення", "перенаправлене повідомлення", "переслане повідомлення",
	"orijinal mesaj", "özgün ileti", "orijinal ileti", "özgün mesaj", "iletilen mesaj", "yönlendirilen ileti", "原始邮件", "原始郵件", "原邮件", "原始信件", "转发邮件", "转发的邮件", "轉寄郵件", "轉寄的郵件", "元のメッセージ", "転送メッセージ", "転送されたメッセージ", "オリジナル メッセージ", "オリジナルメッセージ", "원본 메시지", "원본 메일", "전달된 메시지", "eredeti üzenet", "továbbított üzenet", "αρχικό μήνυμα", "προωθημένο μήνυμα",
	"ההודעה המקורית", "הודעה מקורית", "الرسالة الأصلية", "رسالة أصلية", "ข้อความต้นฉบับ", "thư gốc", "tin nhắn gốc", "pesan asli", "algkiri", "originaalkiri", "originalus pranešimas", "forwarded message", "forwarded by", "begin forwarded message", "forwarded mail", "weitergeleitete nachricht", "message transféré", "message réexpédié", "mensaje reenviado", "mensagem encaminhada", "mensagem reencaminhada", "vidarebefordrat meddelande", "videresendt besked", "videresendt melding", "videresendt meddelelse", "välitetty viesti", "edelleenlähetetty viesti", "przekazana wiadomość", "wiadomość przekazana", "treść przekazanej wiadomości", "přeposlaná zpráva", "preposlaná správa", "proslijeđena poruka", "prosleđena poruka", "mesaj redirecționat", "mesaj redirectionat", "missatge reenviat", "препратено съобщение", "original appointment", "doorgestuurde bericht", "edastatud kiri", "persiųstas laiškas", "pesan terusan", "tin nhắn được chuyển tiếp", "áframsent", "birtingur", "courriel original", "message transmis",
}

// forwardWords among them tell a forward from a reply.
var forwardWords = []string{
	"forward", "fwd", "yönlendirilmiş", "redirig", "przekierow", "направлен", "преслан", "послан", "weitergeleitet", "transféré", "transmis", "réexpédié", "reenviado", "encaminhad", "reencaminhad", "inoltrat", "doorgestuurd", "vidarebefordra", "videresend", "välitetty", "edelleenlähetet", "przekazan", "přeposl", "preposl", "redirecționat", "redirectionat", "пересыл", "пересла", "перенаправ", "iletilen", "yönlendir", "转发", "轉寄", "転送", "전달", "továbbított", "προωθημέν", "proslijeđ", "prosleđ", "reenviat", "препрат", "edastatud", "persiųst", "terusan", "chuyển tiếp",
}

func containsAny(low string, words []string) bool {
	for _, w := range words {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}
