//! The server as a browser meets it, without a socket; at the end, with one.

use std::fs;
use std::io::Read;

use axum::body::to_bytes;
use axum::http::header::{
    ACCEPT_ENCODING, ALLOW, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_RANGE, CONTENT_TYPE, ETAG,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION, RANGE, VARY,
};
use flate2::read::GzDecoder;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;

const PAGE: &str = "<!doctype html><title>Home</title>";

/// A small site with one of everything.
fn site() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    fs::create_dir_all(root.join("guide/empty")).unwrap();
    fs::write(root.join("index.json"), "{}").unwrap();
    fs::write(root.join("index.html"), PAGE).unwrap();
    fs::write(root.join("404.html"), "<!doctype html><title>Not here</title>").unwrap();
    fs::write(root.join("guide/index.html"), "<!doctype html><title>Guide</title>").unwrap();
    fs::write(root.join("guide/a b.md"), "# Ü\n".repeat(300)).unwrap();
    fs::write(root.join("app.wasm"), [0u8; 4096]).unwrap();
    fs::write(root.join("photo.png"), [0u8; 4096]).unwrap();
    for name in ["boot.mcd", "app.js", "app.css", "site.webmanifest", "icon.svg", "sitemap.xml", "llms.txt"] {
        fs::write(root.join(name), name).unwrap();
    }
    dir
}

/// One answer, its body read.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn header(&self, name: HeaderName) -> &str {
        self.headers.get(&name).map_or("", |value| value.to_str().unwrap())
    }
}

async fn ask(site: &TempDir, method: Method, path: &str, headers: &[(HeaderName, &str)]) -> Answer {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let response =
        app(site.path().to_path_buf()).oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}

async fn get(site: &TempDir, path: &str) -> Answer {
    ask(site, Method::GET, path, &[]).await
}

#[tokio::test]
async fn every_file_has_the_type_that_a_browser_needs() {
    let site = site();
    for (path, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/index.json", "application/json; charset=utf-8"),
        ("/app.wasm", "application/wasm"),
        ("/boot.mcd", "application/octet-stream"),
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/app.css", "text/css; charset=utf-8"),
        ("/site.webmanifest", "application/manifest+json; charset=utf-8"),
        ("/icon.svg", "image/svg+xml; charset=utf-8"),
        ("/sitemap.xml", "text/xml; charset=utf-8"),
        ("/llms.txt", "text/plain; charset=utf-8"),
        ("/guide/a%20b.md", "text/markdown; charset=utf-8"),
        ("/photo.png", "image/png"),
    ] {
        let answer = get(&site, path).await;
        assert_eq!((answer.status, answer.header(CONTENT_TYPE)), (StatusCode::OK, kind), "{path}");
        assert_eq!(answer.header(CACHE_CONTROL), "max-age=600", "{path}");
    }
}

#[tokio::test]
async fn folders_are_pages_once_they_end_with_a_slash() {
    let site = site();
    assert_eq!(get(&site, "/").await.body, PAGE.as_bytes());
    let answer = get(&site, "/guide").await;
    assert_eq!((answer.status, answer.header(LOCATION)), (StatusCode::MOVED_PERMANENTLY, "/guide/"));
    assert_eq!(get(&site, "/guide?q=a%20b").await.header(LOCATION), "/guide/?q=a%20b");
    assert!(get(&site, "/guide/").await.body.ends_with(b"<title>Guide</title>"));
    assert_eq!(get(&site, "/guide/empty/").await.status, StatusCode::NOT_FOUND, "a folder is never listed");
    assert_eq!(get(&site, "/app.js/").await.status, StatusCode::NOT_FOUND, "a file is not a folder");
}

#[tokio::test]
async fn what_is_not_there_is_said_by_the_sites_own_page() {
    let site = site();
    let asked = [(IF_NONE_MATCH, "*"), (RANGE, "bytes=0-3")];
    let answer = ask(&site, Method::GET, "/no/such/page", &asked).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header(CONTENT_TYPE), "text/html; charset=utf-8");
    assert!(answer.body.ends_with(b"<title>Not here</title>"));

    fs::remove_file(site.path().join("404.html")).unwrap();
    let answer = get(&site, "/no/such/page").await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.body, b"404: there is nothing at this address.\n");
}

#[tokio::test]
async fn only_reading_is_allowed() {
    let site = site();
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let answer = ask(&site, method.clone(), "/index.json", &[]).await;
        assert_eq!(
            (answer.status, answer.header(ALLOW)),
            (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD"),
            "{method}"
        );
    }
    let answer = ask(&site, Method::HEAD, "/app.js", &[]).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
    assert_eq!(answer.header(CONTENT_TYPE), "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn text_wasm_and_payload_are_gzipped_when_asked_pictures_never() {
    let site = site();
    for (path, gzipped) in [
        ("/guide/a%20b.md", true),
        ("/app.wasm", true),
        ("/photo.png", false),
        ("/app.js", false), // six bytes would grow
    ] {
        let plain = get(&site, path).await;
        assert_eq!(plain.header(CONTENT_ENCODING), "", "{path}");
        let answer = ask(&site, Method::GET, path, &[(ACCEPT_ENCODING, "gzip, br")]).await;
        assert_eq!(answer.header(CONTENT_ENCODING) == "gzip", gzipped, "{path}");
        if gzipped {
            let mut decoded = Vec::new();
            GzDecoder::new(answer.body.as_slice()).read_to_end(&mut decoded).unwrap();
            assert_eq!(decoded, plain.body, "{path}");
            assert_eq!(answer.header(VARY), "accept-encoding", "{path}");
        }
    }
    let refused = ask(&site, Method::GET, "/app.wasm", &[(ACCEPT_ENCODING, "gzip;q=0")]).await;
    assert_eq!(refused.header(CONTENT_ENCODING), "");
}

#[tokio::test]
async fn a_file_that_did_not_change_is_not_sent_again() {
    let site = site();
    let first = get(&site, "/app.wasm").await;
    let tag = first.header(ETAG);
    assert!(tag.starts_with('"'), "the bytes on the disk have a strong tag, got {tag}");
    let again = ask(&site, Method::GET, "/app.wasm", &[(IF_NONE_MATCH, tag)]).await;
    assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0));
    let dated = [(IF_MODIFIED_SINCE, first.header(LAST_MODIFIED))];
    assert_eq!(ask(&site, Method::GET, "/app.wasm", &dated).await.status, StatusCode::NOT_MODIFIED);

    let gzipped = ask(&site, Method::GET, "/app.wasm", &[(ACCEPT_ENCODING, "gzip")]).await;
    let weak = gzipped.header(ETAG);
    assert_eq!(weak, format!("W/{tag}"), "gzipped bytes are another representation");
    let again = [(ACCEPT_ENCODING, "gzip"), (IF_NONE_MATCH, weak)];
    assert_eq!(ask(&site, Method::GET, "/app.wasm", &again).await.status, StatusCode::NOT_MODIFIED);

    fs::write(site.path().join("app.wasm"), [1u8; 4095]).unwrap();
    assert_eq!(ask(&site, Method::GET, "/app.wasm", &[(IF_NONE_MATCH, tag)]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_part_can_be_asked_for_and_is_never_gzipped() {
    let site = site();
    let asked = [(RANGE, "bytes=2-4"), (ACCEPT_ENCODING, "gzip")];
    let answer = ask(&site, Method::GET, "/index.html", &asked).await;
    assert_eq!(answer.status, StatusCode::PARTIAL_CONTENT);
    assert_eq!(answer.body, &PAGE.as_bytes()[2..5]);
    assert_eq!(answer.header(CONTENT_RANGE), format!("bytes 2-4/{}", PAGE.len()));
    assert_eq!(answer.header(CONTENT_ENCODING), "");
}

#[cfg(unix)]
#[tokio::test]
async fn nothing_outside_the_site_is_served() {
    use std::os::unix::fs::symlink;
    let site = site();
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "outside").unwrap();
    symlink(outside.path().join("secret"), site.path().join("link")).unwrap();
    symlink(outside.path(), site.path().join("folder")).unwrap();
    symlink("loop", site.path().join("loop")).unwrap();
    symlink("app.js", site.path().join("alias.js")).unwrap();
    let name = outside.path().file_name().unwrap().to_str().unwrap();
    for path in [
        "/link".to_owned(),
        "/folder".to_owned(),
        "/folder/secret".to_owned(),
        "/loop".to_owned(),
        format!("/../{name}/secret"),
        format!("/%2e%2e/{name}/secret"),
        format!("/..%2f{name}%2fsecret"),
        format!("/{}/secret", outside.path().display()),
    ] {
        assert_eq!(get(&site, &path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(
        get(&site, "/alias.js").await.body,
        b"app.js",
        "a link inside the site is a file like any other"
    );
}

#[tokio::test]
async fn a_site_in_a_folder_works_as_it_does_at_the_root() {
    let parent = site();
    let inner = parent.path().join("repo");
    fs::create_dir(&inner).unwrap();
    fs::write(inner.join("index.html"), PAGE).unwrap();
    assert_eq!(get(&parent, "/repo").await.header(LOCATION), "/repo/");
    assert_eq!(get(&parent, "/repo/").await.body, PAGE.as_bytes());
}

#[tokio::test]
async fn no_header_promises_what_a_plain_host_does_not_have() {
    let site = site();
    let answer = get(&site, "/").await;
    for name in ["cross-origin-opener-policy", "cross-origin-embedder-policy", "content-security-policy"] {
        assert!(!answer.headers.contains_key(name), "{name}");
    }
}

#[tokio::test]
async fn it_listens_says_where_and_stops_when_asked() {
    let site = site();
    let (ready, readied) = oneshot::channel();
    let (stop, stopped) = oneshot::channel::<()>();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    let root = site.path().to_path_buf();
    let served =
        tokio::spawn(serve_until(Handler::new, root, any, None, |addr| ready.send(addr).unwrap(), async {
            stopped.await.unwrap();
        }));
    let addr = readied.await.unwrap();
    assert_ne!(addr.port(), 0);

    let taken =
        serve_until(Handler::new, site.path().to_path_buf(), addr, None, |_| {}, std::future::pending())
            .await
            .unwrap_err();
    assert_eq!(
        taken.to_string(),
        format!(
            "{addr}: the address is already in use; stop the program that uses it, choose another port, or let \
             the system choose one with `--addr 127.0.0.1:0`"
        )
    );
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_is_not_a_site_is_refused_with_the_way_out() {
    let dir = tempfile::tempdir().unwrap();
    let any = SocketAddr::from(([127, 0, 0, 1], 0));
    for (path, said) in [
        (dir.path().to_path_buf(), "expected a site with an index.json, found none"),
        (dir.path().join("nowhere"), "there is no such folder"),
    ] {
        let error = serve_until(Handler::new, path.clone(), any, None, |_| {}, std::future::pending())
            .await
            .unwrap_err()
            .to_string();
        assert!(error.starts_with(&path.display().to_string()), "{error}");
        assert!(error.contains(said) && error.contains("mcdewey build LIBRARY --out SITE"), "{error}");
    }
}
