-- +goose Up

-- Only PostgreSQL has such a list.
SELECT 1;

-- +goose Down
