"""Tables as Parquet parts in one canonical form: the same rows are the same bytes, whoever wrote them."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from sim.runs.disk import DiskFault, disk_faults, whole_file

ROWS_A_PART = 131_072
SCHEMA_METADATA = {"suasion_schema": "1"}
# Tables that wait for a part to be full are put together when there are so many.
MOST_LOOSE = 64


def table_of(columns: Mapping[str, Any]) -> pa.Table:
    """A table from named columns, in the types of our files.

    Floats become float32, months (datetime64) the first day of the month, everything else keeps its type;
    None is a missing value.
    """
    return pa.table({name: file_column(values) for name, values in columns.items()})


def file_column(values: Any) -> "pa.Array[Any]":
    """One column in the type in which files hold it."""
    if isinstance(values, np.ndarray) and values.dtype.kind == "M":
        values = values.astype("datetime64[D]")
    elif isinstance(values, np.ndarray) and values.dtype.kind in "UO":
        values = values.tolist()
    column: pa.Array[Any] = values if isinstance(values, pa.Array) else pa.array(values)
    if pa.types.is_floating(column.type):
        column = column.cast(pa.float32())
    return column


def canonical(table: pa.Table) -> pa.Table:
    """The table with no trace of how it was put together: plain columns without metadata."""
    fields = [pa.field(field.name, plain_type(field.type)) for field in table.schema]
    return table.replace_schema_metadata(None).cast(pa.schema(fields))


def plain_type(of: pa.DataType) -> pa.DataType:
    """The type of the values themselves, without dictionary or 64-bit offsets."""
    if isinstance(of, pa.DictionaryType):
        return plain_type(of.value_type)
    return pa.string() if pa.types.is_large_string(of) or pa.types.is_string_view(of) else of


def part_names(rows: int) -> list[str]:
    """The names of the parts that so many rows fill; no rows still make one part, which carries the columns."""
    return [part_name(number) for number in range(max(1, -(-rows // ROWS_A_PART)))]


def part_name(number: int) -> str:
    """The name of one part."""
    return f"part-{number:05d}.parquet"


def recut(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The rows of tables of any length in parts of 131,072, the last one shorter; no more than a part and a table are held.

    Raises: ValueError where there is no table at all, or one has other columns than the first.
    """
    waiting: list[pa.Table] = []
    rows, parts, loose, schema = 0, 0, 0, None
    for number, table in enumerate(tables):
        left = canonical(table)
        schema = schema or left.schema
        if left.schema != schema:
            raise ValueError(f"table {number} has other columns than the first: {different_columns(schema, left.schema)}")
        while rows + left.num_rows >= ROWS_A_PART:
            part = pa.concat_tables([*waiting, left.slice(0, ROWS_A_PART - rows)])
            left = left.slice(ROWS_A_PART - rows)
            waiting, rows, parts, loose = [], 0, parts + 1, 0
            yield part.combine_chunks()
        if left.num_rows:
            waiting.append(left)
            rows, loose = rows + left.num_rows, loose + 1
        if loose == MOST_LOOSE:
            waiting[-loose:] = [pa.concat_tables(waiting[-loose:]).combine_chunks()]
            loose = 0
    if schema is None:
        raise ValueError("there is no table, and so nothing that tells the columns")
    if rows or not parts:
        yield pa.concat_tables(waiting or [schema.empty_table()]).combine_chunks()


def different_columns(first: pa.Schema, other: pa.Schema) -> str:
    """Which columns two tables do not share, for the writer of a program."""
    one, two = ({(field.name, str(field.type)) for field in schema} for schema in (first, other))
    return ", ".join(f"{name} ({of})" for name, of in sorted(one ^ two)) or "the same ones in another order"


def write_parts(folder: Path, table: pa.Table) -> list[Path]:
    """Write a table as canonical parts and return their paths.

    Rows and columns keep the order they are given in; sorting them is the caller's. Each part is one row group
    of at most 131,072 rows: zstd, floats split by byte, no dictionary, a checksum on every page.

    Raises: DiskFault.
    """
    with disk_faults(folder, "made"):
        folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for number, part in enumerate(recut([table])):
        paths.append(folder / part_name(number))
        with whole_file(paths[-1]) as temporary:
            write_part(temporary, part)
    return paths


def write_part(path: Path, rows: pa.Table) -> None:
    """Write one part as a single row group."""
    floats = [field.name for field in rows.schema if pa.types.is_floating(field.type)]
    with pq.ParquetWriter(
        path,
        rows.schema,
        version="2.6",
        data_page_version="1.0",
        compression="zstd",
        compression_level=3,
        use_dictionary=False,
        column_encoding=dict.fromkeys(floats, "BYTE_STREAM_SPLIT"),
        write_page_checksum=True,
        store_schema=False,
    ) as file:
        file.write_table(rows, row_group_size=ROWS_A_PART)
        file.add_key_value_metadata(SCHEMA_METADATA)


def read_parts(folder: Path) -> pa.Table:
    """Every row of a folder of parts, in order, each page checked against its checksum.

    Raises: DiskFault when a part is missing, cut short or changed.
    """
    return pa.concat_tables(list(checked_parts(folder)))


def checked_parts(folder: Path) -> Iterator[pa.Table]:
    """The parts of a folder one after the other.

    Raises: DiskFault as `read_parts` does.
    """
    found = sorted(folder.glob("part-*.parquet"))
    expected = [folder / name for name in part_names(len(found) * ROWS_A_PART)]
    if found != expected:
        absent = next((path for path in expected if path not in found), folder)
        raise DiskFault(f"{absent} is missing")
    for path in found:
        try:
            yield pq.ParquetFile(path, page_checksum_verification=True).read()
        except (OSError, pa.ArrowException) as error:
            raise DiskFault(f"{path} is damaged: {str(error).splitlines()[0]}") from error
