CREATE TABLE core.figure (
    source VARCHAR COLLATE "C" NOT NULL, 
    edition VARCHAR COLLATE "C" NOT NULL, 
    region_code VARCHAR COLLATE "C" NOT NULL, 
    period VARCHAR COLLATE "C" NOT NULL, 
    measure VARCHAR COLLATE "C" NOT NULL, 
    breakdown VARCHAR COLLATE "C" NOT NULL, 
    value DOUBLE PRECISION, 
    unit VARCHAR COLLATE "C" NOT NULL, 
    status VARCHAR COLLATE "C" NOT NULL, 
    missing_reason VARCHAR COLLATE "C", 
    release_id VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (source, edition, region_code, period, measure, breakdown)
);

COMMENT ON TABLE core.figure IS 'One figure about one area, as published or counted: source, edition, area, period, measure and breakdown.';

COMMENT ON COLUMN core.figure.source IS 'Which source of the catalogue.';

COMMENT ON COLUMN core.figure.edition IS 'Which edition of the source; also the year in which its areas are cut.';

COMMENT ON COLUMN core.figure.region_code IS 'The area, by its publisher''s code, unpadded.';

COMMENT ON COLUMN core.figure.period IS 'What the figure is about.';

COMMENT ON COLUMN core.figure.measure IS 'Our name of the measure, from the source''s declaration.';

COMMENT ON COLUMN core.figure.breakdown IS 'Code of a further split (sector, report/function); `total` where there is none.';

COMMENT ON COLUMN core.figure.value IS 'The figure in `unit`, factor applied.';

COMMENT ON COLUMN core.figure.unit IS 'Unit of `value`.';

COMMENT ON COLUMN core.figure.status IS 'How final the publisher says it is.';

COMMENT ON COLUMN core.figure.missing_reason IS 'Why there is no value; null where there is one.';

COMMENT ON COLUMN core.figure.release_id IS 'The release that says so.';

CREATE TABLE core.region (
    source VARCHAR COLLATE "C" NOT NULL, 
    edition VARCHAR COLLATE "C" NOT NULL, 
    region_code VARCHAR COLLATE "C" NOT NULL, 
    name VARCHAR COLLATE "C" NOT NULL, 
    kind VARCHAR COLLATE "C" NOT NULL, 
    municipality_code VARCHAR COLLATE "C", 
    comparable BOOLEAN, 
    release_id VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (source, edition, region_code)
);

COMMENT ON TABLE core.region IS 'One area in the cut of one edition: its code, name, kind and municipality.';

COMMENT ON COLUMN core.region.source IS 'Which source lists the area.';

COMMENT ON COLUMN core.region.edition IS 'Edition of that source.';

COMMENT ON COLUMN core.region.region_code IS 'The publisher''s code, unpadded.';

COMMENT ON COLUMN core.region.name IS 'Name as published, padding stripped. Never joined on.';

COMMENT ON COLUMN core.region.kind IS 'What sort of area it is.';

COMMENT ON COLUMN core.region.municipality_code IS 'Municipality the area lies in; null above that level or where unknown.';

COMMENT ON COLUMN core.region.comparable IS 'Whether the area is the same as in the edition before; null where the publisher does not say.';

COMMENT ON COLUMN core.region.release_id IS 'The release that says so.';

CREATE TABLE mart.amount (
    amount_id VARCHAR COLLATE "C" NOT NULL, 
    document_id VARCHAR COLLATE "C" NOT NULL, 
    performance_code VARCHAR COLLATE "C", 
    concept VARCHAR COLLATE "C" NOT NULL, 
    label VARCHAR COLLATE "C", 
    row_label VARCHAR COLLATE "C", 
    value DOUBLE PRECISION NOT NULL, 
    factor DOUBLE PRECISION NOT NULL, 
    factor_source VARCHAR COLLATE "C" NOT NULL, 
    amount_eur DOUBLE PRECISION NOT NULL, 
    period VARCHAR COLLATE "C", 
    scope VARCHAR COLLATE "C" NOT NULL, 
    statement_group VARCHAR COLLATE "C", 
    confidence DOUBLE PRECISION NOT NULL, 
    section VARCHAR COLLATE "C" NOT NULL, 
    quote_start BIGINT NOT NULL, 
    quote_end BIGINT NOT NULL, 
    PRIMARY KEY (amount_id)
);

COMMENT ON TABLE mart.amount IS 'One amount of money that a document states. Absent is not zero: no row where none is stated.';

COMMENT ON COLUMN mart.amount.amount_id IS 'Made from document, section and position.';

COMMENT ON COLUMN mart.amount.document_id IS 'The document.';

COMMENT ON COLUMN mart.amount.performance_code IS 'Performance that it belongs to.';

COMMENT ON COLUMN mart.amount.concept IS 'What the amount is; concepts with other scopes are never one series.';

COMMENT ON COLUMN mart.amount.label IS 'Label or heading of the column, as written.';

COMMENT ON COLUMN mart.amount.row_label IS 'Heading of the row, of a table.';

COMMENT ON COLUMN mart.amount.value IS 'Number as written, before the factor.';

COMMENT ON COLUMN mart.amount.factor IS 'By which it is multiplied to get euros.';

COMMENT ON COLUMN mart.amount.factor_source IS 'Whence the factor.';

COMMENT ON COLUMN mart.amount.amount_eur IS 'Euros.';

COMMENT ON COLUMN mart.amount.period IS 'Year it is about, where the document says so.';

COMMENT ON COLUMN mart.amount.scope IS 'What it covers.';

COMMENT ON COLUMN mart.amount.statement_group IS 'Amounts that stand together and must add up: a row of a table, a line of figures.';

COMMENT ON COLUMN mart.amount.confidence IS 'How sure we are, 0 to 1.';

COMMENT ON COLUMN mart.amount.section IS 'Section in which it stands.';

COMMENT ON COLUMN mart.amount.quote_start IS 'Where it begins.';

COMMENT ON COLUMN mart.amount.quote_end IS 'Where it ends.';

CREATE TABLE mart.budget_amount (
    province_code VARCHAR COLLATE "C" NOT NULL, 
    year INTEGER NOT NULL, 
    report VARCHAR COLLATE "C" NOT NULL, 
    function_code VARCHAR COLLATE "C" NOT NULL, 
    category_code VARCHAR COLLATE "C" NOT NULL, 
    known_from TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
    function_name VARCHAR COLLATE "C" NOT NULL, 
    side VARCHAR COLLATE "C" NOT NULL, 
    amount_eur DOUBLE PRECISION, 
    missing_reason VARCHAR COLLATE "C", 
    known_to TIMESTAMP WITHOUT TIME ZONE, 
    release_id VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (province_code, year, report, function_code, category_code, known_from)
);

COMMENT ON TABLE mart.budget_amount IS 'One cell of a province''s Iv3 report, as known from one moment until another.';

COMMENT ON COLUMN mart.budget_amount.province_code IS 'Province.';

COMMENT ON COLUMN mart.budget_amount.year IS 'Budget year.';

COMMENT ON COLUMN mart.budget_amount.report IS 'Which report; quarters are cumulative.';

COMMENT ON COLUMN mart.budget_amount.function_code IS 'Function, cost centre or balance item.';

COMMENT ON COLUMN mart.budget_amount.category_code IS 'Economic category.';

COMMENT ON COLUMN mart.budget_amount.known_from IS 'From when this is what was known, UTC.';

COMMENT ON COLUMN mart.budget_amount.function_name IS 'Title of the function as published.';

COMMENT ON COLUMN mart.budget_amount.side IS 'Which side of the books.';

COMMENT ON COLUMN mart.budget_amount.amount_eur IS 'Euros; second placement where there is one.';

COMMENT ON COLUMN mart.budget_amount.missing_reason IS 'Why there is no amount.';

COMMENT ON COLUMN mart.budget_amount.known_to IS 'Until when (not included); null while it is what is known.';

COMMENT ON COLUMN mart.budget_amount.release_id IS 'The release that says so.';

CREATE TABLE mart.decision (
    reference VARCHAR COLLATE "C" NOT NULL, 
    kind VARCHAR COLLATE "C" NOT NULL, 
    body VARCHAR COLLATE "C" NOT NULL, 
    year INTEGER NOT NULL, 
    title VARCHAR COLLATE "C", 
    documents BIGINT NOT NULL, 
    PRIMARY KEY (reference)
);

COMMENT ON TABLE mart.decision IS 'One decision that documents refer to.';

COMMENT ON COLUMN mart.decision.reference IS 'Reference as its body writes it: `PS/2016/486`.';

COMMENT ON COLUMN mart.decision.kind IS 'What sort of decision, from the words beside it.';

COMMENT ON COLUMN mart.decision.body IS 'Who decided.';

COMMENT ON COLUMN mart.decision.year IS 'Year in its reference.';

COMMENT ON COLUMN mart.decision.title IS 'How the documents call it.';

COMMENT ON COLUMN mart.decision.documents IS 'Documents that refer to it.';

CREATE TABLE mart.document (
    document_id VARCHAR COLLATE "C" NOT NULL, 
    organisation VARCHAR COLLATE "C", 
    document_type VARCHAR COLLATE "C", 
    year INTEGER, 
    edition VARCHAR COLLATE "C", 
    not_before_year INTEGER, 
    title VARCHAR COLLATE "C" NOT NULL, 
    name VARCHAR COLLATE "C" NOT NULL, 
    url VARCHAR COLLATE "C", 
    published_on DATE, 
    built_at TIMESTAMP WITHOUT TIME ZONE, 
    exported_at TIMESTAMP WITHOUT TIME ZONE, 
    media_type VARCHAR COLLATE "C" NOT NULL, 
    charset VARCHAR COLLATE "C" NOT NULL, 
    charset_from VARCHAR COLLATE "C" NOT NULL, 
    mojibake BIGINT NOT NULL, 
    pages BIGINT NOT NULL, 
    characters BIGINT NOT NULL, 
    performances_stated BIGINT, 
    performances_found BIGINT NOT NULL, 
    performances_missing VARCHAR COLLATE "C", 
    sha256 VARCHAR COLLATE "C" NOT NULL, 
    text_sha256 VARCHAR COLLATE "C" NOT NULL, 
    release_id VARCHAR COLLATE "C" NOT NULL, 
    synthetic BOOLEAN NOT NULL, 
    PRIMARY KEY (document_id)
);

COMMENT ON TABLE mart.document IS 'One planning & control document or article, as taken in: whose, which of its series, from which bytes.';

COMMENT ON COLUMN mart.document.document_id IS 'Edition of a site''s document; of a dropped file `text-` and a hash of its words.';

COMMENT ON COLUMN mart.document.organisation IS 'Whose document it is: an organisation''s id; null where neither the document nor the catalogue says so.';

COMMENT ON COLUMN mart.document.document_type IS 'What sort of document.';

COMMENT ON COLUMN mart.document.year IS 'Year it is about; null where nothing says so.';

COMMENT ON COLUMN mart.document.edition IS 'Which of the year''s documents of its type (`1`, `2`); null where there is one.';

COMMENT ON COLUMN mart.document.not_before_year IS 'It cannot be older: the newest year among the decisions that it refers to.';

COMMENT ON COLUMN mart.document.title IS 'Title as it stands above it.';

COMMENT ON COLUMN mart.document.name IS 'Name of the file, or the last part of the address.';

COMMENT ON COLUMN mart.document.url IS 'Where it was fetched or saved from.';

COMMENT ON COLUMN mart.document.published_on IS 'Date of publication that it states.';

COMMENT ON COLUMN mart.document.built_at IS 'Moment at which its page was built, as it states.';

COMMENT ON COLUMN mart.document.exported_at IS 'Moment of the export behind it, as it states.';

COMMENT ON COLUMN mart.document.media_type IS 'Format.';

COMMENT ON COLUMN mart.document.charset IS 'Charset in which it was read; several parted by `; `.';

COMMENT ON COLUMN mart.document.charset_from IS 'Whence the charset: `bom`, `http`, `meta`, valid `utf-8`, or a `guess`.';

COMMENT ON COLUMN mart.document.mojibake IS 'Places that look like text once read in a wrong charset; flagged, not repaired.';

COMMENT ON COLUMN mart.document.pages IS 'Pages read.';

COMMENT ON COLUMN mart.document.characters IS 'Characters of text.';

COMMENT ON COLUMN mart.document.performances_stated IS 'How many performances it says it has; null where it does not say.';

COMMENT ON COLUMN mart.document.performances_found IS 'How many performances were found in it.';

COMMENT ON COLUMN mart.document.performances_missing IS 'Performances that its goal tree names and that were not found, parted by `; `.';

COMMENT ON COLUMN mart.document.sha256 IS 'Hash of the bytes as received.';

COMMENT ON COLUMN mart.document.text_sha256 IS 'Hash of its words, blanks and doubled title lines aside.';

COMMENT ON COLUMN mart.document.release_id IS 'The release it came with.';

COMMENT ON COLUMN mart.document.synthetic IS 'True where the document is invented.';

CREATE TABLE mart.document_section (
    document_id VARCHAR COLLATE "C" NOT NULL, 
    section VARCHAR COLLATE "C" NOT NULL, 
    position BIGINT NOT NULL, 
    heading VARCHAR COLLATE "C" NOT NULL, 
    role VARCHAR COLLATE "C" NOT NULL, 
    performance_code VARCHAR COLLATE "C", 
    text VARCHAR COLLATE "C" NOT NULL, 
    truncated BOOLEAN NOT NULL, 
    url VARCHAR COLLATE "C", 
    PRIMARY KEY (document_id, section)
);

COMMENT ON TABLE mart.document_section IS 'One section of a document: where it stands, what it is for, its text.';

COMMENT ON COLUMN mart.document_section.document_id IS 'The document.';

COMMENT ON COLUMN mart.document_section.section IS 'Path of headings from the top, parted by ` > `.';

COMMENT ON COLUMN mart.document_section.position IS 'Order in the document, from 1.';

COMMENT ON COLUMN mart.document_section.heading IS 'Heading as written; empty before the first.';

COMMENT ON COLUMN mart.document_section.role IS 'What the section is for.';

COMMENT ON COLUMN mart.document_section.performance_code IS 'Performance it belongs to.';

COMMENT ON COLUMN mart.document_section.text IS 'Text as written: paragraphs parted by an empty line, cells of a table by tabs.';

COMMENT ON COLUMN mart.document_section.truncated IS 'True where the text breaks off with an ellipsis.';

COMMENT ON COLUMN mart.document_section.url IS 'Page on which it stands.';

CREATE TABLE mart.evidence (
    evidence_id VARCHAR COLLATE "C" NOT NULL, 
    subject_kind VARCHAR COLLATE "C" NOT NULL, 
    subject_id VARCHAR COLLATE "C" NOT NULL, 
    location_id VARCHAR COLLATE "C" NOT NULL, 
    relation VARCHAR COLLATE "C" NOT NULL, 
    document_id VARCHAR COLLATE "C" NOT NULL, 
    section VARCHAR COLLATE "C" NOT NULL, 
    quote_start BIGINT NOT NULL, 
    quote_end BIGINT NOT NULL, 
    quote VARCHAR COLLATE "C" NOT NULL, 
    confidence DOUBLE PRECISION NOT NULL, 
    reason VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (evidence_id)
);

COMMENT ON TABLE mart.evidence IS 'One link between a subject and a location, with the words it rests on.';

COMMENT ON COLUMN mart.evidence.evidence_id IS 'Made from its parts and its place.';

COMMENT ON COLUMN mart.evidence.subject_kind IS 'Kind of the subject.';

COMMENT ON COLUMN mart.evidence.subject_id IS 'The subject: a reference, `performance_id`, `milestone_id`, `organisation_id`, `amount_id` or `statement_id`.';

COMMENT ON COLUMN mart.evidence.location_id IS 'The location.';

COMMENT ON COLUMN mart.evidence.relation IS 'How they stand to each other.';

COMMENT ON COLUMN mart.evidence.document_id IS 'The document that says so.';

COMMENT ON COLUMN mart.evidence.section IS 'Section in which it stands.';

COMMENT ON COLUMN mart.evidence.quote_start IS 'Where the words that name the location begin.';

COMMENT ON COLUMN mart.evidence.quote_end IS 'Where they end.';

COMMENT ON COLUMN mart.evidence.quote IS 'Those words.';

COMMENT ON COLUMN mart.evidence.confidence IS 'How sure we are, 0 to 1.';

COMMENT ON COLUMN mart.evidence.reason IS 'Why the link was made, in a few words.';

CREATE TABLE mart.expectation_result (
    run_id VARCHAR COLLATE "C" NOT NULL, 
    asset VARCHAR COLLATE "C" NOT NULL, 
    expectation VARCHAR COLLATE "C" NOT NULL, 
    severity VARCHAR COLLATE "C" NOT NULL, 
    success BOOLEAN NOT NULL, 
    observed VARCHAR COLLATE "C", 
    unexpected_count BIGINT NOT NULL, 
    reason VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (run_id, asset, expectation)
);

COMMENT ON TABLE mart.expectation_result IS 'What one expectation said of one asset in one run.';

COMMENT ON COLUMN mart.expectation_result.run_id IS 'The Dagster run.';

COMMENT ON COLUMN mart.expectation_result.asset IS 'The asset, with its edition: `core/figure/cbs_kwb:2020`.';

COMMENT ON COLUMN mart.expectation_result.expectation IS 'Name of the rule.';

COMMENT ON COLUMN mart.expectation_result.severity IS 'What a failure does.';

COMMENT ON COLUMN mart.expectation_result.success IS 'Whether it held.';

COMMENT ON COLUMN mart.expectation_result.observed IS 'What was seen, in words; never a company''s name or number.';

COMMENT ON COLUMN mart.expectation_result.unexpected_count IS 'How many rows of the evidence did not meet it.';

COMMENT ON COLUMN mart.expectation_result.reason IS 'Why it must hold.';

CREATE TABLE mart.indicator (
    indicator_id VARCHAR COLLATE "C" NOT NULL, 
    catalogue_code VARCHAR COLLATE "C", 
    version VARCHAR COLLATE "C" NOT NULL, 
    name_nl VARCHAR COLLATE "C" NOT NULL, 
    name_en VARCHAR COLLATE "C" NOT NULL, 
    definition_nl VARCHAR COLLATE "C" NOT NULL, 
    definition_en VARCHAR COLLATE "C" NOT NULL, 
    unit VARCHAR COLLATE "C" NOT NULL, 
    unit_factor DOUBLE PRECISION NOT NULL, 
    theme VARCHAR COLLATE "C" NOT NULL, 
    direction VARCHAR COLLATE "C" NOT NULL, 
    source VARCHAR COLLATE "C" NOT NULL, 
    source_tables VARCHAR COLLATE "C" NOT NULL, 
    numerator VARCHAR COLLATE "C", 
    denominator VARCHAR COLLATE "C", 
    formula VARCHAR COLLATE "C" NOT NULL, 
    levels VARCHAR COLLATE "C" NOT NULL, 
    allocation VARCHAR COLLATE "C" NOT NULL, 
    minimum_cell BIGINT NOT NULL, 
    rounding VARCHAR COLLATE "C" NOT NULL, 
    sbi_edition VARCHAR COLLATE "C", 
    valid_from VARCHAR COLLATE "C", 
    valid_to VARCHAR COLLATE "C", 
    owner VARCHAR COLLATE "C" NOT NULL, 
    licence VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (indicator_id)
);

COMMENT ON TABLE mart.indicator IS 'What is measured: definition, unit, direction, and how it is made.';

COMMENT ON COLUMN mart.indicator.indicator_id IS 'Readable id.';

COMMENT ON COLUMN mart.indicator.catalogue_code IS 'Code in the working catalogue, e.g. `F01`.';

COMMENT ON COLUMN mart.indicator.version IS 'Version of the definition.';

COMMENT ON COLUMN mart.indicator.name_nl IS 'Dutch name.';

COMMENT ON COLUMN mart.indicator.name_en IS 'English name.';

COMMENT ON COLUMN mart.indicator.definition_nl IS 'Dutch definition.';

COMMENT ON COLUMN mart.indicator.definition_en IS 'English definition.';

COMMENT ON COLUMN mart.indicator.unit IS 'Unit of the value.';

COMMENT ON COLUMN mart.indicator.unit_factor IS 'Factor by which the published figure was multiplied to get there.';

COMMENT ON COLUMN mart.indicator.theme IS 'Theme.';

COMMENT ON COLUMN mart.indicator.direction IS 'Whether more is better.';

COMMENT ON COLUMN mart.indicator.source IS 'Sources that feed it, separated by `; `.';

COMMENT ON COLUMN mart.indicator.source_tables IS 'Publisher''s tables and measures.';

COMMENT ON COLUMN mart.indicator.numerator IS 'Numerator of a ratio.';

COMMENT ON COLUMN mart.indicator.denominator IS 'Denominator of a ratio.';

COMMENT ON COLUMN mart.indicator.formula IS 'How the value is made, in words.';

COMMENT ON COLUMN mart.indicator.levels IS 'Kinds of location it exists for, separated by `; `.';

COMMENT ON COLUMN mart.indicator.allocation IS 'How a site''s value is made from its members.';

COMMENT ON COLUMN mart.indicator.minimum_cell IS 'Fewest contributors for which a value is shown; 0 where the publisher guards it.';

COMMENT ON COLUMN mart.indicator.rounding IS 'How the publisher or we round.';

COMMENT ON COLUMN mart.indicator.sbi_edition IS 'Edition of the activity codes, where it matters.';

COMMENT ON COLUMN mart.indicator.valid_from IS 'First period.';

COMMENT ON COLUMN mart.indicator.valid_to IS 'Last period.';

COMMENT ON COLUMN mart.indicator.owner IS 'Who answers for the definition.';

COMMENT ON COLUMN mart.indicator.licence IS 'Licence of the sources.';

CREATE TABLE mart.indicator_value (
    location_id VARCHAR COLLATE "C" NOT NULL, 
    indicator_id VARCHAR COLLATE "C" NOT NULL, 
    period VARCHAR COLLATE "C" NOT NULL, 
    known_from TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
    value DOUBLE PRECISION, 
    status VARCHAR COLLATE "C" NOT NULL, 
    missing_reason VARCHAR COLLATE "C", 
    method VARCHAR COLLATE "C" NOT NULL, 
    lower DOUBLE PRECISION, 
    upper DOUBLE PRECISION, 
    known_to TIMESTAMP WITHOUT TIME ZONE, 
    release_id VARCHAR COLLATE "C" NOT NULL, 
    synthetic BOOLEAN NOT NULL, 
    PRIMARY KEY (location_id, indicator_id, period, known_from)
);

COMMENT ON TABLE mart.indicator_value IS 'One figure: an indicator for a location and period, as known from one moment until another.';

COMMENT ON COLUMN mart.indicator_value.location_id IS 'The location.';

COMMENT ON COLUMN mart.indicator_value.indicator_id IS 'The indicator.';

COMMENT ON COLUMN mart.indicator_value.period IS 'What the figure is about.';

COMMENT ON COLUMN mart.indicator_value.known_from IS 'From when this is what was known, UTC.';

COMMENT ON COLUMN mart.indicator_value.value IS 'The value, in the indicator''s unit.';

COMMENT ON COLUMN mart.indicator_value.status IS 'How final it is.';

COMMENT ON COLUMN mart.indicator_value.missing_reason IS 'Why there is no value; null where there is one.';

COMMENT ON COLUMN mart.indicator_value.method IS '`published` as such, `exact` (the site is its members), `address_share`/`area_share` (estimated), `aggregated` from smaller areas, `calculated` from other indicators, `counted` from single records, `from_documents` counted in what documents say of the site.';

COMMENT ON COLUMN mart.indicator_value.lower IS 'Lower bound, where the value is an estimate.';

COMMENT ON COLUMN mart.indicator_value.upper IS 'Upper bound, where the value is an estimate.';

COMMENT ON COLUMN mart.indicator_value.known_to IS 'Until when (not included); null while it is what is known.';

COMMENT ON COLUMN mart.indicator_value.release_id IS 'The newest release behind the value.';

COMMENT ON COLUMN mart.indicator_value.synthetic IS 'True where any release behind the value is invented data.';

CREATE TABLE mart.location (
    location_id VARCHAR COLLATE "C" NOT NULL, 
    name VARCHAR COLLATE "C" NOT NULL, 
    kind VARCHAR COLLATE "C" NOT NULL, 
    municipality_code VARCHAR COLLATE "C", 
    province_code VARCHAR COLLATE "C", 
    status VARCHAR COLLATE "C" NOT NULL, 
    boundary_status VARCHAR COLLATE "C" NOT NULL, 
    boundary_note VARCHAR COLLATE "C", 
    name_en VARCHAR COLLATE "C", 
    clusters VARCHAR COLLATE "C", 
    edition VARCHAR COLLATE "C", 
    PRIMARY KEY (location_id)
);

COMMENT ON TABLE mart.location IS 'A place that figures and decisions are about: a site, or an official area under its CBS code.';

COMMENT ON COLUMN mart.location.location_id IS 'CBS code (`GM0193`), `NL`, or the readable id of a site.';

COMMENT ON COLUMN mart.location.name IS 'Name to show. Never joined on.';

COMMENT ON COLUMN mart.location.kind IS 'What sort of location.';

COMMENT ON COLUMN mart.location.municipality_code IS 'Municipality it lies in.';

COMMENT ON COLUMN mart.location.province_code IS 'Province it lies in; null where no source taken in says so.';

COMMENT ON COLUMN mart.location.status IS '`active` or `former`.';

COMMENT ON COLUMN mart.location.boundary_status IS 'Whether its boundary is known: `official`, `composed` of official areas or register numbers, or `none`.';

COMMENT ON COLUMN mart.location.boundary_note IS 'What is known of the boundary and where that comes from.';

COMMENT ON COLUMN mart.location.name_en IS 'English name, for sites.';

COMMENT ON COLUMN mart.location.clusters IS 'Clusters of a site, separated by `; `.';

COMMENT ON COLUMN mart.location.edition IS 'Newest edition in which the official area occurs.';

CREATE TABLE mart.location_alias (
    location_id VARCHAR COLLATE "C" NOT NULL, 
    alias VARCHAR COLLATE "C" NOT NULL, 
    valid_from DATE, 
    valid_to DATE, 
    source VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (location_id, alias)
);

COMMENT ON TABLE mart.location_alias IS 'A name under which a location is known, from when until when, and who calls it so.';

COMMENT ON COLUMN mart.location_alias.location_id IS 'The location.';

COMMENT ON COLUMN mart.location_alias.alias IS 'The name.';

COMMENT ON COLUMN mart.location_alias.valid_from IS 'First day of use, where known.';

COMMENT ON COLUMN mart.location_alias.valid_to IS 'First day on which it is no longer used; null while in use or unknown.';

COMMENT ON COLUMN mart.location_alias.source IS 'Who calls it so.';

CREATE TABLE mart.location_member (
    location_id VARCHAR COLLATE "C" NOT NULL, 
    member_code VARCHAR COLLATE "C" NOT NULL, 
    valid_from DATE, 
    valid_to DATE, 
    weight DOUBLE PRECISION NOT NULL, 
    source VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (location_id, member_code)
);

COMMENT ON TABLE mart.location_member IS 'What a site is composed of: an official area or a register number, with its weight.';

COMMENT ON COLUMN mart.location_member.location_id IS 'The site.';

COMMENT ON COLUMN mart.location_member.member_code IS 'Code of the area or register number that belongs to it.';

COMMENT ON COLUMN mart.location_member.valid_from IS 'First day on which the member counts.';

COMMENT ON COLUMN mart.location_member.valid_to IS 'First day on which it no longer counts.';

COMMENT ON COLUMN mart.location_member.weight IS 'Share of the member that lies in the site, 0 to 1.';

COMMENT ON COLUMN mart.location_member.source IS 'Why this is known.';

CREATE TABLE mart.location_outline (
    location_id VARCHAR COLLATE "C" NOT NULL, 
    edition VARCHAR COLLATE "C" NOT NULL, 
    geojson VARCHAR COLLATE "C" NOT NULL, 
    area_ha DOUBLE PRECISION NOT NULL, 
    release_id VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (location_id, edition)
);

COMMENT ON TABLE mart.location_outline IS 'Outline of a location in one year, RD metres (EPSG:28992).';

COMMENT ON COLUMN mart.location_outline.location_id IS 'The location.';

COMMENT ON COLUMN mart.location_outline.edition IS 'Year in which it is cut.';

COMMENT ON COLUMN mart.location_outline.geojson IS 'GeoJSON geometry in EPSG:28992.';

COMMENT ON COLUMN mart.location_outline.area_ha IS 'Area enclosed, hectares.';

COMMENT ON COLUMN mart.location_outline.release_id IS 'The release that says so.';

CREATE TABLE mart.location_set (
    location_set_id VARCHAR COLLATE "C" NOT NULL, 
    document_id VARCHAR COLLATE "C" NOT NULL, 
    section VARCHAR COLLATE "C" NOT NULL, 
    name VARCHAR COLLATE "C" NOT NULL, 
    declared_count BIGINT, 
    found_count BIGINT NOT NULL, 
    members VARCHAR COLLATE "C" NOT NULL, 
    quote_start BIGINT NOT NULL, 
    quote_end BIGINT NOT NULL, 
    PRIMARY KEY (location_set_id)
);

COMMENT ON TABLE mart.location_set IS 'A set of locations that a text counts and lists: what it says, and what was found.';

COMMENT ON COLUMN mart.location_set.location_set_id IS 'Made from document and position.';

COMMENT ON COLUMN mart.location_set.document_id IS 'The document.';

COMMENT ON COLUMN mart.location_set.section IS 'Section in which it stands.';

COMMENT ON COLUMN mart.location_set.name IS 'How the text calls them, with the area it names.';

COMMENT ON COLUMN mart.location_set.declared_count IS 'How many it says there are; null for `a few`.';

COMMENT ON COLUMN mart.location_set.found_count IS 'How many different locations are listed with it.';

COMMENT ON COLUMN mart.location_set.members IS 'Those locations, parted by `; `.';

COMMENT ON COLUMN mart.location_set.quote_start IS 'Where the sentence begins.';

COMMENT ON COLUMN mart.location_set.quote_end IS 'Where it ends.';

CREATE TABLE mart.milestone (
    milestone_id VARCHAR COLLATE "C" NOT NULL, 
    document_id VARCHAR COLLATE "C" NOT NULL, 
    performance_code VARCHAR COLLATE "C", 
    title VARCHAR COLLATE "C" NOT NULL, 
    due VARCHAR COLLATE "C", 
    due_year INTEGER, 
    status VARCHAR COLLATE "C" NOT NULL, 
    decision VARCHAR COLLATE "C", 
    section VARCHAR COLLATE "C" NOT NULL, 
    quote_start BIGINT NOT NULL, 
    quote_end BIGINT NOT NULL, 
    PRIMARY KEY (milestone_id)
);

COMMENT ON TABLE mart.milestone IS 'One milestone of a performance, as one document gives it.';

COMMENT ON COLUMN mart.milestone.milestone_id IS 'Made from document, performance and words.';

COMMENT ON COLUMN mart.milestone.document_id IS 'The document.';

COMMENT ON COLUMN mart.milestone.performance_code IS 'The performance.';

COMMENT ON COLUMN mart.milestone.title IS 'Words of the milestone.';

COMMENT ON COLUMN mart.milestone.due IS 'When it is due, as written.';

COMMENT ON COLUMN mart.milestone.due_year IS 'Year in which it is due.';

COMMENT ON COLUMN mart.milestone.status IS 'Whether it was met; `unknown` where the document does not say.';

COMMENT ON COLUMN mart.milestone.decision IS 'Decision that it refers to.';

COMMENT ON COLUMN mart.milestone.section IS 'Section in which it stands.';

COMMENT ON COLUMN mart.milestone.quote_start IS 'Where it begins.';

COMMENT ON COLUMN mart.milestone.quote_end IS 'Where it ends.';

CREATE TABLE mart.organisation (
    organisation_id VARCHAR COLLATE "C" NOT NULL, 
    name VARCHAR COLLATE "C" NOT NULL, 
    kind VARCHAR COLLATE "C" NOT NULL, 
    aliases VARCHAR COLLATE "C", 
    location_id VARCHAR COLLATE "C", 
    source VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (organisation_id)
);

COMMENT ON TABLE mart.organisation IS 'An organisation, committee or facility that documents name.';

COMMENT ON COLUMN mart.organisation.organisation_id IS 'Readable id.';

COMMENT ON COLUMN mart.organisation.name IS 'Name to show.';

COMMENT ON COLUMN mart.organisation.kind IS 'What it is.';

COMMENT ON COLUMN mart.organisation.aliases IS 'Other names, parted by `; `.';

COMMENT ON COLUMN mart.organisation.location_id IS 'Site in which it lies, of a facility.';

COMMENT ON COLUMN mart.organisation.source IS 'Who says so: the catalogue''s source, or the document.';

CREATE TABLE mart.performance (
    document_id VARCHAR COLLATE "C" NOT NULL, 
    code VARCHAR COLLATE "C" NOT NULL, 
    performance_id VARCHAR COLLATE "C" NOT NULL, 
    title VARCHAR COLLATE "C" NOT NULL, 
    goal_code VARCHAR COLLATE "C", 
    goal_title VARCHAR COLLATE "C", 
    task_code VARCHAR COLLATE "C", 
    task_title VARCHAR COLLATE "C", 
    actions VARCHAR COLLATE "C", 
    progress VARCHAR COLLATE "C", 
    progress_status VARCHAR COLLATE "C" NOT NULL, 
    finance VARCHAR COLLATE "C", 
    finance_status VARCHAR COLLATE "C" NOT NULL, 
    portfolio_holder VARCHAR COLLATE "C", 
    role VARCHAR COLLATE "C", 
    term VARCHAR COLLATE "C", 
    reserve_relation VARCHAR COLLATE "C", 
    reserve VARCHAR COLLATE "C", 
    websites VARCHAR COLLATE "C", 
    url VARCHAR COLLATE "C", 
    PRIMARY KEY (document_id, code)
);

COMMENT ON TABLE mart.performance IS 'One performance (prestatie) as one document reports it.';

COMMENT ON COLUMN mart.performance.document_id IS 'The document.';

COMMENT ON COLUMN mart.performance.code IS 'Its number there (`5.1.2`), or a slug where it has none.';

COMMENT ON COLUMN mart.performance.performance_id IS 'Our own key, the same through the years although number and title change.';

COMMENT ON COLUMN mart.performance.title IS 'Title as written.';

COMMENT ON COLUMN mart.performance.goal_code IS 'Number of the goal it serves.';

COMMENT ON COLUMN mart.performance.goal_title IS 'Title of that goal, where the document gives it.';

COMMENT ON COLUMN mart.performance.task_code IS 'Number of the core task above the goal.';

COMMENT ON COLUMN mart.performance.task_title IS 'Title of that task, where the document gives it.';

COMMENT ON COLUMN mart.performance.actions IS 'What is to be done.';

COMMENT ON COLUMN mart.performance.progress IS 'What is said of progress.';

COMMENT ON COLUMN mart.performance.progress_status IS 'What that comes to; `unknown` where it is not said in words we know.';

COMMENT ON COLUMN mart.performance.finance IS 'What is said of money.';

COMMENT ON COLUMN mart.performance.finance_status IS 'What that comes to; an empty field is `unknown`.';

COMMENT ON COLUMN mart.performance.portfolio_holder IS 'Who answers for it, as written.';

COMMENT ON COLUMN mart.performance.role IS 'Role of the province, as written.';

COMMENT ON COLUMN mart.performance.term IS 'How long it runs, as written.';

COMMENT ON COLUMN mart.performance.reserve_relation IS 'Whether it draws on a reserve, as written.';

COMMENT ON COLUMN mart.performance.reserve IS 'The reserve that the question names.';

COMMENT ON COLUMN mart.performance.websites IS 'Addresses, parted by blanks; the names as written where there are only names.';

COMMENT ON COLUMN mart.performance.url IS 'Page on which it stands.';

CREATE TABLE mart.performance_field (
    document_id VARCHAR COLLATE "C" NOT NULL, 
    section VARCHAR COLLATE "C" NOT NULL, 
    quote_start BIGINT NOT NULL, 
    performance_code VARCHAR COLLATE "C", 
    label VARCHAR COLLATE "C" NOT NULL, 
    means VARCHAR COLLATE "C", 
    wording VARCHAR COLLATE "C", 
    value VARCHAR COLLATE "C" NOT NULL, 
    quote_end BIGINT NOT NULL, 
    PRIMARY KEY (document_id, section, quote_start)
);

COMMENT ON TABLE mart.performance_field IS 'One labelled field of a performance, as found; what it means rests on the catalogue''s labels.';

COMMENT ON COLUMN mart.performance_field.document_id IS 'The document.';

COMMENT ON COLUMN mart.performance_field.section IS 'Section in which it stands.';

COMMENT ON COLUMN mart.performance_field.quote_start IS 'Where the label begins.';

COMMENT ON COLUMN mart.performance_field.performance_code IS 'The performance.';

COMMENT ON COLUMN mart.performance_field.label IS 'Label as written, without closing colon or question mark.';

COMMENT ON COLUMN mart.performance_field.means IS 'Which field it is; null where nobody has declared the label.';

COMMENT ON COLUMN mart.performance_field.wording IS 'Entry of the catalogue that says so.';

COMMENT ON COLUMN mart.performance_field.value IS 'Value as written; empty where nothing follows.';

COMMENT ON COLUMN mart.performance_field.quote_end IS 'Where the value ends.';

CREATE TABLE mart.performance_name (
    performance_id VARCHAR COLLATE "C" NOT NULL, 
    code VARCHAR COLLATE "C" NOT NULL, 
    title VARCHAR COLLATE "C" NOT NULL, 
    organisation VARCHAR COLLATE "C", 
    first_year INTEGER, 
    last_year INTEGER, 
    documents BIGINT NOT NULL, 
    recognised_by VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (performance_id, code, title)
);

COMMENT ON TABLE mart.performance_name IS 'A number and title under which a performance has been published, and in which years.';

COMMENT ON COLUMN mart.performance_name.performance_id IS 'Our own key.';

COMMENT ON COLUMN mart.performance_name.code IS 'Number, or slug.';

COMMENT ON COLUMN mart.performance_name.title IS 'Title as written.';

COMMENT ON COLUMN mart.performance_name.organisation IS 'Whose performance; null where unknown.';

COMMENT ON COLUMN mart.performance_name.first_year IS 'First year in which it is called so.';

COMMENT ON COLUMN mart.performance_name.last_year IS 'Last year in which it is called so.';

COMMENT ON COLUMN mart.performance_name.documents IS 'Documents that call it so.';

COMMENT ON COLUMN mart.performance_name.recognised_by IS 'Why it is this performance.';

CREATE TABLE mart.performance_succession (
    performance_id VARCHAR COLLATE "C" NOT NULL, 
    former_code VARCHAR COLLATE "C" NOT NULL, 
    code VARCHAR COLLATE "C" NOT NULL, 
    year INTEGER NOT NULL, 
    kind VARCHAR COLLATE "C" NOT NULL, 
    source VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (performance_id, former_code, year)
);

COMMENT ON TABLE mart.performance_succession IS 'A performance that went on under another number, or merged into another: dated, with its source.';

COMMENT ON COLUMN mart.performance_succession.performance_id IS 'The performance that goes on.';

COMMENT ON COLUMN mart.performance_succession.former_code IS 'Number that it had, or that merged into it.';

COMMENT ON COLUMN mart.performance_succession.code IS 'Number it goes on under.';

COMMENT ON COLUMN mart.performance_succession.year IS 'First year of the new number.';

COMMENT ON COLUMN mart.performance_succession.kind IS 'What happened.';

COMMENT ON COLUMN mart.performance_succession.source IS 'Who says so.';

CREATE TABLE mart.person_role (
    person_role_id VARCHAR COLLATE "C" NOT NULL, 
    person VARCHAR COLLATE "C" NOT NULL, 
    role VARCHAR COLLATE "C" NOT NULL, 
    organisation_id VARCHAR COLLATE "C", 
    location_id VARCHAR COLLATE "C", 
    performance_code VARCHAR COLLATE "C", 
    since VARCHAR COLLATE "C", 
    since_precision VARCHAR COLLATE "C", 
    valid_from DATE, 
    document_id VARCHAR COLLATE "C" NOT NULL, 
    section VARCHAR COLLATE "C" NOT NULL, 
    quote_start BIGINT NOT NULL, 
    quote_end BIGINT NOT NULL, 
    confidence DOUBLE PRECISION NOT NULL, 
    PRIMARY KEY (person_role_id)
);

COMMENT ON TABLE mart.person_role IS 'A person in a role, as a published document says it.';

COMMENT ON COLUMN mart.person_role.person_role_id IS 'Made from document, person and role.';

COMMENT ON COLUMN mart.person_role.person IS 'Name as written.';

COMMENT ON COLUMN mart.person_role.role IS 'Role as written, or `portfolio holder`.';

COMMENT ON COLUMN mart.person_role.organisation_id IS 'Organisation in which the role is held.';

COMMENT ON COLUMN mart.person_role.location_id IS 'Location that the role is about.';

COMMENT ON COLUMN mart.person_role.performance_code IS 'Performance that the role is about.';

COMMENT ON COLUMN mart.person_role.since IS 'Since when, as written.';

COMMENT ON COLUMN mart.person_role.since_precision IS 'How precisely that is dated.';

COMMENT ON COLUMN mart.person_role.valid_from IS 'First day that the words allow.';

COMMENT ON COLUMN mart.person_role.document_id IS 'The document.';

COMMENT ON COLUMN mart.person_role.section IS 'Section in which it stands.';

COMMENT ON COLUMN mart.person_role.quote_start IS 'Where it begins.';

COMMENT ON COLUMN mart.person_role.quote_end IS 'Where it ends.';

COMMENT ON COLUMN mart.person_role.confidence IS 'How sure we are, 0 to 1.';

CREATE TABLE mart.publication (
    publication_id VARCHAR COLLATE "C" NOT NULL, 
    published_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
    code_version VARCHAR COLLATE "C" NOT NULL, 
    content_hash VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (publication_id)
);

COMMENT ON TABLE mart.publication IS 'One publication of the warehouse.';

COMMENT ON COLUMN mart.publication.publication_id IS 'Number of the publication, counted from 1.';

COMMENT ON COLUMN mart.publication.published_at IS 'When, UTC.';

COMMENT ON COLUMN mart.publication.code_version IS 'Version of locatiemonitor that made it.';

COMMENT ON COLUMN mart.publication.content_hash IS 'Hash over all mart and core tables, operational ones left out.';

CREATE TABLE mart.quarantine (
    quarantine_id VARCHAR COLLATE "C" NOT NULL, 
    asset VARCHAR COLLATE "C" NOT NULL, 
    release_id VARCHAR COLLATE "C" NOT NULL, 
    reason VARCHAR COLLATE "C" NOT NULL, 
    record VARCHAR COLLATE "C" NOT NULL, 
    PRIMARY KEY (quarantine_id)
);

COMMENT ON TABLE mart.quarantine IS 'A row set aside because it failed a row-level expectation, with the reason; sensitive fields masked.';

COMMENT ON COLUMN mart.quarantine.quarantine_id IS 'Hash of asset, release, reason and record.';

COMMENT ON COLUMN mart.quarantine.asset IS 'The asset it was meant for.';

COMMENT ON COLUMN mart.quarantine.release_id IS 'The release it came from; of a row made from several documents the newest of theirs.';

COMMENT ON COLUMN mart.quarantine.reason IS 'Name of the rule and why it must hold.';

COMMENT ON COLUMN mart.quarantine.record IS 'The row as JSON, sensitive fields masked.';

CREATE TABLE mart.relation (
    relation_id VARCHAR COLLATE "C" NOT NULL, 
    subject_kind VARCHAR COLLATE "C" NOT NULL, 
    subject_id VARCHAR COLLATE "C" NOT NULL, 
    predicate VARCHAR COLLATE "C" NOT NULL, 
    object_kind VARCHAR COLLATE "C" NOT NULL, 
    object_id VARCHAR COLLATE "C" NOT NULL, 
    document_id VARCHAR COLLATE "C" NOT NULL, 
    section VARCHAR COLLATE "C" NOT NULL, 
    quote_start BIGINT NOT NULL, 
    quote_end BIGINT NOT NULL, 
    quote VARCHAR COLLATE "C" NOT NULL, 
    confidence DOUBLE PRECISION NOT NULL, 
    PRIMARY KEY (relation_id)
);

COMMENT ON TABLE mart.relation IS 'One thing that stands in a relation to another, as a document says it.';

COMMENT ON COLUMN mart.relation.relation_id IS 'Made from its parts and its place.';

COMMENT ON COLUMN mart.relation.subject_kind IS 'Kind of the subject.';

COMMENT ON COLUMN mart.relation.subject_id IS 'The subject.';

COMMENT ON COLUMN mart.relation.predicate IS 'The relation.';

COMMENT ON COLUMN mart.relation.object_kind IS 'Kind of the object.';

COMMENT ON COLUMN mart.relation.object_id IS 'The object.';

COMMENT ON COLUMN mart.relation.document_id IS 'The document.';

COMMENT ON COLUMN mart.relation.section IS 'Section in which it stands.';

COMMENT ON COLUMN mart.relation.quote_start IS 'Where it begins.';

COMMENT ON COLUMN mart.relation.quote_end IS 'Where it ends.';

COMMENT ON COLUMN mart.relation.quote IS 'The words.';

COMMENT ON COLUMN mart.relation.confidence IS 'How sure we are, 0 to 1.';

CREATE TABLE mart.source_release (
    release_id VARCHAR COLLATE "C" NOT NULL, 
    source VARCHAR COLLATE "C" NOT NULL, 
    edition VARCHAR COLLATE "C" NOT NULL, 
    identifier VARCHAR COLLATE "C" NOT NULL, 
    url VARCHAR COLLATE "C" NOT NULL, 
    sha256 VARCHAR COLLATE "C" NOT NULL, 
    bytes BIGINT NOT NULL, 
    rows BIGINT, 
    fetched_at TIMESTAMP WITHOUT TIME ZONE NOT NULL, 
    modified_at TIMESTAMP WITHOUT TIME ZONE, 
    licence VARCHAR COLLATE "C" NOT NULL, 
    attribution VARCHAR COLLATE "C" NOT NULL, 
    synthetic BOOLEAN NOT NULL, 
    PRIMARY KEY (release_id)
);

COMMENT ON TABLE mart.source_release IS 'One version of one edition of one source, as archived.';

COMMENT ON COLUMN mart.source_release.release_id IS 'The release.';

COMMENT ON COLUMN mart.source_release.source IS 'Source in the catalogue.';

COMMENT ON COLUMN mart.source_release.edition IS 'Edition of the source.';

COMMENT ON COLUMN mart.source_release.identifier IS 'The publisher''s own id of the table or file.';

COMMENT ON COLUMN mart.source_release.url IS 'Where it was asked.';

COMMENT ON COLUMN mart.source_release.sha256 IS 'Hash over the names and hashes of all parts.';

COMMENT ON COLUMN mart.source_release.bytes IS 'Size of all parts as received, bytes.';

COMMENT ON COLUMN mart.source_release.rows IS 'Rows in the data set.';

COMMENT ON COLUMN mart.source_release.fetched_at IS 'When we fetched it, UTC.';

COMMENT ON COLUMN mart.source_release.modified_at IS 'When the publisher says it was changed, UTC.';

COMMENT ON COLUMN mart.source_release.licence IS 'Licence.';

COMMENT ON COLUMN mart.source_release.attribution IS 'Whom to name.';

COMMENT ON COLUMN mart.source_release.synthetic IS 'True where the data is invented.';

CREATE TABLE mart.source_status (
    source VARCHAR COLLATE "C" NOT NULL, 
    edition VARCHAR COLLATE "C" NOT NULL, 
    state VARCHAR COLLATE "C" NOT NULL, 
    stale BOOLEAN NOT NULL, 
    reason VARCHAR COLLATE "C", 
    release_id VARCHAR COLLATE "C", 
    cadence_days BIGINT NOT NULL, 
    PRIMARY KEY (source, edition)
);

COMMENT ON TABLE mart.source_status IS 'How each edition of each source stands: in use, absent at the publisher, blocked or unreachable.';

COMMENT ON COLUMN mart.source_status.source IS 'Source in the catalogue.';

COMMENT ON COLUMN mart.source_status.edition IS 'Edition; `*` for the source as a whole.';

COMMENT ON COLUMN mart.source_status.state IS 'How it stands.';

COMMENT ON COLUMN mart.source_status.stale IS 'True where the figures shown are older than what the publisher has or may have.';

COMMENT ON COLUMN mart.source_status.reason IS 'Why it is not current, and what to do.';

COMMENT ON COLUMN mart.source_status.release_id IS 'The release whose figures are served.';

COMMENT ON COLUMN mart.source_status.cadence_days IS 'How often a new release is expected, days.';

CREATE TABLE mart.statement (
    statement_id VARCHAR COLLATE "C" NOT NULL, 
    document_id VARCHAR COLLATE "C" NOT NULL, 
    kind VARCHAR COLLATE "C" NOT NULL, 
    speaker VARCHAR COLLATE "C", 
    speaker_role VARCHAR COLLATE "C", 
    text VARCHAR COLLATE "C" NOT NULL, 
    time VARCHAR COLLATE "C", 
    time_precision VARCHAR COLLATE "C" NOT NULL, 
    section VARCHAR COLLATE "C" NOT NULL, 
    quote_start BIGINT NOT NULL, 
    quote_end BIGINT NOT NULL, 
    confidence DOUBLE PRECISION NOT NULL, 
    PRIMARY KEY (statement_id)
);

COMMENT ON TABLE mart.statement IS 'What somebody says in a document: words, speaker, and how precisely it is dated.';

COMMENT ON COLUMN mart.statement.statement_id IS 'Made from document and position.';

COMMENT ON COLUMN mart.statement.document_id IS 'The document.';

COMMENT ON COLUMN mart.statement.kind IS 'Words between quotation marks, or put in the writer''s words.';

COMMENT ON COLUMN mart.statement.speaker IS 'Full name; null where the document leaves it open.';

COMMENT ON COLUMN mart.statement.speaker_role IS 'Role of the speaker, as written.';

COMMENT ON COLUMN mart.statement.text IS 'The words, without their quotation marks.';

COMMENT ON COLUMN mart.statement.time IS 'Time that the words name, as written.';

COMMENT ON COLUMN mart.statement.time_precision IS 'How precisely that is dated.';

COMMENT ON COLUMN mart.statement.section IS 'Section in which it stands.';

COMMENT ON COLUMN mart.statement.quote_start IS 'Where it begins.';

COMMENT ON COLUMN mart.statement.quote_end IS 'Where it ends.';

COMMENT ON COLUMN mart.statement.confidence IS 'How sure we are of the speaker, 0 to 1.';
