"""Other people's engines over an export: what each says is nearest, beside what numpy says.

    engines.py PROGRAM TABLES QUERIES LANCE

PROGRAM is mcdewey, TABLES an export, QUERIES a file with a query a line, LANCE a folder for a database. Queries are
embedded by `mcdewey embed`. The exact order is that of the cosines in 64-bit floats; an engine agrees if its hits, in
its order, have the cosines that the exact order has. That lets passages of one text change places, and nothing else.
"""

import json
import subprocess
import sys

import duckdb
import lancedb
import numpy
import pyarrow.parquet
from qdrant_client import QdrantClient, models

program, tables, queries, lance = sys.argv[1:5]
HITS = 10
# What 32-bit floats, added up in another order, may differ by.
CLOSE = 1e-5

passages = pyarrow.parquet.read_table(f"{tables}/passages.parquet")
facts = {key.decode(): value.decode() for key, value in passages.schema.metadata.items()}
dims = int(facts["mcdewey.dims"])
rows = passages.drop_columns(["vector"]).to_pylist()
vectors = passages["vector"].combine_chunks().flatten().to_numpy().reshape(-1, dims)
assert [row["passage"] for row in rows] == list(range(len(rows))), "passages are numbered by their place"
unit = vectors.astype(numpy.float64)
lengths = numpy.linalg.norm(unit, axis=1)
assert abs(lengths - 1).max() < 1e-3, "vectors have the length 1, but for their rounding"
unit /= lengths[:, None]

with open(queries, encoding="utf-8") as lines:
    queries = [line.strip() for line in lines if line.strip()]
printed = subprocess.run([program, "embed", "--", *queries], capture_output=True, check=True, text=True).stdout
asked = [json.loads(line) for line in printed.splitlines()]
assert [line["text"] for line in asked] == queries
asked = [line["vector"] for line in asked]

# What a reader has chosen: the newest version of the product with the most passages.
names = [row["product"] for row in rows]
product = max(sorted(set(names)), key=names.count)
version = next(row["version"] for row in rows if row["product"] == product and row["newest"])
chosen = numpy.array([row["product"] == product and version in row["versions"] for row in rows])


class DuckDb:
    """Reads the files where they are."""

    name = f"DuckDB {duckdb.__version__}"

    def __init__(self):
        self.database = duckdb.connect()
        for table in ("documents", "chunks", "passages"):
            self.database.execute(f"create view {table} as from '{tables}/{table}.parquet'")

    def ask(self, vector, only):
        where = "where product = $product and list_contains(versions, $version)" if only else ""
        given = {"vector": vector, "hits": HITS} | ({"product": product, "version": version} if only else {})
        return self.database.execute(
            f"select passage from passages {where} order by"
            f" array_cosine_similarity(vector::float[{dims}], $vector::float[{dims}]) desc limit $hits",
            given,
        ).fetchall()

    def places(self):
        """Every passage's chunk in every version that has it, by way of `stored`, with its document."""
        return self.database.execute(
            "select count(*), count(distinct chunk_id) from (select distinct c.chunk_id, d.document from passages p"
            " join chunks c using (stored) join documents d on d.document = c.document)"
        ).fetchone()


class LanceDb:
    """Takes the table as pyarrow reads it."""

    name = f"LanceDB {lancedb.__version__}"

    def __init__(self):
        self.table = lancedb.connect(lance).create_table("passages", data=passages)

    def ask(self, vector, only):
        search = self.table.search(vector).distance_type("cosine").limit(HITS)
        if only:
            search = search.where(f"product = '{product}' and array_has(versions, '{version}')", prefilter=True)
        return [(row["passage"],) for row in search.to_list()]


class Qdrant:
    """Takes vectors with their other columns as payload, in its local mode."""

    name = "Qdrant (local)"

    def __init__(self):
        self.client = QdrantClient(":memory:")
        size = models.VectorParams(size=dims, distance=models.Distance.COSINE)
        self.client.create_collection("passages", vectors_config=size)
        ids = [row["passage"] for row in rows]
        self.client.upload_collection("passages", vectors=vectors, payload=rows, ids=ids)

    def ask(self, vector, only):
        match = {"product": product, "versions": version} if only else {}
        must = [models.FieldCondition(key=key, match=models.MatchValue(value=value)) for key, value in match.items()]
        found = self.client.query_points("passages", query=vector, limit=HITS, query_filter=models.Filter(must=must))
        return [(point.id,) for point in found.points]


failed = False
for engine in (DuckDb(), LanceDb(), Qdrant()):
    agreed = 0
    for query, vector in zip(queries, asked):
        cosines = unit @ (numpy.array(vector) / numpy.linalg.norm(vector))
        for only in (False, True):
            allowed = numpy.flatnonzero(chosen) if only else numpy.arange(len(rows))
            exact = numpy.sort(cosines[allowed])[::-1][:HITS]
            ids = [number for (number,) in engine.ask(vector, only)]
            got = cosines[ids]
            same = len(set(ids)) == len(exact) and set(ids) <= set(allowed.tolist())
            if same and abs(got - exact).max() < CLOSE:
                agreed += 1
            else:
                failed = True
                print(f"export: {engine.name}, “{query}”{' in ' + product if only else ''}: {got} for {exact}")
    print(f"export: {engine.name}: {agreed} of {2 * len(queries)} answers over {len(rows)} passages as numpy has them")
joined, distinct = DuckDb().places()
print(f"export: {joined} rows of chunks by way of their passages, {distinct} ids")
sys.exit(failed or joined != distinct or joined == 0)
