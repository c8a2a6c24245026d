package tone

import (
	"slices"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/platform/errs"
	texttone "github.com/deskbell/deskbell/internal/text/tone"
)

func TestARuleIsTidiedAndKeepsOnlyWhatItsKindNeeds(t *testing.T) {
	t.Parallel()
	r := Rule{Name: " Words ", Strictness: Must, Rule: texttone.Rule{Kind: texttone.Avoid, Languages: []string{"TR", "en", "tr"}, MaxWords: 3, Form: texttone.Formal,
		Terms: []texttone.Term{{Words: []string{" no  way ", "", "no way"}, Instead: " x "}, {Words: []string{" "}}}}}
	if err := r.check(); err != nil {
		t.Fatal(err)
	}
	if r.Name != "Words" || !slices.Equal(r.Languages, []string{"en", "tr"}) || r.MaxWords != 0 || r.Form != "" || len(r.Terms) != 1 ||
		!slices.Equal(r.Terms[0].Words, []string{"no way"}) || r.Terms[0].Instead != "x" {
		t.Errorf("%+v", r)
	}
}

func TestWhatIsWrongWithARuleIsNamedByField(t *testing.T) {
	t.Parallel()
	term := func(words ...string) []texttone.Term { return []texttone.Term{{Words: words}} }
	good := Rule{Name: "n", Strictness: Hint, Rule: texttone.Rule{Kind: texttone.Avoid, Terms: term("x")}}
	for field, spoil := range map[string]func(r *Rule){
		"name":       func(r *Rule) { r.Name = " " },
		"reason":     func(r *Rule) { r.Reason = strings.Repeat("x", 501) },
		"strictness": func(r *Rule) { r.Strictness = "loud" },
		"kind":       func(r *Rule) { r.Kind = "smell" },
		"languages":  func(r *Rule) { r.Languages = []string{"english"} },
		"terms":      func(r *Rule) { r.Terms = nil },
		"terms ":     func(r *Rule) { r.Terms = term(strings.Repeat("x", 101)) },
		"terms  ":    func(r *Rule) { r.Kind = texttone.Glossary },
		"form":       func(r *Rule) { r.Kind = texttone.Address },
		"languages ": func(r *Rule) {
			r.Rule = texttone.Rule{Kind: texttone.Address, Form: texttone.Formal, Languages: []string{"de"}}
		},
		"max_words":   func(r *Rule) { r.Kind = texttone.Length },
		"max_words ":  func(r *Rule) { r.Rule = texttone.Rule{Kind: texttone.Length, MaxWords: 1001} },
		"phrases":     func(r *Rule) { r.Rule = texttone.Rule{Kind: texttone.Phrase, When: texttone.Always} },
		"when":        func(r *Rule) { r.Rule = texttone.Rule{Kind: texttone.Phrase, Phrases: []string{"x"}} },
		"examples":    func(r *Rule) { r.Rule = phrase(strings.Repeat("x", 501)) },
		"examples   ": func(r *Rule) { r.Rule = phrase(slices.Repeat([]string{"x"}, 21)...) },
	} {
		r := good
		spoil(&r)
		err := r.check()
		var e *errs.Error
		if !errs.Is(err, errs.Invalid) {
			t.Errorf("%s: %v", field, err)
			continue
		}
		e = err.(*errs.Error) //nolint:errorlint // it is not wrapped
		if want := "body." + strings.TrimSpace(field); e.Fields[0].Location != want {
			t.Errorf("%s, want %s", e.Fields[0].Location, want)
		}
	}
}

func phrase(examples ...string) texttone.Rule {
	return texttone.Rule{Kind: texttone.Phrase, When: texttone.Always, Phrases: []string{"x"}, Examples: examples}
}

func TestPlacesAreCountedAsJavaScriptCounts(t *testing.T) {
	t.Parallel()
	u := units{text: "a😀б"}
	if a, b, c := u.of(1), u.of(5), u.of(7); a != 1 || b != 3 || c != 4 {
		t.Error(a, b, c)
	}
}

func TestTheStarterSetIsSoundInEveryLanguage(t *testing.T) {
	t.Parallel()
	set, err := starterSet()
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range set {
		for _, locale := range []string{"en", "ja", "tr", "uk"} {
			r := one.rule(locale)
			if err := r.check(); err != nil || r.Name == "" || r.Reason == "" {
				t.Errorf("%s in %s: %v", one.Key, locale, err)
			}
		}
	}
}

// What the starter set says of letters as shops write them: nothing.
func TestTheStarterSetLeavesAGoodLetterAlone(t *testing.T) {
	t.Parallel()
	set, err := starterSet()
	if err != nil {
		t.Fatal(err)
	}
	var all []Rule
	for _, one := range set {
		all = append(all, one.rule("en"))
	}
	b := newBook(all)
	for _, letter := range []string{
		"Hello Eva,\n\nthank you for writing. Your parcel left us today and should be with you on Friday. You can follow it at https://shop.example/t/1.\n\nKind regards,\nAnna",
		"田中様\n\nお問い合わせいただき、ありがとうございます。商品は本日発送いたしました。到着まで今しばらくお待ちください。\nご不明な点がございましたら、お気軽にお問い合わせください。\n\nどうぞよろしくお願いいたします。",
		"Merhaba Ayşe Hanım,\n\nbize yazdığınız için teşekkür ederiz. Siparişiniz bugün kargoya verildi, cuma günü elinizde olur. Kargo takip numaranızı aşağıda bulabilirsiniz.\n\nSaygılarımızla",
		"Вітаємо, Олено!\n\nДякуємо за лист. Ваше замовлення сьогодні відправлено, у п’ятницю воно буде у вас. Номер для відстеження знайдете нижче.\n\nЗ повагою",
	} {
		for _, f := range b.check(texttone.Input{Text: letter, Customer: "?"}, 1).Findings {
			t.Errorf("%s: %q", f.Rule.Name, letter[f.Start:f.End])
		}
	}
}
