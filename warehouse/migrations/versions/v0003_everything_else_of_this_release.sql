ALTER TABLE mart.location_member DROP CONSTRAINT location_member_pkey;

CREATE TABLE bookkeeping.publication_event (
    event_id VARCHAR COLLATE "C" NOT NULL, 
    publication_id VARCHAR COLLATE "C" NOT NULL, 
    published_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
    code_version VARCHAR COLLATE "C" NOT NULL, 
    content_hash VARCHAR COLLATE "C" NOT NULL, 
    tables VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (event_id)
);

COMMENT ON TABLE bookkeeping.publication_event IS 'The outbox: one publication as machines are told of it. Whether that arrived is not kept here.';

COMMENT ON COLUMN bookkeeping.publication_event.event_id IS 'The event; the same whenever it is delivered again.';

COMMENT ON COLUMN bookkeeping.publication_event.publication_id IS 'The publication.';

COMMENT ON COLUMN bookkeeping.publication_event.published_at IS 'When, UTC.';

COMMENT ON COLUMN bookkeeping.publication_event.code_version IS 'Version of locatiemonitor that made it.';

COMMENT ON COLUMN bookkeeping.publication_event.content_hash IS 'Hash over all mart and core tables.';

COMMENT ON COLUMN bookkeeping.publication_event.tables IS 'Rows written or taken away, by table, as a JSON object.';

CREATE TABLE mart.activity_concordance (
    concordance VARCHAR COLLATE "C" NOT NULL, 
    from_edition VARCHAR COLLATE "C" NOT NULL, 
    from_code VARCHAR COLLATE "C" NOT NULL, 
    to_edition VARCHAR COLLATE "C" NOT NULL, 
    to_code VARCHAR COLLATE "C" NOT NULL, 
    section VARCHAR COLLATE "C" NOT NULL, 
    weight DOUBLE PRECISION NOT NULL, 
    lower DOUBLE PRECISION NOT NULL, 
    upper DOUBLE PRECISION NOT NULL, 
    basis VARCHAR COLLATE "C" NOT NULL, 
    ambiguous BOOLEAN NOT NULL, 
    rank BIGINT NOT NULL, 
    source VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (concordance, from_edition, from_code, to_edition, to_code)
);

COMMENT ON TABLE mart.activity_concordance IS 'What activities of one edition of SBI became in another, with weights and what these rest on.';

COMMENT ON COLUMN mart.activity_concordance.concordance IS 'Which concordance of the catalogue.';

COMMENT ON COLUMN mart.activity_concordance.from_edition IS 'Edition of SBI of `from_code`.';

COMMENT ON COLUMN mart.activity_concordance.from_code IS 'Division, group, class or full code: whatever begins with it, unless a longer one is there.';

COMMENT ON COLUMN mart.activity_concordance.to_edition IS 'Edition of SBI of `to_code`.';

COMMENT ON COLUMN mart.activity_concordance.to_code IS 'Section or code that it became, or a part of it.';

COMMENT ON COLUMN mart.activity_concordance.section IS 'Section in which `to_code` lies, by its letter.';

COMMENT ON COLUMN mart.activity_concordance.weight IS 'Which part of `from_code` is taken to be `to_code`; together 1. For `assumed` it is ours.';

COMMENT ON COLUMN mart.activity_concordance.lower IS 'Least part that is possible: nothing where `from_code` fell to several sections, else `weight`.';

COMMENT ON COLUMN mart.activity_concordance.upper IS 'Greatest part that is possible: all where `from_code` fell to several sections, else `weight`.';

COMMENT ON COLUMN mart.activity_concordance.basis IS 'What `weight` rests on: a statistical office that published it (`official`), the structures of both editions (`structure`), or nothing but an assumption of ours (`assumed`).';

COMMENT ON COLUMN mart.activity_concordance.ambiguous IS 'Whether `from_code` fell to several sections, so that no code tells which.';

COMMENT ON COLUMN mart.activity_concordance.rank IS 'Which concordance goes first where several speak of a code: that of the lowest number.';

COMMENT ON COLUMN mart.activity_concordance.source IS 'Who says so, and what the weights rest on.';

CREATE TABLE mart.area_comparable (
    location_id VARCHAR COLLATE "C" NOT NULL, 
    edition VARCHAR COLLATE "C" NOT NULL, 
    comparable BOOLEAN, 
    since VARCHAR COLLATE "C" NOT NULL, 
    release_id VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (location_id, edition)
);

COMMENT ON TABLE mart.area_comparable IS 'Whether a district or neighbourhood is the same area as the year before, as its publisher says.';

COMMENT ON COLUMN mart.area_comparable.location_id IS 'The district or neighbourhood.';

COMMENT ON COLUMN mart.area_comparable.edition IS 'Year in which it is cut.';

COMMENT ON COLUMN mart.area_comparable.comparable IS 'Whether it is the same as the year before (`Indelingswijziging wijken en buurten` is 1 or 2); null where the publisher does not say.';

COMMENT ON COLUMN mart.area_comparable.since IS 'First year of the unbroken row of years, under this code, in which it is the same area: figures of two years can be compared where `since` is the same.';

COMMENT ON COLUMN mart.area_comparable.release_id IS 'The release that says so.';

CREATE TABLE mart.area_relation (
    from_code VARCHAR COLLATE "C" NOT NULL, 
    to_code VARCHAR COLLATE "C" NOT NULL, 
    from_year INTEGER NOT NULL, 
    to_year INTEGER NOT NULL, 
    valid_from DATE, 
    kind VARCHAR COLLATE "C" NOT NULL, 
    title VARCHAR COLLATE "C" NOT NULL, 
    weight DOUBLE PRECISION, 
    lower DOUBLE PRECISION NOT NULL, 
    upper DOUBLE PRECISION NOT NULL, 
    back_weight DOUBLE PRECISION, 
    back_lower DOUBLE PRECISION NOT NULL, 
    back_upper DOUBLE PRECISION NOT NULL, 
    begins BOOLEAN NOT NULL, 
    method VARCHAR COLLATE "C" NOT NULL, 
    measured_in VARCHAR COLLATE "C", 
    source VARCHAR COLLATE "C" NOT NULL, 
    reference VARCHAR COLLATE "C", 
    release_from VARCHAR COLLATE "C", 
    release_to VARCHAR COLLATE "C", 
    PRIMARY KEY (from_code, to_code, from_year, to_year)
);

COMMENT ON TABLE mart.area_relation IS 'What of one municipality came to lie in another, or stayed: one row a pair and reorganisation.';

COMMENT ON COLUMN mart.area_relation.from_code IS 'Municipality as it was.';

COMMENT ON COLUMN mart.area_relation.to_code IS 'Municipality as it became; the same code for what stayed where it was.';

COMMENT ON COLUMN mart.area_relation.from_year IS 'Newest boundary year (1 January) that is known to have the old boundaries.';

COMMENT ON COLUMN mart.area_relation.to_year IS 'First boundary year that is known to have the new boundaries, and from which they count.';

COMMENT ON COLUMN mart.area_relation.valid_from IS 'First day of the new boundaries; null where only the years between which it lies are known.';

COMMENT ON COLUMN mart.area_relation.kind IS '`merger` into a new municipality, `annexation` by one that existed, `split`, `border_correction`, `rename`, or `code_change`.';

COMMENT ON COLUMN mart.area_relation.title IS 'The reorganisation in words.';

COMMENT ON COLUMN mart.area_relation.weight IS 'Share of `from_code` that lies in `to_code`; together 1. Null where nobody has published it.';

COMMENT ON COLUMN mart.area_relation.lower IS 'Least share that is possible, whatever is counted.';

COMMENT ON COLUMN mart.area_relation.upper IS 'Greatest share that is possible, whatever is counted.';

COMMENT ON COLUMN mart.area_relation.back_weight IS 'Share of `to_code` that came from `from_code`; together 1. Null where nobody has published it.';

COMMENT ON COLUMN mart.area_relation.back_lower IS 'Least share of `to_code` that is possible.';

COMMENT ON COLUMN mart.area_relation.back_upper IS 'Greatest share of `to_code` that is possible.';

COMMENT ON COLUMN mart.area_relation.begins IS 'Whether `to_code` began with this reorganisation.';

COMMENT ON COLUMN mart.area_relation.method IS 'How `weight` is known: `whole` (all of it), `area_share` (an estimate by hectares), `size_share` (an estimate by the sizes that the catalogue gives), `unknown`.';

COMMENT ON COLUMN mart.area_relation.measured_in IS 'What the shares are shares of, and who says so.';

COMMENT ON COLUMN mart.area_relation.source IS 'Whether the catalogue says so or the outlines of two years.';

COMMENT ON COLUMN mart.area_relation.reference IS 'Where the catalogue has it from.';

COMMENT ON COLUMN mart.area_relation.release_from IS 'Release of the older outlines, where they say so.';

COMMENT ON COLUMN mart.area_relation.release_to IS 'Release of the newer outlines, where they say so.';

CREATE TABLE mart.dictionary (
    schema_name VARCHAR COLLATE "C" NOT NULL, 
    table_name VARCHAR COLLATE "C" NOT NULL, 
    column_name VARCHAR COLLATE "C" NOT NULL, 
    kind VARCHAR COLLATE "C" NOT NULL, 
    position BIGINT NOT NULL, 
    type VARCHAR COLLATE "C", 
    is_key BOOLEAN NOT NULL, 
    nullable BOOLEAN NOT NULL, 
    comment_en VARCHAR COLLATE "C" NOT NULL, 
    label_nl VARCHAR COLLATE "C", 
    choices VARCHAR COLLATE "C", 
    unit VARCHAR COLLATE "C", 
    PRIMARY KEY (schema_name, table_name, column_name)
);

COMMENT ON TABLE mart.dictionary IS 'What every published table, view and column is, made from their declarations.';

COMMENT ON COLUMN mart.dictionary.schema_name IS 'Schema of the table or view.';

COMMENT ON COLUMN mart.dictionary.table_name IS 'The table or view.';

COMMENT ON COLUMN mart.dictionary.column_name IS 'The column; `*` for the table or view itself.';

COMMENT ON COLUMN mart.dictionary.kind IS 'What it is a column of.';

COMMENT ON COLUMN mart.dictionary.position IS 'Place of the column in its table, from 1; 0 for the table.';

COMMENT ON COLUMN mart.dictionary.type IS 'Type of the column, as DuckDB names it; PostgreSQL says `double precision` for `DOUBLE`.';

COMMENT ON COLUMN mart.dictionary.is_key IS 'True where the column is part of its table''s key.';

COMMENT ON COLUMN mart.dictionary.nullable IS 'True where null is allowed; always true for a column of a view.';

COMMENT ON COLUMN mart.dictionary.comment_en IS 'What it is.';

COMMENT ON COLUMN mart.dictionary.label_nl IS 'Dutch label, for a heading.';

COMMENT ON COLUMN mart.dictionary.choices IS 'The only values allowed, separated by `; `; null where any is.';

COMMENT ON COLUMN mart.dictionary.unit IS 'Unit, where the column has one; that of a figure is in `mart.indicator`.';

CREATE TABLE mart.indicator_recut (
    location_id VARCHAR COLLATE "C" NOT NULL, 
    indicator_id VARCHAR COLLATE "C" NOT NULL, 
    period VARCHAR COLLATE "C" NOT NULL, 
    boundary_year INTEGER NOT NULL, 
    vintage TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
    value DOUBLE PRECISION, 
    lower DOUBLE PRECISION, 
    upper DOUBLE PRECISION, 
    method VARCHAR COLLATE "C" NOT NULL, 
    status VARCHAR COLLATE "C" NOT NULL, 
    missing_reason VARCHAR COLLATE "C", 
    own_boundary_year INTEGER NOT NULL, 
    known_to TIMESTAMP WITHOUT TIME ZONE, 
    release_id VARCHAR COLLATE "C" NOT NULL, 
    synthetic BOOLEAN NOT NULL, 
    PRIMARY KEY (location_id, indicator_id, period, boundary_year, vintage)
);

COMMENT ON TABLE mart.indicator_recut IS 'A municipal figure in the boundaries of each year that is known, unchanged municipalities too.';

COMMENT ON COLUMN mart.indicator_recut.location_id IS 'The municipality, as it is in `boundary_year`.';

COMMENT ON COLUMN mart.indicator_recut.indicator_id IS 'The indicator.';

COMMENT ON COLUMN mart.indicator_recut.period IS 'What the figure is about.';

COMMENT ON COLUMN mart.indicator_recut.boundary_year IS 'Year in whose boundaries (1 January) the value is given.';

COMMENT ON COLUMN mart.indicator_recut.vintage IS 'From when this is what was known, UTC: `known_from` of the figures it is made from.';

COMMENT ON COLUMN mart.indicator_recut.value IS 'The value, in the indicator''s unit.';

COMMENT ON COLUMN mart.indicator_recut.lower IS 'What is certain, where the value is an estimate; null where nothing is.';

COMMENT ON COLUMN mart.indicator_recut.upper IS 'What is possible, where the value is an estimate; null where there is no bound.';

COMMENT ON COLUMN mart.indicator_recut.method IS '`unchanged`: published for the same area; `aggregated`: exact, from areas that lie wholly in it; `estimated`: from parts of areas, by the weights of `area_relation`; `not_allocatable`: the indicator or the relation does not allow it.';

COMMENT ON COLUMN mart.indicator_recut.status IS 'How final it is: as the least final part.';

COMMENT ON COLUMN mart.indicator_recut.missing_reason IS 'Why there is no value; null where there is one.';

COMMENT ON COLUMN mart.indicator_recut.own_boundary_year IS 'Boundary year in which the figures were published.';

COMMENT ON COLUMN mart.indicator_recut.known_to IS 'Until when (not included); null while it is what is known.';

COMMENT ON COLUMN mart.indicator_recut.release_id IS 'The newest release behind the value.';

COMMENT ON COLUMN mart.indicator_recut.synthetic IS 'True where any release behind the value is invented data.';

CREATE TABLE mart.location_boundary (
    location_id VARCHAR COLLATE "C" NOT NULL, 
    boundary BIGINT NOT NULL, 
    valid_from DATE, 
    valid_to DATE, 
    kind VARCHAR COLLATE "C" NOT NULL, 
    weight_method VARCHAR COLLATE "C" NOT NULL, 
    geojson VARCHAR COLLATE "C", 
    area_ha DOUBLE PRECISION, 
    unresolved VARCHAR COLLATE "C", 
    source VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (location_id, boundary)
);

COMMENT ON TABLE mart.location_boundary IS 'What a site takes in from one day until another: how that is said, by whom, and where it is drawn.';

COMMENT ON COLUMN mart.location_boundary.location_id IS 'The site.';

COMMENT ON COLUMN mart.location_boundary.boundary IS 'Number of the boundary, from 1 in order of time.';

COMMENT ON COLUMN mart.location_boundary.valid_from IS 'First day on which it holds; null where no earlier one is known.';

COMMENT ON COLUMN mart.location_boundary.valid_to IS 'First day on which it no longer holds.';

COMMENT ON COLUMN mart.location_boundary.kind IS 'In what it is said.';

COMMENT ON COLUMN mart.location_boundary.weight_method IS 'How it became areas with weights: `exact` (it is its members), `address_share`, `area_share`, or `not_allocatable` where there is nothing to work them out by.';

COMMENT ON COLUMN mart.location_boundary.geojson IS 'GeoJSON geometry in EPSG:28992, of a polygon.';

COMMENT ON COLUMN mart.location_boundary.area_ha IS 'Area that a polygon encloses, hectares.';

COMMENT ON COLUMN mart.location_boundary.unresolved IS 'What of it could not be resolved, and why.';

COMMENT ON COLUMN mart.location_boundary.source IS 'Who says that this is the site.';

CREATE TABLE mart.quantity (
    quantity_id VARCHAR COLLATE "C" NOT NULL, 
    document_id VARCHAR COLLATE "C" NOT NULL, 
    performance_code VARCHAR COLLATE "C", 
    kind VARCHAR COLLATE "C" NOT NULL, 
    concept VARCHAR COLLATE "C" NOT NULL, 
    name VARCHAR COLLATE "C", 
    organisation_id VARCHAR COLLATE "C", 
    of_organisation_id VARCHAR COLLATE "C", 
    unit VARCHAR COLLATE "C" NOT NULL, 
    value DOUBLE PRECISION NOT NULL, 
    decimals BIGINT NOT NULL, 
    exactness VARCHAR COLLATE "C" NOT NULL, 
    part VARCHAR COLLATE "C" NOT NULL, 
    statement_group VARCHAR COLLATE "C", 
    section VARCHAR COLLATE "C" NOT NULL, 
    quote_start BIGINT NOT NULL, 
    quote_end BIGINT NOT NULL, 
    confidence DOUBLE PRECISION NOT NULL, 
    PRIMARY KEY (quantity_id)
);

COMMENT ON TABLE mart.quantity IS 'A share of a party, or an area of land, that a document states.';

COMMENT ON COLUMN mart.quantity.quantity_id IS 'Made from document, section, position and name.';

COMMENT ON COLUMN mart.quantity.document_id IS 'The document.';

COMMENT ON COLUMN mart.quantity.performance_code IS 'Performance that it belongs to.';

COMMENT ON COLUMN mart.quantity.kind IS 'A party''s share in something, or land.';

COMMENT ON COLUMN mart.quantity.concept IS 'What is said of it: of land whether it was issued, reserved or is available.';

COMMENT ON COLUMN mart.quantity.name IS 'Whose share, or what land, as written.';

COMMENT ON COLUMN mart.quantity.organisation_id IS 'The party, where it is declared; of a share.';

COMMENT ON COLUMN mart.quantity.of_organisation_id IS 'In which organisation it is a share, where the words beside it name just one.';

COMMENT ON COLUMN mart.quantity.unit IS 'Percent or hectares.';

COMMENT ON COLUMN mart.quantity.value IS 'Number as written.';

COMMENT ON COLUMN mart.quantity.decimals IS 'Decimals as written: how far it was rounded.';

COMMENT ON COLUMN mart.quantity.exactness IS '`ruim` is at least, `bijna` at most, `circa` about.';

COMMENT ON COLUMN mart.quantity.part IS 'A part of a whole, that whole, or neither.';

COMMENT ON COLUMN mart.quantity.statement_group IS 'Parts and their whole; unique in its document.';

COMMENT ON COLUMN mart.quantity.section IS 'Section in which it stands.';

COMMENT ON COLUMN mart.quantity.quote_start IS 'Where the number and its unit begin.';

COMMENT ON COLUMN mart.quantity.quote_end IS 'Where they end.';

COMMENT ON COLUMN mart.quantity.confidence IS 'How sure we are, 0 to 1.';

ALTER TABLE mart.budget_amount ADD COLUMN status VARCHAR COLLATE "C" DEFAULT '' NOT NULL;

COMMENT ON COLUMN mart.budget_amount.status IS 'How final the publisher says it is.';

ALTER TABLE mart.budget_amount ALTER COLUMN status DROP DEFAULT;

ALTER TABLE mart.budget_amount ADD COLUMN opened_by VARCHAR COLLATE "C" DEFAULT '' NOT NULL;

COMMENT ON COLUMN mart.budget_amount.opened_by IS 'Why it came to be known: a publisher''s `release`, or a `declaration` of ours that changed.';

ALTER TABLE mart.budget_amount ALTER COLUMN opened_by DROP DEFAULT;

ALTER TABLE mart.evidence ADD COLUMN in_heading BOOLEAN DEFAULT false NOT NULL;

COMMENT ON COLUMN mart.evidence.in_heading IS 'Whether they stand in the heading of the section, and not in its text.';

ALTER TABLE mart.evidence ALTER COLUMN in_heading DROP DEFAULT;

ALTER TABLE mart.indicator_value ADD COLUMN opened_by VARCHAR COLLATE "C" DEFAULT '' NOT NULL;

COMMENT ON COLUMN mart.indicator_value.opened_by IS 'Why it came to be known: a publisher''s `release`, or a `declaration` of ours that changed.';

ALTER TABLE mart.indicator_value ALTER COLUMN opened_by DROP DEFAULT;

ALTER TABLE mart.indicator_value ADD COLUMN boundary_year INTEGER;

COMMENT ON COLUMN mart.indicator_value.boundary_year IS 'Year in whose boundaries its area is cut; null where the publisher does not say.';

COMMENT ON COLUMN mart.location.boundary_status IS 'Whether its boundary is known: `official`, `composed` of official areas or register numbers, `drawn` as a polygon or a list of postcodes, or `none`.';

ALTER TABLE mart.location_member ADD COLUMN boundary BIGINT DEFAULT 0 NOT NULL;

COMMENT ON COLUMN mart.location_member.boundary IS 'Number of the boundary in `mart.location_boundary`.';

ALTER TABLE mart.location_member ALTER COLUMN boundary DROP DEFAULT;

ALTER TABLE mart.location_member ADD COLUMN edition VARCHAR COLLATE "C" DEFAULT '' NOT NULL;

COMMENT ON COLUMN mart.location_member.edition IS 'Year in which the areas are cut by which the weight was worked out; `all` where it is declared.';

ALTER TABLE mart.location_member ALTER COLUMN edition DROP DEFAULT;

ALTER TABLE mart.location_member ADD COLUMN weight_method VARCHAR COLLATE "C" DEFAULT '' NOT NULL;

COMMENT ON COLUMN mart.location_member.weight_method IS 'What it is a share of; `exact` where the member lies wholly in the site.';

ALTER TABLE mart.location_member ALTER COLUMN weight_method DROP DEFAULT;

ALTER TABLE mart.location_member ADD COLUMN lower_weight DOUBLE PRECISION DEFAULT 0 NOT NULL;

COMMENT ON COLUMN mart.location_member.lower_weight IS 'Share that lies in it for certain: 1 or 0.';

ALTER TABLE mart.location_member ALTER COLUMN lower_weight DROP DEFAULT;

ALTER TABLE mart.location_member ADD COLUMN upper_weight DOUBLE PRECISION DEFAULT 0 NOT NULL;

COMMENT ON COLUMN mart.location_member.upper_weight IS 'Share that may lie in it.';

ALTER TABLE mart.location_member ALTER COLUMN upper_weight DROP DEFAULT;

ALTER TABLE mart.location_member ADD COLUMN release_id VARCHAR COLLATE "C";

COMMENT ON COLUMN mart.location_member.release_id IS 'The release by which the weight was worked out; null where it is declared.';

COMMENT ON COLUMN mart.location_member.valid_from IS 'First day on which the boundary holds.';

COMMENT ON COLUMN mart.location_member.valid_to IS 'First day on which it no longer holds.';

COMMENT ON TABLE mart.location_member IS 'What a site is composed of while a boundary holds: areas and register numbers with their weights.';

ALTER TABLE mart.location_member ADD PRIMARY KEY (location_id, boundary, member_code, edition);
