"""From frames to a grid: every figure as a sum of the smallest parts, through levels, sites and
breakdowns.

Frames here:

* `areas`: figures of official areas. `sheet` (what is counted, of when: figures of different sheets
  are never added), `breakdown`, `place`, `value`, `contributors`, `largest`, `second_largest`,
  `minimum`, `percent`, `published`, `known`, `held`, `figure`.
* `sites`: figures that are sums of areas by weights, the same columns and `part` (`value`, `lower` or
  `upper`: the bounds of an estimate are published sums too).
* `members`: `sheet`, `place`, `member`, and the weights `value`, `lower`, `upper`.
* `chain`: `place`, `step`, `above`: the larger areas in which an area lies, nearest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assets.marts.disclosure.certificates import NOTHING
from assets.marts.disclosure.differences import lifted
from assets.marts.disclosure.grid import Areas, Atoms, Grid, Rows, Within
from assets.marts.disclosure.remainders import (
    REST,
    Relation,
    remainders_of,
    rests_of,
    sparse,
)

if TYPE_CHECKING:
    import polars as pl
    from scipy.sparse import csr_array

CELL = ("sheet", "breakdown", "place")
COST = {"site": 40.0, "NL": 60.0, "PV": 40.0, "GM": 10.0, "WK": 3.0}
"""What holding a figure back takes from a reader, by the letters of the place; 1 for the smallest."""


def grid_of(
    areas: pl.DataFrame,
    sites: pl.DataFrame,
    members: pl.DataFrame,
    chain: pl.DataFrame,
    relations: Sequence[Relation],
) -> Grid:
    """The grid of these figures. Its rows are `areas`, then `sites`, each in the order given, and
    then what nobody publishes but anybody can compute.

    Raises ValueError where breakdowns add up to more than the total they are declared to be part of.
    """
    import numpy as np
    import polars as pl

    areas = areas.with_row_index("row").with_columns(pl.col("row").cast(pl.Int64))
    above = (
        areas.select("row", *CELL)
        .join(chain, on="place", how="inner")
        .join(
            areas.select("sheet", "breakdown", above="place", over="row"),
            on=["sheet", "breakdown", "above"],
            how="inner",
        )
        .select("row", "over", "step")
    )
    rests = rests_of(areas, above)
    leaves = areas.join(above.select(row="over").unique(), on="row", how="anti").sort("row")
    count, many = areas.height, areas.height + sites.height
    atoms = pl.concat([leaves.drop("row"), rests.drop("row")], how="diagonal").with_columns(
        atom=pl.int_range(pl.len())
    )
    of = pl.concat([leaves.get_column("row"), rests.get_column("row")])
    entries = pl.DataFrame({"row": of, "atom": atoms.get_column("atom")})
    through = entries.join(above, on="row", how="inner").select(row="over", atom="atom")
    small = entries.filter(pl.col("atom") < leaves.height)
    # What is left of an area is a part of that area, and has a row of its own.
    left = entries.filter(pl.col("atom") >= leaves.height)
    own = left.with_columns(row=pl.int_range(many, many + pl.len(), dtype=pl.Int64))
    by_area = pl.concat([small, left, through])
    sums = sparse(
        pl.concat([by_area, own]).get_column("row").to_numpy(),
        pl.concat([by_area, own]).get_column("atom").to_numpy(),
        None,
        (many + rests.height, atoms.height),
    )
    shares = _shares(areas, sites, members)
    sums = _put(sums, count, shares @ sums[:count])

    listed = pl.concat(
        [
            areas.drop("row").with_columns(part=pl.lit("value")),
            sites,
            rests.drop("row").with_columns(part=pl.lit("value")),
        ],
        how="diagonal",
    )
    names = listed.get_column("breakdown").unique().sort()
    number = {name: at for at, name in enumerate(names)}
    known = [
        (tuple(w for w in whole if w in number), tuple(p for p in parts if p in number))
        for whole, parts in relations
        if all(w in number for w in whole)
    ]
    known = [relation for relation in known if relation[1]]
    remainders, differences = remainders_of(listed, known)
    sums = _stack(sums, differences @ sums)
    listed = pl.concat([listed, remainders], how="diagonal")

    said = listed.get_column("value").to_numpy()
    made = np.asarray(sums @ atoms.get_column("value").to_numpy())
    wrong = np.abs(made - said) > 1e-6 + 1e-9 * np.abs(said)
    lift, room = (column.to_numpy() for column in lifted(atoms))
    return Grid(
        rows=_rows(listed, np.asarray(sums @ lift), wrong, number, chain),
        atoms=_atoms(atoms, lift, room, number, pl.concat([small, own]).get_column("row")),
        areas=_groups(atoms, members, chain),
        sums=sums,
        within=tuple(
            Within(tuple(number[w] for w in whole), tuple(number[p] for p in parts))
            for whole, parts in known
        ),
        breakdowns=len(number),
    )


def _shares(areas: pl.DataFrame, sites: pl.DataFrame, members: pl.DataFrame) -> csr_array:
    """Sites by areas: the weight of each area in each site's figure or bound."""
    import polars as pl

    weights = members.unpivot(
        on=["value", "lower", "upper"],
        index=["sheet", "place", "member"],
        variable_name="part",
        value_name="weight",
    )
    found = (
        sites.select("sheet", "breakdown", "place", "part")
        .with_row_index("line")
        .join(weights, on=["sheet", "place", "part"], how="inner")
        .join(
            areas.select("sheet", "breakdown", member="place", row="row"),
            on=["sheet", "breakdown", "member"],
            how="inner",
        )
        .filter(pl.col("weight") > 0)
    )
    return sparse(
        found.get_column("line").to_numpy(),
        found.get_column("row").to_numpy(),
        found.get_column("weight").to_numpy(),
        (sites.height, areas.height),
    )


def _rows(
    listed: pl.DataFrame, lift: Any, wrong: Any, number: dict[str, int], chain: pl.DataFrame
) -> Rows:
    import numpy as np
    import polars as pl

    above = (
        chain.group_by("place").agg(pl.col("above").sort_by("step"))
        if chain.height
        else pl.DataFrame(schema={"place": pl.String, "above": pl.List(pl.String)})
    )
    bare = listed.select(place=pl.col("place").str.strip_suffix(REST), full="place")
    lies = bare.join(above, on="place", how="left", maintain_order="left")
    deep = max(lies.get_column("above").list.len().fill_null(0).to_list(), default=0)
    columns = [lies.get_column("full"), lies.get_column("place")] + [
        lies.get_column("above").list.get(step, null_on_oob=True) for step in range(deep)
    ]
    codes = pl.concat(columns).unique().drop_nulls().sort()
    numbers = {code: at for at, code in enumerate(codes)}
    inside = np.stack(
        [
            column.replace_strict(numbers, default=-1, return_dtype=pl.Int64).to_numpy()
            for column in columns
        ],
        axis=1,
    )
    letters = listed.select(
        pl.when(pl.col("place").str.contains(r"^[A-Z]{2}"))
        .then(pl.col("place").str.slice(0, 2))
        .otherwise(pl.lit("site"))
        .replace_strict(COST, default=1.0, return_dtype=pl.Float64)
    ).to_series()

    def floats(name: str) -> Any:
        return listed.get_column(name).cast(pl.Float64).fill_null(float("nan")).to_numpy()

    def flags(name: str) -> Any:
        return listed.get_column(name).fill_null(False).to_numpy()

    unaccounted = wrong & flags("published")
    return Rows(
        value=floats("value") + lift,
        contributors=floats("contributors"),
        largest=np.nan_to_num(floats("largest")),
        second=np.nan_to_num(floats("second_largest")),
        minimum=floats("minimum"),
        leads=_leads(listed),
        percent=floats("percent"),
        place=inside[:, 0],
        lies_in=inside,
        breakdown=listed.get_column("breakdown")
        .replace_strict(number, default=-1, return_dtype=pl.Int64)
        .to_numpy(),
        published=flags("published"),
        known=flags("known") & ~unaccounted,
        held=flags("held") | unaccounted,
        cost=letters.to_numpy() * (1.0 + np.log1p(np.abs(floats("value")))),
        figure=listed.get_column("figure").cast(pl.Int64).to_numpy(),
    )


def _leads(listed: pl.DataFrame) -> Any:
    """Whether the largest contributor of a row is the largest of its place and alone of that size."""
    import polars as pl

    place = ["sheet", "place"]
    first = (
        listed.filter(pl.col("part") == "value")
        .sort("value", descending=True, maintain_order=True)
        .unique(place, keep="first", maintain_order=True)
        .filter(pl.col("largest") > pl.col("second_largest") + NOTHING)
        .select(*place, first="largest")
    )
    joined = listed.join(first, on=place, how="left", maintain_order="left")
    same = (pl.col("part") == "value") & (pl.col("largest") > pl.col("first") - NOTHING)
    return joined.select(same.fill_null(False)).to_series().to_numpy()


def _atoms(atoms: pl.DataFrame, lift: Any, room: Any, number: dict[str, int], own: Any) -> Atoms:
    import polars as pl

    return Atoms(
        area=_area(atoms).to_numpy(),
        breakdown=atoms.get_column("breakdown")
        .replace_strict(number, return_dtype=pl.Int64)
        .to_numpy(),
        value=atoms.get_column("value").to_numpy() + lift,
        room=room,
        row=own.to_numpy(),
    )


def _area(atoms: pl.DataFrame) -> pl.Series:
    """Number of the area of each atom: a place in one sheet, in alphabetical order."""
    import polars as pl

    return atoms.select((pl.struct("sheet", "place").rank("dense") - 1).cast(pl.Int64)).to_series()


def _groups(atoms: pl.DataFrame, members: pl.DataFrame, chain: pl.DataFrame) -> Areas:
    import polars as pl

    areas = (
        atoms.select("sheet", "place", area=_area(atoms))
        .unique("area")
        .sort("area")
        .with_columns(bare=pl.col("place").str.strip_suffix(REST))
    )
    upward = pl.concat(
        [
            areas.select("area", "sheet", above="bare"),
            areas.join(chain, left_on="bare", right_on="place").select("area", "sheet", "above"),
        ]
    ).sort("area", "above")

    def group(letters: str) -> pl.Series:
        found = upward.filter(pl.col("above").str.starts_with(letters)).unique(
            "area", keep="first", maintain_order=True
        )
        joined = areas.join(found.drop("sheet"), on="area", how="left", maintain_order="left")
        key = pl.struct("sheet", "above").rank("dense").cast(pl.Int64) - 1
        return joined.select(
            pl.when(pl.col("above").is_not_null()).then(key).otherwise(-1)
        ).to_series()

    inside = (
        upward.join(members, left_on=["sheet", "above"], right_on=["sheet", "member"])
        .select(
            "area",
            said=pl.format("{} {} {} {}", "place", "value", "lower", "upper"),
        )
        .sort("area", "said")
        .group_by("area", maintain_order=True)
        .agg(pl.col("said").str.join("; "))
    )
    signature = areas.join(inside, on="area", how="left", maintain_order="left").select(
        pl.col("said").fill_null("").rank("dense").cast(pl.Int64) - 1
    )
    larger = upward.join(
        areas.select("sheet", above="place", larger="area"), on=["sheet", "above"]
    ).filter(pl.col("above").str.starts_with("GM"), pl.col("larger") != pl.col("area"))
    above = areas.join(
        larger.select("area", "larger"), on="area", how="left", maintain_order="left"
    ).select(pl.col("larger").fill_null(-1))
    return Areas(
        above=above.to_series().to_numpy(),
        municipality=group("GM").to_numpy(),
        province=group("PV").to_numpy(),
        country=areas.select(pl.col("sheet").rank("dense").cast(pl.Int64) - 1)
        .to_series()
        .to_numpy(),
        sites=signature.to_series().to_numpy(),
    )


def _put(sums: csr_array, at: int, lines: csr_array) -> csr_array:
    """`sums` with `lines` in place of the empty lines from `at` on."""
    from scipy.sparse import csr_array, vstack

    return csr_array(vstack([sums[:at], lines, sums[at + lines.shape[0] :]], format="csr"))


def _stack(sums: csr_array, more: csr_array) -> csr_array:
    from scipy.sparse import csr_array, vstack

    return csr_array(vstack([sums, more], format="csr"))
