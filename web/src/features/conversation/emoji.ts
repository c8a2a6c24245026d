import { fold } from '@/lib/fold';
import type { Emoji } from './emojiName';

/** What may be said with one sign in a mail to a customer: the sign and its names in the console's languages. */
const table = `
🙂 smile|微笑み|gülümseme|усмішка
😊 happy blush|笑顔 うれしい|mutlu|радість
😀 grin|にっこり|sırıtma|сміх
😃 joy|大喜び|sevinç|щастя
😄 laugh|笑い|gülme|веселість
😅 phew sweat|冷や汗|oh ter|полегшення
😂 tears of joy|うれし泣き|gülmekten ağlama|сльози радості
😉 wink|ウインク|göz kırpma|підморгування
😍 love eyes|目がハート|âşık|закоханість
🥰 adore|大好き|sevgi|ніжність
😎 cool|サングラス|havalı|круто
🤔 thinking|考える|düşünme|роздум
😐 neutral|真顔|ifadesiz|байдужість
😕 confused|困惑|şaşkın|збентеження
🙁 sad|悲しい|üzgün|сум
😢 cry|泣き顔|ağlama|плач
😭 sob|大泣き|hıçkırık|ридання
😞 disappointed|がっかり|hayal kırıklığı|розчарування
😟 worried|心配|endişeli|тривога
😳 embarrassed|赤面|mahcup|сором
😮 surprised|驚き|şaşırma|здивування
😱 shocked|ショック|şok|шок
😴 sleep|眠い|uyku|сон
🤗 hug|ハグ|sarılma|обійми
🤝 handshake deal|握手|el sıkışma|рукостискання
🙏 thanks please|お願い ありがとう|teşekkür lütfen|дякую прошу
👍 yes thumbs up|いいね 親指|beğenme|добре
👎 no thumbs down|だめ|beğenmeme|погано
👌 ok|オーケー|tamam|гаразд
👏 applause|拍手|alkış|оплески
👋 hello wave|手を振る こんにちは|selam|привіт
🙌 hooray|万歳|yaşasın|ура
💪 strong|力こぶ|güçlü|сила
✌️ victory|ピース|zafer|перемога
👉 point right|右|sağ|праворуч
👇 point down|下|aşağı|униз
👀 look eyes|目|bakma|погляд
❤️ heart love|ハート 愛|kalp|серце
💙 blue heart|青いハート|mavi kalp|синє серце
💛 yellow heart|黄色いハート|sarı kalp|жовте серце
💚 green heart|緑のハート|yeşil kalp|зелене серце
💐 bouquet flowers|花束|buket|букет
🌷 tulip|チューリップ|lale|тюльпан
🌻 sunflower|ひまわり|ayçiçeği|соняшник
🍀 luck|幸運 クローバー|şans|удача
☀️ sun|太陽 晴れ|güneş|сонце
☁️ cloud|雲|bulut|хмара
🌧️ rain|雨|yağmur|дощ
❄️ snow|雪|kar|сніг
⭐ star|星|yıldız|зірка
✨ sparkles new|きらきら|parıltı|блиск
🔥 fire|火|ateş|вогонь
🎉 party celebrate|お祝い|kutlama|свято
🎁 gift present|プレゼント 贈り物|hediye|подарунок
🎂 cake birthday|ケーキ 誕生日|pasta doğum günü|торт
🎄 christmas|クリスマス|noel|ялинка
🏆 prize|トロフィー|kupa|нагорода
☕ coffee|コーヒー|kahve|кава
🍵 tea|お茶|çay|чай
📦 parcel box|荷物 箱|koli paket|посилка
🚚 delivery truck|配送 トラック|kargo|доставка
✈️ plane|飛行機|uçak|літак
🚀 rocket fast|ロケット|roket|ракета
🏠 home|家|ev|дім
🏬 shop store|店|mağaza|крамниця
🛒 cart|カート|sepet|кошик
🛍️ shopping bags|買い物袋|alışveriş|покупки
💳 card|カード|kart|картка
💰 money refund|お金 返金|para iade|гроші
🧾 receipt invoice|領収書|fiş fatura|чек
🏷️ price label|値札|etiket|цінник
📄 page document|書類|belge|документ
📎 clip attachment|クリップ 添付|ek|вкладення
📧 mail|メール|e-posta|пошта
📞 phone|電話|telefon|телефон
📷 photo camera|写真 カメラ|fotoğraf|фото
📅 calendar date|カレンダー 日付|takvim|календар
⏰ alarm time|時計 時間|saat|годинник
⏳ waiting hourglass|待つ 砂時計|bekleme|очікування
🔔 bell|ベル|zil|дзвінок
🔍 search|検索|arama|пошук
🔒 locked safe|鍵 安全|kilit|замок
🔑 key|鍵|anahtar|ключ
🔧 repair wrench|修理|tamir|ремонт
🛠️ tools|工具|aletler|інструменти
💡 idea bulb|電球 ひらめき|fikir ampul|ідея
📏 ruler size|定規 サイズ|cetvel ölçü|розмір
👕 shirt|シャツ|tişört|футболка
👗 dress|ワンピース|elbise|сукня
👟 shoe|靴|ayakkabı|взуття
✅ done check|完了 チェック|tamam onay|готово
❌ no cross|バツ|hayır çarpı|ні
⚠️ warning|注意|uyarı|увага
❗ exclamation|びっくり|ünlem|оклик
❓ question|質問|soru|питання
ℹ️ info|情報|bilgi|довідка
💬 chat|吹き出し|sohbet|розмова
🔄 exchange again|交換|değişim|обмін
➡️ arrow next|矢印 次|ok sonra|стрілка
🌍 world|世界|dünya|світ
♻️ recycle|リサイクル|geri dönüşüm|переробка
💯 hundred|百点|yüz|сто
`;

export const emoji: readonly Emoji[] = table.trim().split('\n').map((line) => {
  const gap = line.indexOf(' ');
  return { id: line.slice(0, gap), names: line.slice(gap + 1) };
});

/** Those with a name that begins like this, in any of the languages. */
export function emojiFor(query: string): Emoji[] {
  const wanted = fold(query);
  return emoji.filter(({ names }) => fold(names).split(/[ |]/).some((word) => word.startsWith(wanted)));
}
