-- +goose Up

-- The property whose values are the tabs of a view, such as inbox or field.reason; '' = none. A saved view has
-- them for everybody, a view of the console for one agent.
ALTER TABLE saved_view ADD COLUMN tabs_by TEXT NOT NULL DEFAULT '';
ALTER TABLE view_layout ADD COLUMN tabs_by TEXT NOT NULL DEFAULT '';

-- What drawing a row of a list aside does.
ALTER TABLE agent ADD COLUMN swipe_to_end TEXT NOT NULL DEFAULT 'close';
ALTER TABLE agent ADD COLUMN swipe_to_start TEXT NOT NULL DEFAULT 'snooze';

-- +goose Down
