-- PostgreSQL 15 with TimescaleDB 2: events as the reference consumer keeps them, gas as Telegraf writes it.
-- The first part is plain PostgreSQL. What needs TimescaleDB was not tried here (no Debian package).

-- Events stay in the consumer's own table "event": its key (source, seq) is what makes a second delivery harmless, and
-- a hypertable's key would have to hold the time. Search them by time, unit and type:
CREATE INDEX IF NOT EXISTS event_time ON event (time);
CREATE INDEX IF NOT EXISTS event_source_type ON event (source, type, seq DESC);

-- Measured values, one row a channel and moment.
CREATE TABLE IF NOT EXISTS gas (
    time timestamptz NOT NULL, site text, unit text, device text, area text, gas text, quality text,
    level double precision  -- NULL where it is not known: never 0
);

-- TimescaleDB from here on.
SELECT create_hypertable('gas', 'time', chunk_time_interval => interval '1 day', if_not_exists => true);
ALTER TABLE gas SET (timescaledb.compress, timescaledb.compress_segmentby = 'site, unit, device');
SELECT add_compression_policy('gas', interval '2 days');
SELECT add_retention_policy('gas', interval '90 days');
