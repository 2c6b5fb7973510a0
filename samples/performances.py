"""What the sample documents say of their performances: every sentence and every amount is ours.

Facts that are public stand in them (numbers of decisions, names of sites, labels of fields), in
the structure and with the drift of the province's documents of 2016 to 2020. Persons are invented.
"""

from __future__ import annotations

from dataclasses import dataclass

TASKS = {"5": "Regionale economie", "8": "Gebiedsopgaven"}
GOALS = {
    "5.1": "Bedrijven vinden een passende plek",
    "5.2": "Verouderde terreinen krijgen een nieuw begin",
    "8.1": "De luchthaven en haar omgeving",
}
HOLDER = "Verantwoordelijk portefeuillehouder:"
ROLE = "Rol provincie:"
TERM = "Looptijd prestatie:"
MILESTONES = "Mijlpalen:"
RESERVE_2016 = "Relatie met reserve Ecologische Hoofdstructuur/Kwaliteit van Overijssel?"
RESERVE_2018 = "Relatie met reserve Natuurnetwerk Nederland / Kwaliteit van Overijssel?"
RESERVE_PLAIN = "Relatie met reserve Natuurnetwerk Nederland / Kwaliteit van Overijssel:"
WEBSITE = "Project website:"
THOUSANDS = "(bedragen x € 1.000)"
NO_DEVIATION = "Geen afwijking."

Row = tuple[str, ...]


@dataclass(frozen=True)
class Performance:
    """One performance as one document reports it; what is empty has no section."""

    code: str
    title: str
    page: int
    """Number of its page; the second generation has none."""
    intro: tuple[str, ...]
    context: str = ""
    actions: tuple[str, ...] = ()
    progress: tuple[str, ...] = ()
    finance: tuple[str, ...] = ()
    amounts: tuple[Row, ...] = ()
    """A table of thousands of euros: its header, and rows that add up."""
    fields: tuple[tuple[str, str], ...] = ()
    """Label as written -> value; of the second generation below `Status`."""
    figures: tuple[int, int] | None = None
    """Budgeted and realised above the page, of the second generation, in thousands of euros."""


def _basics(reserve: str, *more: tuple[str, str], role: str = "Aanjager.") -> tuple[Row, ...]:
    return (
        (HOLDER, "Sam Voorbeeld."),
        (ROLE, role),
        (TERM, "Structureel."),
        (reserve, "Nee."),
        *more,
    )


def _scores(progress: str, finance: str, change: str) -> tuple[tuple[str, str], ...]:
    return (
        ("Inhoudelijke kleurscore", progress),
        ("Financiële kleurscore", finance),
        ("Begrotingswijziging", change),
    )


TOP = "Gebiedsgerichte ontwikkeling van topwerklocaties"
PARKS = "Ruimte op bedrijventerreinen"
FUND = "Lenen voor herstructurering"

ANNUAL_REPORT_2016 = (
    Performance(
        "5.1.1", PARKS, 16838,
        intro=("Gemeenten maken samen afspraken, zodat er niet te veel en niet te weinig grond "
               "voor bedrijven te koop is.",),
        actions=("Afspraken met de gemeenten vernieuwen.",),
        progress=("Afwijking: in één regio zijn de afspraken een half jaar later getekend dan "
                  "was bedacht.",),
        finance=(NO_DEVIATION,),
        fields=_basics(RESERVE_2016),
    ),
    Performance(
        "5.1.2", TOP, 16844,
        intro=("Sommige werkgevers zoeken een plek die er ver buiten de regio uitspringt. Voor "
               "zulke plekken is een eigen aanpak nodig, met geld voor wegen, grond en gebouwen. "
               "Twente wees er met het bedrijfsleven vier topwerklocaties voor aan: Kennispark "
               "Twente (Enschede), High Systems Park Twente (Hengelo), TecBase Twente (bij de "
               "luchthaven) en XL Businesspark (Almelo).",),
        context="Aan deze prestatie werken wij sinds het advies van de commissie Wientjes. Het "
                "geld voor wegen en grond gaat voortaan naar een paar plekken, waarbij…",
        actions=("Het investeringsvoorstel voor TecBase Twente afwachten (zie prestatie 8.1.5).",),
        progress=(
            "Provinciale Staten hebben het investeringsbesluit TecBase Twente genomen "
            "(PS/2016/486). Ook over XL Businesspark Twente is een besluit gevallen (PS/2016/985). "
            "De Herstructureringsmaatschappij Overijssel is partner in de ontwikkeling van "
            "Kennispark en van het HTSM-park.",
            "Na Twente volgt West-Overijssel. Rond Zwolle en Deventer tekenen zich een paar "
            "mogelijke plekken af. Een daarvan is de AkzoNobel-locatie Deventer: eigenaar, gemeente "
            "en provincie rekenen daar samen een Deventer Open Innovatie Centrum door. "
            "De HMO doet in Deventer mee (zie ook PS/2016/586).",
        ),
        finance=(NO_DEVIATION,),
        fields=_basics(
            RESERVE_2016,
            (MILESTONES, "Besluit over het investeringsvoorstel TecBase Twente (PS/2016/486)"),
            role="Regisseur, en waar nodig investeerder.",
        ),
    ),
    Performance(
        "5.2.3", FUND, 16871,
        intro=("Eigenaren van verouderde panden kunnen bij de provincie geld lenen.",),
        actions=("Leningen verstrekken.", "Verslag doen van wat is terugbetaald."),
        progress=("De leningen lopen zoals was gepland.",),
        finance=(NO_DEVIATION,),
        amounts=(
            ("Omschrijving", "Begroot", "Gerealiseerd", "Ruimte"),
            ("Lasten", "2.400", "2.150", "250"),
            ("Baten", "600", "600", "0"),
        ),
        fields=_basics(RESERVE_2016),
    ),
    Performance(
        "8.1.5", "TecBase Twente", 16902,
        intro=("Hier zijn de vroegere prestaties 9.0.2 en 9.0.9 samengevoegd. Aera Development "
               "Twente geeft de grond rond de luchthaven uit.",),
        actions=("Een investeringsvoorstel voor TecBase Twente maken.",),
        progress=("Het investeringsvoorstel voor TecBase Twente is vastgesteld (PS/2016/486).",),
        finance=(NO_DEVIATION,),
        fields=_basics(RESERVE_2016, role="Mede-eigenaar van de grond."),
    ),
)  # fmt: skip

MONITOR_2017 = (
    Performance(
        "5.1.1", PARKS, 17989,
        intro=("Afspraken tussen gemeenten houden vraag en aanbod van bedrijfsgrond bij elkaar.",),
        actions=("Afspraken met de gemeenten vernieuwen.",),
        progress=("Alle regio's hebben getekend.",),
        finance=("Afwijking: er is € 0,2 miljoen minder uitgegeven dan de begrote € 1,1 "
                 "miljoen.",),
        fields=_basics(RESERVE_2016 + ":"),
    ),
    Performance(
        "5.1.2", TOP, 17995,
        intro=("Op vier topwerklocaties in Twente werken overheid en ondernemers samen: Kennispark "
               "Twente (Enschede), High Systems Park Twente (Hengelo), TecBase Twente (bij de "
               "luchthaven) en XL Businesspark (Almelo). Voor (potentiƫle) vestigers is er één "
               "loket.",),
        context="Deze prestatie is vorig jaar begonnen. Het komende jaar gaat het vooral om…",
        actions=("Per plek vastleggen wie wat betaalt.",
                 "In West-Overijssel kiezen welke plekken meedoen."),
        progress=("Voor TecBase Twente is de uitvoering begonnen (PS/2016/486). Op XL Businesspark "
                  "Twente wordt grond bouwrijp gemaakt.",),
        finance=(NO_DEVIATION,),
        fields=_basics(
            RESERVE_2016 + ":",
            (WEBSITE, "https://topwerklocaties.example/"),
            (MILESTONES, "Keuze van plekken in West-Overijssel, vierde kwartaal 2017"),
            role="Regisseur en investeerder, en deelnemer in de verbonden partij Openbaar lichaam "
                 "Regionaal Bedrijventerrein Twente.",
        ),
    ),
    Performance(
        "8.1.5", "TecBase Twente", 18040,
        intro=("Aera Development Twente verkoopt kavels rond de luchthaven, samen met de gemeente "
               "Enschede.",),
        actions=("Hallen geschikt maken voor proeven.",),
        progress=("De eerste hal van TecBase Twente is verhuurd.",),
        finance=(NO_DEVIATION,),
        fields=_basics(RESERVE_2016 + ":", role="Mede-eigenaar van de grond."),
    ),
)  # fmt: skip

BUDGET_2018 = (
    Performance(
        "5.1.1", PARKS, 18959,
        intro=("Gemeenten stemmen hun plannen voor bedrijfsgrond op elkaar af. Voor Hessenpoort en "
               "Bedrijvenpark A1 samen houden wij € 1,5 miljoen beschikbaar.",),
        actions=("Toezien op de afspraken.",),
        fields=_basics(RESERVE_2018),
    ),
    Performance(
        "5.1.2", TOP, 18965,
        intro=("Wij gaan verder met vier topwerklocaties in Twente: Kennispark Twente, High "
               "Tech Systemspark, TecBase Twente en XL Businesspark Twente.",),
        context="In 2018 komt West-Overijssel erbij. Daarover beslissen Provinciale Staten apart.",
        actions=("Een voorstel over West-Overijssel aan Provinciale Staten voorleggen.",
                 "De vier plekken in Twente samen onder de aandacht brengen."),
        fields=_basics(
            RESERVE_2018,
            (MILESTONES, "Statenvoorstel (Top)werklocaties, 2018"),
            role="Regisseur en investeerder.",
        ),
    ),
    Performance(
        "5.2.3", FUND, 18990,
        intro=("Eigenaren van verouderde panden kunnen ook in 2018 lenen.",),
        actions=("Leningen verstrekken.",),
        amounts=(("Omschrijving", "Begroot"), ("Lasten", "2.500"), ("Baten", "650")),
        fields=_basics(RESERVE_2018),
    ),
    Performance(
        "8.1.5", "TecBase Twente", 19021,
        intro=("Rond de luchthaven komt ruimte voor bedrijven die iets willen beproeven. Area "
               "Development Twente geeft de grond uit.",),
        actions=("Wegen en leidingen aanleggen.",),
        fields=_basics(RESERVE_2018, role="Mede-eigenaar van de grond."),
    ),
)  # fmt: skip

ANNUAL_REPORT_2017 = (
    Performance(
        "5.1.1", PARKS, 20947,
        intro=("Gemeenten stemmen hun plannen voor bedrijfsgrond op elkaar af.",),
        actions=("Toezien op de afspraken.",),
        progress=("De afspraken worden nagekomen.",),
        finance=(NO_DEVIATION,),
        fields=_basics(RESERVE_PLAIN),
    ),
    Performance(
        "5.1.2", TOP, 20953,
        intro=("Naast de plekken in Twente telt nu ook West-Overijssel mee.",),
        context="Voor West-Overijssel is in 2017 een keuze gemaakt.",
        actions=("De gekozen plekken in West-Overijssel op gang helpen.",),
        progress=(
            "Provinciale Staten hebben voor West-Overijssel vijf topwerklocaties aangewezen "
            "(PS/2017/798): Hessenpoort (Zwolle), Polymer Science Park (Zwolle), Bedrijvenpark A1 "
            "(Deventer), Deventer Open Innovatie Center en het Tapijtcluster Genemuiden/Hasselt "
            "(Zwartewaterland).",
            "In Twente heet TecBase Twente voortaan Technology Base Twente. Daar zijn drie "
            "bedrijven bij gekomen.",
        ),
        finance=(NO_DEVIATION,),
        fields=_basics(
            RESERVE_PLAIN,
            (MILESTONES, "Aanwijzing topwerklocaties West-Overijssel (PS/2017/798)"),
            role="Regisseur en investeerder.",
        ),
    ),
    Performance(
        "5.2.3", FUND, 20978,
        intro=("Er is weer geld geleend aan eigenaren van verouderde panden.",),
        actions=("Leningen verstrekken.",),
        progress=("Afwijking: twee aanvragen zijn ingetrokken.",),
        finance=("Er is minder uitgeleend dan begroot.",),
        amounts=(
            ("Omschrijving", "Begroot", "Gerealiseerd", "Ruimte"),
            ("Lasten", "2.500", "1.830", "670"),
            ("Baten", "650", "655", "-5"),
        ),
        fields=_basics(RESERVE_PLAIN),
    ),
    Performance(
        "8.1.5", "TecBase Twente", 21010,
        intro=("Area Development Twente heeft in 2017 twee kavels verkocht.",),
        actions=("Wegen en leidingen aanleggen.",),
        progress=("De hoofdweg van TecBase Twente ligt er.",),
        finance=(NO_DEVIATION,),
        fields=_basics(RESERVE_PLAIN, role="Mede-eigenaar van de grond."),
    ),
)  # fmt: skip

ANNUAL_REPORT_2019 = (
    Performance(
        "5.1.1", PARKS, 29146,
        intro=("Gemeenten stemmen hun plannen voor bedrijfsgrond op elkaar af.",),
        actions=("De afspraken voor vier jaar verlengen.",),
        progress=("De verlenging is getekend.",),
        finance=(NO_DEVIATION,),
        fields=_basics(RESERVE_PLAIN),
    ),
    Performance(
        "5.1.2", TOP, 29152,
        intro=("In West-Overijssel werken wij aan vijf topwerklocaties: Hessenpoort, Polymer "
               "Science Park, Bedrijvenpark A1, S/park en het Tapijtcluster Genemuiden/Hasselt.",),
        context="De Regio Deal Twente geeft de plekken in Twente een tweede zet.",
        actions=("Voor S/park een programma voor jonge bedrijven opzetten.",),
        progress=("Op het vroegere terrein van AkzoNobel in Deventer is S/park geopend. "
                  "Technology Base Twente heeft er een proefhal bij.",),
        finance=(NO_DEVIATION,),
        fields=_basics(RESERVE_PLAIN, role="Regisseur en investeerder."),
    ),
    Performance(
        "8.1.5", "Technology Base Twente", 29201,
        intro=("Area Development Twente geeft rond de luchthaven grond uit.",),
        actions=("Kavels verkopen.",),
        progress=("Van Technology Base Twente is de helft uitgegeven.",),
        finance=(NO_DEVIATION,),
        fields=_basics(RESERVE_PLAIN, role="Mede-eigenaar van de grond."),
    ),
)  # fmt: skip

MONITOR_2020 = (
    Performance(
        "5.1.1", PARKS, 0,
        intro=("Gemeenten stemmen hun plannen voor bedrijfsgrond op elkaar af.",),
        actions=("Een nieuwe raming van de vraag laten maken.",),
        progress=("De raming is later klaar, omdat gesprekken met bedrijven zijn uitgesteld.",),
        fields=_scores("O", "G", "Geen"),
        figures=(1_240, 980),
    ),
    Performance(
        "5.1.2", TOP, 0,
        intro=("De provincie helpt haar topwerklocaties op weg.",),
        actions=("Per plek een jaarplan vaststellen.",
                 "Ondernemers die willen verhuizen de weg wijzen."),
        progress=("Kennispark en S/park hebben hun jaarplan vastgesteld. Voor Hessenpoort is een "
                  "plan voor duurzame energie gemaakt.",),
        fields=_scores("G", "G", "Geen"),
        figures=(6_310, 6_025),
    ),
    Performance(
        "5.2.3", FUND, 0,
        intro=("Eigenaren van verouderde panden kunnen bij de provincie lenen.",),
        actions=("Leningen verstrekken.",),
        progress=("Er zijn minder aanvragen gekomen dan verwacht.",),
        amounts=(
            ("Omschrijving", "Begroot", "Gerealiseerd", "Ruimte"),
            ("Lasten", "2.600", "1.450", "1.150"),
            ("Baten", "700", "700", "0"),
        ),
        fields=_scores("G", "R", "PS Begrotingswijziging"),
        figures=(2_600, 1_450),
    ),
    Performance(
        "8.1.5", "Technology Base Twente", 0,
        intro=("Rond de luchthaven beproeven bedrijven nieuwe toepassingen.",),
        actions=("Kavels verkopen.",),
        progress=("Op Technology Base Twente is een kavel voor drones verkocht.",),
        fields=_scores("G", "G", "GS Begrotingswijziging"),
        figures=(3_115, 2_990),
    ),
)  # fmt: skip
