CREATE TABLE bookkeeping.published_part (
    table_name VARCHAR COLLATE "C" NOT NULL, 
    sha256 VARCHAR COLLATE "C" NOT NULL, 
    rows BIGINT NOT NULL, 
    PRIMARY KEY (table_name, sha256)
);

COMMENT ON TABLE bookkeeping.published_part IS 'A file of rows that stands in a published table: what has not changed is not loaded again.';

COMMENT ON COLUMN bookkeeping.published_part.table_name IS 'The table, with its schema.';

COMMENT ON COLUMN bookkeeping.published_part.sha256 IS 'Hash of the Parquet file whose rows stand in it.';

COMMENT ON COLUMN bookkeeping.published_part.rows IS 'Rows of that file.';

CREATE TABLE bookkeeping.published_state (
    publication_id VARCHAR COLLATE "C" NOT NULL, 
    content VARCHAR COLLATE "C" NOT NULL, 
    state VARCHAR COLLATE "C" NOT NULL, 
    views VARCHAR COLLATE "C" NOT NULL, 
    drift BIGINT NOT NULL, 
    PRIMARY KEY (publication_id)
);

COMMENT ON TABLE bookkeeping.published_state IS 'What readers see, in two hashes: by these a publication that would change nothing is known.';

COMMENT ON COLUMN bookkeeping.published_state.publication_id IS 'The publication that stands.';

COMMENT ON COLUMN bookkeeping.published_state.content IS 'Hash over all mart and core tables, operational ones left out.';

COMMENT ON COLUMN bookkeeping.published_state.state IS 'Hash over what the house says of its sources and releases.';

COMMENT ON COLUMN bookkeeping.published_state.views IS 'Hash over the statements that made the views; in a file, also the tables.';

COMMENT ON COLUMN bookkeeping.published_state.drift IS 'Rows changed in place since the tables were last written whole; 0 on a server.';
