//! The same library gives the same bytes, whoever builds it and however often it was interrupted.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use mcdewey_tests::make::Pdf;
use mcdewey_tests::{FAILED, Library, OK, files_below, mcdewey, run};

/// Enough documents that a build is under way for a while, with everything that could come out in another order:
/// versions, headings of one name, code, tables, shared words.
fn library(documents: usize) -> Library {
    let library = Library::new();
    for number in 0..documents {
        library.write(
            &format!("acme/pump/v{}.{}/guide-{number:03}.md", number % 3, number % 7),
            document(number),
        );
    }
    library
}

fn document(number: usize) -> String {
    let mut text = format!("# Pump {number}\n\nThe pump of model {number} moves water.\n");
    for section in 0..6 {
        let flow = (number * 31 + section * 17) % 97;
        let _ = write!(
            text,
            "\n## Setting {section}\n\nTurn the valve by {flow} degrees until the gauge shows {flow} bar. If it does \
             not, see the section about faults.\n\n```sh\npumpctl --model {number} --set flow={flow}\n```\n\n\
             | gauge | means |\n|---|---|\n| {flow} | normal |\n| {section} | low |\n"
        );
    }
    text
}

/// Says which files differ, rather than printing their bytes.
#[track_caller]
fn assert_same(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>, what: &str) {
    let only_left: Vec<_> = left.keys().filter(|path| !right.contains_key(*path)).collect();
    let only_right: Vec<_> = right.keys().filter(|path| !left.contains_key(*path)).collect();
    let changed: Vec<_> =
        left.iter().filter(|(path, bytes)| right.get(*path).is_some_and(|other| other != *bytes)).collect();
    let changed: Vec<_> = changed.into_iter().map(|(path, _)| path).collect();
    assert!(
        only_left.is_empty() && only_right.is_empty() && changed.is_empty(),
        "{what}\nonly in the first: {only_left:?}\nonly in the second: {only_right:?}\nother bytes: {changed:?}"
    );
}

#[test]
fn parts_put_together_are_the_bytes_of_one_build() {
    let library = library(12);
    for number in 0..4 {
        library.write(&format!("acme/valve/v1/note-{number}.md"), document(100 + number));
    }
    library.write("bolt/pump/v9/sheet.pdf", Pdf::new().lines(&["A pump of another house."]).bytes());
    let one = library.build_into("one", &["--no-cache"]).ok();
    let [root, beside] = [library.path(), library.outside().to_owned()];
    let place = |name: &str| beside.join(name).to_string_lossy().into_owned();
    let root = root.to_string_lossy();
    let products = ["acme/pump", "valve", "bolt/pump"];
    for (n, product) in products.iter().enumerate() {
        let out = place(&format!("part-{n}"));
        run(["build", &root, "--partition", product, "--out", &out]).ends_with(OK).says(&[&out, "a part"]);
    }
    let parts: Vec<String> = (0..products.len()).map(|n| place(&format!("part-{n}"))).collect();
    let (cache, out) = (place("cache"), place("merged"));
    let merge = ["merge", &root, &parts[0], &parts[1], &parts[2], "--cache", &cache, "--out", &out, "--json"];
    let said = run(merge).ends_with(OK).json();
    let embedded = said["embedded"].as_u64().unwrap_or(u64::MAX);
    assert!(embedded < 20, "all but words of several products came with the parts, {embedded} did not");
    let merged = files_below(&beside.join("merged"));
    assert_same(&one.tree(), &merged, "one build, and its parts put together");

    let nothing = ["build", &root, "--partition", "acme/lathe", "--out", &place("part-3")];
    run(nothing).ends_with(FAILED).says(&["holds no document of acme/lathe"]).speaks_to_people();
    let missing = ["merge", &root, &place("part-4"), "--cache", &cache, "--out", &place("none")];
    run(missing).ends_with(FAILED).says(&["part-4", "could not be read"]).speaks_to_people();
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let library = library(24);
    let one = library.build_into("one", &["--jobs", "1", "--no-cache"]).ok();
    let two = library.build_into("two", &["--jobs", "2", "--no-cache"]).ok();
    assert_same(&one.tree(), &two.tree(), "the same library built by one thread and by two");
    let again = library.build_into("one", &["--jobs", "2"]).ok();
    assert_same(&again.tree(), &two.tree(), "a site built over itself, from the cache, and one built anew");
}

#[test]
fn nothing_of_an_earlier_build_stays() {
    let library = library(6);
    library.build(&[]).ok();
    std::fs::remove_dir_all(library.path().join("acme/pump/v0.0")).unwrap();
    let over = library.build(&[]).ok();
    let anew = library.build_into("anew", &[]).ok();
    assert_same(&over.tree(), &anew.tree(), "a site built over a larger one and one built anew");
}

#[test]
fn a_killed_build_leaves_the_old_site_whole() {
    let library = library(4);
    let old = library.build(&[]).ok();
    let before = old.tree();
    // The new library is much larger, so that kills fall into reading, embedding and writing.
    for number in 4..60 {
        library.write(&format!("acme/pump/v1.0/guide-{number:03}.md"), document(number));
    }
    let whole = library.build_into("whole", &[]).ok().tree();
    let mut interrupted = 0;
    for moment in [20, 60, 150, 400, 1000, 2500] {
        let mut build = Command::new(mcdewey())
            .args(["build".as_ref(), library.path().as_os_str(), "--out".as_ref(), old.path.as_os_str()])
            .arg("--no-cache")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        sleep(Duration::from_millis(moment));
        let finished = build.try_wait().unwrap().is_some();
        build.kill().unwrap();
        build.wait().unwrap();
        let after = old.tree();
        if finished || after == whole {
            assert_same(
                &after,
                &whole,
                &format!("a build that was done after {moment} ms and one left in peace"),
            );
            break;
        }
        assert_same(
            &after,
            &before,
            &format!("the site before a build that was killed after {moment} ms and after it"),
        );
        old.finds("pump moves water", "acme::pump");
        interrupted += 1;
    }
    assert!(interrupted >= 2, "only {interrupted} builds were caught in the middle; make the library larger");
    let rebuilt = library.build(&[]).ok();
    assert_same(&rebuilt.tree(), &whole, "a build after killed ones and one left in peace");
}
