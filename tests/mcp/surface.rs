//! What the tools answer, without any transport: the library of `mcdewey-serve` asked directly.

use std::collections::BTreeSet;

use mcdewey_mcp::{Ask, Place, Profile, Question, Refusal, tokens};
use mcdewey_serve::{Answered, Folder, Library};
use serde_json::{Value, json};

use super::sample;

/// Where the permalinks of these tests begin.
const BASE: &str = "https://docs.example.org/manuals/";

struct Desk {
    library: Library,
    place: Place,
    _site: mcdewey_tests::Site,
}

impl Desk {
    fn new() -> Self {
        let site = sample();
        let library = Library::open(Box::new(Folder::new(&site.path)), None).unwrap();
        Self { library, place: Place { base: Some(BASE.into()), ..Place::default() }, _site: site }
    }

    fn ask(&self, name: &str, arguments: Value) -> Result<Answered, Refusal> {
        self.library.ask(&self.place, Question::new(Ask::Tool { name: name.into(), arguments }))
    }

    /// The whole result of a tool, as a client gets it.
    #[track_caller]
    fn result(&self, name: &str, arguments: Value) -> Value {
        match self.ask(name, arguments).unwrap() {
            Answered::Reply(reply, picture) => reply.tool_result(picture),
            Answered::List(list) => panic!("a list: {list}"),
        }
    }

    /// The text of an answer that is none of “no”.
    #[track_caller]
    fn text(&self, name: &str, arguments: Value) -> String {
        let result = self.result(name, arguments.clone());
        let text = result["content"][0]["text"].as_str().unwrap().to_owned();
        assert_eq!(result["isError"], false, "{name} {arguments}: {text}");
        text
    }

    /// The text of an answer that says no.
    #[track_caller]
    fn refusal(&self, name: &str, arguments: Value) -> String {
        let result = self.result(name, arguments.clone());
        let text = result["content"][0]["text"].as_str().unwrap().to_owned();
        assert_eq!(result["isError"], true, "{name} {arguments}: {text}");
        text
    }
}

/// The values after `name: ` in an answer, but not those that a manual says.
fn values(text: &str, name: &str) -> Vec<String> {
    let mut quoted = false;
    let ours = text.lines().map(str::trim).filter(|line| {
        let was = quoted;
        quoted = (was || line.starts_with("<<<QUOTED "))
            && !(line.starts_with("QUOTED ") && line.ends_with(">>>"));
        !was
    });
    ours.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": ").map(str::to_owned)).collect()
}

#[test]
fn whatever_a_tool_emits_can_be_read() {
    let desk = Desk::new();
    let mut names = BTreeSet::new();
    let products = desk.text("browse_library", json!({}));
    for line in products.lines().filter_map(|line| line.strip_prefix("- ")) {
        let product = line.split(':').next().unwrap();
        let documents = desk.text("browse_library", json!({ "path": product, "version": "any" }));
        names.extend(values(&documents, "id"));
    }
    assert!(names.len() >= 5, "the sample library has at least five documents: {names:?}");
    // Every document, every heading of it, and every resource.
    for document in names.clone() {
        let mut outline = desk.result("get_outline", json!({ "id": document, "depth": 6 }));
        loop {
            let ids = outline["_meta"]["mcdewey/ids"].as_array().cloned().unwrap_or_default();
            names.extend(ids.iter().map(|id| id.as_str().unwrap().to_owned()));
            let cursor = outline["_meta"]["mcdewey/cursor"].clone();
            if cursor.is_null() {
                break;
            }
            outline = desk.result("get_outline", json!({ "id": document, "depth": 6, "cursor": cursor }));
        }
        let mut cursor = Value::Null;
        loop {
            let read =
                desk.result("read_docs", json!({ "id": document, "max_tokens": 20_000, "cursor": cursor }));
            let text = read["content"][0]["text"].as_str().unwrap();
            names.extend(values(text, "id").into_iter().chain(values(text, "url")));
            names.extend(values(text, "source"));
            cursor = read["_meta"]["mcdewey/cursor"].clone();
            if cursor.is_null() {
                break;
            }
        }
    }
    for query in ["search", "install", "loan", "token", "page", "weights", "how do I publish a site"] {
        let found = desk.text(
            "search_docs",
            json!({ "query": query, "version": "any", "limit": 20, "max_tokens": 20_000 }),
        );
        names.extend(values(&found, "id").into_iter().chain(values(&found, "url")));
    }
    let Ok(Answered::List(list)) =
        desk.library.ask(&desk.place, Question::new(Ask::Resources { cursor: None }))
    else {
        panic!("expected a list of resources");
    };
    let uris = list["resources"].as_array().unwrap().iter().map(|resource| resource["uri"].as_str().unwrap());
    names.extend(uris.filter(|uri| uri.contains("/document/")).map(str::to_owned));
    assert!(names.len() > 100, "{} names", names.len());
    for name in &names {
        let read = desk.result("read_docs", json!({ "id": name, "max_tokens": 300 }));
        assert_eq!(read["isError"], false, "{name}: {read}");
        if !name.starts_with("mcdewey://") {
            desk.text("get_outline", json!({ "id": name }));
        }
    }
}

#[test]
fn pages_sections_neighbours_and_pictures_are_read_and_cited() {
    let desk = Desk::new();
    let outline = desk.text("get_outline", json!({ "id": "bookshelf/v1/developer-guide/" }));
    assert!(outline.contains("p. "), "{outline}");
    let page = desk.text("read_docs", json!({ "id": "bookshelf/v1/developer-guide/#page-2" }));
    let id = values(&page, "id")[0].clone();
    assert!(values(&page, "cite")[0].contains("p. 2"), "{page}");
    assert!(
        values(&page, "url")[0].starts_with(BASE) && values(&page, "url")[0].ends_with("#page-2"),
        "{page}"
    );
    assert!(page.contains("<<<QUOTED") && page.contains("QUOTED ") && page.contains("previous: "), "{page}");
    let stem = id.rsplit_once("::").unwrap().0;
    for same in [
        json!({ "id": stem, "page": 2 }),
        json!({ "chunk_id": id }),
        json!({ "uri": format!("mcdewey://page/{stem}/2") }),
        json!({ "id": format!("mcdewey://chunk/{}", id.replace(':', "%3A")) }),
        json!({ "url": format!("{BASE}bookshelf/v1/developer-guide/#page-2") }),
    ] {
        assert_eq!(values(&desk.text("read_docs", same.clone()), "id"), vec![id.clone()], "{same}");
    }
    let range = desk.text("read_docs", json!({ "id": stem, "pages": "2-4", "max_tokens": 20_000 }));
    assert_eq!(values(&range, "id").len(), 3, "{range}");
    let around = desk.text("read_docs", json!({ "id": id, "before": 1, "after": 2, "max_tokens": 20_000 }));
    assert_eq!(values(&around, "id").len(), 4, "{around}");
    assert!(desk.refusal("read_docs", json!({ "id": stem, "page": 9999 })).contains("its pages are 1 to"));

    // One picture of the guide is a PNG and travels in the answer; the drawings are linked.
    let mut kinds = BTreeSet::new();
    for page in 1..=40 {
        let result = desk.result("get_page_image", json!({ "id": stem, "page": page }));
        if result["isError"] == false {
            kinds.insert(result["content"][1]["type"].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(kinds, BTreeSet::from(["image".to_owned(), "resource_link".to_owned()]));
}

#[test]
fn a_version_is_never_put_in_place_of_another() {
    let desk = Desk::new();
    let search = |version: &str| json!({ "query": "build a site", "product": "mcdewey", "version": version });
    let newest = desk.text("search_docs", search("newest"));
    assert!(newest.contains("v0.1") && newest.contains("newest of 2 versions"), "{newest}");
    for (asked, version) in
        [("0.0", "v0.0"), ("v0.1", "v0.1"), ("0.x", "v0.1"), ("<0.1", "v0.0"), (">=0.1", "v0.1")]
    {
        let found = desk.text("search_docs", search(asked));
        let other = if version == "v0.0" { "mcdewey::v0.1" } else { "mcdewey::v0.0" };
        assert!(
            found.contains(&format!("id: mcdewey::{version}::")) && !found.contains(&format!("id: {other}")),
            "{asked}: {found}"
        );
    }
    let any = desk.text("search_docs", search("any"));
    assert!(any.contains("all 2 versions"), "{any}");
    let refused = desk.refusal("search_docs", search("12.5"));
    assert!(refused.contains("has no version “12.5”") && refused.contains("v0.1, v0.0"), "{refused}");
    let refused = desk.refusal("search_docs", json!({ "query": "x", "product": "finesse" }));
    assert!(refused.contains("no product “finesse”") && refused.contains("mcdewey"), "{refused}");
}

#[test]
fn words_that_are_nowhere_near_are_said_to_be() {
    let desk = Desk::new();
    let text = desk.text("search_docs", json!({ "query": "zzyzxqwrt", "product": "mcdewey" }));
    assert!(text.contains("0 hits") || text.contains("No chunk has a word"), "{text}");
    // Words of the other product only.
    let text =
        desk.text("search_docs", json!({ "query": "overdue", "product": "mcdewey", "version": "0.0" }));
    if text.contains("found elsewhere") {
        assert!(text.contains("bookshelf v1"), "{text}");
    }
}

#[test]
fn no_answer_costs_more_than_it_may() {
    let desk = Desk::new();
    for max_tokens in [300, 500, 1000, 5000] {
        for (name, arguments) in [
            ("search_docs", json!({ "query": "search", "limit": 20, "version": "any" })),
            ("read_docs", json!({ "id": "mcdewey::v0.1::user-guide" })),
            ("browse_library", json!({ "path": "mcdewey", "version": "any" })),
            ("get_outline", json!({ "id": "mcdewey::v0.1::user-guide", "depth": 6 })),
        ] {
            let mut arguments = arguments;
            arguments["max_tokens"] = json!(max_tokens);
            let mut rounds = 0;
            loop {
                let result = desk.result(name, arguments.clone());
                let text = result["content"][0]["text"].as_str().unwrap();
                assert!(tokens(text) <= max_tokens, "{name}: {} of {max_tokens}\n{text}", tokens(text));
                assert!(
                    text.contains(&format!("of {max_tokens} tokens · build {}", desk.library.build())),
                    "{text}"
                );
                arguments["cursor"] = result["_meta"]["mcdewey/cursor"].clone();
                rounds += 1;
                if arguments["cursor"].is_null() || rounds > 60 {
                    break;
                }
            }
        }
    }
}

#[test]
fn a_cut_text_goes_on_where_it_ended() {
    let desk = Desk::new();
    let stem = "mcdewey::v0.1::user-guide";
    let quoted = |max_tokens: u32| {
        let (mut all, mut cursor) = (String::new(), Value::Null);
        loop {
            let result =
                desk.result("read_docs", json!({ "id": stem, "max_tokens": max_tokens, "cursor": cursor }));
            let text = result["content"][0]["text"].as_str().unwrap();
            let mut inside = false;
            for line in text.lines() {
                match line {
                    _ if line.starts_with("<<<QUOTED ") => inside = true,
                    _ if inside && line.starts_with("QUOTED ") && line.ends_with(">>>") => inside = false,
                    _ if inside => all.extend(line.split_whitespace()),
                    _ => {}
                }
            }
            cursor = result["_meta"]["mcdewey/cursor"].clone();
            if cursor.is_null() {
                return all;
            }
        }
    };
    let (short, long) = (quoted(700), quoted(20_000));
    assert!(long.len() > 5000, "{}", long.len());
    assert_eq!(short, long);
}

#[test]
fn hostile_arguments_are_answered_with_sentences() {
    let desk = Desk::new();
    let long = "word ".repeat(200_000);
    for (name, arguments) in [
        ("read_docs", json!({ "id": "../../../etc/passwd" })),
        ("read_docs", json!({ "id": "mcdewey://chunk/..%2f..%2fetc%2fpasswd" })),
        ("read_docs", json!({ "id": "file:///etc/passwd" })),
        ("read_docs", json!({ "id": "https://evil.example/mcdewey/v0.1/user-guide/" })),
        ("read_docs", json!({ "id": "mcdewey::v0.1::user-guide::99999999999" })),
        ("read_docs", json!({ "id": "mcdewey::v0.1::user-guide::-1" })),
        ("read_docs", json!({ "id": ["a"] })),
        ("read_docs", json!({})),
        ("read_docs", json!({ "id": "mcdewey::v0.1::user-guide", "pages": "9-2" })),
        (
            "read_docs",
            json!({ "id": "mcdewey::v0.1::user-guide", "cursor": "00000000.00000000.ffffffffffffffff" }),
        ),
        ("search_docs", json!({ "query": "" })),
        ("search_docs", json!({ "query": "\u{0}\u{1b}" })),
        ("search_docs", json!({ "query": { "$ne": 1 } })),
        ("search_docs", json!({ "query": "x", "version": "'; DROP TABLE" })),
        ("search_docs", json!({ "query": "x", "product": "\u{202e}\u{0}" , "version": ">= <" })),
        ("search_docs", json!({ "query": "x", "cursor": "../../x" })),
        ("search_docs", json!(["x"])),
        ("get_page_image", json!({ "id": "mcdewey::v0.1::user-guide::0", "image": 77 })),
        ("browse_library", json!({ "path": "../.." })),
    ] {
        let text = desk.refusal(name, arguments.clone());
        assert!(
            text.len() < 2000 && !text.contains("panicked") && !text.contains("Some("),
            "{arguments}: {text}"
        );
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{arguments}: {text:?}");
    }
    for arguments in [
        json!({ "query": long }),
        json!({ "query": "search", "limit": -5, "max_tokens": "NaN" }),
        json!({ "query": "search", "limit": 1e308, "max_tokens": -1 }),
        json!({ "query": "search", "nonsense": { "deep": [1, 2, 3] } }),
        json!({ "q": "search", "topK": "2" }),
        json!({ "query": "\"unbalanced (AND OR NOT) *? [a-z]{1,9999999}" }),
    ] {
        desk.text("search_docs", arguments);
    }
    assert!(matches!(desk.ask("drop_tables", json!({})), Err(Refusal::Unknown(_))));
}

#[test]
fn resources_are_listed_read_and_completed() {
    let desk = Desk::new();
    let read = |uri: &str| desk.library.ask(&desk.place, Question::new(Ask::Resource { uri: uri.into() }));
    for uri in ["mcdewey://library", "mcdewey://stats", "mcdewey://document/mcdewey::v0.1::user-guide"] {
        let Ok(Answered::Reply(reply, None)) = read(uri) else { panic!("{uri} could not be read") };
        let content = reply.resource(None).unwrap();
        assert_eq!(content["contents"][0]["uri"], uri);
        assert!(content["contents"][0]["text"].as_str().unwrap().len() > 50);
    }
    for uri in [
        "mcdewey://nothing",
        "file:///etc/passwd",
        "mcdewey://page/x/1",
        "mcdewey://image/mcdewey::v0.1::user-guide/1/9",
        "",
    ] {
        assert!(matches!(read(uri), Err(Refusal::Unknown(_))), "{uri}");
    }
    let complete = |variable: &str, typed: &str| {
        let ask = Ask::Complete {
            template: mcdewey_mcp::templates()[1]["uriTemplate"].as_str().unwrap().into(),
            variable: variable.into(),
            typed: typed.into(),
            given: [("document".to_owned(), "bookshelf::v1::developer-guide::developer-guide".to_owned())]
                .into(),
        };
        match desk.library.ask(&desk.place, Question::new(ask)) {
            Ok(Answered::List(list)) => list["completion"]["values"].clone(),
            other => panic!("{other:?}"),
        }
    };
    assert!(complete("document", "mcdewey::v0.1::u").to_string().contains("mcdewey::v0.1::user-guide"));
    assert_eq!(complete("document", "book").as_array().unwrap().len(), 1);
    let pages = complete("page", "1");
    assert!(pages.as_array().unwrap().iter().all(|page| page.as_str().unwrap().starts_with('1')), "{pages}");
    assert_eq!(complete("nonsense", "x"), json!([]));
}

#[test]
fn a_profile_narrows_what_a_client_gets() {
    let mut desk = Desk::new();
    desk.place.profile = Profile::read([("product", "bookshelf"), ("max_tokens", "600")]).unwrap();
    let text = desk.text("search_docs", json!({ "query": "loan", "max_tokens": 9999 }));
    assert!(tokens(&text) <= 600 && !text.contains("id: mcdewey::"), "{text}");
    desk.place.profile = Profile::read([("profile", "openai")]).unwrap();
    let found: Value = serde_json::from_str(&desk.text("search", json!({ "query": "loan" }))).unwrap();
    let first = &found["results"][0];
    let fetched: Value = serde_json::from_str(&desk.text("fetch", json!({ "id": first["id"] }))).unwrap();
    assert_eq!((&fetched["id"], &fetched["url"]), (&first["id"], &first["url"]));
    assert!(fetched["text"].as_str().unwrap().len() > 50);
    assert!(desk.ask("search_docs", json!({ "query": "x" })).is_err());
    assert!(Profile::read([("profile", "nonsense")]).is_err());
}
