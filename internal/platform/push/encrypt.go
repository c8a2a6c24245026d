package push

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"errors"
)

const (
	recordSize = 4096
	// MaxPayload is how much fits into the one record that push services take.
	MaxPayload = recordSize - 16 - 1 - 16 - 4 - 1 - 65
)

var errTooLong = errors.New("the message is too long for a push")

// Encrypt makes the body of a push message for a browser's public key and secret
// (RFC 8291, section 3.4).
func Encrypt(plain, public, secret []byte) ([]byte, error) {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	salt := make([]byte, 16)
	rand.Read(salt) //nolint:errcheck // never fails
	return encrypt(plain, public, secret, key, salt)
}

func encrypt(plain, public, secret []byte, own *ecdh.PrivateKey, salt []byte) ([]byte, error) {
	if len(plain) > MaxPayload {
		return nil, errTooLong
	}
	theirs, err := ecdh.P256().NewPublicKey(public)
	if err != nil {
		return nil, err
	}
	shared, err := own.ECDH(theirs)
	if err != nil {
		return nil, err
	}
	sealed, nonce, err := keys(shared, secret, salt, public, own.PublicKey().Bytes())
	if err != nil {
		return nil, err
	}
	out := append([]byte{}, salt...)
	out = binary.BigEndian.AppendUint32(out, recordSize)
	out = append(out, byte(len(own.PublicKey().Bytes())))
	out = append(out, own.PublicKey().Bytes()...)
	return sealed.Seal(out, nonce, append(append([]byte{}, plain...), 2), nil), nil // 2 ends the last record
}

// keys derives content key and nonce of both sides (RFC 8291, section 3.4, and RFC 8188, section 2.2).
func keys(shared, secret, salt, browser, server []byte) (cipher.AEAD, []byte, error) {
	info := append(append([]byte("WebPush: info\x00"), browser...), server...)
	input, err := hkdf.Key(sha256.New, shared, secret, string(info), 32)
	if err != nil {
		return nil, nil, err
	}
	content, err := hkdf.Key(sha256.New, input, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, nil, err
	}
	nonce, err := hkdf.Key(sha256.New, input, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, nil, err
	}
	block, err := aes.NewCipher(content)
	if err != nil {
		return nil, nil, err
	}
	sealed, err := cipher.NewGCM(block)
	return sealed, nonce, err
}

// Decrypt is what a browser does with the body of a push message.
func Decrypt(body []byte, own *ecdh.PrivateKey, secret []byte) ([]byte, error) {
	if len(body) < 21 || len(body) < 21+int(body[20]) {
		return nil, errors.New("the message is cut off")
	}
	salt, server := body[:16], body[21:21+int(body[20])]
	theirs, err := ecdh.P256().NewPublicKey(server)
	if err != nil {
		return nil, err
	}
	shared, err := own.ECDH(theirs)
	if err != nil {
		return nil, err
	}
	sealed, nonce, err := keys(shared, secret, salt, own.PublicKey().Bytes(), server)
	if err != nil {
		return nil, err
	}
	plain, err := sealed.Open(nil, nonce, body[21+len(server):], nil)
	if err != nil {
		return nil, err
	}
	for len(plain) > 0 && plain[len(plain)-1] == 0 { // padding
		plain = plain[:len(plain)-1]
	}
	if len(plain) == 0 || plain[len(plain)-1] != 2 {
		return nil, errors.New("the message has no end")
	}
	return plain[:len(plain)-1], nil
}
