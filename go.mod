module github.com/deskbell/deskbell

go 1.26.0

require (
	golang.org/x/net v0.62.0
	golang.org/x/text v0.43.0
)

require github.com/smallstep/pkcs7 v0.2.3
