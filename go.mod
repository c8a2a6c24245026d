module github.com/deskbell/deskbell

go 1.26
