package push

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"testing"
	"time"
)

func decode(t *testing.T, text string) []byte {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestTheExampleOfRFC8291(t *testing.T) {
	t.Parallel()
	server, err := ecdh.P256().NewPrivateKey(decode(t, "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))
	if err != nil {
		t.Fatal(err)
	}
	browser, err := ecdh.P256().NewPrivateKey(decode(t, "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"))
	if err != nil {
		t.Fatal(err)
	}
	public := decode(t, "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4")
	if !bytes.Equal(public, browser.PublicKey().Bytes()) {
		t.Fatal("the browser's keys do not belong together")
	}
	secret, plain := decode(t, "BTBZMqHH6r4Tts7J_aSIgg"), []byte("When I grow up, I want to be a watermelon")
	got, err := encrypt(plain, public, secret, server, decode(t, "DGv6ra1nlYgDCS1FRnbzlw"))
	want := "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
	if err != nil || base64.RawURLEncoding.EncodeToString(got) != want {
		t.Errorf("%s, %v", base64.RawURLEncoding.EncodeToString(got), err)
	}
	if back, err := Decrypt(decode(t, want), browser, secret); err != nil || !bytes.Equal(back, plain) {
		t.Errorf("%q, %v", back, err)
	}
}

func TestOnlyTheBrowserReadsAMessage(t *testing.T) {
	t.Parallel()
	browser, _ := ecdh.P256().GenerateKey(rand.Reader)
	other, _ := ecdh.P256().GenerateKey(rand.Reader)
	secret := make([]byte, 16)
	for _, size := range []int{0, 1, MaxPayload} {
		plain := bytes.Repeat([]byte("x"), size)
		body, err := Encrypt(plain, browser.PublicKey().Bytes(), secret)
		if err != nil || len(body) > recordSize {
			t.Fatal(len(body), err)
		}
		if back, err := Decrypt(body, browser, secret); err != nil || !bytes.Equal(back, plain) {
			t.Errorf("%d bytes: %v", size, err)
		}
		if _, err := Decrypt(body, other, secret); err == nil {
			t.Error("another browser read it")
		}
		if _, err := Decrypt(body[:len(body)-1], browser, secret); err == nil {
			t.Error("a part of it was read")
		}
	}
	if _, err := Encrypt(make([]byte, MaxPayload+1), browser.PublicKey().Bytes(), secret); err == nil {
		t.Error("too long a message was taken")
	}
	for _, s := range []Subscription{{"http://push.example/1", browser.PublicKey().Bytes(), secret}, {"https://push.example/1", []byte("x"), secret}, {"https://push.example/1", browser.PublicKey().Bytes(), nil}, {}} {
		if s.Check() == nil {
			t.Errorf("%+v was taken", s)
		}
	}
}

func TestThePushServiceKnowsWhoSends(t *testing.T) {
	t.Parallel()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	field, err := Authorization(key, "https://push.example:8443/send/abc?x=1", "https://desk.shop.example", now)
	if err != nil {
		t.Fatal(err)
	}
	token, public, _ := strings.Cut(strings.TrimPrefix(field, "vapid t="), ", k=")
	parts := strings.Split(token, ".")
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	if err := json.Unmarshal(decode(t, parts[1]), &claims); err != nil || claims.Aud != "https://push.example:8443" || claims.Sub != "https://desk.shop.example" || claims.Exp != now.Add(signedFor).Unix() {
		t.Errorf("%+v, %v", claims, err)
	}
	known, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), decode(t, public))
	if err != nil {
		t.Fatal(err)
	}
	signature, sum := decode(t, parts[2]), sha256.Sum256([]byte(parts[0]+"."+parts[1]))
	if len(signature) != 64 || !ecdsa.Verify(known, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature does not hold")
	}
}
