package email

// fileWords are what a customer reads about a large file, in one language.
type fileWords struct {
	intro    string // with the last day
	date     string // layout of a day
	title    string
	download string
	until    string // with the last day
	gone     string
	goneHelp string
	busy     string
}

var linkWords = map[string]fileWords{
	"en": {
		"These files are too large for a mail. You can download them until %s:", "2 January 2006", "File for you", "Download", "Available until %s",
		"This link does not work any more", "It works for 30 days. Answer the mail in which it came, and we will send the file again.", "Too many requests. Wait a minute and try again.",
	},
	"ja": {
		"ファイルが大きいため、メールに添付していません。%sまで次のリンクからダウンロードできます。", "2006年1月2日", "ファイルのお届け", "ダウンロード", "%sまでダウンロードできます",
		"このリンクはもう使えません", "リンクの有効期間は30日です。届いたメールにご返信いただければ、もう一度お送りします。", "アクセスが多すぎます。1分ほど待ってからもう一度お試しください。",
	},
	"tr": {
		"Bu dosyalar bir e-posta için çok büyük. %s tarihine kadar indirebilirsiniz:", "02.01.2006", "Sizin için dosya", "İndir", "%s tarihine kadar indirilebilir",
		"Bu bağlantı artık çalışmıyor", "30 gün boyunca geçerlidir. Geldiği e-postayı yanıtlayın, dosyayı yeniden gönderelim.", "Çok fazla istek. Bir dakika bekleyip yeniden deneyin.",
	},
	"uk": {
		"Ці файли завеликі для листа. Їх можна завантажити до %s:", "02.01.2006", "Файл для вас", "Завантажити", "Доступно до %s",
		"Це посилання більше не працює", "Воно діє 30 днів. Дайте відповідь на лист, у якому воно прийшло, і ми надішлемо файл ще раз.", "Забагато запитів. Зачекайте хвилину та спробуйте ще раз.",
	},
}
