//! A deployed site read from its address: only what is needed, checked, kept, and there again without a network.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use mcdewey_mcp::{Ask, Place, Question};
use mcdewey_serve::{Answered, Library, Remote};
use serde_json::{Value, json};

use super::sample;
use super::stdio::Conversation;

/// A host that gives the files of a folder and remembers which.
#[derive(Clone)]
struct Host {
    addr: SocketAddr,
    asked: Arc<Mutex<Vec<(String, usize)>>>,
    away: Arc<AtomicBool>,
    /// Files that it gives otherwise than they are.
    changed: Arc<Mutex<BTreeMap<String, Vec<u8>>>>,
}

impl Host {
    fn start(root: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let host = Self {
            addr: listener.local_addr().unwrap(),
            asked: Arc::default(),
            away: Arc::default(),
            changed: Arc::default(),
        };
        let own = host.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mut reader = BufReader::new(stream);
                let mut first = String::new();
                let mut line = String::new();
                let _ = reader.read_line(&mut first);
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    line.clear();
                }
                if own.away.load(Ordering::SeqCst) {
                    continue;
                }
                let path = first.split(' ').nth(1).unwrap_or_default().trim_start_matches("/sub/").to_owned();
                let changed = own.changed.lock().unwrap().get(&path).cloned();
                let file = changed.or_else(|| fs::read(root.join(&path)).ok());
                own.asked.lock().unwrap().push((path, file.as_ref().map_or(0, Vec::len)));
                let (status, body) = file.map_or(("404 Not Found", Vec::new()), |file| ("200 OK", file));
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                    body.len()
                );
                let mut stream = reader.into_inner();
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
            }
        });
        host
    }

    fn url(&self) -> String {
        format!("http://{}/sub/", self.addr)
    }

    fn open(&self, cache: &Path) -> Result<Library, String> {
        Library::open(Box::new(Remote::new(&self.url(), Some(cache))?), None)
    }
}

fn search(library: &Library, query: &str) -> Value {
    let ask = Ask::Tool { name: "browse_library".into(), arguments: json!({ "path": query }) };
    match library.ask(&Place::default(), Question::new(ask)).unwrap() {
        Answered::Reply(reply, _) => reply.tool_result(None),
        Answered::List(list) => list,
    }
}

#[test]
fn only_what_is_needed_is_fetched_and_it_is_there_again_offline() {
    let site = sample();
    let host = Host::start(site.path.clone());
    let cache = tempfile::tempdir().unwrap();
    let cache_path = cache.path().to_str().unwrap().to_owned();
    let mut client = Conversation::start(&host.url(), &["--cache", &cache_path]);
    client.begin();
    let online = client.call("search_docs", &json!({ "query": "publish" }));
    assert!(online.contains(&format!("url: {}", host.url())), "{online}");
    let asked = host.asked.lock().unwrap().clone();
    assert!(
        !asked.iter().any(|(path, _)| path.contains("encoder")),
        "the program has this encoder itself: {asked:?}"
    );
    assert!(asked.iter().all(|(path, _)| path == "index.json" || path.starts_with("index/")), "{asked:?}");
    let bytes: usize = asked.iter().map(|(_, bytes)| bytes).sum();
    assert!(bytes < 1_500_000, "{bytes} bytes for a first answer: {asked:?}");
    drop(client);

    host.away.store(true, Ordering::SeqCst);
    let mut client = Conversation::start(&host.url(), &["--cache", &cache_path]);
    client.begin();
    assert_eq!(client.call("search_docs", &json!({ "query": "publish" })), online);
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_refused() {
    let site = sample();
    let host = Host::start(site.path.clone());
    let catalogs: Vec<String> =
        site.index_files().into_iter().filter(|path| path.contains("catalog")).collect();
    for path in &catalogs {
        let mut bytes = fs::read(site.path.join(path)).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        host.changed.lock().unwrap().insert(path.clone(), bytes);
    }
    let cache = tempfile::tempdir().unwrap();
    let library = host.open(cache.path()).unwrap();
    let refused = search(&library, "mcdewey").to_string();
    assert!(refused.contains("the host changed it, or the site is half uploaded"), "{refused}");
    assert!(!cache.path().join("sites").join(catalogs[0].as_str()).exists());
}

#[test]
fn a_boot_file_that_lies_or_an_index_that_leads_outside_is_refused() {
    let site = sample();
    let host = Host::start(site.path.clone());
    let cache = tempfile::tempdir().unwrap();
    let text = fs::read_to_string(site.path.join("index.json")).unwrap();
    for (from, to) in [
        ("index/boot-", "../../secret-"),
        ("index/boot-", "https://evil.example/boot-"),
        ("index/boot-", "index/../boot-"),
    ] {
        host.changed.lock().unwrap().insert("index.json".into(), text.replace(from, to).into_bytes());
        let problem = host.open(cache.path()).unwrap_err();
        assert!(problem.contains("outside of the index"), "{problem}");
    }
    for garbage in [b"<!doctype html>".to_vec(), vec![b'x'; 300_000]] {
        host.changed.lock().unwrap().insert("index.json".into(), garbage);
        // What was kept before is no site either: nothing was kept yet.
        assert!(host.open(tempfile::tempdir().unwrap().path()).is_err());
    }
    host.changed.lock().unwrap().clear();
    assert!(host.open(cache.path()).is_ok());
}
