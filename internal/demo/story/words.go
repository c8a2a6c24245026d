package story

// vocabulary is what the slots of one language are filled with.
type vocabulary struct {
	given, family []string
	familyFirst   bool
	called        []string // given names as they are addressed, where that differs
	latin         []string // given names as they stand in addresses
	products      []string // the same ten in every language
	colours       []string
	days          []string
	since         []string // the same days behind "from" and "until", where that differs
	cities        []string
	streets       []string
	carriers      []string
	companies     []string
	mails         []string // domains
	amount        func(n int) string
}

var words = map[Language]vocabulary{
	English: {
		given: []string{"Hannah", "Tom", "Grace", "Sofia", "Jonas", "Oliver", "Amelia", "Priya", "Daniel", "Ruth", "Callum", "Isla",
			"Mateo", "Freya", "Samuel", "Nadia", "Harriet", "Liam", "Chloe", "Edward", "Zara", "Martin", "Beth", "Omar"},
		family: []string{"Whitlock", "Brannigan", "Okafor", "Lindqvist", "Weber", "Hughes", "Patel", "Marsh", "Doyle", "Fairfax", "Novak",
			"Sinclair", "Reyes", "Abbott", "Carver", "Haddad", "Bell", "Underwood", "Prescott", "Lowe", "Keane", "Thorne", "Ellis", "Moss"},
		products: []string{"stoneware mug", "waffle hand towel", "linen duvet cover", "wool throw", "oak side table", "cotton bath mat",
			"linen curtain", "walnut tray", "down pillow", "rattan basket"},
		colours:  []string{"sage", "sand", "fern", "oat", "charcoal", "terracotta"},
		days:     []string{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"},
		cities:   []string{"Bristol", "Leeds", "Edinburgh", "Dublin", "Cardiff", "York", "Brighton", "Norwich"},
		streets:  []string{"12 Redland Road", "4 Mill Lane", "27 Harbour View", "8 Orchard Close", "91 Station Road"},
		carriers: []string{"Royal Mail", "DPD", "Evri", "Parcelforce"}, companies: []string{"Harbour House Hotels", "Fern & Field Ltd", "The Corner Room", "Brook Interiors"},
		mails: []string{"post.example", "mail.example", "inbox.example"}, amount: func(n int) string { return "£" + decimal(n*100+n%10*10, ".") },
	},
	Japanese: {
		given:  []string{"美咲", "健", "さくら", "陽菜", "翔太", "由美", "大輔", "恵子", "拓也", "真理子", "直樹", "彩"},
		latin:  []string{"misaki", "ken", "sakura", "hina", "shota", "yumi", "daisuke", "keiko", "takuya", "mariko", "naoki", "aya"},
		family: []string{"佐藤", "高橋", "鈴木", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤", "吉田", "松本"}, familyFirst: true,
		products: []string{"ストーンウェアのマグ", "ワッフルタオル", "リネンの掛け布団カバー", "ウールのブランケット", "オークのサイドテーブル", "コットンのバスマット",
			"リネンのカーテン", "ウォルナットのトレイ", "羽毛枕", "ラタンのかご"},
		colours:  []string{"セージ", "サンド", "グリーン", "オートミール", "チャコール", "テラコッタ"},
		days:     []string{"月曜日", "火曜日", "水曜日", "木曜日", "金曜日", "土曜日"},
		cities:   []string{"東京都世田谷区", "大阪市北区", "京都市左京区", "札幌市中央区", "福岡市中央区", "横浜市西区"},
		streets:  []string{"桜丘2-14-3", "本町5-1", "中央1-22-8", "緑が丘3-7"},
		carriers: []string{"ヤマト運輸", "佐川急便", "日本郵便"}, companies: []string{"株式会社ミナト", "有限会社はるか", "株式会社北の宿"},
		mails: []string{"post.example.jp", "mail.example.jp"}, amount: func(n int) string { return decimal(n*150, "") + "円" },
	},
	Turkish: {
		given:  []string{"Elif", "Mert", "Zeynep", "Ahmet", "Buse", "Kerem", "Selin", "Hakan", "Derya", "Onur", "Gül", "İrem", "Çağla", "Şule"},
		latin:  []string{"elif", "mert", "zeynep", "ahmet", "buse", "kerem", "selin", "hakan", "derya", "onur", "gul", "irem", "cagla", "sule"},
		family: []string{"Kaya", "Yıldırım", "Demirci", "Şahin", "Öztürk", "Aydın", "Çelik", "Arslan", "Doğan", "Koç", "Güneş", "Polat"},
		products: []string{"seramik kupa", "waffle el havlusu", "keten nevresim", "yün battaniye", "meşe sehpa", "pamuklu banyo paspası",
			"keten perde", "ceviz tepsi", "kaz tüyü yastık", "hasır sepet"},
		colours:  []string{"adaçayı", "kum", "eğrelti yeşili", "yulaf", "antrasit", "kiremit"},
		days:     []string{"pazartesi", "salı", "çarşamba", "perşembe", "cuma", "cumartesi"},
		cities:   []string{"İstanbul", "İzmir", "Ankara", "Bursa", "Antalya", "Eskişehir"},
		streets:  []string{"Bağdat Caddesi 114", "Çınar Sokak 7", "Gül Sokak 21", "Atatürk Bulvarı 58"},
		carriers: []string{"Yurtiçi Kargo", "Aras Kargo", "MNG Kargo"}, companies: []string{"Ege Otelcilik A.Ş.", "Çınar Mobilya Ltd.", "Mavi Ev Tekstil"},
		mails: []string{"posta.example", "mail.example"}, amount: func(n int) string { return decimal(n*4000+50, ",") + " TL" },
	},
	Ukrainian: {
		given:  []string{"Олена", "Ірина", "Оксана", "Наталія", "Юлія", "Катерина", "Марія", "Соломія", "Тетяна", "Галина"},
		called: []string{"Олено", "Ірино", "Оксано", "Наталіє", "Юліє", "Катерино", "Маріє", "Соломіє", "Тетяно", "Галино"},
		latin:  []string{"olena", "iryna", "oksana", "nataliia", "yuliia", "kateryna", "mariia", "solomiia", "tetiana", "halyna"},
		family: []string{"Ткаченко", "Мельник", "Шевченко", "Коваленко", "Бондаренко", "Кравчук", "Гончар", "Лисенко", "Савченко", "Мороз"},
		products: []string{"керамічна чашка", "вафельний рушник", "лляна підковдра", "вовняний плед", "дубовий столик", "бавовняний килимок",
			"лляна штора", "горіхова таця", "пухова подушка", "плетений кошик"},
		colours:  []string{"шавлія", "пісок", "папороть", "льон", "графіт", "теракота"},
		days:     []string{"понеділок", "вівторок", "четвер", "суботу", "неділю"},
		since:    []string{"понеділка", "вівторка", "четверга", "суботи", "неділі"},
		cities:   []string{"Київ", "Львів", "Одеса", "Харків", "Дніпро", "Чернівці"},
		streets:  []string{"вул. Садова, 14", "вул. Лесі Українки, 8", "просп. Свободи, 31", "вул. Зелена, 5"},
		carriers: []string{"Нова пошта", "Укрпошта", "Meest"}, companies: []string{"ТОВ «Затишок»", "ТОВ «Карпатський двір»", "ФОП Гончар"},
		mails: []string{"poshta.example", "mail.example"}, amount: func(n int) string { return decimal(n*5000, ",") + " грн" },
	},
}

var months = []string{"JAN", "FEB", "SPRING", "LINEN", "MAY", "SUMMER", "COSY", "AUTUMN", "LOOM", "WINTER"}
