-- +goose Up

-- How large everything was on a day (midnight UTC, in ms), for the growth and the days left. Sizes in bytes.
CREATE TABLE storage_day (
  day         {{bigint}} PRIMARY KEY,
  measured_at {{bigint}} NOT NULL,
  database    {{bigint}} NOT NULL, -- all of it, raw mail and search index in it included
  files       {{bigint}} NOT NULL, -- the blob store: attachments and large mails
  raw_mail    {{bigint}} NOT NULL,
  attachments {{bigint}} NOT NULL,
  search      {{bigint}} NOT NULL
);

-- +goose Down
