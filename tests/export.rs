//! An export: what the tables hold beside what a build of the same library says, read by the reader of another house.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail as the test does")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use mcdewey_embed::Encoder;
use mcdewey_tests::{FAILED, INCOMPLETE, Library, OK, Run, files_below, root, run};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use serde_json::Value;

/// A row: values by column.
type Row = BTreeMap<String, Field>;

fn export(library: &Path, out: &Path, more: &[&str]) -> Run {
    let mut arguments = vec!["export".as_ref(), library.as_os_str(), "--out".as_ref(), out.as_os_str()];
    arguments.extend(more.iter().map(AsRef::<std::ffi::OsStr>::as_ref));
    run(arguments).speaks_to_people()
}

fn rows(out: &Path, table: &str) -> Vec<Row> {
    let reader = SerializedFileReader::new(File::open(out.join(table)).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap().into_columns().into_iter().collect()).collect()
}

#[track_caller]
fn text<'a>(row: &'a Row, column: &str) -> &'a str {
    match &row[column] {
        Field::Str(text) => text,
        other => panic!("{column} holds {other}"),
    }
}

#[track_caller]
fn number(row: &Row, column: &str) -> usize {
    match row[column] {
        Field::Int(number) => usize::try_from(number).unwrap(),
        ref other => panic!("{column} holds {other}"),
    }
}

#[track_caller]
fn list<'a>(row: &'a Row, column: &str) -> &'a [Field] {
    match &row[column] {
        Field::ListInternal(list) => list.elements(),
        other => panic!("{column} holds {other}"),
    }
}

fn vector(row: &Row) -> Vec<f32> {
    let component = |field: &Field| match field {
        Field::Float(component) => *component,
        other => panic!("a component is {other}"),
    };
    list(row, "vector").iter().map(component).collect()
}

/// Three versions of a guide that share sections, a paged manual, and a page without a version.
fn library() -> Library {
    let section = |name: &str, word: &str| {
        format!("## {name}\n\n{}\n", format!("The {word} is cleaned with a dry cloth every week. ").repeat(5))
    };
    let guide = |parts: &[(&str, &str)]| {
        let parts: String = parts.iter().map(|(name, word)| section(name, word)).collect();
        format!("# Guide\n\n{parts}")
    };
    Library::new()
        .file("acme/pump/v1/guide.md", guide(&[("Rotor", "rotor"), ("Seal", "seal")]))
        .file("acme/pump/v2/guide.md", guide(&[("Rotor", "rotor"), ("Seal", "gasket")]))
        .file("acme/pump/v10/guide.md", guide(&[("Belt", "belt"), ("Rotor", "rotor")]))
        .file(
            "acme/fan/v1/book.md",
            "<!-- page 1 label=i -->\n# Book\n\nThe fan turns.\n\n<!-- page 2 label=1 -->\n\nThe fan stops.\n",
        )
}

#[test]
fn the_tables_say_what_the_build_says() {
    let library = root().join("static/library");
    let folder = tempfile::tempdir().unwrap();
    let (out, site) = (folder.path().join("tables"), folder.path().join("site"));
    let exported = export(&library, &out, &["--json", "--strict"]).ends_with(OK).json();
    let built =
        run(["build".as_ref(), library.as_os_str(), "--out".as_ref(), site.as_os_str(), "--json".as_ref()]);
    let built = built.ends_with(OK).json();
    let tables = ["documents", "chunks", "passages"];
    for (at, table) in tables.into_iter().enumerate() {
        let file = format!("{table}.parquet");
        let rows = rows(&out, &file);
        assert_eq!(Value::from(rows.len()), built[table], "{table}");
        let facts = &exported["tables"][at];
        assert_eq!((&facts["file"], &facts["rows"]), (&Value::from(file.as_str()), &built[table]));
        assert_eq!(facts["bytes"], fs::metadata(out.join(&file)).unwrap().len());
    }
    assert_eq!(exported["reports"], built["reports"]);
    let manifest: Value = serde_json::from_slice(&fs::read(out.join("export.json")).unwrap()).unwrap();
    assert_eq!(manifest["tables"], exported["tables"]);
    assert_eq!(manifest["encoder"]["dims"], 384);
}

#[test]
fn rows_lead_to_each_other_and_to_the_text() {
    let library = library();
    let out = library.outside().join("tables");
    export(&library.path(), &out, &[]).ends_with(OK);
    let [documents, chunks, passages] =
        ["documents", "chunks", "passages"].map(|table| rows(&out, &format!("{table}.parquet")));
    let sources: Vec<&str> = documents.iter().map(|row| text(row, "document")).collect();
    let expected =
        ["acme/fan/v1/book.md", "acme/pump/v10/guide.md", "acme/pump/v2/guide.md", "acme/pump/v1/guide.md"];
    assert_eq!(sources, expected, "products by name, versions newest first");
    assert_eq!(documents.iter().filter(|row| row["newest"] == Field::Bool(true)).count(), 2);

    let by_id: BTreeMap<&str, &Row> = chunks.iter().map(|row| (text(row, "chunk_id"), row)).collect();
    assert_eq!(by_id.len(), chunks.len(), "a row for each id");
    for document in &documents {
        let own = chunks.iter().filter(|row| row["document"] == document["document"]);
        assert_eq!(own.count(), number(document, "chunks"));
    }
    for (at, passage) in passages.iter().enumerate() {
        assert_eq!(number(passage, "passage"), at);
        let chunk = by_id[text(passage, "chunk_id")];
        for column in [
            "stored", "document", "vendor", "product", "version", "newest", "page", "url", "title",
            "headings",
        ] {
            assert_eq!(passage[column], chunk[column], "{column} of passage {at}");
        }
        let (start, end) = (number(passage, "text_start"), number(passage, "text_end"));
        assert_eq!(&text(chunk, "text")[start..end], text(passage, "text"));
        let same = chunks.iter().filter(|row| row["stored"] == passage["stored"]);
        let versions: Vec<&Field> = same.map(|row| &row["version"]).collect();
        assert_eq!(list(passage, "versions").iter().collect::<Vec<_>>(), versions);
    }
    let rotor = passages.iter().find(|row| text(row, "title") == "Rotor").unwrap();
    assert_eq!(list(rotor, "versions").len(), 3, "what versions share is there once");
    let last = chunks.iter().find(|row| row["page"] == Field::Int(2)).unwrap();
    assert_eq!((text(last, "page_label"), text(last, "url")), ("1", "acme/fan/v1/book/#page-2"));
    let unversioned = Library::new().file("notes/a.md", "# A\n\nSome words.\n");
    let out = unversioned.outside().join("tables");
    export(&unversioned.path(), &out, &[]).ends_with(OK);
    let note = &rows(&out, "passages.parquet")[0];
    assert_eq!((&note["version"], list(note, "versions").len()), (&Field::Null, 0));
}

#[test]
fn vectors_are_the_encoders_and_so_is_what_embed_prints() {
    let library = library();
    let out = library.outside().join("tables");
    export(&library.path(), &out, &[]).ends_with(OK);
    let file = root().join("static/model/all-minilm-l6-v2.mcd");
    let encoder = Encoder::from_bytes("encoder", &fs::read(file).unwrap()).unwrap();
    let passages = rows(&out, "passages.parquet");
    assert!(passages.len() >= 6, "{} passages", passages.len());
    for passage in &passages {
        let expected = encoder.embed(text(passage, "embedded")).unwrap();
        let got = vector(passage);
        assert_eq!(got.len(), expected.len());
        // Half precision keeps 11 bits of a component.
        let close = |(a, b): (&f32, &f32)| (a - b).abs() <= b.abs() / 2048.0 + 1e-7;
        assert!(got.iter().zip(&expected).all(close), "{}", text(passage, "embedded"));
    }
    let queries = ["how do I clean the rotor", ""];
    let printed = run(["embed", queries[0], queries[1]]).ends_with(OK).speaks_to_people();
    let lines: Vec<Value> = printed.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    for (line, query) in lines.iter().zip(queries) {
        let got: Vec<f32> = serde_json::from_value(line["vector"].clone()).unwrap();
        assert_eq!((line["text"].as_str(), got), (Some(query), encoder.embed(query).unwrap()));
    }
}

#[test]
fn threads_and_caches_change_nothing() {
    let library = library();
    let out = |name: &str| library.outside().join(name);
    export(&library.path(), &out("one"), &["--jobs", "1", "--no-cache"]).ends_with(OK);
    // One of its own: while another test has the common one open, an export does without.
    let cache = out("cache");
    let cached = ["--json", "--jobs", "2", "--cache", cache.to_str().unwrap()];
    let first = export(&library.path(), &out("two"), &cached).ends_with(OK).json();
    assert_ne!(first["embedded"], 0, "nothing is there yet");
    let again = export(&library.path(), &out("two"), &cached).ends_with(OK).json();
    assert_eq!(again["embedded"], 0, "the cache has all of it");
    assert!(files_below(&out("one")) == files_below(&out("two")), "same library, same bytes");
    assert_eq!(files_below(&out("one")).len(), 4);
}

#[test]
fn chunks_have_the_ids_of_the_site_that_is_named() {
    let library = library();
    let path = "acme/pump/v1/guide.md";
    let site = library.build(&[]).ok();
    let guide = fs::read_to_string(library.path().join(path)).unwrap();
    let front =
        format!("# Guide\n\n## Lid\n\n{}\n", "The lid is opened by hand and closed by foot. ".repeat(6));
    library.write(path, guide.replacen("# Guide\n", &front, 1));
    let out = library.outside().join("tables");
    let ids = |more: &[&str]| -> BTreeMap<String, String> {
        export(&library.path(), &out, more).ends_with(OK);
        let chunks = rows(&out, "chunks.parquet");
        let own = chunks.iter().filter(|row| text(row, "document") == path);
        own.map(|row| (text(row, "title").to_owned(), text(row, "chunk_id").to_owned())).collect()
    };
    let anew = ids(&[]);
    assert!(anew["Rotor"].ends_with("::1") && anew["Seal"].ends_with("::2"), "{anew:?}");
    let kept = ids(&["--site", site.path.to_str().unwrap()]);
    assert!(kept["Rotor"].ends_with("::0") && kept["Seal"].ends_with("::1"), "{kept:?}");
    let of_build: BTreeSet<String> = ["Rotor", "Seal", "Lid"].map(|title| kept[title].clone()).into();
    let rebuilt = library.build(&[]).ok();
    let found = ["rotor", "seal", "lid"].map(|word| {
        rebuilt
            .search(word, &["--mode", "keyword", "--document", path, "--version", "v1", "--limit", "1"])
            .chunk_ids()
            .remove(0)
    });
    assert_eq!(BTreeSet::from(found), of_build, "the ids that the next build gives");
}

#[test]
fn what_cannot_be_exported_is_said_and_nothing_is_touched() {
    let library = library();
    let site = library.build(&[]).ok().path;
    let out = library.outside().join("tables");
    let is_site = export(&site, &out, &[]).ends_with(FAILED);
    is_site.says(&["is a built site", "expected the library", "--site"]);
    let named = |path: PathBuf| path.to_str().unwrap().to_owned();
    let nothing = named(library.outside().join("nowhere"));
    export(&library.path(), &out, &["--site", &nothing]).ends_with(FAILED).says(&["nowhere is not a site"]);
    let registry = fs::read_dir(site.join("index")).unwrap().map(|entry| entry.unwrap().path());
    let registry = registry.into_iter().find(|path| named(path.clone()).contains("registry-")).unwrap();
    let whole = fs::read(&registry).unwrap();
    fs::write(&registry, &whole[..whole.len() / 2]).unwrap();
    export(&library.path(), &out, &["--site", &named(site)])
        .ends_with(FAILED)
        .says(&["registry-", "expected"]);

    let empty = Library::new().file("notes.docx", "x");
    export(&empty.path(), &out, &[]).ends_with(FAILED).says(&["holds no document", "expected Markdown"]);
    let other = library.outside().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("passages.parquet"), "years of work").unwrap();
    export(&library.path(), &other, &[]).ends_with(FAILED).says(&["something else than an export", "--out"]);
    assert_eq!(fs::read(other.join("passages.parquet")).unwrap(), b"years of work");
    library.write("acme/pump/v2/broken.pdf", "%PDF");
    export(&library.path(), &out, &["--strict"]).ends_with(INCOMPLETE).says(&["lost", "broken.pdf"]);
    assert!(out.join("passages.parquet").is_file(), "the rest is exported");
    for (path, _) in files_below(library.outside()) {
        assert!(!path.contains(".part") && !path.contains(".pictures"), "{path} was left behind");
    }
}

#[test]
fn the_manual_names_every_column_in_its_place() {
    let manual = fs::read_to_string(root().join("static/library/mcdewey/v0.1/export.md")).unwrap();
    let library = library();
    let out = library.outside().join("tables");
    export(&library.path(), &out, &[]).ends_with(OK);
    for (table, heading) in [("documents", "Documents"), ("chunks", "Chunks"), ("passages", "Passages")] {
        let file = File::open(out.join(format!("{table}.parquet"))).unwrap();
        let reader = SerializedFileReader::new(file).unwrap();
        let columns = reader.metadata().file_metadata().schema().get_fields();
        let columns: Vec<&str> = columns.iter().map(|column| column.name()).collect();
        let part = manual.split("\n### ").find(|part| part.starts_with(heading)).unwrap();
        let cells =
            part.lines().filter(|line| line.starts_with("| `")).map(|line| line.split('|').nth(1).unwrap());
        let named: Vec<&str> = cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect();
        assert_eq!(named, columns, "{table}");
    }
}
