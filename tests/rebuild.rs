//! A library that is edited and built again: ids keep their meaning, old links lead on, and few files change.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail as the test does")]

use std::fmt::Write as _;

use mcdewey_tests::{Library, Site};

/// A section long enough to be a chunk of its own.
fn section(heading: &str, word: &str) -> String {
    let sentence = format!("The {word} is looked at once a week and cleaned with a dry cloth. ");
    format!("## {heading}\n\n{}\n\n", sentence.repeat(5))
}

fn guide(sections: &[(&str, &str)]) -> String {
    let sections: String = sections.iter().map(|(heading, word)| section(heading, word)).collect();
    format!("# Guide\n\n{sections}")
}

/// The id of the first hit.
#[track_caller]
fn first_id(site: &Site, query: &str) -> String {
    let found = site.search(query, &["--mode", "keyword"]).chunk_ids();
    found.first().unwrap_or_else(|| panic!("{query} is found")).clone()
}

fn text(site: &Site, path: &str) -> String {
    std::fs::read_to_string(site.path.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn ids_survive_edits_and_links_lead_on() {
    let path = "acme/pump/v1/guide.md";
    let library =
        Library::new().file(path, guide(&[("Rotor", "rotor"), ("Gasket", "gasket"), ("Seal", "seal")]));
    let site = library.build(&[]).ok();
    let [rotor, gasket, seal] = ["rotor", "gasket", "seal"].map(|word| first_id(&site, word));

    // One in front, one edited, one renamed.
    let edited =
        [("Belt", "belt"), ("Rotor", "rotor"), ("Gasket", "gasket and its gland"), ("Seals", "seal")];
    library.write(path, guide(&edited));
    let site = library.build(&[]).ok();
    for (word, id) in [("rotor", &rotor), ("gasket", &gasket), ("seal", &seal)] {
        assert_eq!(first_id(&site, word), *id);
    }
    let belt = first_id(&site, "belt");
    assert!(![&rotor, &gasket, &seal].contains(&&belt), "a new chunk has a new id");
    let page = text(&site, "acme/pump/v1/guide/index.html");
    assert!(page.contains(r#"class="moved" id="seal""#) && page.contains(r##"href="#seals""##), "{page}");

    // Under another name: the ids go with it, and the old address says where.
    std::fs::rename(library.path().join(path), library.path().join("acme/pump/v1/handbook.md")).unwrap();
    let site = library.build(&[]).ok();
    assert_eq!(first_id(&site, "rotor"), rotor.replace("guide", "handbook"));
    let page = text(&site, "acme/pump/v1/guide/index.html");
    assert!(page.contains("This manual has moved") && page.contains("acme/pump/v1/handbook/"), "{page}");

    let machine = text(&site, "acme/pump/v1/handbook/index.md");
    assert!(machine.contains("## Rotor"), "{machine}");

    // A copy of the site serves as well as the site itself; without one, ids are places again.
    let other = library.build_into("other", &["--previous", &site.path.display().to_string()]).ok();
    assert_eq!(first_id(&other, "rotor"), rotor.replace("guide", "handbook"));
    assert!(other.tree() == site.tree(), "nothing changed, so nothing changes");
    let fresh = library.build(&["--fresh"]).ok();
    assert!(first_id(&fresh, "belt") < first_id(&fresh, "rotor"));
    assert!(!fresh.path.join("acme/pump/v1/guide/index.html").exists());
}

#[test]
fn a_site_before_that_cannot_be_read_is_told_and_done_without() {
    let library = Library::new().file("acme/pump/v1/guide.md", guide(&[("Rotor", "rotor")]));
    let site = library.build(&[]).ok();
    let registry = site.index_files().into_iter().find(|path| path.contains("registry")).unwrap();
    std::fs::write(site.path.join(&registry), "nonsense").unwrap();
    let built = library.build(&[]);
    built.run.says(&["ids of the site", "given anew", &registry]).ends_with(mcdewey_tests::OK);
}

#[test]
fn a_page_of_a_manual_that_was_renamed_leads_on() {
    let text_of = "<!-- page 1 -->\n\n# Guide\n\nOne.\n\n<!-- page 2 -->\n\nTwo about the rotor.\n";
    let library = Library::new().file("acme/pump/v1/guide.md", text_of);
    library.build(&[]).ok();
    std::fs::rename(
        library.path().join("acme/pump/v1/guide.md"),
        library.path().join("acme/pump/v1/handbook.md"),
    )
    .unwrap();
    let site = library.build(&[]).ok();
    let page = text(&site, "acme/pump/v1/guide/page-2/index.html");
    assert!(page.contains("href=\"../../../../../acme/pump/v1/handbook/page-2/\""), "{page}");
}

/// Enough pages for several cells; each has words of its own.
fn long_manual(edited: usize) -> String {
    let words =
        ["valve", "pump", "gauge", "rotor", "seal", "belt", "fuse", "relay", "pipe", "motor", "filter"];
    let mut text = "# Parts\n\n".to_owned();
    for page in 0..1100 {
        let (one, two) = (words[page % 11], words[page / 11 % 11]);
        let kind = if page == edited { "new" } else { "usual" };
        let _ = write!(text, "[[p. {}]]\n\nPart {page} is the {kind} {one} of the {two}.\n\n", page + 1);
    }
    text
}

#[test]
fn an_edited_page_changes_few_files() {
    let library = Library::new()
        .file("mcdewey.toml", "page_markers = [\"[[p. {page}]]\"]\n")
        .file("acme/pump/v1/parts.md", long_manual(usize::MAX));
    let before = library.build(&[]).ok().tree();
    library.write("acme/pump/v1/parts.md", long_manual(500));
    let after = library.build(&[]).ok().tree();
    let of_index = |path: &&String| path.starts_with("index/");
    let new: Vec<&String> =
        after.keys().filter(|path| !before.contains_key(*path)).filter(of_index).collect();
    let count = |kind: &str| new.iter().filter(|path| path.contains(kind)).count();
    let cells = after.keys().filter(|path| path.contains("cell")).count();
    assert!(cells >= 4, "several cells, or there is nothing to see: {cells}");
    // The page's own text and vector, its words, and the two files that list everything.
    assert_eq!(
        (count("fragment"), count("boot"), count("registry"), count("projection")),
        (1, 1, 1, 0),
        "{new:?}"
    );
    assert!((1..=2).contains(&count("cell")) && count("shard") <= 2, "{new:?}");
    // A build that knows nothing of the site before is that of a machine that never had one.
    let fresh = library.build(&["--fresh"]).ok().tree();
    let elsewhere = library.build_into("elsewhere", &[]).ok().tree();
    assert!(fresh == elsewhere, "the same library, the same bytes");
}

#[test]
fn words_keep_their_vectors_when_one_is_new() {
    // Words that are there once have no vectors, and fill shards.
    let syllables = ["ba", "ce", "di", "fo", "gu", "ha", "ke", "li", "mo", "nu", "pa", "re"];
    let word = |n: usize| [n / 144, n / 12 % 12, n % 12].map(|place| syllables[place]).concat();
    let words: Vec<String> = (0..1728).map(word).collect();
    let library = Library::new()
        .file("mcdewey.toml", "page_markers = [\"[[p. {page}]]\"]\n")
        .file("acme/pump/v1/parts.md", long_manual(usize::MAX))
        .file("acme/saw/v1/words.md", format!("# Words\n\n{}.\n", words.join(" ")))
        .file(
            "acme/lathe/v1/lathe.md",
            "# Lathe\n\nThe spindle turns the chuck. The spindle is oiled. The chuck is not.",
        );
    let before = library.build(&[]).ok().tree();
    let text = "# Lathe\n\nThe spindle turns the chuck. The spindle is oiled. The chuck is not. A mandrel, a mandrel.";
    library.write("acme/lathe/v1/lathe.md", text);
    let after = library.build(&[]).ok();
    let shards = |tree: &std::collections::BTreeMap<String, Vec<u8>>| {
        tree.keys().filter(|path| path.contains("/shard-")).cloned().collect::<Vec<_>>()
    };
    let (old, new) = (shards(&before), shards(&after.tree()));
    let changed = new.iter().filter(|path| !old.contains(path)).count();
    // The new word's, and that of “a”, which is there more often now.
    assert!(new.len() >= 4 && changed <= 2, "{changed} of {} shards changed", new.len());
    assert_eq!(first_id(&after, "mandrel"), "acme::lathe::v1::lathe::0", "a new word is found");
}

/// Three versions of a manual of `sections` parts, one more of which was rewritten in each.
fn three_versions(sections: usize) -> Library {
    let parts = ["rotor", "gasket", "seal", "belt", "fuse", "relay", "pipe", "motor"];
    (0..3).fold(Library::new(), |library, version| {
        let text: Vec<String> =
            (0..sections)
                .map(|n| {
                    if n < version {
                        format!("{} of release {version}", parts[n])
                    } else {
                        parts[n].to_owned()
                    }
                })
                .collect();
        let sections: Vec<(&str, &str)> =
            parts.iter().copied().zip(text.iter().map(String::as_str)).collect();
        library.file(&format!("acme/pump/{}.0/guide.md", version + 5), guide(&sections))
    })
}

#[test]
fn what_versions_share_is_answered_once_with_its_versions() {
    let site = three_versions(8).build(&["--json"]);
    let built = site.run.json();
    let sharing = &built["sharing"][0];
    assert_eq!(
        (&sharing["chunks"], &sharing["stored"]),
        (&24.into(), &11.into()),
        "8, and 1 and 2 rewritten: {sharing}"
    );
    assert_eq!(sharing["shared"], 7, "{sharing}");
    let site = site.ok();
    let found = site.search("motor", &["--mode", "keyword", "--version", "all"]).json();
    let hits = found["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 1, "{found}");
    assert_eq!(hits[0]["version"], "7.0");
    let also: Vec<&str> = hits[0]["also_in"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|edition| edition["version"].as_str())
        .collect();
    assert_eq!(also, ["6.0", "5.0"], "newest first");
    // Asked of an old version, the same chunk is that version's.
    let old = site.search("motor", &["--mode", "keyword", "--version", "5.0"]).json();
    assert_eq!(old["hits"][0]["version"], "5.0", "{old}");
}
