//! Pages of a small library, checked as a visitor and a crawler see them.

use super::*;
use crate::document::{Block, Image, Page, Section};
use crate::texts::Texts;

fn guide() -> Document {
    let section = |anchor: &str, level, title: &str| Section {
        anchor: anchor.into(),
        path: vec![title.into()],
        level,
        blocks: vec![Block::Text("Schedules a call.".into())],
        ..Section::default()
    };
    let leaf = |number, label: Option<&str>, html: &str, sections| Page {
        number,
        label: label.map(Into::into),
        sections,
        html: html.into(),
        ..Page::default()
    };
    Document {
        source: "acme/phone/v2/guide.md".into(),
        title: "Guide <b>& more".into(),
        paged: true,
        pages: vec![
            leaf(1, Some("i"), "<h1 id=\"dialog\">Dialog</h1>", vec![section("dialog", 1, "Dialog")]),
            Page {
                images: vec![Image {
                    source: "acme/phone/v2/a b.png".into(),
                    alt: String::new(),
                    size: Some((4, 3)),
                }],
                ..leaf(2, Some("2"), "<h3 id=\"call\">Call</h3>", vec![section("call", 3, "Call")])
            },
        ],
        ..Document::default()
    }
}

fn rendered(site: &Site<'_>) -> Vec<SiteFile> {
    let mut files = Vec::new();
    let mut keep = |file| {
        files.push(file);
        Ok(())
    };
    render(site, &mut keep).unwrap();
    files
}

fn files(public_url: Option<&str>) -> Vec<SiteFile> {
    let document = guide();
    let chunks = [1, 2].map(|page| Chunk {
        id: format!("acme::phone::v2::guide::{}", page - 1),
        page: Some(page),
        text: "Schedules a call.".into(),
        ..Chunk::default()
    });
    let manual = |version, url| Manual {
        vendor: Some("acme"),
        product: "phone",
        version,
        url,
        document: &document,
        chunks: &chunks,
        known: None,
    };
    let site = Site {
        name: "Manuals",
        description: "All manuals.",
        language: "en",
        texts: &Texts::of("en").unwrap(),
        public_url,
        app_base: "app/12ab",
        pictures: &[("acme/phone/v2/a b.png".into(), "media/0f.png".into())],
        originals: false,
        single_pages: true,
        whole: None,
        manuals: vec![manual("v2", "acme/phone/v2/guide/"), manual("v1", "acme/phone/v1/guide/")],
    };
    rendered(&site)
}

fn text<'a>(files: &'a [SiteFile], path: &str) -> &'a str {
    let file = files.iter().find(|file| file.path == path).unwrap_or_else(|| panic!("no {path}"));
    std::str::from_utf8(&file.bytes).unwrap()
}

#[test]
fn every_page_is_there_once() {
    let files = files(None);
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "index.html",
            "search/index.html",
            "playground/index.html",
            "offline/index.html",
            "404.html",
            "llms.txt",
            "robots.txt",
            "manifest.webmanifest",
            "service-worker.js",
            "agents/index.html",
            "agents/tools.json",
            "acme/phone/index.html",
            "acme/phone/v2/index.html",
            "acme/phone/v1/index.html",
            "acme/phone/v2/a-z/index.html",
            "acme/phone/v1/a-z/index.html",
            "acme/phone/v2/llms-full.txt",
            "acme/phone/v1/llms-full.txt",
            "acme/phone/v2/guide/index.md",
            "acme/phone/v2/guide/index.html",
            "acme/phone/v2/guide/page-1/index.html",
            "acme/phone/v2/guide/page-1/index.md",
            "acme/phone/v2/guide/page-2/index.html",
            "acme/phone/v2/guide/page-2/index.md",
            "acme/phone/v1/guide/index.md",
            "acme/phone/v1/guide/index.html",
            "acme/phone/v1/guide/page-1/index.html",
            "acme/phone/v1/guide/page-1/index.md",
            "acme/phone/v1/guide/page-2/index.html",
            "acme/phone/v1/guide/page-2/index.md",
        ]
    );
}

#[test]
fn the_page_about_agents_has_what_a_client_is_configured_with() {
    let known = files(Some("https://docs.example.com/manuals/"));
    let html = text(&known, "agents/index.html");
    assert!(html.contains("&quot;https://docs.example.com/manuals/mcp&quot;"), "{html}");
    assert!(html.contains("<code>search_docs</code>"), "{html}");
    assert!(
        text(&files(None), "agents/index.html")
            .contains("in place of <code>https://docs.example.org/</code>")
    );
    let shown = html
        .split("<pre tabindex=\"0\"><code>")
        .nth(1)
        .and_then(|rest| rest.split("</code>").next())
        .unwrap();
    let shown = html_escape::decode_html_entities(shown);
    let shown: serde_json::Value =
        serde_json::from_str(&shown).unwrap_or_else(|error| panic!("{error}: {shown}"));
    assert_eq!(shown["mcpServers"]["manuals"]["args"][1], "https://docs.example.com/manuals/");
    let tools: serde_json::Value = serde_json::from_str(text(&known, "agents/tools.json")).unwrap();
    assert_eq!(tools.as_array().unwrap().len(), 5);
    assert_eq!(text(&known, "service-worker.js"), "import \"./app/12ab/service-worker.js\";\n");
}

#[test]
fn a_manual_shows_its_pages_and_says_how_to_cite_them() {
    let files = files(None);
    let html = text(&files, "acme/phone/v2/guide/index.html");
    for part in [
        "<title>Guide &lt;b&gt;&amp; more · Manuals</title>",
        "<section class=\"leaf\" id=\"page-2\" aria-labelledby=\"page-2-head\">",
        "<span class=\"printed\" id=\"printed-i\">printed i</span>",
        "<code>acme/phone/v2/guide.md</code>",
        "<code>acme::phone::v2::guide::1</code>",
        "src=\"../../../../media/0f.png\"",
        "alt=\"Image 1 from page 2\" width=\"4\" height=\"3\"",
        "<a href=\"../../../../acme/phone/v1/guide/\">v1</a>",
        "<h3 id=\"call\">Call</h3>",
        "data-product=\"acme/phone\" data-version=\"v2\"",
        "<a href=\"../../../../acme/phone/v2/guide/page-2/\">Page 2</a>",
        "src=\"../../../../app/12ab/page.js\"",
    ] {
        assert!(html.contains(part), "{part}\n in {html}");
    }
    assert!(!html.contains("printed 2"), "a label equal to the number says nothing");
}

#[test]
fn a_page_of_a_manual_has_an_address_of_its_own() {
    let files = files(Some("https://docs.example.com/"));
    let html = text(&files, "acme/phone/v2/guide/page-2/index.html");
    for part in [
        "<h1>Page 2</h1>",
        "<a href=\"../#page-2\">↗ View in doc context</a>",
        "<code>acme/phone/v2/guide.md</code>",
        "<code>acme::phone::v2::guide::1</code>",
        "src=\"../../../../../media/0f.png\"",
        "alt=\"Image 1 from page 2\" width=\"4\" height=\"3\"",
        "<h2 id=\"call\">Call</h2>",
        "rel=\"prev\" href=\"../page-1/\"",
        "<a href=\"../../../../../acme/phone/v1/guide/page-2/\">v1, page 2, the same</a>",
        "acme phone v2, p. 2. https://docs.example.com/acme/phone/v2/guide/page-2/",
        "\"@type\":\"TechArticle\"",
        "<link rel=\"canonical\" href=\"https://docs.example.com/acme/phone/v2/guide/page-2/\">",
    ] {
        assert!(html.contains(part), "{part}\n in {html}");
    }
    assert!(!html.contains("rel=\"next\""), "page 2 is the last");
    let markdown = text(&files, "acme/phone/v2/guide/page-2/index.md");
    assert!(markdown.ends_with("### Call\n\nSchedules a call.\n"), "{markdown}");
    let full = text(&files, "acme/phone/v2/llms-full.txt");
    assert!(full.contains("<!-- page 2 -->\n\n### Call"), "{full}");
    assert!(text(&files, "llms.txt").contains("https://docs.example.com/acme/phone/v2/llms-full.txt"));
    let letters = text(&files, "acme/phone/v2/a-z/index.html");
    assert!(letters.contains("<a href=\"../../../../acme/phone/v2/guide/#call\">Call</a>"), "{letters}");
}

#[test]
fn pages_link_relatively_and_hold_no_inline_code() {
    for file in files(None).iter().filter(|file| file.path.ends_with("index.html")) {
        let html = std::str::from_utf8(&file.bytes).unwrap();
        assert!(!html.contains("href=\"/") && !html.contains("src=\"/"), "{}", file.path);
        assert!(!html.contains(" style=") && !html.contains(" onclick="), "{}", file.path);
        assert!(html.contains("Content-Security-Policy"), "{}", file.path);
    }
}

#[test]
fn a_known_address_gives_canonical_links_and_a_sitemap() {
    let files = files(Some("https://example.org/manuals/"));
    assert!(
        text(&files, "sitemap.xml").contains("<loc>https://example.org/manuals/acme/phone/v1/guide/</loc>")
    );
    assert!(text(&files, "robots.txt").contains("Sitemap: https://example.org/manuals/sitemap.xml"));
    let search = text(&files, "opensearch.xml");
    assert!(search.contains("template=\"https://example.org/manuals/search/?q={searchTerms}\""), "{search}");
    assert!(text(&files, "404.html").contains("href=\"/manuals/app/12ab/style.css\""));
    let home = text(&files, "index.html");
    assert!(home.contains("<link rel=\"canonical\" href=\"https://example.org/manuals/\">"), "{home}");
}

#[test]
fn an_unknown_address_gives_a_missing_page_that_finds_its_root() {
    let files = files(None);
    let html = text(&files, "404.html");
    assert!(html.contains("script-src 'self' 'sha256-") && html.contains("data-app=\"app/12ab\""), "{html}");
}

#[test]
fn a_readme_is_the_page_of_its_level_and_keeps_the_list() {
    let document = Document {
        title: "Phone".into(),
        pages: vec![Page { number: 1, html: "<h1>Phone</h1>".into(), ..Page::default() }],
        ..Document::default()
    };
    let manual = |product, url| Manual {
        vendor: None,
        product,
        version: "",
        url,
        document: &document,
        chunks: &[],
        known: None,
    };
    let manuals = vec![manual("phone", "phone/"), manual("phone", "phone/setup/"), manual("manuals", "")];
    let site = Site {
        name: "Manuals",
        description: "",
        language: "en",
        texts: &Texts::of("en").unwrap(),
        public_url: None,
        app_base: "app/0",
        pictures: &[],
        originals: false,
        single_pages: true,
        whole: None,
        manuals,
    };
    let files = rendered(&site);
    let list = "<a href=\"../phone/setup/\">Phone</a>";
    assert!(text(&files, "phone/index.html").contains(list), "{}", text(&files, "phone/index.html"));
    assert!(
        text(&files, "index.html").contains("<h2>Phone</h2>"),
        "the library's own words stand on its home page"
    );
    let mut paths: Vec<_> = files.iter().map(|file| &file.path).collect();
    paths.sort();
    paths.dedup();
    assert_eq!(paths.len(), files.len(), "no file is written twice");
}

#[test]
fn an_empty_library_still_has_its_pages() {
    let site = Site {
        name: "Manuals",
        description: "",
        language: "en",
        texts: &Texts::of("en").unwrap(),
        public_url: None,
        app_base: "app/0",
        pictures: &[],
        originals: false,
        single_pages: true,
        whole: None,
        manuals: Vec::new(),
    };
    let files = rendered(&site);
    assert!(text(&files, "index.html").contains("The library is empty."));
}

#[test]
fn a_page_speaks_the_library_s_language_around_a_manual_in_another() {
    let document = Document { language: Some("ar".into()), ..guide() };
    let manual = Manual {
        vendor: None,
        product: "phone",
        version: "v2",
        url: "phone/v2/guide/",
        document: &document,
        chunks: &[],
        known: None,
    };
    let texts = Texts::of("de").unwrap();
    let site = Site { manuals: vec![manual], ..Site::bare(&texts) };
    let files = rendered(&site);
    let html = text(&files, "phone/v2/guide/page-2/index.html");
    for part in [
        "<html lang=\"ar\" dir=\"rtl\" ",
        "<header class=\"top\" lang=\"de\" dir=\"ltr\">",
        "<h1>Seite 2</h1>",
        "↗ Im Dokument ansehen",
    ] {
        assert!(html.contains(part), "{part} is not in\n{html}");
    }
    let places = ["{n}", "{name}", "{from}", "{to}", "{link}", "{label}", "{title}", "{k}", "{version}"];
    for file in files.iter().filter(|file| file.path.ends_with(".html")) {
        let html = std::str::from_utf8(&file.bytes).unwrap();
        for place in places {
            assert!(!html.contains(place), "{} shows {place}", file.path);
        }
    }
}
