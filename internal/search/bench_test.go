package search_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/access"
	"github.com/deskbell/deskbell/internal/platform/db"
	"github.com/deskbell/deskbell/internal/platform/db/dbtest"
	"github.com/deskbell/deskbell/internal/search"
)

// words of each language, drawn so that a few are frequent and most are rare.
var words = map[string][]string{
	"en": strings.Fields(`parcel order refund delivery arrived broken jacket size wrong colour money waiting tracking number please
		exchange return address invoice payment card customer service today tomorrow yesterday company received shipping box`),
	"uk": strings.Fields(`посилка замовлення повернення доставка прийшла зламана куртка розмір неправильний колір гроші чекаю номер
		будь ласка обмін адреса рахунок оплата картка сьогодні завтра вчора отримала коробка`),
	"tr": strings.Fields(`kargo sipariş iade teslimat geldi kırık ceket beden yanlış renk para bekliyorum takip numarası lütfen
		değişim adres fatura ödeme kart bugün yarın dün aldım kutu`),
	"ja": {"荷物が届きません。", "返金してください。", "注文番号は", "サイズが違います。", "東京に送ってください。", "色が違う商品が届きました。", "交換をお願いします。", "住所を変更したい。"},
}

func sentence(r *rand.Rand, language string, n int) string {
	list := words[language]
	var b strings.Builder
	for i := range n {
		// Zipf-like: the square leans to the front of the list.
		f := r.Float64()
		b.WriteString(list[int(f*f*float64(len(list)))])
		if language != "ja" {
			b.WriteByte(' ')
		}
		if i%12 == 11 {
			fmt.Fprintf(&b, "%c%d ", 'A'+r.IntN(26), r.IntN(1_000_000))
		}
	}
	return b.String()
}

// fill writes n messages in conversations of four over three inboxes, not indexed yet.
func fill(k *desk, n int) {
	r := rand.New(rand.NewPCG(1, 2))
	k.exec("INSERT INTO customer (id, name, created_at) VALUES (1, 'Carla', 0)")
	at := noon.AddDate(-1, 0, 0).UnixMilli()
	for from := 1; from <= n; from += 1000 {
		var conversations, messages []string
		for id := from; id < min(from+1000, n+1); id++ {
			language := []string{"en", "en", "en", "en", "en", "en", "en", "en", "en", "en", "ja", "ja", "ja", "tr", "tr", "tr", "tr", "uk", "uk", "uk"}[r.IntN(20)]
			c := (id + 3) / 4
			if id%4 == 1 {
				conversations = append(conversations, fmt.Sprintf("(%d, %d, 'email', 1, '%s', '', 'open', %d, %d, %d, %d, %s)",
					c, 1+c%3, sentence(r, language, 5), at, at, at, at, map[bool]string{true: "2", false: "NULL"}[c%20 == 0]))
			}
			messages = append(messages, fmt.Sprintf("(%d, %d, %d, 'inbound', 'customer', 'Carla Jones', 'carla%d@mail.example', '%s', %d)",
				id, c, c, c%5000, sentence(r, language, 50), at+int64(id)*300_000))
		}
		k.exec(`INSERT INTO conversation (id, inbox_id, channel, customer_id, subject, preview, status, last_activity_at, waiting_since, due_at, created_at, assignee_id)
			VALUES `+strings.Join(conversations, ", "),
			"INSERT INTO message (id, conversation_id, origin_conversation_id, kind, author_type, author_name, author_address, text, created_at) VALUES "+strings.Join(messages, ", "))
	}
}

// index makes the messages findable, 64 in a transaction as mail arrives.
func index(k *desk, n int) {
	for from := 1; from <= n; from += 64 {
		k.write(func(tx *db.Tx) error {
			for id := from; id < min(from+64, n+1); id++ {
				if err := k.IndexTx(context.Background(), tx, int64(id)); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func cpu() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// open is the database of a benchmark: PostgreSQL with DESKBELL_BENCH=postgres.
func open(b *testing.B) *db.DB {
	if os.Getenv("DESKBELL_BENCH") == "postgres" {
		return dbtest.Postgres(b)
	}
	return dbtest.SQLite(b)
}

// BenchmarkIndex makes messages of fifty words findable, 64 in a transaction.
func BenchmarkIndex(b *testing.B) {
	const n = 20_000
	k := newDesk(b, open(b))
	fill(k, n)
	for b.Loop() {
		k.exec("DELETE FROM search_document")
		if k.DB.Dialect == db.SQLite {
			k.exec("INSERT INTO search_index (search_index) VALUES ('delete-all')")
		}
		before := cpu()
		index(k, n)
		b.ReportMetric(float64((cpu()-before).Microseconds())/1000/n, "cpu-ms/message")
	}
}

// BenchmarkSearch finds words among 100,000 messages in four languages.
func BenchmarkSearch(b *testing.B) {
	const n = 100_000
	k := newDesk(b, open(b))
	fill(k, n)
	index(k, n)
	if k.DB.Dialect == db.Postgres {
		if _, err := k.DB.Handle().Exec("VACUUM ANALYZE search_document"); err != nil {
			b.Fatal(err)
		}
	}
	for who, ctx := range map[string]context.Context{
		"admin": admin, "one inbox": as(ann, access.Scope{Inboxes: map[int64]access.Level{2: access.Any}}),
		"own only": as(bob, access.Scope{Inboxes: map[int64]access.Level{1: access.Own, 2: access.Own, 3: access.Own}}),
	} {
		for name, query := range map[string]string{
			"frequent": "parcel", "two words": "refund delivery", "prefix": "pa", "rare": "carla4711@mail.example", "absent": "zebra",
			"japanese": "東京", "ukrainian": "посилки", "phrase": `"order refund"`, "frequent and absent": "parcel zebra",
		} {
			b.Run(who+"/"+name, func(b *testing.B) {
				var took []time.Duration
				for b.Loop() {
					at := time.Now()
					if _, _, err := k.Find(ctx, search.Request{Query: query}, nil, 25); err != nil {
						b.Fatal(err)
					}
					took = append(took, time.Since(at))
				}
				slices.Sort(took)
				b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
			})
		}
	}
}
