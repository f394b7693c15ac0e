//! `/mcp` as the wire sees it: raw requests to the real program, most of them wrong.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use mcdewey_tests::{Site, cache, mcdewey};
use serde_json::{Value, json};

use super::sample;

/// What a client of today says about itself in every message.
const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}"#;

/// A running server; it ends with the test.
struct Server {
    process: Child,
    addr: SocketAddr,
    site: Site,
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself, as some tests want.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// An answer off the wire.
#[derive(Debug)]
struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Server {
    fn start(more: &[&str]) -> Self {
        let site = sample();
        let mut process = Command::new(mcdewey())
            .arg("serve")
            .arg(&site.path)
            .args(["--addr", "127.0.0.1:0"])
            .args(more)
            .env("XDG_CACHE_HOME", cache())
            .env_remove("MCDEWEY_TOKEN")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        let addr =
            line.split("http://").nth(1).and_then(|rest| rest.trim().trim_end_matches('/').parse().ok());
        Self { addr: addr.unwrap_or_else(|| panic!("no address in {line:?}")), process, site }
    }

    /// Sends text as it is and reads until the server closes.
    fn raw(&self, request: &str) -> Answer {
        let mut stream = TcpStream::connect(self.addr).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        // A server that refuses a large message may close before it has read it.
        let _ = stream.write_all(request.as_bytes());
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer but {text:?}"));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap();
        Answer { status, head: head.to_lowercase(), body: body.to_owned() }
    }

    /// A POST with a message; `headers` replace those of the same name, an empty value leaves one out.
    fn post(&self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let host = self.addr.to_string();
        let mut all = vec![
            ("Host", host.as_str()),
            ("Content-Type", "application/json"),
            ("Accept", "application/json, text/event-stream"),
        ];
        for &(name, value) in headers {
            all.retain(|(known, _)| !known.eq_ignore_ascii_case(name));
            all.push((name, value));
        }
        let lines: Vec<String> = all
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let length = body.len();
        self.raw(&format!(
            "POST {path} HTTP/1.1\r\n{}Connection: close\r\nContent-Length: {length}\r\n\r\n{body}",
            lines.concat()
        ))
    }

    /// A request of revision 2026-07-28 with the headers that go with it.
    fn call(&self, method: &str, params: &str, more: &[(&str, &str)]) -> Answer {
        let params = if params.is_empty() { META.to_owned() } else { format!("{params},{META}") };
        let body = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"{method}","params":{{{params}}}}}"#);
        let mut headers = vec![("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", method)];
        headers.extend(more);
        self.post("/mcp", &headers, &body)
    }

    fn search(&self, query: &str) -> Answer {
        let params = format!(r#""name":"search_docs","arguments":{{"query":"{query}"}}"#);
        self.call("tools/call", &params, &[("Mcp-Name", "search_docs")])
    }
}

#[test]
fn both_eras_are_answered_on_one_address() {
    let server = Server::start(&[]);
    let discovered = server.call("server/discover", "", &[]).json();
    let result = &discovered["result"];
    assert!(result["supportedVersions"].to_string().contains("2026-07-28"), "{discovered}");
    assert!(result["instructions"].as_str().unwrap().contains("mcdewey (v0.0 to v0.1)"), "{discovered}");
    assert_eq!(result["resultType"], "complete");
    let tools = server.call("tools/list", "", &[]).json();
    assert_eq!(tools["result"]["tools"].as_array().unwrap().len(), 5, "{tools}");
    assert!(tools["result"]["ttlMs"].is_number() && tools["result"]["cacheScope"].is_string(), "{tools}");
    let found = server.search("search box").json();
    assert_eq!(found["result"]["isError"], false, "{found}");
    let text = found["result"]["content"][0]["text"].as_str().unwrap();
    assert!(text.contains(&format!("url: http://{}/mcdewey/v0.1/", server.addr)), "{text}");
    assert!(text.contains("ranked by words and meaning"), "{text}");
    assert_eq!(server.call("prompts/list", "", &[]).json()["result"]["prompts"], json!([]));
    let none = server.call("prompts/get", r#""name":"summary""#, &[("Mcp-Name", "summary")]).json();
    assert_eq!(none["error"]["code"], -32602, "{none}");
    let templates = server.call("resources/templates/list", "", &[]).json();
    assert_eq!(templates["result"]["resourceTemplates"].as_array().unwrap().len(), 4, "{templates}");

    for version in ["2025-11-25", "2025-06-18"] {
        let hello = format!(
            r#"{{"jsonrpc":"2.0","id":0,"method":"initialize","params":{{"protocolVersion":"{version}","capabilities":{{}},"clientInfo":{{"name":"t","version":"1"}}}}}}"#
        );
        let hello = server.post("/mcp", &[], &hello).json();
        assert_eq!(hello["result"]["protocolVersion"], version, "{hello}");
        let list = server.post(
            "/mcp",
            &[("MCP-Protocol-Version", version)],
            r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#,
        );
        let list = list.json();
        assert_eq!(list["result"]["tools"].as_array().unwrap().len(), 5, "{list}");
        assert!(list["result"].get("resultType").is_none(), "{list}");
        let said = server.post(
            "/mcp",
            &[("MCP-Protocol-Version", version)],
            r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
        );
        assert_eq!((said.status, said.body.as_str()), (202, ""));
    }
}

#[test]
fn what_is_wrong_gets_its_own_status_and_code() {
    let server = Server::start(&[]);
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    let modern = format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{{{META}}}}}"#);
    let large = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{{"x":"{}"}}}}"#,
        "x".repeat(200_000)
    );
    let deep = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":{}{}}}"#,
        "[".repeat(5000),
        "]".repeat(5000)
    );
    let post = |headers: &[(&str, &str)], body: &str| server.post("/mcp", headers, body);
    for (what, answer, status, code) in [
        ("origin", post(&[("Origin", "https://evil.example")], list), 403, None),
        ("null origin", post(&[("Origin", "null")], list), 403, None),
        ("host", post(&[("Host", "evil.example")], list), 403, None),
        ("type", post(&[("Content-Type", "text/plain")], list), 415, None),
        ("no type", post(&[("Content-Type", "")], list), 415, None),
        ("accept", post(&[("Accept", "text/html")], list), 406, None),
        ("batch", post(&[], &format!("[{list}]")), 400, Some(-32600)),
        ("malformed", post(&[], "{\"jsonrpc\":"), 400, Some(-32700)),
        ("empty", post(&[], ""), 400, Some(-32700)),
        ("deep", post(&[], &deep), 400, Some(-32700)),
        ("id null", post(&[], r#"{"jsonrpc":"2.0","id":null,"method":"tools/list"}"#), 400, Some(-32600)),
        ("no method", post(&[], r#"{"jsonrpc":"2.0","id":1}"#), 400, Some(-32600)),
        ("too large", post(&[], &large), 413, None),
        ("unknown version", post(&[("MCP-Protocol-Version", "1999-01-01")], list), 400, None),
        (
            "method header",
            post(&[("MCP-Protocol-Version", "2026-07-28"), ("Mcp-Method", "tools/call")], &modern),
            400,
            None,
        ),
        (
            "version header",
            post(&[("MCP-Protocol-Version", "2025-11-25"), ("Mcp-Method", "tools/list")], &modern),
            400,
            None,
        ),
        ("no method header", post(&[("MCP-Protocol-Version", "2026-07-28")], &modern), 400, None),
        ("unknown method", server.call("tools/nothing", "", &[]), 404, Some(-32601)),
        ("unknown profile", server.post("/mcp?profile=nonsense", &[], list), 400, None),
    ] {
        assert_eq!(answer.status, status, "{what}: {answer:?}");
        if let Some(code) = code {
            assert_eq!(answer.json()["error"]["code"], code, "{what}: {answer:?}");
        }
        for inside in ["panicked", "Some(", "serde", "src/", &server.site.path.display().to_string()] {
            assert!(!answer.body.contains(inside), "{what} shows {inside}: {answer:?}");
        }
    }
    for method in ["GET", "DELETE", "PUT"] {
        let answer = server
            .raw(&format!("{method} /mcp HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.addr));
        assert_eq!(answer.status, 405, "{method}: {answer:?}");
    }
    let unknown =
        server.call("tools/call", r#""name":"drop_tables","arguments":{}"#, &[("Mcp-Name", "drop_tables")]);
    assert_eq!(unknown.json()["error"]["code"], -32602, "{unknown:?}");
    // After all of that it answers as before.
    assert_eq!(server.search("search").status, 200);
}

#[test]
fn pages_of_this_machine_may_read_answers_and_others_may_not() {
    let server = Server::start(&[]);
    let ask = |origin: &str| {
        server.raw(&format!(
            "OPTIONS /mcp HTTP/1.1\r\nHost: {}\r\nOrigin: {origin}\r\nAccess-Control-Request-Method: POST\r\n\
             Access-Control-Request-Headers: content-type,mcp-protocol-version\r\nConnection: close\r\n\r\n",
            server.addr
        ))
    };
    let allowed = ask("http://localhost:3000");
    assert_eq!(allowed.status, 200, "{allowed:?}");
    assert!(allowed.head.contains("access-control-allow-origin: http://localhost:3000"), "{allowed:?}");
    assert!(!ask("https://evil.example").head.contains("access-control-allow-origin"), "nobody else");
}

#[test]
fn a_token_is_asked_for_where_one_is_set() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("token");
    std::fs::write(&file, "0123456789abcdef0123\n").unwrap();
    let server = Server::start(&["--token-file", file.to_str().unwrap()]);
    let without = server.call("tools/list", "", &[]);
    assert_eq!(without.status, 401, "{without:?}");
    assert!(without.head.contains("www-authenticate: bearer"), "{without:?}");
    let wrong = server.call("tools/list", "", &[("Authorization", "Bearer 0123456789abcdef0124")]);
    assert_eq!(wrong.status, 401);
    let right = server.call("tools/list", "", &[("Authorization", "Bearer 0123456789abcdef0123")]);
    assert_eq!(right.status, 200, "{right:?}");
    let get = |path: &str| {
        server.raw(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.addr))
    };
    assert_eq!((get("/").status, get("/healthz").status, get("/metrics").status), (200, 200, 401));
}

#[test]
fn one_client_cannot_take_it_all_and_is_told_when_to_come_back() {
    let server = Server::start(&["--rate", "10"]);
    let answers: Vec<Answer> = (0..6).map(|_| server.call("tools/list", "", &[])).collect();
    let refused = answers.iter().find(|answer| answer.status == 429).expect("one of six is too many");
    assert!(refused.head.contains("retry-after: "), "{refused:?}");
    assert_eq!(answers[0].status, 200);
}

#[test]
fn an_address_that_others_reach_is_not_open_by_accident() {
    let site = sample();
    let path = site.path.to_str().unwrap();
    let run = mcdewey_tests::run(["serve", path, "--addr", "0.0.0.0:0"]);
    run.ends_with(1)
        .says(&["reached from other machines", "--token-file", "--public", "--no-mcp"])
        .speaks_to_people();
}

#[test]
fn what_is_counted_and_logged_tells_no_words() {
    let mut server = Server::start(&[]);
    assert_eq!(server.search("confidentialwords").status, 200);
    let get = |path: &str| {
        server.raw(&format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.addr))
    };
    let metrics = get("/metrics").body;
    assert!(
        metrics.contains(r#"mcdewey_mcp_requests_total{call="search_docs",status="200"} 1"#),
        "{metrics}"
    );
    assert!(get("/healthz").json()["build"].is_string());
    server.process.kill().unwrap();
    let mut log = String::new();
    server.process.stderr.as_mut().unwrap().read_to_string(&mut log).unwrap();
    let line = log.lines().find(|line| line.contains("search_docs")).unwrap_or_else(|| panic!("{log}"));
    let line: Value = serde_json::from_str(line).unwrap();
    assert_eq!((&line["call"], &line["status"]), (&json!("search_docs"), &json!(200)));
    assert!(!log.contains("confidentialwords") && !metrics.contains("confidentialwords"), "{log}");
}

#[test]
fn a_new_build_answers_without_a_restart_and_a_broken_one_does_not_stop_the_old() {
    let server = Server::start(&[]);
    let build = |answer: &Answer| {
        answer
            .body
            .split("build ")
            .nth(1)
            .map(|rest| rest[..16].to_owned())
            .unwrap_or_else(|| panic!("{answer:?}"))
    };
    let before = build(&server.search("search"));
    let library = mcdewey_tests::Library::new().file("lamp/v2/guide.md", "# Lamp\n\nThe flickering lantern.");
    let (from, to) = (library.path(), server.site.path.clone());
    let rebuild =
        [std::ffi::OsStr::new("build"), from.as_os_str(), std::ffi::OsStr::new("--out"), to.as_os_str()];
    mcdewey_tests::run(rebuild).ends_with(0);
    let after = server.search("flickering lantern");
    assert_ne!(build(&after), before);
    assert!(after.body.contains("lamp::v2::guide::0"), "{after:?}");
    // The next build is damaged: its directory does not read.
    let index = server.site.path.join("index.json");
    let text = std::fs::read_to_string(&index).unwrap();
    let mut json: Value = serde_json::from_str(&text).unwrap();
    json["build"] = json!("ffffffffffffffff");
    json["boot"]["path"] = json!("index/boot-0000000000000000.mcd");
    std::fs::write(&index, json.to_string()).unwrap();
    let still = server.search("flickering lantern");
    assert_eq!(build(&still), build(&after), "{still:?}");
    std::fs::write(&index, "not json").unwrap();
    assert_eq!(server.search("flickering lantern").status, 200);
}

#[test]
fn who_goes_away_or_dawdles_costs_nothing() {
    let server = Server::start(&[]);
    let dawdlers: Vec<TcpStream> = (0..20)
        .map(|_| {
            let mut stream = TcpStream::connect(server.addr).unwrap();
            write!(stream, "POST /mcp HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{{", server.addr).unwrap();
            stream
        })
        .collect();
    let begun = Instant::now();
    assert_eq!(server.search("search").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    drop(dawdlers);
    thread::sleep(Duration::from_millis(300));
    let get =
        server.raw(&format!("GET /metrics HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", server.addr));
    assert!(get.body.contains("mcdewey_mcp_requests_under_way 0"), "{}", get.body);
}
