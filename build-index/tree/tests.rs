use super::*;

fn tree(paths: &[&str], config: &str) -> Tree {
    let paths = paths.iter().map(|path| (*path).to_owned()).collect();
    Tree::of_paths("library", paths, &Config::parse(config).unwrap()).unwrap()
}

fn place(tree: &Tree, source: &str) -> String {
    let file = tree.file(source).unwrap();
    let vendor = file.place.vendor.as_deref().unwrap_or("-");
    format!("{vendor} {} {} {}", file.place.product, file.place.version, file.document.join("/"))
}

#[test]
fn levels_come_from_the_folders() {
    let tree = tree(
        &[
            "cisco/finesse/v12.5/guide/guide.md",
            "cisco/finesse/README.md",
            "cisco/samples/gadgets/a/README.md",
            "wsl/current/install.md",
            "notes/a.md",
            "notes/deep/b.md",
        ],
        "",
    );
    for (source, wanted) in [
        ("cisco/finesse/v12.5/guide/guide.md", "cisco finesse v12.5 guide/guide"),
        ("cisco/finesse/README.md", "cisco finesse  README"),
        ("cisco/samples/gadgets/a/README.md", "cisco samples  gadgets/a/README"),
        ("wsl/current/install.md", "- wsl current install"),
        ("notes/a.md", "- notes  a"),
        ("notes/deep/b.md", "- notes  deep/b"),
    ] {
        assert_eq!(place(&tree, source), wanted);
    }
}

#[test]
fn a_folder_of_plain_files_is_one_product() {
    let tree = tree(&["intro.md", "setup/linux.md", "setup/deep/more.md"], "");
    assert_eq!(place(&tree, "intro.md"), "- library  intro");
    assert_eq!(place(&tree, "setup/deep/more.md"), "- library  setup/deep/more");
}

#[test]
fn a_root_of_versions_has_the_roots_name() {
    let tree = tree(&["v1/a.md", "v2/a.md"], "");
    assert_eq!(place(&tree, "v2/a.md"), "- library v2 a");
}

#[test]
fn named_levels_win() {
    let tree = tree(
        &["docs/acme/v1/rocket/a.md", "docs/b.md"],
        "levels = [\"folder\", \"vendor\", \"version\", \"product\"]",
    );
    assert_eq!(place(&tree, "docs/acme/v1/rocket/a.md"), "acme rocket v1 a");
    assert_eq!(place(&tree, "docs/b.md"), "- library  b");
}

#[test]
fn two_files_never_share_a_url_or_a_stem() {
    let tree = tree(&["a/b.md", "a/b.mdx", "a/b/README.md", "a/b/index.md", "A/B.md"], "");
    let named: Vec<String> =
        tree.files.iter().map(|file| format!("{} {} {}", file.source, file.url, file.stem)).collect();
    assert_eq!(
        named,
        [
            "A/B.md A/B/ A::B",
            "a/b/README.md a/b/README/ a::b::README",
            "a/b/index.md a/b/index/ a::b::index",
            "a/b.md a/b-2/ a::b-2",
            "a/b.mdx a/b-3/ a::b-3",
        ]
    );
    assert!(tree.reports.iter().any(|report| report.note.text.contains("only in upper and lower case")));
    assert!(tree.reports.iter().any(|report| report.note.text.contains("which A/B.md has")));
}

#[test]
fn exclusions_and_assets_are_no_documents() {
    let tree = tree(&["a.md", "b/draft.md", "img/x.png", "mcdewey.toml"], "exclude = [\"b/**\"]");
    assert_eq!(tree.files.len(), 1);
    assert_eq!(tree.assets, ["img/x.png"]);
    assert!(tree.has_asset("img/x.png") && !tree.has_asset("img"));
}

#[cfg(unix)]
#[test]
fn links_out_of_the_root_and_loops_are_reported() {
    use std::os::unix::fs::symlink;
    let out = tempfile::tempdir().unwrap();
    std::fs::write(out.path().join("secret.md"), "x").unwrap();
    let root = tempfile::tempdir().unwrap();
    let at = |name: &str| root.path().join(name);
    std::fs::create_dir_all(at("p/v1")).unwrap();
    std::fs::write(at("p/v1/a.md"), "x").unwrap();
    std::fs::create_dir_all(at(".hidden")).unwrap();
    std::fs::write(at(".hidden/b.md"), "x").unwrap();
    symlink(out.path(), at("p/out")).unwrap();
    symlink(out.path().join("secret.md"), at("p/secret.md")).unwrap();
    symlink(root.path().join("p"), at("p/v1/loop")).unwrap();
    symlink(root.path().join("nowhere"), at("p/broken.md")).unwrap();
    symlink(at("p/v1"), at("p/latest")).unwrap();
    let tree = walk(root.path(), &Config::default()).unwrap();
    let sources: Vec<&str> = tree.files.iter().map(|file| file.source.as_str()).collect();
    assert_eq!(sources, ["p/latest/a.md", "p/v1/a.md"]);
    let reports: Vec<String> =
        tree.reports.iter().map(|r| format!("{}: {}", r.source, r.note.text)).collect();
    assert!(
        reports.iter().any(|r| r.starts_with("p/out: not followed: this link leads out")),
        "{reports:#?}"
    );
    assert!(reports.iter().any(|r| r.starts_with("p/secret.md: not followed: this link leads out")));
    assert!(reports.iter().any(|r| r.starts_with("p/v1/loop: not followed: this link leads back")));
    assert!(reports.iter().any(|r| r.starts_with("p/broken.md: not read")), "{reports:#?}");
}

#[test]
fn a_missing_library_says_what_to_give() {
    let error = walk(Path::new("/no/such/library"), &Config::default()).unwrap_err();
    assert!(error.contains("Give a folder"), "{error}");
}
