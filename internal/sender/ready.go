package sender

// readyRules come with the program, in this order. Their names are of the
// services, so they are the same in every language.
var readyRules = []Rule{
	{
		Ready: "amazon", Name: "Amazon", Enabled: true, Sources: []Source{FromSender},
		Senders: below("*@marketplace.amazon.", "com", "ca", "com.mx", "com.br", "co.uk", "de", "fr", "it", "es", "nl", "se", "pl", "com.be", "ie", "com.tr",
			"co.jp", "in", "com.au", "sg", "ae", "sa", "eg", "co.za"),
	},
	{
		Ready: "ebay", Name: "eBay", Enabled: true, Sources: []Source{FromReplyTo, FromSender},
		Senders: append(below("*@members.ebay.", "com", "ca", "co.uk", "de", "at", "ch", "fr", "it", "es", "nl", "be", "pl", "ie", "com.au", "com.hk", "com.my",
			"com.sg", "ph", "in"), "*@ebaymember.com"),
	},
	{
		Ready: "etsy", Name: "Etsy", Enabled: true, Sources: []Source{FromReplyTo},
		Senders: []string{"*@etsy.com", "*@*.etsy.com"},
	},
	{
		Ready: "shopify", Name: "Shopify", Enabled: true, Sources: []Source{FromReplyTo, FromForm},
		Senders:    []string{"*@shopify.com", "*@*.shopify.com", "*@shopifyemail.com", "*@*.shopifyemail.com"},
		MailLabels: mailLabels, NameLabels: nameLabels,
	},
	{
		Ready: "woocommerce", Name: "WooCommerce, WordPress", Enabled: true, Sources: []Source{FromReplyTo, FromForm},
		Senders:    []string{"wordpress@*", "woocommerce@*"},
		MailLabels: mailLabels, NameLabels: nameLabels,
	},
	{
		Ready: "own", Name: "Contact form, Google Groups", Enabled: true, Sources: []Source{FromOriginal, FromReplyTo, FromForm},
		Senders:    []string{Own},
		MailLabels: mailLabels, NameLabels: nameLabels,
	},
}

// below names every country's domain: a star there would take in strangers'.
func below(prefix string, countries ...string) (out []string) {
	for _, c := range countries {
		out = append(out, prefix+c)
	}
	return out
}

// Labels of forms in the languages of the console and those around.
var (
	mailLabels = []string{"Email", "E-mail", "Email address", "E-mail address", "Your email", "Billing email", "Customer email", "E-Mail-Adresse",
		"メールアドレス", "メール", "E-posta", "E-posta adresi", "Электронная почта", "Електронна пошта", "Ел. пошта", "Adresse e-mail", "Correo electrónico"}
	nameLabels = []string{"Name", "Full name", "Your name", "Customer name", "First name", "お名前", "氏名", "Ad Soyad", "Adınız", "İsim", "Імʼя", "Ім'я", "ПІБ", "Имя", "Nom", "Nombre"}
)
