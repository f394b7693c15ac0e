//! The tools over standard input, as a client that starts the program meets them.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use mcdewey_tests::{cache, mcdewey};
use serde_json::{Value, json};

use super::sample;

/// The program with a hold on both its ends.
pub struct Conversation {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Drop for Conversation {
    fn drop(&mut self) {
        // It may have ended by itself, as some tests want.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Conversation {
    pub fn start(site: &str, more: &[&str]) -> Self {
        let mut process = Command::new(mcdewey())
            .args(["mcp", site])
            .args(more)
            .env("XDG_CACHE_HOME", cache())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take(), BufReader::new(process.stdout.take().unwrap()));
        Self { process, input, output }
    }

    pub fn say(&mut self, message: &Value) {
        writeln!(self.input.as_mut().unwrap(), "{message}").unwrap();
    }

    pub fn hear(&mut self) -> Value {
        let mut line = String::new();
        self.output.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line:?}"))
    }

    pub fn begin(&mut self) -> Value {
        self.say(&json!({ "jsonrpc": "2.0", "id": 0, "method": "initialize", "params": {
            "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } } }));
        let hello = self.hear();
        self.say(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }));
        hello
    }

    pub fn call(&mut self, name: &str, arguments: &Value) -> String {
        self.say(&json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": { "name": name, "arguments": arguments } }));
        let answer = self.hear();
        answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
    }

    /// Closes the input and waits for the end.
    fn end(mut self) -> Option<i32> {
        drop(self.input.take());
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_secs(10) {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("it goes on ten seconds after the end of its input");
    }
}

#[test]
fn a_client_searches_reads_and_leaves() {
    let site = sample();
    let mut client = Conversation::start(site.path.to_str().unwrap(), &[]);
    let hello = client.begin();
    assert_eq!(hello["result"]["protocolVersion"], "2025-11-25", "{hello}");
    assert!(hello["result"]["instructions"].as_str().unwrap().contains("bookshelf"), "{hello}");
    let found = client.call("search_docs", &json!({ "query": "how do I publish a site" }));
    let id = found.lines().find_map(|line| line.strip_prefix("id: ")).unwrap().to_owned();
    assert!(found.contains("ranked by words and meaning"), "{found}");
    let read = client.call("read_docs", &json!({ "id": id }));
    assert!(read.contains(&format!("id: {id}")) && read.contains("<<<QUOTED"), "{read}");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_client_that_says_nothing_ends_it() {
    let site = sample();
    assert_eq!(Conversation::start(site.path.to_str().unwrap(), &[]).end(), Some(0));
}

#[test]
fn a_client_of_today_needs_no_handshake() {
    let site = sample();
    let mut client = Conversation::start(site.path.to_str().unwrap(), &["--product", "bookshelf"]);
    client.say(&json!({ "jsonrpc": "2.0", "id": 1, "method": "server/discover", "params": { "_meta": {
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "t", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {} } } }));
    let discovered = client.hear();
    assert!(discovered["result"]["supportedVersions"].to_string().contains("2026-07-28"), "{discovered}");
}

#[test]
fn what_is_no_site_is_said_on_standard_error() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_str().unwrap().to_owned();
    let run = mcdewey_tests::run(["mcp", &folder]).ends_with(1).speaks_to_people();
    assert!(run.stdout.is_empty() && run.stderr.contains("index.json"), "{run}");
    mcdewey_tests::run(["mcp", "http://docs.example.org/"]).ends_with(1).says(&["https://"]);
}
